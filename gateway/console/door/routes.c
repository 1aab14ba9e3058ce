#include "console/door/routes.h"

#include "console/pages/pages.h"

/* clang-format off */
const struct route routes[] = {
    {ROUTE_GET,  "/healthz",               RIGHT_NONE,      page_healthz},
    {ROUTE_GET,  "/metrics",               RIGHT_NONE,      page_metrics},
    {ROUTE_GET,  "/assets/:name",          RIGHT_NONE,      page_asset},

    {ROUTE_GET,  "/",                      RIGHT_SIGNED_IN, page_home},
    {ROUTE_GET,  "/sign-in",               RIGHT_NONE,      page_sign_in},
    {ROUTE_POST, "/sign-in",               RIGHT_NONE,      do_sign_in},
    {ROUTE_GET,  "/sign-in/code",          RIGHT_NONE,      page_code},
    {ROUTE_POST, "/sign-in/code",          RIGHT_NONE,      do_code},
    {ROUTE_GET,  "/sign-in/setup",         RIGHT_NONE,      page_setup},
    {ROUTE_POST, "/sign-in/setup",         RIGHT_NONE,      do_setup},
    {ROUTE_POST, "/sign-out",              RIGHT_NONE,      do_sign_out},
    {ROUTE_GET,  "/unlock",                RIGHT_NONE,      page_unlock},
    {ROUTE_POST, "/unlock",                RIGHT_NONE,      do_unlock},

    {ROUTE_GET,  "/settings",              RIGHT_SIGNED_IN, page_settings},
    {ROUTE_POST, "/settings",              RIGHT_SIGNED_IN, do_settings},
    {ROUTE_POST, "/settings/password",     RIGHT_SIGNED_IN, do_password},
    {ROUTE_POST, "/settings/totp",         RIGHT_SIGNED_IN, do_totp},
    {ROUTE_POST, "/settings/recovery",     RIGHT_SIGNED_IN, do_recovery},
    {ROUTE_POST, "/settings/sign-ins/:id", RIGHT_SIGNED_IN, do_revoke},
    {ROUTE_GET,  "/live",                  RIGHT_SIGNED_IN, page_live},
    {ROUTE_GET,  "/live/counts",           RIGHT_SIGNED_IN, page_counts},

    {ROUTE_GET,  "/queue",                 RIGHT_QUEUE,     page_queue},
    {ROUTE_POST, "/filters",               RIGHT_QUEUE,     do_filter},
    {ROUTE_GET,  "/search",                RIGHT_QUEUE,     page_search},
    {ROUTE_POST, "/search",                RIGHT_QUEUE,     do_search},
    {ROUTE_GET,  "/requests/new",          RIGHT_QUEUE,     page_request_new},
    {ROUTE_POST, "/requests",              RIGHT_QUEUE,     do_request_new},
    {ROUTE_GET,  "/requests/:id",          RIGHT_QUEUE,     page_request},
    {ROUTE_POST, "/requests/:id/claim",    RIGHT_QUEUE,     do_request_claim},
    {ROUTE_POST, "/requests/:id/release",  RIGHT_QUEUE,     do_request_release},
    {ROUTE_POST, "/requests/:id/assign",   RIGHT_QUEUE,     do_request_assign},
    {ROUTE_POST, "/requests/:id/wait",     RIGHT_QUEUE,     do_request_wait},
    {ROUTE_POST, "/requests/:id/urgency",  RIGHT_QUEUE,     do_request_urgency},
    {ROUTE_POST, "/requests/:id/reveal",   RIGHT_REVEAL,    do_request_reveal},
    {ROUTE_POST, "/requests/:id/attempt",  RIGHT_QUEUE,     do_request_attempt},
    {ROUTE_POST, "/requests/:id/note",     RIGHT_QUEUE,     do_request_note},
    {ROUTE_POST, "/requests/:id/draft",    RIGHT_QUEUE,     do_request_draft},
    {ROUTE_POST, "/requests/:id/count",    RIGHT_QUEUE,     do_request_count},
    {ROUTE_POST, "/requests/:id/reply",    RIGHT_QUEUE,     do_request_reply},
    {ROUTE_POST, "/requests/:id/dealt",    RIGHT_QUEUE,     do_request_dealt},
    {ROUTE_POST, "/requests/:id/refer",    RIGHT_QUEUE,     do_request_refer},
    {ROUTE_POST, "/requests/:id/settle",   RIGHT_QUEUE,     do_request_settle},
    {ROUTE_POST, "/requests/:id/close",    RIGHT_QUEUE,     do_request_close},
    {ROUTE_POST, "/requests/:id/reopen",   RIGHT_QUEUE,     do_request_reopen},
    {ROUTE_POST, "/requests/:id/merge",    RIGHT_QUEUE,     do_request_merge},

    {ROUTE_GET,  "/requests/:id/session",  RIGHT_QUEUE,     page_request_session},
    {ROUTE_GET,  "/requests/:id/redact",   RIGHT_REDACT,    page_request_redact},
    {ROUTE_POST, "/requests/:id/redact",   RIGHT_REDACT,    do_request_redact},

    {ROUTE_GET,  "/sessions",              RIGHT_SESSIONS,  page_sessions},
    {ROUTE_GET,  "/sessions/:id",          RIGHT_SESSIONS,  page_session},
    {ROUTE_GET,  "/sessions/:id/redact",   RIGHT_SESSIONS,  page_session_redact},
    {ROUTE_POST, "/sessions/:id/redact",   RIGHT_SESSIONS,  do_session_redact},
    {ROUTE_GET,  "/people/:id",            RIGHT_PERSON,    page_person},
    {ROUTE_POST, "/people/:id/flag",       RIGHT_PERSON,    do_person_flag},
    {ROUTE_POST, "/people/:id/flag-drop",  RIGHT_PERSON,    do_person_flag_drop},
    {ROUTE_GET,  "/people/:id/forget",     RIGHT_FORGET,    page_person_forget},
    {ROUTE_POST, "/people/:id/forget",     RIGHT_FORGET,    do_person_forget},
    {ROUTE_POST, "/people/:id/number-changed", RIGHT_FORGET, do_person_number},
    {ROUTE_GET,  "/outbox",                RIGHT_OUTBOX,    page_outbox},
    {ROUTE_POST, "/outbox/:id/dealt",      RIGHT_OUTBOX,    do_outbox_dealt},
    {ROUTE_GET,  "/audit",                 RIGHT_AUDIT,     page_audit},

    {ROUTE_GET,  "/users",                 RIGHT_USERS,     page_users},
    {ROUTE_GET,  "/users/new",             RIGHT_USERS,     page_user_new},
    {ROUTE_POST, "/users/new",             RIGHT_USERS,     do_user_new},
    {ROUTE_GET,  "/users/:id",             RIGHT_USERS,     page_user},
    {ROUTE_POST, "/users/:id/change",      RIGHT_USERS,     do_user_change},
    {ROUTE_POST, "/users/:id/disable",     RIGHT_USERS,     do_user_disable},
    {ROUTE_POST, "/users/:id/enable",      RIGHT_USERS,     do_user_enable},
    {ROUTE_POST, "/users/:id/reset",       RIGHT_USERS,     do_user_reset},

    {0},
};
/* clang-format on */

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

struct route_match routes_match(enum route_method method, struct span path)
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
