#include "aggregator/access/proxies.h"

#include <string.h>

const struct proxies *proxies_read(struct setting list, struct arena *arena, struct problems *problems)
{
    struct proxies *out = ARENA_NEW(arena, struct proxies);
    struct network *networks = ARENA_ARRAY(arena, struct network, setting_count(list) + 1);
    for (size_t i = 0; i < setting_count(list); i++) {
        struct span text = setting_as_string(setting_at(list, i));
        if (span_equal(text, SPAN("unix")))
            out->unix_socket = true;
        else if (network_read(text, &networks[out->count]))
            out->count++;
        else
            setting_problem(list, problems,
                            "trusted proxies are written \"127.0.0.1/32\", \"2001:db8::/32\", \"unix\"");
    }
    out->networks = networks;
    return out;
}

static bool is_proxy(const struct proxies *proxies, struct span peer)
{
    return span_is_present(peer) ? network_holds(proxies->networks, proxies->count, peer) : proxies->unix_socket;
}

/* Takes what stands behind the last comma of *list; *list becomes absent when it was the first. */
static struct span take_last(struct span *list)
{
    const char *comma = list->len == 0 ? NULL : memrchr(list->at, ',', list->len);
    size_t start = comma == NULL ? 0 : (size_t)(comma - list->at) + 1;
    struct span last = span_trim(span_from(*list, start));
    *list = comma == NULL ? SPAN_NONE : span_first(*list, start - 1);
    return last;
}

struct span proxies_caller(const struct proxies *proxies, const struct http_request *request)
{
    if (!is_proxy(proxies, request->peer))
        return request->peer;
    for (size_t i = request->header_count; i-- > 0;) { /* several headers are one list, in their order */
        struct span list = request->headers[i].value;
        if (!span_equal_nocase(request->headers[i].name, SPAN("X-Forwarded-For")))
            continue;
        while (span_is_present(list)) {
            struct span address = take_last(&list);
            if (!network_is_address(address))
                return SPAN_NONE;
            if (!network_holds(proxies->networks, proxies->count, address))
                return address;
        }
    }
    return SPAN_NONE;
}
