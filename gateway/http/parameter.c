#include "http/parameter.h"

#include <string.h>

/* Cuts at the next semicolon that stands in no quotes. */
static struct span cut_part(struct span *rest)
{
    bool quoted = false;
    size_t i = 0;
    for (; i < rest->len && (quoted || rest->at[i] != ';'); i++) {
        if (rest->at[i] == '"')
            quoted = !quoted;
        else if (quoted && rest->at[i] == '\\')
            i++;
    }
    struct span part = span_first(*rest, i);
    *rest = i < rest->len ? span_from(*rest, i + 1) : SPAN_NONE;
    return part;
}

static struct span unquoted(struct span text, struct arena *arena)
{
    if (text.len == 0 || text.at[0] != '"')
        return text;
    char *out = arena_alloc_raw(arena, text.len);
    size_t len = 0;
    for (size_t i = 1; i < text.len; i++) {
        if (text.at[i] == '"')
            return i == text.len - 1 ? (struct span){out, len} : SPAN_NONE;
        if (text.at[i] == '\\' && ++i == text.len)
            break;
        out[len++] = text.at[i];
    }
    return SPAN_NONE;
}

struct span http_parameter(struct span value, struct span name, struct arena *arena)
{
    if (value.len == 0 || memchr(value.at, '=', value.len) == NULL)
        return SPAN_NONE; /* as most are */
    for (struct span rest = value; span_is_present(rest);) {
        struct span said = cut_part(&rest);
        struct span found = span_cut(&said, '=');
        if (span_is_present(said) && span_equal_nocase(span_trim(found), name))
            return unquoted(span_trim(said), arena);
    }
    return SPAN_NONE;
}
