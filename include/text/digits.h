/*
 * digits: what people type, forgiven. Pure.
 *
 * Bangla, Arabic-Indic, Extended Arabic-Indic, Devanagari, Khmer, Burmese, Lao, Thai and full-width digits become ASCII digits.
 */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "base/span.h"

/* Whatever is no digit stays, byte for byte: also what is no UTF-8. */
struct span digits_to_ascii(struct span utf8, struct arena *arena);

/* A key as a person types it: "1", " 1 ", "1.", "1)", "#1", "১", "１" all give "1"; "1 2" or "one" give an absent span. */
struct span digits_key(struct span typed, struct arena *arena);

/* Several keys: "135", "1 3 5", "1,3,5" give keys[] = 1,3,5 without repeats; false when anything else stands in it or more
 * than `max` are named. Only for lists whose keys are single digits. */
bool digits_several(struct span typed, char *keys, size_t max, size_t *count);
