/*
 * cumulative: the new answer in a text that holds every answer of the session, joined by a separator. Pure.
 *
 * The answer is the part after the text seen before, never the part after the last separator: with "7*a*b" seen and
 * "7*a*b*****" now it is "****".
 */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "base/span.h"

enum cumulative_kind {
    CUMULATIVE_ANSWER,  /* *answer holds it; it may be empty */
    CUMULATIVE_SAME,    /* nothing new: a repeat or an empty answer; the same screen is due */
    CUMULATIVE_FOREIGN, /* it does not continue what was seen */
};
/* `seen` is what was taken in before. `separator` stands between parts. */
enum cumulative_kind cumulative_split(struct span seen, struct span now, char separator, struct span *answer);
/* The same where only the length of what was seen is known and the caller has checked (by hash) that it leads `now`. */
enum cumulative_kind cumulative_after(size_t seen_bytes, struct span now, char separator, struct span *answer);
/* All answers of a text, for a session that was not seen; the first `strip` parts are left out. */
void cumulative_parts(struct span text, char separator, unsigned strip, struct arena *arena, struct span **parts,
                      size_t *count);
