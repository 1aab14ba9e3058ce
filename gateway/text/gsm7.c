#include "text/gsm7.h"

#include <string.h>
#include "base/buffer.h"
#include "text/gsm7_alphabet.h"
#include "text/utf8.h"
#include "text/utf8_decode.h"

#define BY_CHARACTER(character, septet) [character] = GSM7_PRESENT | (septet),
#define BY_CHARACTER_EXTENDED(character, septet) [character] = GSM7_EXTENDED | GSM7_PRESENT | (septet),
const uint16_t gsm7_code[GSM7_CHARACTERS] = {GSM7_BASIC(BY_CHARACTER) GSM7_EXTENSION(BY_CHARACTER_EXTENDED)};

/* No septet stands for U+0000, so 0 marks what is undefined. */
#define BY_SEPTET(character, septet) [septet] = (character),
static const uint16_t basic[128] = {GSM7_BASIC(BY_SEPTET)};
static const uint16_t extension[128] = {GSM7_EXTENSION(BY_SEPTET)};

bool gsm7_measure(struct span utf8, size_t *septets)
{
    const unsigned char *at = (const unsigned char *)utf8.at;
    size_t total = 0;
    for (size_t i = 0; i < utf8.len;) {
        uint32_t character;
        i += utf8_decode(at + i, &character);
        unsigned code = gsm7_code_of(character);
        if (code == 0)
            return false;
        total += 1 + (code >> 8);
    }
    *septets = total;
    return true;
}

bool gsm7_encode(struct span utf8, struct arena *arena, struct span *septets)
{
    size_t len;
    if (!gsm7_measure(utf8, &len))
        return false;
    char *out = arena_alloc(arena, len + 1);
    size_t to = 0;
    uint32_t character;
    while (utf8_next(&utf8, &character)) {
        unsigned code = gsm7_code_of(character);
        if (code & GSM7_EXTENDED)
            out[to++] = GSM7_ESCAPE;
        out[to++] = (char)(code & 0x7F);
    }
    *septets = (struct span){out, len};
    return true;
}

/* The alphabet ends below U+0800 but for the euro sign: two bytes a septet always hold a basic one, three an escaped one. */
static size_t encode_utf8(unsigned character, char *out)
{
    if (character < 0x80) {
        out[0] = (char)character;
        return 1;
    }
    if (character < 0x800) {
        out[0] = (char)(0xC0 | character >> 6);
        out[1] = (char)(0x80 | (character & 0x3F));
        return 2;
    }
    out[0] = (char)(0xE0 | character >> 12);
    out[1] = (char)(0x80 | (character >> 6 & 0x3F));
    out[2] = (char)(0x80 | (character & 0x3F));
    return 3;
}

bool gsm7_decode(struct span septets, struct arena *arena, struct span *utf8)
{
    char *out = arena_alloc(arena, septets.len * 2 + 1);
    size_t to = 0;
    for (size_t i = 0; i < septets.len; i++) {
        unsigned char code = (unsigned char)septets.at[i];
        const uint16_t *table = basic;
        if (code == GSM7_ESCAPE && i + 1 < septets.len) {
            table = extension;
            code = (unsigned char)septets.at[++i];
        }
        if (code > 127 || table[code] == 0)
            return false;
        to += encode_utf8(table[code], out + to);
    }
    *utf8 = (struct span){out, to};
    return true;
}

/* Joiners (U+200C, U+200D) are not here: Bangla and Persian letters change shape with them. The raised commas of U+02BB are
 * letters of Uzbek, and every phone there writes them with an apostrophe. None is longer than what it replaces. */
static const struct {
    uint32_t first, last;
    const char *simple;
} look_alikes[] = {
    {0x0009, 0x0009, " "},   {0x0060, 0x0060, "'"},  {0x0085, 0x0085, "\n"}, {0x00A0, 0x00A0, " "},
    {0x00AB, 0x00AB, "\""},  {0x00AD, 0x00AD, ""},   {0x00B4, 0x00B4, "'"},  {0x00BB, 0x00BB, "\""},
    {0x02B9, 0x02B9, "'"},   {0x02BA, 0x02BA, "\""}, {0x02BB, 0x02BD, "'"},  {0x1680, 0x1680, " "},
    {0x2000, 0x200A, " "},   {0x200B, 0x200B, ""},   {0x200E, 0x200F, ""},   {0x2010, 0x2015, "-"},
    {0x2018, 0x201B, "'"},   {0x201C, 0x201F, "\""}, {0x2024, 0x2024, "."},  {0x2025, 0x2025, ".."},
    {0x2026, 0x2026, "..."}, {0x2028, 0x2029, "\n"}, {0x202F, 0x202F, " "},  {0x2032, 0x2032, "'"},
    {0x2033, 0x2033, "\""},  {0x2035, 0x2035, "'"},  {0x2039, 0x203A, "'"},  {0x2043, 0x2043, "-"},
    {0x205F, 0x205F, " "},   {0x2060, 0x2060, ""},   {0x2212, 0x2212, "-"},  {0x2E3A, 0x2E3B, "-"},
    {0x3000, 0x3000, " "},   {0xFE58, 0xFE58, "-"},  {0xFE63, 0xFE63, "-"},  {0xFEFF, 0xFEFF, ""},
    {0xFF02, 0xFF02, "\""},  {0xFF07, 0xFF07, "'"},  {0xFF0D, 0xFF0D, "-"},
};

/* NULL: the character stays. */
static const char *look_alike(uint32_t character)
{
    for (size_t i = 0; i < sizeof look_alikes / sizeof look_alikes[0]; i++)
        if (character >= look_alikes[i].first && character <= look_alikes[i].last)
            return look_alikes[i].simple;
    return NULL;
}

struct span gsm7_substitute(struct span utf8, struct arena *arena)
{
    size_t ignored;
    if (gsm7_measure(utf8, &ignored))
        return utf8;
    /* U+2026 is three bytes and so is "...": the result is never longer. */
    struct buffer out;
    buffer_init(&out, arena, utf8.len);
    struct span rest = utf8;
    uint32_t character;
    for (const char *from = rest.at; utf8_next(&rest, &character); from = rest.at) {
        const char *simple = look_alike(character);
        if (simple)
            buffer_add_text(&out, simple);
        else
            buffer_add(&out, (struct span){from, (size_t)(rest.at - from)});
    }
    return buffer_span(&out);
}
