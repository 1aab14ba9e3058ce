/*
 * mask: some words taken out of a text in which they stand, each character a '*': so the text is as long as it was, and never needs
 * another encoding or more room than before. Pure.
 */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "base/span.h"

size_t mask_count(struct span words); /* characters */

/*
 * Every place where the words stand by themselves, not within a longer word or number: "Rina" does not stand in "Rinad". Also what a
 * division over two screens left of them at the end of the one and at the beginning of the other, where that is MASK_PART_MIN
 * characters or more, or nothing but a piece of theirs. Words of less than MASK_WORDS_MIN characters are looked for as the whole text
 * only. False: there are none, and *masked is absent.
 */
#define MASK_WORDS_MIN 3
#define MASK_PART_MIN 8
bool mask_words(struct span text, struct span words, struct arena *arena, struct span *masked);
