#include "http/target.h"

#include <string.h>

#include "http/percent.h"

static bool is_control(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7f;
}

static enum outcome decode_path(struct span raw, char *room, struct span *path, struct error *err)
{
    size_t len = 0;
    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.at[i];
        if (c == '%') {
            if (!percent_decode_one(span_from(raw, i), &c))
                return error_set(err, OUTCOME_REFUSED, "the path has a bad %%-escape at byte %zu", i);
            i += 2;
        }
        if (is_control(c))
            return error_set(err, OUTCOME_REFUSED, "the path has a control character at byte %zu", i);
        room[len++] = c;
    }
    bool same = len == raw.len;
    *path = same ? raw : (struct span){room, len};
    return OUTCOME_OK;
}

enum outcome target_split(struct span target, char *room, struct http_request *out, struct error *err)
{
    if (target.len == 0 || target.at[0] != '/')
        return error_set(err, OUTCOME_REFUSED, "the request target must begin with /");
    out->target = target;
    out->query = target;
    struct span raw = span_cut(&out->query, '?');
    return decode_path(raw, room, &out->path, err);
}
