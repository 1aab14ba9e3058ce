/* When and how somebody may be reached, the number itself, and how a call went. */
#include "console/pages/pages.h"
#include "console/pages/request_work.h"
#include "console/pages/said.h"
#include "console/pages/slot.h"
#include "console/templates.h"
#include "menu/request.h"

static const struct request_try revealing = {
    .place = "reveal", .field = "reveal-reason", .wanted = "request_do_reveal", .said = "request_said_reveal"};
static const struct request_try attempting = {.place = "attempt",
                                              .field = "attempt-result",
                                              .text_field = "attempt-text",
                                              .wanted = "request_do_attempt",
                                              .said = "request_said_attempt",
                                              .has_text = true};

/* ---- what stands there ---- */

static struct span *windows_of(const struct visit *visit, const struct contact_rule *rule)
{
    struct span *windows = ARENA_ARRAY(visit->arena, struct span, CONTACT_WINDOWS_MAX);
    for (size_t i = 0; i < rule->window_count; i++)
        windows[i] = slot_window(&visit->style, &rule->windows[i], visit->arena);
    return windows;
}

/* That they asked to stop, said with another one, was of that: they have asked for something since, or it stands at this one, too. */
static void fill_stricter(const struct request_work *work, struct request_contact_view *view)
{
    const struct visit *visit = work->visit;
    const struct request_view *data = &work->data;
    view->stricter = ARENA_ARRAY(visit->arena, struct request_stricter_view, data->others.count);
    for (size_t i = 0; work->is_open && i < data->others.count; i++) {
        struct contact_rule rule;
        const struct request *other = &data->others.rows[i];
        const struct service *service = visit_service_of(visit, &data->others.origins[i]);
        if (!service || !request_is_open(other) || !operator_sees(visit->operator, other->desk, other->topic))
            continue;
        desk_rule_of(service, data->said[i].at, data->said[i].count, &rule);
        if (contact_goes_beyond(&work->rule, &rule))
            view->stricter[view->stricter_count++] =
                (struct request_stricter_view){.id = other->id,
                                               .reference = said_reference(visit->arena, other->reference),
                                               .may_call = rule.may_call,
                                               .windows = windows_of(visit, &rule),
                                               .window_count = rule.window_count};
    }
}

/* In their own words: "If somebody else answers: hang up." */
static void fill_rules(const struct request_work *work, struct request_contact_view *view)
{
    const struct queue_row *row = &work->data.row;
    view->rules = ARENA_ARRAY(work->visit->arena, struct request_answer_view, row->answer_count);
    for (size_t i = 0; work->service && i < row->answer_count; i++) {
        if (desk_tells_how(work->service, row->answers[i].field))
            view->rules[view->rule_count++] = request_work_answer(work, &row->answers[i]);
    }
}

static void fill_forms(const struct request_work *work, struct request_contact_view *view)
{
    const struct visit *visit = work->visit;
    view->reveal = request_work_form(work, "reveal");
    view->attempt = request_work_form(work, "attempt");
    const struct span reason = request_work_typed(work, "reveal", "reason");
    view->reasons = choice_numbered(visit, DESK_REASON_COUNT, request_reason_word, reason);
    view->override_reasons = choice_numbered(visit, DESK_REASON_COUNT, request_override_word, reason);
    view->is_override_ticked = span_is_present(request_work_typed(work, "reveal", "override"));
    view->attempt_reasons = choice_numbered(visit, DESK_REASON_COUNT, request_override_word,
                                            request_work_typed(work, "attempt", "override"));
    view->results =
        choice_numbered(visit, ATTEMPT_COUNT, request_result_word, request_work_typed(work, "attempt", "result"));
}

/* A reply of an operator that waits as well is no text that has left either. */
static bool has_waiting_text(const struct request_work *work)
{
    const struct request_view *data = &work->data;
    for (size_t i = 0; i < data->text_count; i++)
        if (data->texts[i].row.state == OUTBOX_QUEUED || data->texts[i].row.state == OUTBOX_SENDING)
            return true;
    return false;
}

static bool is_never(enum slot_kind kind)
{
    return kind == SLOT_TEXT_ONLY || kind == SLOT_NEVER || kind == SLOT_NONE;
}

/* What follows on calls in vain: nothing is said of it where nobody is to be called. */
static void fill_attempts(const struct request_work *work, struct request_contact_view *view)
{
    const struct request_desk *desk = &work->data.row.desk;
    view->attempts = desk->attempts;
    view->attempts_left = desk->attempts < ATTEMPTS_BEFORE_TEXT ? ATTEMPTS_BEFORE_TEXT - desk->attempts : 0;
    view->is_texted = desk->is_texted;
    view->text_waits = desk->is_texted && has_waiting_text(work);
    view->tells_rest = !view->is_never && !view->stopped_at;
    view->may_get_text = view->may_text && view->has_number && !view->has_opted_out;
}

void request_fill_contact(const struct request_work *work, struct request_contact_view *view)
{
    const struct visit *visit = work->visit;
    const struct request_desk *desk = &work->data.row.desk;
    view->frame = work->frame;
    view->slot = work->row.slot;
    view->is_known = work->rule.is_known;
    view->is_danger = work->row.urgency == URGENCY_DANGER;
    view->is_over = work->row.is_over;
    view->may_call = work->rule.may_call;
    view->needs_hours = work->rule.needs_hours;
    view->may_text = work->rule.may_text;
    view->has_opted_out = work->data.phone_opted_out;
    view->has_number = work->data.has_number;
    view->stopped_at = desk->stopped_at;
    view->has_other_number = span_is_present(work->rule.number);
    view->masked = view->has_other_number ? phone_masked(work->rule.number, visit->arena) : work->data.masked;
    view->can_act = work->is_open;
    view->can_reveal = (view->has_number || view->has_other_number) && visit_may(visit, RIGHT_REVEAL);
    view->is_outside = work->row.slot.kind != SLOT_NOW;
    view->can_override = visit_may(visit, RIGHT_OVERRIDE);
    view->must_ask = view->is_outside && !view->can_override;
    view->is_never = is_never(view->slot.kind);
    fill_attempts(work, view);
    view->windows = windows_of(visit, &work->rule);
    view->window_count = work->rule.window_count;
    fill_stricter(work, view);
    fill_rules(work, view);
    fill_forms(work, view);
}

/* ---- the number ---- */

/* Shown here and now, and never by a GET: no address leads to it, and going back does not show it again. */
static void show_number(struct visit *visit, struct span number)
{
    struct request_work work;
    if (!request_work_start(visit, NULL, &work))
        return;
    work.frame = visit_frame(visit, "request_number_title", "queue");
    bool has_plus = span_starts_with(number, SPAN("+"));
    struct request_number_view view = {
        .frame = work.frame,
        .id = work.row.id,
        .reference = work.row.reference,
        .number = number,
        .digits = span_from(number, has_plus ? 1 : 0),
        .has_plus = has_plus,
        .has_new_word = work.row.attention == ATTENTION_NEW_WORD,
    };
    request_fill_contact(&work, &view.contact);
    struct html page = visit_html(visit);
    show_request_number(&page, &view);
    visit_show(visit, 200, &page);
}

void do_request_reveal(struct visit *visit)
{
    unsigned reason;
    struct desk_result result;
    if (!choice_number(visit, "reason", DESK_REASON_COUNT, &reason) || reason == DESK_REASON_NONE) {
        request_work_refuse(visit, revealing, "request_why_no_reason");
        return;
    }
    struct desk_action action = request_work_action(visit, DESK_REVEAL);
    action.code = reason;
    action.flag = span_is_present(visit_field(visit, "override"));
    if (request_work_did(visit, &action, revealing, &result))
        show_number(visit, result.text);
}

/* ---- a call ---- */

void do_request_attempt(struct visit *visit)
{
    unsigned code, reason = DESK_REASON_NONE;
    if (!choice_number(visit, "result", ATTEMPT_COUNT, &code)) {
        request_work_refuse(visit, attempting, "request_why_no_result");
        return;
    }
    struct desk_action action = request_work_action(visit, DESK_ATTEMPT);
    action.code = code;
    action.text = visit_field(visit, "text");
    action.flag = choice_number(visit, "override", DESK_REASON_COUNT, &reason) && reason != DESK_REASON_NONE;
    action.to = action.flag ? reason : 0;
    request_work_do(visit, &action, attempting);
}
