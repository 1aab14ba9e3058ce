/*
 * badbytes: a text in which some bytes are no UTF-8, made fit for a strict parser, and what it then finds given back. Pure.
 *
 * Each bad byte is hidden in a character of its own (U+10F800 and the byte; nobody assigned those). Nothing is guessed and nothing
 * lost: what was hidden is restored byte for byte, and is then undecodable as it always was.
 */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "base/span.h"

/* Valid UTF-8 of at most four times the length. Of JSON the escapes that stand for no character, half a surrogate pair and NUL,
 * are hidden as well. */
struct span badbytes_hide(struct span text, bool is_json, struct arena *arena);
struct span badbytes_restore(struct span value, struct arena *arena);
struct span badbytes_replace(struct span value, struct arena *arena); /* U+FFFD for each, for who wants valid UTF-8 */
