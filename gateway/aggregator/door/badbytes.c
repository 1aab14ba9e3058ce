#include "aggregator/door/badbytes.h"

#include <string.h>
#include <unistr.h>

#include "base/buffer.h"

#define HIDDEN_SIZE 4
#define ESCAPE_SIZE 6 /* \uD83D */

/* U+10F800 + byte in UTF-8. */
static void hide_byte(struct buffer *out, unsigned char byte)
{
    const char hidden[HIDDEN_SIZE] = {'\xF4', '\x8F', (char)(0xA0 | byte >> 6), (char)(0x80 | (byte & 0x3F))};
    buffer_add(out, (struct span){hidden, HIDDEN_SIZE});
}

/* Only what hide_byte is given: NUL, and what is beyond ASCII. */
static bool is_hidden(struct span text, unsigned char *byte)
{
    if (text.len < HIDDEN_SIZE || memcmp(text.at, "\xF4\x8F", 2) != 0 || ((unsigned char)text.at[2] & 0xFC) != 0xA0)
        return false;
    *byte = (unsigned char)(((unsigned char)text.at[2] & 3) << 6 | ((unsigned char)text.at[3] & 0x3F));
    return *byte == 0 || *byte >= 0x80;
}

/* The length of the character at the beginning; 0 where it is none, or looks like a hidden one. */
static size_t character_size(struct span text)
{
    unsigned char ignored;
    ucs4_t character;
    int size = u8_mbtoucr(&character, (const uint8_t *)text.at, text.len);
    return size > 0 && !is_hidden(text, &ignored) ? (size_t)size : 0;
}

static bool read_unit(struct span text, unsigned *unit)
{
    *unit = 0;
    if (text.len < ESCAPE_SIZE || text.at[0] != '\\' || text.at[1] != 'u')
        return false;
    for (size_t i = 2; i < ESCAPE_SIZE; i++) {
        static const char digits[] = "0123456789abcdef";
        const char *digit = memchr(digits, text.at[i] >= 'A' && text.at[i] <= 'F' ? text.at[i] + 32 : text.at[i], 16);
        if (digit == NULL)
            return false;
        *unit = *unit << 4 | (unsigned)(digit - digits);
    }
    return true;
}

/* What stands behind a backslash; gives how much of the text that was. */
static size_t hide_escape(struct span text, struct buffer *out)
{
    unsigned unit, low;
    size_t size = text.len > 1 && (unsigned char)text.at[1] < 0x80 ? 2 : 1;
    if (read_unit(text, &unit)) {
        size = ESCAPE_SIZE;
        bool half = unit >= 0xD800 && unit <= 0xDFFF;
        if (half && unit < 0xDC00 && read_unit(span_from(text, ESCAPE_SIZE), &low) && low >= 0xDC00 && low <= 0xDFFF) {
            half = false;
            size = 2 * ESCAPE_SIZE;
        }
        if (half) {
            hide_byte(out, (unsigned char)(0xE0 | unit >> 12));
            hide_byte(out, (unsigned char)(0x80 | (unit >> 6 & 0x3F)));
            hide_byte(out, (unsigned char)(0x80 | (unit & 0x3F)));
            return size;
        }
        if (unit == 0) {
            hide_byte(out, 0);
            return size;
        }
    }
    buffer_add(out, span_first(text, size));
    return size;
}

struct span badbytes_hide(struct span text, bool is_json, struct arena *arena)
{
    struct buffer out;
    buffer_init(&out, arena, HIDDEN_SIZE * text.len);
    while (text.len > 0) {
        size_t size = character_size(text);
        if (is_json && text.at[0] == '\\') {
            size = hide_escape(text, &out);
        } else if (size > 0) {
            buffer_add(&out, span_first(text, size));
        } else {
            hide_byte(&out, (unsigned char)text.at[0]);
            size = 1;
        }
        text = span_from(text, size);
    }
    return text.at == NULL || buffer_failed(&out) ? SPAN_NONE : buffer_span(&out);
}

static struct span exchanged(struct span value, bool for_mark, struct arena *arena)
{
    if (value.len == 0 || memmem(value.at, value.len, "\xF4\x8F", 2) == NULL)
        return value;
    struct buffer out;
    buffer_init(&out, arena, value.len);
    while (value.len > 0) {
        unsigned char byte;
        bool hidden = is_hidden(value, &byte);
        if (hidden && for_mark)
            buffer_add_text(&out, "\xEF\xBF\xBD");
        else
            buffer_add_char(&out, hidden ? (char)byte : value.at[0]);
        value = span_from(value, hidden ? HIDDEN_SIZE : 1);
    }
    return buffer_span(&out);
}

struct span badbytes_restore(struct span value, struct arena *arena)
{
    return exchanged(value, false, arena);
}

struct span badbytes_replace(struct span value, struct arena *arena)
{
    return exchanged(value, true, arena);
}
