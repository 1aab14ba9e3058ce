#include "text/screen.h"

#include <string.h>
#include "base/buffer.h"
#include "text/marks.h"
#include "text/utf8_decode.h"
#include "text/weight.h"

struct measure screen_measure(struct span marked)
{
    return weight_measure(weigh(marked));
}

size_t screen_limit(const struct carrier *carrier, enum encoding encoding)
{
    return weight_limit(carrier, encoding);
}

bool screen_fits(struct span marked, const struct carrier *carrier)
{
    struct measure measure = screen_measure(marked);
    return measure.units <= screen_limit(carrier, measure.encoding);
}

static size_t count_values(struct span marked)
{
    size_t count = 0;
    for (size_t i = 0; i < marked.len; i++)
        count += marked.at[i] == SCREEN_VALUE_BEGIN;
    return count;
}

void screen_split_values(struct span marked, struct arena *arena, struct span *skeleton, struct span **values,
                         size_t *value_count)
{
    size_t found = 0, to = 0;
    *values = ARENA_ARRAY(arena, struct span, count_values(marked));
    char *words = arena_alloc(arena, marked.len + 2);
    struct span rest = marked;
    while (rest.len > 0) {
        if (rest.at[0] != SCREEN_VALUE_BEGIN) {
            words[to++] = rest.at[0];
            rest = span_from(rest, 1);
            continue;
        }
        rest = span_from(rest, 1);
        struct span value = span_cut(&rest, SCREEN_VALUE_END);
        (*values)[found++] = value;
        words[to++] = SCREEN_VALUE_BEGIN;
        words[to++] = SCREEN_VALUE_END;
    }
    *skeleton = (struct span){words, to};
    *value_count = found;
}

struct span screen_fill_values(struct span skeleton, const struct span *values, size_t value_count, struct arena *arena)
{
    size_t room = skeleton.len;
    for (size_t i = 0; i < value_count; i++)
        room += values[i].len;
    struct buffer out;
    buffer_init(&out, arena, room);
    size_t next = 0;
    for (size_t i = 0; i < skeleton.len; i++) {
        buffer_add_char(&out, skeleton.at[i]);
        if (skeleton.at[i] == SCREEN_VALUE_BEGIN && next < value_count)
            buffer_add(&out, values[next++]);
    }
    return buffer_span(&out);
}

struct span screen_plain(struct span marked, struct arena *arena)
{
    char *plain = arena_alloc(arena, marked.len + 1);
    size_t to = 0;
    for (size_t i = 0; i < marked.len; i++)
        if (!text_is_mark(marked.at[i]))
            plain[to++] = marked.at[i];
    return (struct span){plain, to};
}

/* Line ends and tabs part words and become blanks; other controls, C1 too, mean nothing on a phone, and those
 * that override the direction of writing would show the page's own words, a phone number among them, the wrong way round. */
static bool is_control(uint32_t character)
{
    bool turns_around = (character >= 0x202A && character <= 0x202E) || (character >= 0x2066 && character <= 0x2069);
    bool parts_lines = character == 0x2028 || character == 0x2029;
    return character < 0x20 || (character >= 0x7F && character <= 0x9F) || turns_around || parts_lines;
}

struct span screen_mark_value(struct span value, struct arena *arena)
{
    char *marked = arena_alloc(arena, value.len + 3);
    size_t to = 0;
    marked[to++] = SCREEN_VALUE_BEGIN;
    for (size_t i = 0; i < value.len;) {
        uint32_t character;
        size_t len = utf8_decode((const unsigned char *)value.at + i, &character);
        if (character == '\n' || character == '\r' || character == '\t') {
            marked[to++] = ' ';
        } else if (!is_control(character)) {
            memcpy(marked + to, value.at + i, len);
            to += len;
        }
        i += len;
    }
    marked[to++] = SCREEN_VALUE_END;
    return (struct span){marked, to};
}
