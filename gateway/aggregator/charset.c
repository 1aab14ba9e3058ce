#include "aggregator/charset.h"

#include <string.h>
#include <unistr.h>

#include "text/gsm7.h"
#include "text/utf8.h"

#define REPLACEMENT 0xFFFD

const char *const charset_names[] = {"UTF-8", "ISO-8859-1", "WINDOWS-1252", "UTF-16BE", "GSM-7", NULL};

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
    {{"UCS-2", 5}, CHARSET_UTF16BE},
    {{"ISO-10646-UCS-2", 15}, CHARSET_UTF16BE},
    {{"GSM-7", 5}, CHARSET_GSM7},
    {{"GSM", 3}, CHARSET_GSM7},
};

enum charset charset_find(struct span name)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (span_equal_nocase(name, names[i].name))
            return names[i].charset;
    return CHARSET_UNKNOWN;
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
    bool clean;
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

static uint32_t next_single_byte(struct decoder *d, enum charset charset)
{
    unsigned char byte = (unsigned char)d->bytes.at[d->at++];
    if (charset == CHARSET_WINDOWS_1252 && byte >= 0x80 && byte < 0xA0)
        return windows_1252_upper[byte - 0x80] != 0 ? windows_1252_upper[byte - 0x80] : unreadable(d);
    return byte;
}

static uint32_t next_utf16(struct decoder *d)
{
    const unsigned char *at = (const unsigned char *)d->bytes.at + d->at;
    size_t left = d->bytes.len - d->at;
    d->at += left < 2 ? left : 2;
    if (left < 2)
        return unreadable(d);
    uint32_t unit = (uint32_t)at[0] << 8 | at[1];
    if (unit < 0xD800 || unit > 0xDFFF)
        return unit;
    if (unit > 0xDBFF || left < 4)
        return unreadable(d);
    uint32_t low = (uint32_t)at[2] << 8 | at[3];
    if (low < 0xDC00 || low > 0xDFFF)
        return unreadable(d);
    d->at += 2;
    return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
}

static uint32_t next_character(struct decoder *d, enum charset charset)
{
    uint32_t character = charset == CHARSET_UTF8      ? next_utf8(d)
                         : charset == CHARSET_UTF16BE ? next_utf16(d)
                                                      : next_single_byte(d, charset);
    return character != 0 ? character : unreadable(d);
}

static bool decode_characters(enum charset charset, struct span bytes, struct arena *arena, struct span *utf8)
{
    struct decoder d = {.bytes = bytes, .clean = true};
    char *out = arena_alloc(arena, 3 * bytes.len + 1); /* no byte of any of these sets becomes more than three */
    size_t len = 0;
    while (d.at < bytes.len) {
        int added = u8_uctomb((uint8_t *)out + len, next_character(&d, charset), 4);
        len += added > 0 ? (size_t)added : 0;
    }
    *utf8 = utf8_compose((struct span){out, len}, arena);
    return d.clean;
}

static bool is_plain_ascii(struct span bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if ((unsigned char)(bytes.at[i] - 1) >= 0x7F)
            return false;
    return true;
}

bool charset_decode(enum charset charset, struct span bytes, struct arena *arena, struct span *utf8)
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
    if (charset != CHARSET_UTF16BE && is_plain_ascii(bytes))
        return true;
    return decode_characters(charset, bytes, arena, utf8);
}
