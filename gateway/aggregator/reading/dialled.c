#include "aggregator/reading/dialled.h"

#include <string.h>

static struct span without_star(struct span text)
{
    return span_starts_with(text, SPAN("*")) ? span_from(text, 1) : text;
}

static struct span without_hash(struct span text)
{
    return text.len > 0 && text.at[text.len - 1] == '#' ? span_first(text, text.len - 1) : text;
}

/* What follows the code, with the mark that parts them. */
static bool cut_code(struct span text, struct span code, struct span *rest)
{
    code = without_star(without_hash(span_trim(code)));
    text = without_star(text);
    *rest = SPAN_NONE;
    if (code.len == 0 || !span_starts_with(text, code))
        return false;
    struct span behind = span_from(text, code.len);
    if (behind.len > 0 && behind.at[0] != '*' && behind.at[0] != '#')
        return false; /* *123# is not the beginning of *1234# */
    *rest = behind;
    return true;
}

bool dialled_behind(struct span text, struct span code, struct span *rest)
{
    if (!cut_code(span_trim(text), code, rest))
        return false;
    *rest = without_star(without_hash(*rest));
    return true;
}

struct span dialled_removed(struct span text, struct span code, char separator, struct arena *arena)
{
    struct span rest;
    if (!cut_code(text, code, &rest))
        return text;
    const char *hash = rest.len > 0 ? memchr(rest.at, '#', rest.len) : NULL;
    size_t end = hash != NULL ? (size_t)(hash - rest.at) : rest.len;
    struct span later = span_from(rest, end + 1);
    bool closes = hash != NULL && (later.len == 0 || later.at[0] == separator);
    if (closes)
        rest = arena_format(arena, "%.*s%.*s", (int)end, rest.at, SPAN_ARG(later));
    return rest.len > 0 && (rest.at[0] == '*' || rest.at[0] == separator) ? span_from(rest, 1) : rest;
}
