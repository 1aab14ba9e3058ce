/*
 * typed_number: a number as an operator typed it, brought to the form that channels give it; private to the core's desk.
 */
#pragma once
#include "core/catalogue.h"
#include "base/sealed.h"

/* The forms that this may mean, by the rules of the channels: "01712345678" is "+8801712345678" where a channel says so. At most
 * `room`, each once; 0: it is no number that could be called. */
size_t typed_number_read(const struct catalogue *catalogue, struct span typed, struct arena *arena,
                         struct span *numbers, size_t room);
/* By what a phone is found. */
struct lookup typed_number_lookup(const struct keyring *keyring, struct span number);
