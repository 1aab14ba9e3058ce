/*
 * options: what every verb understands besides its own, as one table with the verb's: shared by the parser and the help.
 */
#pragma once
#include <stddef.h>
#include "cli/verb.h"

#define COMMON_OPTIONS 3

/* The verb's own options first, then the common ones; NULL past the end. */
const struct verb_option *options_at(const struct verb *verb, size_t index);
