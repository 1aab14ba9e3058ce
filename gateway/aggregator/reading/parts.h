/*
 * parts: a long text that comes in several messages: which of them this one is. Pure.
 */
#pragma once
#include "aggregator/door/facts.h"
#include "model/inbound.h"

/* By the fields for it, else by the user data header (3GPP TS 23.040, 9.2.3.24.1 and 9.2.3.24.8); what is neither, or makes no
 * sense, is a whole message. */
void parts_read(const struct shape *shape, struct facts *facts, struct arena *arena, struct inbound *out);
