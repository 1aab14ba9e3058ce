#include "console/door/host.h"

#include <arpa/inet.h>
#include <string.h>

/* "desk.example.org:8443" without the port; "[::1]:8081" too. Absent where something else stands behind the name. */
static struct span without_port(struct span host)
{
    const char *bracket = host.len && host.at[0] == '[' ? memchr(host.at, ']', host.len) : NULL;
    size_t len = bracket ? (size_t)(bracket - host.at) + 1 : 0;
    struct span port = span_from(host, len), name = span_cut(&port, ':');
    uint64_t number;
    if (bracket && name.len)
        return SPAN_NONE;
    if (span_is_present(port) && (!span_to_u64(port, &number) || number > UINT16_MAX))
        return SPAN_NONE;
    return bracket ? span_first(host, len) : name;
}

static bool is_address(struct span name)
{
    char text[INET6_ADDRSTRLEN] = {0};
    struct in6_addr room;
    bool is_six = name.len > 2 && name.at[0] == '[' && name.at[name.len - 1] == ']';
    struct span bare = is_six ? (struct span){name.at + 1, name.len - 2} : name;
    if (bare.len >= sizeof text)
        return false;
    memcpy(text, bare.at, bare.len);
    return inet_pton(is_six ? AF_INET6 : AF_INET, text, &room) == 1;
}

/* "https://desk.example.org/" */
static struct span host_of(const char *url)
{
    struct span rest = span_of(url);
    const char *begin = strstr(url, "://");
    if (begin)
        rest = span_from(rest, (size_t)(begin - url) + 3);
    return without_port(span_cut(&rest, '/'));
}

static bool is_ours(const struct site *site, struct span said)
{
    struct span name = without_port(said);
    if (name.len == 0)
        return false;
    if (is_address(name) || span_equal_nocase(name, SPAN("localhost")))
        return true;
    return site->config->url && span_equal_nocase(name, host_of(site->config->url));
}

bool host_is_ours(const struct site *site, const struct http_request *request)
{
    size_t said = 0;
    for (size_t i = 0; i < request->header_count; i++)
        if (span_equal_nocase(request->headers[i].name, SPAN("Host")) &&
            (said++ || !is_ours(site, request->headers[i].value)))
            return false;
    return true;
}
