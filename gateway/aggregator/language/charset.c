#include "aggregator/language/charset.h"

#include <string.h>
#include <unistr.h>

#include "text/gsm7.h"
#include "text/utf8.h"

#define REPLACEMENT 0xFFFD
#define MARK 0xFEFF /* of byte order */

const char *const charset_names[] = {"UTF-8",    "ISO-8859-1", "WINDOWS-1252", "UTF-16BE",
                                     "UTF-16LE", "UTF-32",     "GSM-7",        NULL};
const char *const charset_words[] = {"UTF-8",  "ISO-8859-1", "WINDOWS-1252", "UTF-16BE", "UTF-16LE",
                                     "UTF-32", "GSM-7",      "binary",       NULL};

static const struct {
    struct span name;
    enum charset charset;
} names[] = {
    {{"UTF-8", 5}, CHARSET_UTF8},
    {{"UTF8", 4}, CHARSET_UTF8},
    {{"US-ASCII", 8}, CHARSET_UTF8},
    {{"ASCII", 5}, CHARSET_UTF8},
    {{"ISO-8859-1", 10}, CHARSET_LATIN1},
    {{"LATIN1", 6}, CHARSET_LATIN1},
    {{"LATIN-1", 7}, CHARSET_LATIN1},
    {{"WINDOWS-1252", 12}, CHARSET_WINDOWS_1252},
    {{"CP1252", 6}, CHARSET_WINDOWS_1252},
    {{"UTF-16BE", 8}, CHARSET_UTF16BE},
    {{"UTF-16", 6}, CHARSET_UTF16BE},
    {{"UTF16", 5}, CHARSET_UTF16BE},
    {{"UTF16BE", 7}, CHARSET_UTF16BE},
    {{"UCS-2", 5}, CHARSET_UTF16BE},
    {{"UCS2", 4}, CHARSET_UTF16BE},
    {{"ISO-10646-UCS-2", 15}, CHARSET_UTF16BE},
    {{"UTF-16LE", 8}, CHARSET_UTF16LE},
    {{"UTF-32", 6}, CHARSET_UTF32},
    {{"UTF-32BE", 8}, CHARSET_UTF32},
    {{"UCS-4", 5}, CHARSET_UTF32},
    {{"GSM-7", 5}, CHARSET_GSM7},
    {{"GSM7", 4}, CHARSET_GSM7},
    {{"GSM", 3}, CHARSET_GSM7},
};

enum charset charset_find(struct span name)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (span_equal_nocase(name, names[i].name))
            return names[i].charset;
    return CHARSET_UNKNOWN;
}

static bool is_wide(enum charset charset)
{
    return charset == CHARSET_UTF16BE || charset == CHARSET_UTF16LE || charset == CHARSET_UTF32;
}

/* 0x80 to 0x9F of windows-1252; 0 where nothing is defined. https://encoding.spec.whatwg.org/index-windows-1252.txt */
static const uint16_t windows_1252_upper[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

struct decoder {
    struct span bytes;
    size_t at;
    bool clean, little_endian;
};

static uint32_t unreadable(struct decoder *d)
{
    d->clean = false;
    return REPLACEMENT;
}

static uint32_t next_utf8(struct decoder *d)
{
    ucs4_t character;
    int used = u8_mbtoucr(&character, (const uint8_t *)d->bytes.at + d->at, d->bytes.len - d->at);
    d->at += used > 0 ? (size_t)used : 1;
    return used > 0 ? character : unreadable(d);
}

uint32_t charset_of_byte(enum charset charset, unsigned char byte)
{
    bool other = charset == CHARSET_WINDOWS_1252 && byte >= 0x80 && byte < 0xA0;
    return other ? windows_1252_upper[byte - 0x80] : byte;
}

/* The unit of `size` bytes at `ahead`. */
static uint32_t unit_at(const struct decoder *d, size_t ahead, size_t size)
{
    const unsigned char *at = (const unsigned char *)d->bytes.at + d->at + ahead;
    uint32_t unit = 0;
    for (size_t i = 0; i < size; i++)
        unit = unit << 8 | at[d->little_endian ? size - 1 - i : i];
    return unit;
}

static uint32_t next_utf16(struct decoder *d)
{
    size_t left = d->bytes.len - d->at;
    if (left < 2) {
        d->at += left;
        return unreadable(d);
    }
    uint32_t unit = unit_at(d, 0, 2), low = left < 4 ? 0 : unit_at(d, 2, 2);
    d->at += 2;
    if (unit < 0xD800 || unit > 0xDFFF)
        return unit;
    if (unit > 0xDBFF)
        return unreadable(d);
    if (low < 0xDC00 || low > 0xDFFF)
        return unreadable(d);
    d->at += 2;
    return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
}

static uint32_t next_utf32(struct decoder *d)
{
    size_t left = d->bytes.len - d->at;
    uint32_t character = left < 4 ? 0 : unit_at(d, 0, 4);
    d->at += left < 4 ? left : 4;
    bool stands = character <= 0x10FFFF && (character < 0xD800 || character > 0xDFFF);
    return stands ? character : unreadable(d);
}

static uint32_t next_character(struct decoder *d, enum charset charset)
{
    uint32_t character = charset == CHARSET_UTF8                                    ? next_utf8(d)
                         : charset == CHARSET_UTF16BE || charset == CHARSET_UTF16LE ? next_utf16(d)
                         : charset == CHARSET_UTF32                                 ? next_utf32(d)
                                                    : charset_of_byte(charset, (unsigned char)d->bytes.at[d->at++]);
    return character != 0 ? character : unreadable(d);
}

/* A mark that says in which order the bytes stand is no part of the text. */
static void skip_mark(struct decoder *d, enum charset charset)
{
    size_t size = charset == CHARSET_UTF32 ? 4 : 2;
    d->little_endian = charset == CHARSET_UTF16LE;
    if (!is_wide(charset) || d->bytes.len < size)
        return;
    uint32_t other_way = size == 4 ? 0xFFFE0000 : 0xFFFE;
    uint32_t first = unit_at(d, 0, size);
    if (first == other_way)
        d->little_endian = !d->little_endian;
    if (first == other_way || first == MARK)
        d->at = size;
}

static bool decode_characters(enum charset charset, struct span bytes, struct arena *arena, struct span *utf8)
{
    struct decoder d = {.bytes = bytes, .clean = true};
    char *out = arena_alloc(arena, 3 * bytes.len + 1); /* no byte of any of these sets becomes more than three */
    size_t len = 0;
    skip_mark(&d, charset);
    while (d.at < bytes.len) {
        int added = u8_uctomb((uint8_t *)out + len, next_character(&d, charset), 4);
        len += added > 0 ? (size_t)added : 0;
    }
    *utf8 = (struct span){out, len};
    return d.clean;
}

static bool is_plain_ascii(struct span bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if ((unsigned char)(bytes.at[i] - 1) >= 0x7F)
            return false;
    return true;
}

bool charset_convert(enum charset charset, struct span bytes, struct arena *arena, struct span *utf8)
{
    *utf8 = bytes;
    if (bytes.len == 0)
        return true;
    if (charset == CHARSET_GSM7 && gsm7_decode(bytes, arena, utf8))
        return true;
    if (charset == CHARSET_GSM7 || charset == CHARSET_UNKNOWN) {
        decode_characters(CHARSET_UTF8, bytes, arena, utf8); /* a best effort, and flagged as one */
        return false;
    }
    if (!is_wide(charset) && is_plain_ascii(bytes))
        return true;
    return decode_characters(charset, bytes, arena, utf8);
}

struct span charset_utf16be(struct span utf8, struct arena *arena)
{
    unsigned char *out = arena_alloc(arena, 2 * utf8.len + 1);
    size_t len = 0;
    uint32_t character;
    while (utf8_next(&utf8, &character)) {
        uint32_t units[2] = {character, 0};
        size_t count = character > 0xFFFF ? 2 : 1;
        if (count == 2) {
            units[0] = 0xD800 | (character - 0x10000) >> 10;
            units[1] = 0xDC00 | (character & 0x3FF);
        }
        for (size_t i = 0; i < count; i++) {
            out[len++] = (unsigned char)(units[i] >> 8);
            out[len++] = (unsigned char)(units[i] & 0xFF);
        }
    }
    return (struct span){(const char *)out, len};
}

bool charset_decode(enum charset charset, struct span bytes, struct arena *arena, struct span *utf8)
{
    bool clean = charset_convert(charset, bytes, arena, utf8);
    if (utf8->len > 0 && !is_plain_ascii(*utf8))
        *utf8 = utf8_compose(*utf8, arena);
    return clean;
}
