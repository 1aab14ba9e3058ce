#include "text/paragraph.h"

#include "text/divide.h"
#include "text/marks.h"

/* Without the blanks and marks at its end: a division must leave something to see behind it. */
static size_t visible_bytes(struct span text)
{
    size_t len = text.len;
    while (len > 0 && (text_is_blank(text.at[len - 1]) || text_is_mark(text.at[len - 1])))
        len--;
    return len;
}

/* Walks as far as the page carries and remembers the last place of each kind. */
struct division paragraph_divide(struct span text, bool in_value, struct weight page, const struct carrier *carrier)
{
    struct division found = {0, 0, 0, false};
    size_t end = visible_bytes(text);
    bool seen = false;
    page = weight_add_line(page, (struct weight){0, 0, false});
    for (size_t at = 0; at < end;) {
        if (seen && text_is_blank(text.at[at]))
            *(in_value ? &found.blank_in_value : &found.blank) = at;
        struct span cluster = span_first(span_from(text, at), divide_cluster(span_from(text, at)));
        page = weight_add(page, weigh(cluster));
        if (!weight_fits(page, carrier))
            break;
        if (text_is_mark(cluster.at[0]))
            in_value = cluster.at[0] == SCREEN_VALUE_BEGIN;
        else
            seen = seen || !text_is_blank(cluster.at[0]);
        at += cluster.len;
        if (seen && at < end) {
            found.cluster = at;
            found.cluster_in_value = in_value;
        }
    }
    return found;
}
