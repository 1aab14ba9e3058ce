/*
 * sending: how a text leaves: the request as templates, and the table that says what the answer to it means.
 */
#pragma once
#include "aggregator/profile.h"

/* `section` is the channel's send group over the profile's; absent: the channel cannot send. */
void sending_compile(struct layer section, const struct template_names *names, struct arena *arena,
                     struct problems *problems, struct sending *out);
