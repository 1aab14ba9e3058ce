#include "console/door/route.h"

static bool read_id(struct span part, int64_t *id)
{
    uint64_t number;
    if (!span_to_u64(part, &number) || number == 0 || number > INT64_MAX || part.at[0] == '0')
        return false;
    *id = (int64_t)number;
    return true;
}

static bool part_matches(struct span pattern, struct span part, struct route_match *match)
{
    if (span_equal(pattern, SPAN(":id")))
        return read_id(part, &match->id);
    if (span_equal(pattern, SPAN(":name"))) {
        match->name = part;
        return part.len > 0;
    }
    return span_equal(pattern, part);
}

static bool path_matches(const char *pattern, struct span path, struct route_match *match)
{
    struct span wanted = span_of(pattern), rest = path;
    while (span_is_present(wanted) && span_is_present(rest))
        if (!part_matches(span_cut(&wanted, '/'), span_cut(&rest, '/'), match))
            return false;
    return !span_is_present(wanted) && !span_is_present(rest);
}

struct route_match route_find(const struct route *routes, enum route_method method, struct span path)
{
    bool has_other_method = false;
    for (const struct route *route = routes; route->path; route++) {
        struct route_match match = {.route = route};
        if (!path_matches(route->path, path, &match))
            continue;
        if (route->method == method)
            return match;
        has_other_method = true;
    }
    return (struct route_match){.has_other_method = has_other_method};
}
