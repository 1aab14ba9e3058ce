#include "aggregator/cumulative.h"

enum cumulative_kind cumulative_split(struct span seen, struct span now, char separator, struct span *answer)
{
    if (!span_starts_with(now, seen))
        return CUMULATIVE_FOREIGN;
    return cumulative_after(seen.len, now, separator, answer);
}

enum cumulative_kind cumulative_after(size_t seen_bytes, struct span now, char separator, struct span *answer)
{
    *answer = SPAN_NONE;
    if (seen_bytes > now.len)
        return CUMULATIVE_FOREIGN;
    if (seen_bytes == now.len)
        return CUMULATIVE_SAME;
    if (now.at[seen_bytes] == separator)
        seen_bytes++;
    else if (seen_bytes > 0 && now.at[seen_bytes - 1] != separator)
        return CUMULATIVE_FOREIGN; /* "12" does not continue "1", but "1*2" continues the "1*" that an empty answer left
                                    */
    *answer = span_from(now, seen_bytes);
    return CUMULATIVE_ANSWER;
}

static size_t parts_in(struct span text, char separator)
{
    size_t parts = 1;
    for (size_t i = 0; i < text.len; i++)
        parts += text.at[i] == separator;
    return parts;
}

void cumulative_parts(struct span text, char separator, unsigned strip, struct arena *arena, struct span **parts,
                      size_t *count)
{
    *parts = NULL;
    *count = 0;
    size_t all = text.len == 0 ? 0 : parts_in(text, separator);
    if (all <= strip)
        return;
    *parts = ARENA_ARRAY(arena, struct span, all - strip);
    struct span rest = text;
    for (size_t i = 0; i < all; i++) {
        struct span part = span_cut(&rest, separator);
        if (i >= strip)
            (*parts)[(*count)++] = part;
    }
}
