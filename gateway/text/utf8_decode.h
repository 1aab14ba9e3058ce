/*
 * utf8_decode: one character of valid UTF-8, inline: the measuring loops run on every screen that is served and cannot
 * afford a call a character.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

/* `at` points at the first byte of a character in valid UTF-8. Returns its length. */
static inline size_t utf8_decode(const unsigned char *at, uint32_t *character)
{
    if (at[0] < 0x80) {
        *character = at[0];
        return 1;
    }
    if (at[0] < 0xE0) {
        *character = (at[0] & 0x1Fu) << 6 | (at[1] & 0x3Fu);
        return 2;
    }
    if (at[0] < 0xF0) {
        *character = (at[0] & 0x0Fu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
        return 3;
    }
    *character = (at[0] & 0x07u) << 18 | (at[1] & 0x3Fu) << 12 | (at[2] & 0x3Fu) << 6 | (at[3] & 0x3Fu);
    return 4;
}
