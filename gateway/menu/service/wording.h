/*
 * wording: what people write, as plain words for comparing with what a service lists. Pure.
 *
 * Letter case of any script is none; signs and blanks between words are one blank; marks that are not seen, as between the parts
 * of a joined letter, are dropped. Where a script puts no blanks between words, a word may begin and end at any whole letter.
 */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "base/span.h"

/* Letter case and composition alone; absent when it is no text that can be folded. */
struct span wording_fold_case(struct span written, struct arena *arena);
struct span wording_fold(struct span written, struct arena *arena); /* absent: no letter and no digit in it */
bool wording_is_digits(struct span folded);                         /* keys and numbers, no word */
/* Both sides folded; whole words only. */
bool wording_begins(struct span folded, struct span phrase);
bool wording_holds(struct span folded, struct span phrase);
