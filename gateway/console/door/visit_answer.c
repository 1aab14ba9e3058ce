/* How a visit ends with a page: one that was asked for, or one that says what is wrong. */
#include "base/log.h"
#include "console/door/cookie.h"
#include "console/door/kept.h"
#include "console/door/refusal_view.h"
#include "console/door/visit.h"
#include "console/templates.h"

struct html visit_html(const struct visit *visit)
{
    struct html html;
    html_init(&html, visit->arena, &visit->style);
    return html;
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

void visit_say(struct visit *visit, const char *word)
{
    cookie_write(visit, COOKIE_SAID, span_of(word));
}

void visit_say_reference(struct visit *visit, const char *word, struct span reference)
{
    cookie_write(visit, COOKIE_SAID, arena_format(visit->arena, "%s.%.*s", word, SPAN_ARG(reference)));
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

void visit_refuse_too_large(struct visit *visit)
{
    show(visit, &(struct refusal_view){.word = "refused_too_large", .status = 413, .is_too_large = true});
}

static bool is_typed(struct span name)
{
    return span_equal(name, SPAN("text")) || span_equal(name, SPAN("note"));
}

static void take_in(struct visit *visit, const struct kept_form *form, struct refusal_view *view)
{
    view->then = form->action;
    view->fields = ARENA_ARRAY(visit->arena, struct pair, form->field_count + 1);
    view->texts = ARENA_ARRAY(visit->arena, struct pair, form->field_count + 1);
    for (size_t i = 0; i < form->field_count; i++) {
        const struct pair *field = &form->fields[i];
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
    const struct kept_form form = visit->operator ? kept_take(visit) : (struct kept_form){0};
    if (span_equal(visit->request->method, SPAN("POST")))
        take_in(visit, &form, &view);
    show(visit, &view);
}

bool visit_ask_again(struct visit *visit, unsigned status, const char *title_word)
{
    struct refusal_view view = {.word = title_word, .status = status};
    const struct kept_form form = kept_theirs(visit);
    if (!span_is_present(form.action))
        return false;
    take_in(visit, &form, &view);
    show(visit, &view);
    return true;
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
