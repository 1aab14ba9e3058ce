/* How many UTF-16 units a text in UTF-8 is, counted apart from the library's own weighing: what tests hold that against. */
#pragma once
#include "base/span.h"

static inline size_t utf16_units(struct span s)
{
    size_t units = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char byte = (unsigned char)s.at[i];
        units += (byte & 0xC0) != 0x80; /* every first byte of a character */
        units += byte >= 0xF0;          /* a character beyond U+FFFF is a pair */
    }
    return units;
}
