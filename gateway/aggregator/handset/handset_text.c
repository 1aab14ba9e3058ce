#include "aggregator/handset/handset_text.h"

#include "aggregator/handset.h"
#include "aggregator/language/hex.h"
#include "aggregator/profile.h"
#include "text/gsm7.h"
#include "text/utf8.h"

static bool is_ascii(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] > 0x7F)
            return false;
    return true;
}

/* False: the text has no form in that set, or nobody here writes it. */
static bool encode(enum charset charset, struct span text, struct arena *arena, struct span *out)
{
    *out = text;
    switch (charset) {
    case CHARSET_UTF8:
        return true;
    case CHARSET_UTF16BE:
        *out = charset_utf16be(text, arena);
        return true;
    case CHARSET_GSM7:
        return gsm7_encode(text, arena, out);
    case CHARSET_LATIN1:
    case CHARSET_WINDOWS_1252:
        return is_ascii(text);
    default:
        return false;
    }
}

/* The dialect's own set needs no word; else the first coding that can hold the text; else a set by its name. */
static void choose(const struct shape *shape, struct span typed, struct arena *arena, struct handset_words *out)
{
    if (shape->charset == CHARSET_UTF8 || shape->text_as == TEXT_PERCENT ||
        encode(shape->charset, typed, arena, &out->text))
        return;
    for (size_t i = 0; i < shape->codings.count; i++)
        if (encode((enum charset)shape->codings.entries[i].means, typed, arena, &out->text)) {
            out->coding = shape->codings.entries[i].value;
            return;
        }
    if (shape->fields[FIELD_CHARSET].count > 0)
        out->charset = SPAN("UTF-8");
    out->text = typed;
}

void handset_write_text(const struct shape *shape, struct span typed, struct arena *arena, struct handset_words *out)
{
    *out = (struct handset_words){.text = typed};
    choose(shape, typed, arena, out);
    if (shape->text_as != TEXT_HEX)
        return;
    struct buffer hex;
    buffer_init(&hex, arena, 2 * out->text.len);
    hex_encode(out->text, &hex);
    out->text = buffer_span(&hex);
}

/* The last mark of a code closes it on the keypad; within an input it is in the way of what follows. */
static struct span open_code(struct span code)
{
    return code.len > 0 && code.at[code.len - 1] == '#' ? span_first(code, code.len - 1) : code;
}

static struct span leading_parts(const struct shape *shape, struct arena *arena)
{
    struct buffer out;
    buffer_init(&out, arena, 256);
    for (unsigned i = 0; i < shape->strip_parts; i++)
        buffer_add_format(&out, "%.*s%d", i > 0, &shape->separator, 7);
    return buffer_span(&out);
}

struct span handset_dial(const struct channel *channel, struct span code, struct arena *arena)
{
    const struct shape *shape = &channel->profile->doors[DOOR_IN].own;
    switch (shape->input) {
    case DOOR_LATEST_AFTER_CODE:
        return code;
    case DOOR_CUMULATIVE_AFTER_CODE:
        return open_code(code);
    case DOOR_CUMULATIVE:
        return leading_parts(shape, arena);
    case DOOR_LATEST:
        break;
    }
    return SPAN("");
}

struct span handset_type(const struct channel *channel, struct span so_far, unsigned answers, struct span typed,
                         struct arena *arena)
{
    const struct shape *shape = &channel->profile->doors[DOOR_IN].own;
    bool grows = shape->input == DOOR_CUMULATIVE || shape->input == DOOR_CUMULATIVE_AFTER_CODE;
    if (!grows || (answers == 0 && so_far.len == 0))
        return typed;
    return arena_format(arena, "%.*s%c%.*s", SPAN_ARG(so_far), shape->separator, SPAN_ARG(typed));
}
