/*
 * unescape: the escapes of templates undone. Pure.
 */
#pragma once
#include "base/arena.h"
#include "aggregator/language/escape.h"

/* False: `raw` is nothing that the escape writes. */
bool unescape(enum template_escape escape, struct span raw, struct arena *arena, struct span *out);
