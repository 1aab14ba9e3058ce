#include "console/door/cookie.h"

#include "base/random.h"

/* __Host-: the browser takes it only from this host itself, over TLS, for every path. */
static struct span name_of(const struct site *site, enum cookie cookie)
{
    if (cookie == COOKIE_SAID)
        return site->is_secure ? SPAN("__Host-helpline-said") : SPAN("helpline-said");
    return site->is_secure ? SPAN("__Host-helpline") : SPAN("helpline");
}

static bool find_in(struct span header, struct span name, struct span *found)
{
    for (struct span rest = header; span_is_present(rest);) {
        struct span value = span_trim(span_cut(&rest, ';'));
        struct span key = span_cut(&value, '=');
        if (!span_equal(key, name) || !span_is_present(value))
            continue;
        if (span_is_present(*found) && !span_equal(*found, value))
            return false;
        *found = value;
    }
    return true;
}

struct span cookie_read(const struct site *site, const struct http_request *request, enum cookie cookie)
{
    return cookie_find(request, name_of(site, cookie));
}

struct span cookie_find(const struct http_request *request, struct span name)
{
    struct span found = SPAN_NONE;
    for (size_t i = 0; i < request->header_count; i++)
        if (span_equal_nocase(request->headers[i].name, SPAN("Cookie")) &&
            !find_in(request->headers[i].value, name, &found))
            return SPAN_NONE;
    return found;
}

struct span cookie_first(const struct http_request *request, struct span prefix,
                         bool (*is_it)(const void *context, struct span rest, struct span value), const void *context)
{
    for (size_t i = 0; i < request->header_count; i++) {
        if (!span_equal_nocase(request->headers[i].name, SPAN("Cookie")))
            continue;
        for (struct span rest = request->headers[i].value; span_is_present(rest);) {
            struct span value = span_trim(span_cut(&rest, ';'));
            struct span name = span_cut(&value, '=');
            if (span_starts_with(name, prefix) && is_it(context, span_from(name, prefix.len), value))
                return span_from(name, prefix.len);
        }
    }
    return SPAN_NONE;
}

void cookie_write(struct visit *visit, enum cookie cookie, struct span value)
{
    struct span name = name_of(visit->site, cookie);
    visit_header(visit, SPAN("Set-Cookie"),
                 arena_format(visit->arena, "%.*s=%.*s; Path=/; HttpOnly; SameSite=Strict%s%s", SPAN_ARG(name),
                              SPAN_ARG(value), visit->site->is_secure ? "; Secure" : "",
                              value.len == 0 ? "; Max-Age=0" : ""));
}

void cookie_keep(struct visit *visit, struct span name, struct span value, unsigned seconds)
{
    visit_header(visit, SPAN("Set-Cookie"),
                 arena_format(visit->arena, "%.*s=%.*s; Path=/; HttpOnly; SameSite=Strict%s; Max-Age=%u",
                              SPAN_ARG(name), SPAN_ARG(value), visit->site->is_secure ? "; Secure" : "", seconds));
}

struct span cookie_make(struct arena *arena)
{
    char *text = arena_alloc(arena, COOKIE_TEXT + 1);
    random_hex(text, COOKIE_TEXT);
    return (struct span){text, COOKIE_TEXT};
}

struct lookup cookie_token(const struct site *site, struct span text)
{
    struct lookup token;
    keyring_lookup(site->config->keyring, SPAN("sign-in"), text, &token);
    return token;
}
