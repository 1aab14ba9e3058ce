/*
 * dial_print: `helpline dial --print`: a request of the aggregator as raw HTTP instead of a call.
 */
#pragma once
#include "aggregator/handset.h"
#include "cli/verb.h"

/* An exit code. `handset` holds the caller and the code; the rest is in the options. */
int dial_print(const struct verb_arguments *arguments, const struct channel *channel, const struct handset *handset,
               struct arena *arena);
