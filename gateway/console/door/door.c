#include "console/door/door.h"

#include <string.h>
#include "aggregator/access/proxies.h"
#include "base/clock.h"
#include "base/log.h"
#include "console/door/back.h"
#include "console/door/cookie.h"
#include "console/door/csrf.h"
#include "console/door/host.h"
#include "console/door/kept.h"
#include "console/door/readers.h"
#include "console/door/refused.h"
#include "console/door/route.h"
#include "console/door/whose.h"
#include "text/utf8.h"

#define POLICY                                                                                                         \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "   \
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/* On every answer: pages load nothing from elsewhere, are shown in no frame, say nowhere where somebody came from. */
static const struct pair safety_headers[] = {
    {SPAN("Content-Security-Policy"), SPAN(POLICY)},
    {SPAN("Referrer-Policy"), SPAN("no-referrer")},
    {SPAN("X-Content-Type-Options"), SPAN("nosniff")},
    {SPAN("X-Frame-Options"), SPAN("DENY")},
    {SPAN("Cross-Origin-Opener-Policy"), SPAN("same-origin")},
    {SPAN("Cross-Origin-Resource-Policy"), SPAN("same-origin")},
};
enum { SAFETY_HEADERS = sizeof safety_headers / sizeof *safety_headers };

/* A page that says nothing else is not kept by a shared computer. */
static void add_headers(struct http_response *out, const struct pair *own, size_t count, struct arena *arena)
{
    struct pair *all = ARENA_ARRAY(arena, struct pair, SAFETY_HEADERS + count + 1);
    bool says_how_long = false;
    memcpy(all, safety_headers, sizeof safety_headers);
    for (size_t i = 0; i < count; i++) {
        all[SAFETY_HEADERS + i] = own[i];
        says_how_long |= span_equal(own[i].name, SPAN("Cache-Control"));
    }
    if (!says_how_long)
        all[SAFETY_HEADERS + count++] = (struct pair){SPAN("Cache-Control"), SPAN("no-store")};
    out->headers = all;
    out->header_count = SAFETY_HEADERS + count;
}

static void refuse_plainly(struct http_response *out, unsigned status, struct span why)
{
    *out = (struct http_response){.status = status, .content_type = SPAN("text/plain; charset=utf-8"), .body = why};
}

void door_refuse(unsigned status, struct span why, struct arena *arena, struct http_response *out)
{
    refuse_plainly(out, status, why);
    const struct pair allowed = {SPAN("Allow"), SPAN("GET, HEAD, POST")};
    add_headers(out, &allowed, status == 405, arena);
}

/* Every value that a page will see is text: UTF-8, and no control characters but tabs and line ends. */
static bool are_texts(const struct pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct span value = pairs[i].value;
        if (!utf8_is_valid(value) || !utf8_is_valid(pairs[i].name))
            return false;
        for (size_t at = 0; at < value.len; at++) {
            unsigned char c = (unsigned char)value.at[at];
            if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
                return false;
        }
    }
    return true;
}

static bool read_pairs(struct span text, struct arena *arena, const struct pair **pairs, size_t *count)
{
    *pairs = NULL;
    *count = 0;
    if (text.len == 0)
        return true;
    struct pair *found = NULL;
    struct error err;
    if (form_decode(text, arena, &found, count, &err) != OUTCOME_OK)
        return false;
    *pairs = found;
    return are_texts(found, *count);
}

/* The language of who has signed in; before that, the first that the browser asks for and that is there. */
static const struct words *words_for(const struct visit *visit)
{
    if (visit->whose)
        return words_of(visit->whose->lang);
    struct span rest = http_header(visit->request, SPAN("Accept-Language"));
    while (span_is_present(rest)) {
        struct span wanted = span_cut(&rest, ',');
        wanted = span_trim(span_cut(&wanted, ';'));
        wanted = span_cut(&wanted, '-');
        for (size_t i = 0; i < words_language_count(); i++)
            if (span_equal_nocase(wanted, words_language(i)))
                return words_of(words_language(i));
    }
    return words_of(SPAN("en"));
}

static void choose_style(struct visit *visit)
{
    visit->style.words = words_for(visit);
    visit->style.now = visit->now;
    visit->style.zone_minutes = visit_zone(visit, NULL);
}

/* Of the audit: who stands behind our own proxies, as for the webhooks. */
static struct span find_peer(const struct visit *visit)
{
    if (!visit->catalogue)
        return visit->request->peer;
    return proxies_caller(channel_set_proxies(visit->catalogue->config->channels), visit->request);
}

static bool is_post(const struct visit *visit)
{
    return span_equal(visit->request->method, SPAN("POST"));
}

static void refuse_without_right(struct visit *visit)
{
    refused_keep(visit);
    visit_refuse(visit, 403, "refused_no_right");
}

/* A password that somebody else made is changed before anything else. */
static bool must_change_first(const struct visit *visit, const struct route *route)
{
    return visit->operator->must_change && route->right != RIGHT_NONE && route->right != RIGHT_SIGNED_IN;
}

/* It came from a page before the last unlocking or signing in, or from elsewhere. What they typed in one of their own is shown, and what
 * such a page brought sealed goes on with it. */
static void refuse_old_form(struct visit *visit)
{
    refused_keep_forged(visit);
    if (!visit->operator && span_is_present(visit_field(visit, "kept")))
        back_send(visit);
    else if (visit->is_partial || !visit->operator || !visit_ask_again(visit, 403, "refused_old_page"))
        visit_refuse(visit, 403, "refused_old_form");
}

/* A page that is being locked sends what stands in it, and somebody was here meanwhile in another tab. */
static void keep_for_later(struct visit *visit)
{
    if (!visit_ask_again(visit, 200, "resume_title"))
        visit_go(visit, "/");
}

static void pass(struct visit *visit, const struct route *route)
{
    if (route->right != RIGHT_NONE && !visit->operator)
        back_send(visit);
    else if (is_post(visit) && !csrf_holds(visit))
        refuse_old_form(visit);
    else if (route->right != RIGHT_NONE && is_post(visit) && kept_is_for_later(visit))
        keep_for_later(visit);
    else if (route->right != RIGHT_NONE && must_change_first(visit, route))
        visit_go(visit, "/settings");
    else if (!visit_may(visit, route->right))
        refuse_without_right(visit);
    else
        route->answer(visit);
}

static bool asks_by_itself(const struct route *route)
{
    return route && strncmp(route->path, "/live", 5) == 0;
}

static void answer_desk(struct visit *visit, const struct route_match *match)
{
    struct error err = {0};
    enum outcome outcome = readers_take(visit->site->readers, &visit->reader, &err);
    if (outcome == OUTCOME_OK)
        outcome = whose_find(visit, asks_by_itself(match->route), &err);
    choose_style(visit);
    if (outcome != OUTCOME_OK) {
        log_event(LOG_LEVEL_ERROR, "console", "data_not_read", "why=\"%s\"", err.text);
        visit->has_broken_reader = true;
        visit_refuse(visit, 503, "refused_broken");
    } else if (match->route) {
        pass(visit, match->route);
    } else if (match->has_other_method) {
        visit_header(visit, SPAN("Allow"), is_post(visit) ? SPAN("GET, HEAD") : SPAN("POST"));
        visit_refuse(visit, 405, "refused_not_there");
    } else {
        visit_refuse(visit, 404, "refused_not_there");
    }
    readers_give_back(visit->site->readers, visit->reader, visit->has_broken_reader);
}

/* What machines ask for, and what pages are made of: for everybody, without the data file. */
static bool is_plain(const struct route *route)
{
    static const char *const plain[] = {"/healthz", "/metrics", "/assets/:name"};
    for (size_t i = 0; route && i < sizeof plain / sizeof *plain; i++)
        if (strcmp(route->path, plain[i]) == 0)
            return true;
    return false;
}

static void hold_catalogue(struct visit *visit)
{
    const struct console_config *config = visit->site->config;
    visit->catalogue = config->catalogue.hold(config->catalogue.context);
    visit->peer = find_peer(visit);
}

static void let_go_catalogue(struct visit *visit)
{
    const struct console_config *config = visit->site->config;
    if (visit->catalogue)
        config->catalogue.let_go(config->catalogue.context, visit->catalogue);
}

static void answer(struct visit *visit)
{
    const struct console_config *config = visit->site->config;
    struct route_match match =
        route_find(visit->site->routes, is_post(visit) ? ROUTE_POST : ROUTE_GET, visit->request->path);
    visit->id = match.id;
    visit->name = match.name;
    if (is_plain(match.route)) {
        match.route->answer(visit);
        return;
    }
    if (!config->desk) {
        visit_header(visit, SPAN("Allow"), match.has_other_method ? SPAN("GET, HEAD") : SPAN(""));
        refuse_plainly(visit->out, match.has_other_method ? 405 : 404, SPAN("not found\n"));
        return;
    }
    hold_catalogue(visit);
    answer_desk(visit, &match);
    let_go_catalogue(visit);
}

/* What is refused without a look at what it is about: what follows for who has signed in. `is_use`: that they are at work. */
static void refuse_unseen(struct visit *visit, bool is_use, void (*then)(struct visit *visit))
{
    struct error err;
    if (!visit->site->config->desk || !span_is_present(cookie_read(visit->site, visit->request, COOKIE_SIGN_IN)))
        return;
    hold_catalogue(visit);
    enum outcome outcome = readers_take(visit->site->readers, &visit->reader, &err);
    if (outcome == OUTCOME_OK)
        outcome = whose_find(visit, !is_use, &err);
    if (outcome == OUTCOME_OK && visit->operator)
        then(visit);
    readers_give_back(visit->site->readers, visit->reader, outcome != OUTCOME_OK);
    let_go_catalogue(visit);
}

static void keep_forged(struct visit *visit)
{
    refused_keep_forged(visit);
}

/* What a page of somebody else asks for. It is no use of the desk. */
static void turn_away(struct visit *visit)
{
    refuse_plainly(visit->out, 403, SPAN("this came from a page of somebody else\n"));
    refuse_unseen(visit, false, keep_forged);
}

static void say_too_large(struct visit *visit)
{
    choose_style(visit);
    visit_refuse_too_large(visit);
}

void door_answer(const struct site *site, const struct http_request *request, struct arena *arena,
                 struct http_response *out, struct stream **stream)
{
    struct visit visit = {.site = site, .arena = arena, .request = request, .now = clock_utc_ms(), .out = out};
    visit.is_partial = span_equal(http_header(request, SPAN("HX-Request")), SPAN("true"));
    if (!host_is_ours(site, request))
        refuse_plainly(out, 421, SPAN("the console does not answer by this name: listen.console_url says its own\n"));
    else if (!csrf_is_ours(site, request))
        turn_away(&visit);
    else if (!read_pairs(request->query, arena, &visit.query, &visit.query_count) ||
             !read_pairs(request->body, arena, &visit.form, &visit.form_count))
        refuse_plainly(out, 400, SPAN("the form or the address is no text\n"));
    else
        answer(&visit);
    *stream = visit.stream;
    add_headers(out, visit.headers, visit.header_count, arena);
}

void door_too_large(const struct site *site, const struct http_request *request, struct arena *arena,
                    struct http_response *out)
{
    struct visit visit = {.site = site, .arena = arena, .request = request, .now = clock_utc_ms(), .out = out};
    refuse_plainly(out, 413, SPAN("the form is too large\n"));
    if (host_is_ours(site, request) && csrf_is_ours(site, request))
        refuse_unseen(&visit, true, say_too_large);
    add_headers(out, visit.headers, visit.header_count, arena);
}
