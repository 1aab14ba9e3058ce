#include "console/door/visit.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/log.h"
#include "base/random.h"
#include "console/door/back.h"
#include "console/door/board.h"
#include "console/door/cookie.h"
#include "console/door/presence.h"
#include "console/pages/sign_in_view.h"
#include "console/templates.h"

#define KEY_TEXT ((size_t)2 * LOOKUP_BYTES)

/* ---- what came ---- */

struct span visit_query(const struct visit *visit, const char *name)
{
    struct span value = form_find(visit->query, visit->query_count, span_of(name));
    return span_is_present(value) ? span_trim(value) : value;
}

/* Browsers send CR LF for every line of a text, whatever was typed. */
static struct span without_cr(const struct visit *visit, struct span value)
{
    if (!span_is_present(value) || !memchr(value.at, '\r', value.len))
        return value;
    char *room = arena_alloc(visit->arena, value.len);
    size_t len = 0;
    for (size_t i = 0; i < value.len; i++)
        if (value.at[i] != '\r' || i + 1 == value.len || value.at[i + 1] != '\n')
            room[len++] = value.at[i];
    return (struct span){room, len};
}

struct span visit_field(const struct visit *visit, const char *name)
{
    return without_cr(visit, form_find(visit->form, visit->form_count, span_of(name)));
}

static int64_t id_of(struct span value)
{
    uint64_t id;
    return span_to_u64(value, &id) && id <= INT64_MAX ? (int64_t)id : 0;
}

int64_t visit_field_id(const struct visit *visit, const char *name)
{
    return id_of(span_trim(visit_field(visit, name)));
}

int64_t visit_query_id(const struct visit *visit, const char *name)
{
    return id_of(visit_query(visit, name));
}

struct lookup visit_field_key(const struct visit *visit)
{
    struct lookup key;
    size_t len = 0;
    struct span text = visit_field(visit, "key");
    bool is_key = text.len == KEY_TEXT &&
                  sodium_hex2bin(key.at, sizeof key.at, text.at, text.len, NULL, &len, NULL) == 0 &&
                  len == sizeof key.at;
    return is_key ? key : (struct lookup){0};
}

struct span visit_new_key(const struct visit *visit)
{
    char *text = arena_alloc(visit->arena, KEY_TEXT + 1);
    random_hex(text, KEY_TEXT);
    return (struct span){text, KEY_TEXT};
}

bool visit_may(const struct visit *visit, enum right right)
{
    return right == RIGHT_NONE || (visit->operator && roles_may(visit->operator->roles, right));
}

const struct service *visit_service(const struct visit *visit, struct span channel)
{
    return visit->catalogue ? catalogue_service(visit->catalogue, channel) : NULL;
}

const struct service *visit_service_of(const struct visit *visit, const struct request_origin *origin)
{
    return visit->catalogue ? catalogue_service_of(visit->catalogue, origin) : NULL;
}

size_t visit_viewers(const struct visit *visit, int64_t request, struct span *names, size_t max)
{
    struct presence *presence = visit->site->presence;
    presence_note(presence, visit->operator, request, visit->now);
    return presence_others(presence, request, visit->operator->id, visit->now, visit->arena, names, max);
}

/* ---- acting ---- */

struct desk_action visit_action(const struct visit *visit, enum desk_verb verb)
{
    return (struct desk_action){.verb = verb,
                                .operator = visit->whose ? visit->whose->id : 0,
                                .sign_in = visit->sign_in ? visit->sign_in->id : 0,
                                .peer = visit->peer,
                                .key = visit_field_key(visit)};
}

enum outcome visit_do(const struct visit *visit, const struct desk_action *action, struct desk_result *result)
{
    *result = (struct desk_result){0};
    if (action->verb != DESK_VIEW && action->verb != DESK_SEEN)
        board_look_again(visit->site->board);
    return desk_do(visit->site->config->desk, action, visit->arena, result);
}

bool visit_look(struct visit *visit, enum audit_object about, int64_t id)
{
    struct desk_action action = visit_action(visit, DESK_VIEW);
    struct desk_result result;
    action.about = about;
    action.object = id;
    enum outcome outcome = visit_do(visit, &action, &result);
    if (outcome != OUTCOME_OK)
        visit_fail(visit, outcome, &result.error);
    return outcome == OUTCOME_OK;
}

/* ---- answering ---- */

struct html visit_html(const struct visit *visit)
{
    struct html html;
    html_init(&html, visit->arena, &visit->style);
    return html;
}

void visit_header(struct visit *visit, struct span name, struct span value)
{
    if (visit->header_count < sizeof visit->headers / sizeof *visit->headers)
        visit->headers[visit->header_count++] = (struct pair){name, value};
}

void visit_give(struct visit *visit, unsigned status, struct span content_type, struct span body)
{
    *visit->out = (struct http_response){.status = status, .content_type = content_type, .body = body};
}

/* What was said goes with one page, and this is it. */
static void forget_said(struct visit *visit)
{
    if (!visit->is_partial && span_is_present(cookie_read(visit->site, visit->request, COOKIE_SAID)))
        cookie_write(visit, COOKIE_SAID, SPAN(""));
}

void visit_show(struct visit *visit, unsigned status, const struct html *page)
{
    if (html_failed(page)) {
        log_event(LOG_LEVEL_ERROR, "console", "page_too_long", "status=%u", status);
        visit_give(visit, 500, SPAN("text/plain; charset=utf-8"), SPAN("this page does not fit\n"));
        return;
    }
    forget_said(visit);
    visit_give(visit, status, SPAN("text/html; charset=utf-8"), html_done(page));
}

void visit_go(struct visit *visit, const char *path_format, ...)
{
    struct buffer path;
    buffer_init(&path, visit->arena, 4096);
    va_list args;
    va_start(args, path_format);
    buffer_add_format_list(&path, path_format, args);
    va_end(args);
    visit_header(visit, SPAN("Location"), buffer_failed(&path) ? SPAN("/") : buffer_span(&path));
    visit_give(visit, 303, SPAN_NONE, SPAN(""));
}

void visit_say(struct visit *visit, const char *word)
{
    cookie_write(visit, COOKIE_SAID, span_of(word));
}

static void show(struct visit *visit, struct refusal_view *view)
{
    struct html html = visit_html(visit);
    view->frame = visit_frame(visit, view->word, NULL);
    show_refusal(&html, view);
    visit_show(visit, view->status, &html);
}

void visit_refuse(struct visit *visit, unsigned status, const char *word)
{
    show(visit, &(struct refusal_view){.word = word, .status = status});
}

static bool is_typed(struct span name)
{
    return span_equal(name, SPAN("text")) || span_equal(name, SPAN("note"));
}

static void carry(struct visit *visit, struct refusal_view *view)
{
    const struct back_form form = back_take(visit);
    view->then = form.action;
    view->fields = ARENA_ARRAY(visit->arena, struct pair, form.field_count + 1);
    view->texts = ARENA_ARRAY(visit->arena, struct pair, form.field_count + 1);
    for (size_t i = 0; i < form.field_count; i++) {
        const struct pair *field = &form.fields[i];
        if (is_typed(field->name) && field->value.len > 0)
            view->texts[view->text_count++] = *field;
        else
            view->fields[view->field_count++] = *field;
    }
}

/* What cannot be done now may be sent again: with its key it is not done twice. What was typed in it is seen and kept. */
static void refuse_for_now(struct visit *visit, const char *word)
{
    struct refusal_view view = {.word = word, .status = 503, .is_for_now = true};
    visit_header(visit, SPAN("Retry-After"), SPAN("2"));
    if (visit->operator && span_equal(visit->request->method, SPAN("POST")))
        carry(visit, &view);
    show(visit, &view);
}

void visit_fail(struct visit *visit, enum outcome outcome, const struct error *err)
{
    switch (outcome) {
    case OUTCOME_NOT_FOUND:
        visit_refuse(visit, 404, "refused_not_there");
        return;
    case OUTCOME_REFUSED:
        visit_refuse(visit, 403, "refused_no_right");
        return;
    case OUTCOME_CONFLICT:
        visit_refuse(visit, 409, "refused_changed");
        return;
    case OUTCOME_FULL:
        refuse_for_now(visit, "refused_busy");
        return;
    case OUTCOME_OK:
    case OUTCOME_BROKEN:
        break;
    }
    if (desk_is_stopping(visit->site->config->desk)) {
        refuse_for_now(visit, "refused_stopping");
        return;
    }
    log_event(LOG_LEVEL_ERROR, "console", "visit_failed", "why=\"%s\"", err->text);
    visit->has_broken_reader = true;
    refuse_for_now(visit, "refused_broken");
}
