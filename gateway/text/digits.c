#include "text/digits.h"

#include <string.h>
#include <unictype.h>
#include "text/gsm7.h"
#include "text/utf8.h"

struct span digits_to_ascii(struct span utf8, struct arena *arena)
{
    char *out = arena_alloc(arena, utf8.len + 1);
    size_t to = 0;
    struct span rest = utf8;
    uint32_t character;
    for (const char *from = rest.at; utf8_next(&rest, &character); from = rest.at) {
        size_t len = (size_t)(rest.at - from);
        int value = character < 0x80 ? -1 : uc_decimal_value(character);
        if (value >= 0) {
            out[to++] = (char)('0' + value);
        } else {
            memcpy(out + to, from, len);
            to += len;
        }
    }
    return span_is_present(utf8) ? (struct span){out, to} : SPAN_NONE;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What people put around a key when they copy the look of a menu. */
static struct span without_frame(struct span s)
{
    s = span_trim(s);
    while (s.len > 0 && strchr("#*(", s.at[0]))
        s = span_trim(span_from(s, 1));
    while (s.len > 0 && strchr(".):,#*-", s.at[s.len - 1]))
        s = span_trim(span_first(s, s.len - 1));
    return s;
}

struct span digits_key(struct span typed, struct arena *arena)
{
    if (!span_is_present(typed) || !utf8_is_valid(typed))
        return SPAN_NONE;
    struct span key = without_frame(digits_to_ascii(gsm7_substitute(typed, arena), arena));
    if (key.len == 0)
        return SPAN_NONE;
    for (size_t i = 0; i < key.len; i++)
        if (!is_digit(key.at[i]))
            return SPAN_NONE;
    return key;
}

bool digits_several(struct span typed, char *keys, size_t max, size_t *count)
{
    size_t found = 0;
    uint32_t character;
    while (utf8_next(&typed, &character)) {
        int value = uc_decimal_value(character);
        if (value < 0) {
            if (!uc_is_property_white_space(character) && (character >= 0x80 || !strchr(",.;/&+*#", (int)character)))
                return false;
            continue;
        }
        char key = (char)('0' + value);
        if (found > 0 && memchr(keys, key, found))
            continue;
        if (found == max)
            return false;
        keys[found++] = key;
    }
    *count = found;
    return found > 0;
}
