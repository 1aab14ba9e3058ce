/* The end of a request: closed with what came of it, opened again, or put together with another. */
#include "console/pages/pages.h"
#include "console/pages/queue_row.h"
#include "console/pages/request_work.h"
#include "console/pages/said.h"
#include "text/digits.h"

static const struct request_try closing = {.place = "close",
                                           .field = "close-outcome",
                                           .text_field = "close-text",
                                           .wanted = "request_do_close",
                                           .said = "request_said_close",
                                           .has_text = true};
static const struct request_try reopening = {
    .place = "reopen", .wanted = "request_do_reopen", .said = "request_said_reopen"};
static const struct request_try merging = {
    .place = "merge", .field = "merge-reference", .wanted = "request_do_merge", .said = "request_said_merge"};

static void fill_others(const struct request_work *work, struct request_close_view *view)
{
    const struct visit *visit = work->visit;
    const struct request_view *data = &work->data;
    const int64_t chosen = request_work_tried(work, "merge") ? visit_field_id(visit, "to") : 0;
    view->others = ARENA_ARRAY(visit->arena, struct request_merge_choice_view, data->others.count);
    for (size_t i = 0; i < data->others.count; i++) {
        const struct request *other = &data->others.rows[i];
        if (other->id == work->row.id || !operator_sees(visit->operator, other->desk, other->topic))
            continue;
        view->others[view->other_count++] = (struct request_merge_choice_view){
            .id = other->id,
            .is_chosen = other->id == chosen,
            .reference = said_reference(visit->arena, other->reference),
            .about = choice_about_words(visit, visit_service_of(visit, &data->others.origins[i]), other),
            .status = queue_row_status(other, &data->others.desks[i], visit->now),
            .created_at = other->created_at,
        };
    }
}

static bool has_office_to_ask(const struct request_view *data)
{
    for (size_t i = 0; i < data->referral_count; i++)
        if (!data->referrals[i].referral.settled_at)
            return true;
    return false;
}

void request_fill_close(const struct request_work *work, struct request_close_view *view)
{
    view->can_close = work->is_open;
    view->can_reopen = !work->is_open && work->data.row.desk.merged_into == 0;
    view->can_merge = work->is_open;
    view->has_office_to_ask = has_office_to_ask(&work->data);
    view->close = request_work_form(work, "close");
    view->reopen = request_work_form(work, "reopen");
    view->merge = request_work_form(work, "merge");
    view->outcomes =
        choice_numbered(work->visit, CLOSED_COUNT, request_outcome_word, request_work_typed(work, "close", "outcome"));
    view->reference = request_work_typed(work, "merge", "reference");
    fill_others(work, view);
}

/* The first of mine with which something can be done now, or was to be; not one that waits for tomorrow's safe time. */
static int64_t first_to_do(const struct visit *visit, const struct queue_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        struct queue_row_view row;
        queue_row_fill(visit, &page->rows[i], &row);
        if (row.due.is_overdue || (row.next != NEXT_GO_ON && row.next != NEXT_OPEN))
            return row.id;
    }
    return 0;
}

/* What is to be done next of what is mine; with nothing left, what is nobody's yet. */
static void go_to_next(struct visit *visit)
{
    const struct queue_filter mine = {.operator = visit->operator, .whose = QUEUE_MINE, .now = visit->now};
    struct queue_page page = {0};
    struct error ignored;
    enum outcome outcome = desk_read_queue(visit->reader, &mine, visit->arena, &page, &ignored);
    const int64_t next = outcome == OUTCOME_OK ? first_to_do(visit, &page) : 0;
    visit_say(visit, next ? "request_said_close_next" : "request_said_close_last");
    if (next)
        visit_go(visit, "/requests/%lld", (long long)next);
    else
        visit_go(visit, "/queue?tab=unassigned");
}

static void close_and_go_on(struct visit *visit, const struct desk_action *action, struct request_try tried)
{
    struct desk_result result;
    if (request_work_did(visit, action, tried, &result))
        go_to_next(visit);
}

void do_request_close(struct visit *visit)
{
    struct request_try tried = closing;
    struct desk_action action = request_work_action(visit, DESK_CLOSE);
    if (!choice_number(visit, "outcome", CLOSED_COUNT, &action.code) || action.code == CLOSED_NOT) {
        request_work_refuse(visit, tried, "request_why_no_outcome");
        return;
    }
    action.text = visit_field(visit, "text");
    tried.choice = choice_words(visit, request_outcome_word(action.code));
    if (html_has_span(visit_field(visit, "next")))
        close_and_go_on(visit, &action, tried);
    else
        request_work_do(visit, &action, tried);
}

void do_request_reopen(struct visit *visit)
{
    struct desk_action action = request_work_action(visit, DESK_REOPEN);
    request_work_do(visit, &action, reopening);
}

/* Chosen from the list, or written: whose phone is the same may have another name. */
static bool find_other(const struct visit *visit, int64_t *other)
{
    struct error err;
    struct found_reference found;
    char reference[REFERENCE_DIGITS + 1];
    *other = visit_field_id(visit, "to");
    struct span typed = visit_field(visit, "reference");
    if (*other || !reference_read(typed, reference))
        return *other != 0;
    if (desk_find_reference(visit->reader, span_of(reference), &found, &err) != OUTCOME_OK)
        return false;
    *other = found.request;
    return found.request != 0;
}

/* Of one that is not theirs to see nothing is said that would not be said of none; that they asked is kept. */
static bool sees_other(const struct visit *visit, int64_t other)
{
    struct error err;
    struct desk_result result;
    if (desk_may_see_request(visit->reader, other, visit->operator, visit->arena, &err) == OUTCOME_OK)
        return true;
    struct desk_action look = visit_action(visit, DESK_VIEW);
    look.about = OBJECT_REQUEST;
    look.object = other;
    return visit_do(visit, &look, &result) == OUTCOME_OK;
}

void do_request_merge(struct visit *visit)
{
    struct desk_action action = request_work_action(visit, DESK_MERGE);
    if (find_other(visit, &action.to) && action.to != visit->id && sees_other(visit, action.to))
        request_work_do(visit, &action, merging);
    else
        request_work_refuse(visit, merging, "request_why_no_other");
}
