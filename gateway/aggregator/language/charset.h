/*
 * charset: bytes of a named character set brought to valid UTF-8 in NFC. Pure.
 *
 * Only the sets that telecom gateways really name; a name from outside never reaches a library that loads converters.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/span.h"

enum charset {
    CHARSET_UTF8,
    CHARSET_LATIN1,
    CHARSET_WINDOWS_1252,
    CHARSET_UTF16BE,
    CHARSET_UTF16LE,
    CHARSET_UTF32,  /* big-endian, where no mark says otherwise */
    CHARSET_GSM7,   /* septets, one a byte, unpacked */
    CHARSET_UNKNOWN /* binary, or a set that is not known here: nothing of it can be text */
};

enum charset charset_find(struct span name); /* case ignored */
extern const char *const charset_names[];    /* the chief names, for findings; ends with NULL */
extern const char *const charset_words[];    /* the same by enum, the last is "binary"; ends with NULL */

uint32_t charset_of_byte(enum charset charset,
                         unsigned char byte); /* of a one-byte set; 0: it stands for nothing there */

/* True: *utf8 is the text, complete. False: some bytes stand for nothing in that set; *utf8 then holds what could be
 * read, U+FFFD for the rest, still valid, and a longer text with the same beginning decodes to the same beginning. */
bool charset_decode(enum charset charset, struct span bytes, struct arena *arena, struct span *utf8);

/* The other way, of valid UTF-8: two bytes a unit, a character beyond U+FFFF as two of them. */
struct span charset_utf16be(struct span utf8, struct arena *arena);

/* The same without NFC, for what is taken apart afterwards: a sign of the grammar and the accent behind it stay two characters. */
bool charset_convert(enum charset charset, struct span bytes, struct arena *arena, struct span *utf8);
