/*
 * utf8: is it valid, what is the next character, in which form does it stand. Pure; over libunistring.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/span.h"

bool utf8_is_valid(struct span s); /* NUL counts as invalid: no screen, answer or field may hold it */
bool utf8_next(struct span *rest, uint32_t *character); /* false at the end; bytes that are no UTF-8 are U+FFFD */
size_t utf8_count(struct span s);                       /* characters, counted as utf8_next gives them */
size_t utf8_units(struct span s); /* UTF-16 units, as a browser counts maxlength: a character beyond U+FFFF is two */
struct span utf8_compose(struct span s, struct arena *arena); /* NFC; note that NFC makes some Bangla letters longer */
