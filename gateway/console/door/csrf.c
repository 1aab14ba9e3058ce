#include "console/door/csrf.h"

#include <sodium.h>
#include "base/sealed.h"

static bool is_get(const struct http_request *request)
{
    return !span_equal(request->method, SPAN("POST"));
}

/* "https://desk.example.org" against the address that the configuration gives, or against Host, which is one of ours. */
static bool is_our_origin(const struct site *site, const struct http_request *request, struct span origin)
{
    if (site->config->url && span_equal_nocase(origin, span_of(site->config->url)))
        return true;
    struct span host = http_header(request, SPAN("Host")), rest = origin;
    if (span_starts_with(rest, SPAN("http://")))
        rest = span_from(rest, sizeof "http://" - 1);
    else if (span_starts_with(rest, SPAN("https://")))
        rest = span_from(rest, sizeof "https://" - 1);
    else
        return false;
    return host.len > 0 && span_equal_nocase(rest, host);
}

static bool is_followed_link(const struct http_request *request)
{
    return span_equal(http_header(request, SPAN("Sec-Fetch-Mode")), SPAN("navigate")) &&
           span_equal(http_header(request, SPAN("Sec-Fetch-Dest")), SPAN("document"));
}

bool csrf_is_ours(const struct site *site, const struct http_request *request)
{
    struct span from = http_header(request, SPAN("Sec-Fetch-Site"));
    if (span_is_present(from) && !span_equal(from, SPAN("same-origin")) && !span_equal(from, SPAN("none")))
        return is_get(request) && is_followed_link(request);
    struct span origin = http_header(request, SPAN("Origin"));
    /* What our Referrer-Policy makes browsers say of our own forms; of others' they say it, too, so it must be known from where. */
    if (span_equal(origin, SPAN("null")))
        return span_equal(from, SPAN("same-origin"));
    return !span_is_present(origin) || is_our_origin(site, request, origin);
}

enum { TOKEN_HALF = 2 * LOOKUP_BYTES };

static struct span hash_text(const struct visit *visit, struct span domain, struct span of)
{
    struct lookup hash;
    keyring_lookup(visit->site->config->keyring, domain, of, &hash);
    char *text = arena_alloc(visit->arena, TOKEN_HALF + 1);
    sodium_bin2hex(text, TOKEN_HALF + 1, hash.at, LOOKUP_BYTES);
    return (struct span){text, TOKEN_HALF};
}

static struct span owner_of(const struct visit *visit)
{
    return hash_text(visit, SPAN("form-owner"), arena_format(visit->arena, "%lld", (long long)visit->whose->id));
}

struct span csrf_token(const struct visit *visit)
{
    if (!span_is_present(visit->cookie) || !visit->whose)
        return SPAN("");
    return arena_format(visit->arena, "%.*s%.*s", SPAN_ARG(hash_text(visit, SPAN("form"), visit->cookie)),
                        SPAN_ARG(owner_of(visit)));
}

bool csrf_holds(const struct visit *visit)
{
    if (!visit->whose)
        return true;
    return secret_equal(visit_field(visit, "token"), csrf_token(visit));
}

struct span csrf_owner(const struct visit *visit)
{
    struct span token = visit_field(visit, "token");
    return token.len == (size_t)2 * TOKEN_HALF ? span_from(token, TOKEN_HALF) : SPAN_NONE;
}

bool csrf_is_owner(const struct visit *visit, struct span owner)
{
    return visit->whose && secret_equal(owner, owner_of(visit));
}
