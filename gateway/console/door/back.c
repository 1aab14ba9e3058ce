#include "console/door/back.h"

#include <string.h>
#include "console/door/kept.h"
#include "console/door/route.h"

enum { BACK_MAX = 1024 };

/* Printable ASCII that a browser reads as a path of this host: not "//elsewhere", not "/\elsewhere". */
static bool is_path(struct span path)
{
    if (path.len == 0 || path.len > BACK_MAX || path.at[0] != '/')
        return false;
    for (size_t i = 0; i < path.len; i++)
        if (path.at[i] <= ' ' || path.at[i] >= 0x7f || path.at[i] == '\\' || path.at[i] == '"')
            return false;
    return path.len == 1 || path.at[1] != '/';
}

static bool is_ours(const struct site *site, enum route_method method, struct span wanted)
{
    struct span path = wanted;
    if (!is_path(wanted))
        return false;
    path = span_cut(&path, '?');
    const struct route *route = route_find(site->routes, method, path).route;
    return route && route->right != RIGHT_NONE && !span_starts_with(path, SPAN("/live"));
}

struct span back_safe(const struct site *site, struct span wanted)
{
    return is_ours(site, ROUTE_GET, wanted) ? wanted : SPAN("/");
}

bool back_is_action(const struct site *site, struct span path)
{
    return is_ours(site, ROUTE_POST, path);
}

struct span back_above(const struct visit *visit)
{
    struct span path = visit->request->path;
    while (path.len > 1 && !is_ours(visit->site, ROUTE_GET, path)) {
        size_t slash = path.len - 1;
        while (slash > 0 && path.at[slash] != '/')
            slash--;
        path.len = slash;
    }
    return path.len > 1 ? path : SPAN("/");
}

struct span back_wanted(const struct visit *visit)
{
    struct span typed = visit_field(visit, "back");
    return back_safe(visit->site, span_is_present(typed) ? typed : visit_query(visit, "back"));
}

/* A number that was searched for must not stand in one address more. */
static struct span here(const struct visit *visit)
{
    struct span target = visit->request->target, path = target;
    path = span_cut(&path, '?');
    return back_safe(visit->site, span_equal(path, SPAN("/search")) ? SPAN("/") : target);
}

struct span back_address(const struct visit *visit, const char *page, struct span back)
{
    struct buffer text;
    if (span_equal(back, SPAN("/")))
        return span_of(page);
    buffer_init(&text, visit->arena, VISIT_ADDRESS_MAX);
    buffer_add_text(&text, page);
    buffer_add_text(&text, "?back=");
    form_encode(back, &text);
    return buffer_failed(&text) ? span_of(page) : buffer_span(&text);
}

static const char *page_for(const struct visit *visit)
{
    if (!visit->whose)
        return "/sign-in";
    if (!visit->sign_in->is_half)
        return "/unlock";
    return visit->whose->totp.len > 0 ? "/sign-in/code" : "/sign-in/setup";
}

/* htmx is told to load the whole page; a script that asks for counters, that there are none. */
static void send_script(struct visit *visit, const char *page)
{
    struct span current = http_header(visit->request, SPAN("HX-Current-URL"));
    const char *slashes = current.len > 0 ? memmem(current.at, current.len, "://", 3) : NULL;
    struct span rest = slashes ? span_from(current, (size_t)(slashes + 3 - current.at)) : SPAN("");
    const char *slash = rest.len > 0 ? memchr(rest.at, '/', rest.len) : NULL;
    struct span back = slash ? back_safe(visit->site, span_from(rest, (size_t)(slash - rest.at))) : SPAN("/");
    if (visit->is_partial)
        visit_header(visit, SPAN("HX-Redirect"), back_address(visit, page, back));
    visit_give(visit, 401, SPAN("text/plain; charset=utf-8"), SPAN("sign in first\n"));
}

/* The page is shown at once, with what was sent in it: no address could hold that. Who is not in yet signs in beside it. */
static void carry(struct visit *visit, struct span kept)
{
    bool is_locked = visit->whose && !visit->sign_in->is_half;
    visit->kept = kept;
    route_find(visit->site->routes, ROUTE_GET, is_locked ? SPAN("/unlock") : SPAN("/sign-in")).route->answer(visit);
}

void back_send(struct visit *visit)
{
    const char *page = page_for(visit);
    bool is_post = span_equal(visit->request->method, SPAN("POST"));
    struct span kept = is_post ? kept_seal(visit) : SPAN_NONE;
    if (visit->is_partial || span_starts_with(visit->request->path, SPAN("/live")))
        send_script(visit, page);
    else if (span_is_present(kept))
        carry(visit, kept);
    else
        visit_go(visit, "%.*s", SPAN_ARG(back_address(visit, page, is_post ? SPAN("/") : here(visit))));
}
