/* Whose a request is: claimed, given back, handed over; and when it is looked at again, and how urgent it is. */
#include <string.h>
#include "console/pages/pages.h"
#include "console/pages/queue_row.h"
#include "console/pages/request_work.h"
#include "console/pages/said.h"
#include "console/templates.h"

static const struct request_try claiming = {
    .place = "claim", .wanted = "request_do_claim", .said = "request_said_claim"};
static const struct request_try releasing = {
    .place = "release", .wanted = "request_do_release", .said = "request_said_release"};
static const struct request_try assigning = {.place = "assign",
                                             .field = "assign-to",
                                             .text_field = "assign-text",
                                             .wanted = "request_do_assign",
                                             .said = "request_said_assign",
                                             .has_text = true};
static const struct request_try waiting = {
    .place = "wait", .field = "wait-until", .wanted = "request_do_wait", .said = "request_said_wait"};
static const struct request_try hurrying = {
    .place = "urgency", .field = "urgency-code", .wanted = "request_do_urgency", .said = "request_said_urgency"};

/* ---- what stands there ---- */

/* The words of a list of ids joined by blanks hold this one; who chose none speaks all. */
static bool speaks(struct span languages, struct span lang)
{
    if (languages.len == 0)
        return true;
    while (span_is_present(languages)) {
        if (span_equal(span_cut(&languages, ' '), lang))
            return true;
    }
    return false;
}

static struct span name_of(const struct request_work *work, const struct operator *operator)
{
    const struct span lang = work->data.row.request.lang;
    bool knows = span_is_present(lang) && speaks(operator->languages, lang);
    return knows ? arena_format(work->visit->arena, "%.*s (%.*s)", SPAN_ARG(operator->shown), SPAN_ARG(work->row.lang))
                 : operator->shown;
}

/* Everybody else who may work on it; those who speak the person's language first. */
static struct choices operators_of(const struct request_work *work)
{
    struct error err;
    size_t count = 0;
    struct operator *rows;
    const struct visit *visit = work->visit;
    const struct request *request = &work->data.row.request;
    struct choices choices = {0};
    if (desk_read_operators(visit->reader, visit->arena, &rows, &count, &err) != OUTCOME_OK)
        return choices;
    struct span chosen = request_work_typed(work, "assign", "to");
    choices = choices_make(visit->arena, count);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < count; i++) {
            bool first = speaks(rows[i].languages, request->lang);
            if (first == (pass == 0) && rows[i].id != work->data.row.desk.assignee &&
                operator_sees(&rows[i], request->desk, request->topic))
                choices_add(&choices, arena_format(visit->arena, "%lld", (long long)rows[i].id),
                            name_of(work, &rows[i]), chosen);
        }
    }
    return choices;
}

/* What is offered first: when they may be called next, or when the desk opens on another day; danger soon. */
static int64_t wait_offered(const struct request_work *work)
{
    int64_t now = work->visit->now;
    if (work->row.slot.at > now)
        return work->row.slot.at;
    if (work->row.urgency == URGENCY_DANGER)
        return now + DESK_DANGER_RESTS_MS;
    int64_t tomorrow = now + DAY_MS;
    return work->service ? service_opens_at(work->service, tomorrow) : tomorrow;
}

void request_fill_hands(const struct request_work *work, struct request_hands_view *view)
{
    const struct visit *visit = work->visit;
    const struct request_desk *desk = &work->data.row.desk;
    bool is_mine = work->row.is_mine, may_assign = visit_may(visit, RIGHT_ASSIGN);
    bool is_open = work->is_open;
    struct span until = request_work_typed(work, "wait", "until"),
                urgency = request_work_typed(work, "urgency", "code");
    view->zone = work->row.zone;
    view->can_claim = is_open && !desk->assignee;
    view->can_take = is_open && desk->assignee && !is_mine && may_assign;
    view->can_release = is_open && desk->assignee && (is_mine || may_assign);
    view->can_change = is_open;
    view->claim = request_work_form(work, "claim");
    view->release = request_work_form(work, "release");
    view->assign = request_work_form(work, "assign");
    view->wait = request_work_form(work, "wait");
    view->urgency = request_work_form(work, "urgency");
    if (is_open && (is_mine || may_assign))
        view->operators = operators_of(work);
    view->can_assign = view->operators.count > 0;
    view->until =
        until.len > 0 ? until : said_write_moment(visit->arena, wait_offered(work), visit->style.zone_minutes);
    if (urgency.len == 0)
        urgency = arena_format(visit->arena, "%u", (unsigned)work->data.row.request.urgency);
    view->urgencies = choice_numbered(visit, URGENCY_DANGER + 1, request_urgency_word, urgency);
}

/* ---- claiming, also from the queue ---- */

static bool is_from_queue(const struct visit *visit)
{
    return span_is_present(visit_query(visit, "tab"));
}

/* The row alone, as it is now, for a page that stays where it is. */
static void show_row(struct visit *visit, const struct queue_address *address, const char *notice)
{
    struct request_work work;
    if (!request_work_start(visit, NULL, &work))
        return;
    work.row.frame = visit_frame(visit, "queue_title", "queue");
    work.row.place = queue_row_place(address);
    work.row.key = visit_new_key(visit);
    work.row.notice = notice;
    struct html part = visit_html(visit);
    show_queue_row(&part, &work.row);
    visit_show(visit, 200, &part);
}

/* Where the whole page comes anew it is the request that is worked on next. Somebody else was first: the queue says so in the row, or
 * above it. */
static void claim_in_queue(struct visit *visit, const struct desk_action *action)
{
    struct desk_result result;
    enum outcome outcome = visit_do(visit, action, &result);
    if (outcome == OUTCOME_NOT_FOUND || outcome == OUTCOME_FULL || outcome == OUTCOME_BROKEN) {
        visit_fail(visit, outcome, &result.error);
        return;
    }
    struct queue_address address;
    const char *notice = outcome == OUTCOME_OK ? claiming.said : "queue_claimed_by_other";
    queue_address_read(visit->query, visit->query_count, &address);
    if (visit->is_partial) {
        show_row(visit, &address, notice);
        return;
    }
    visit_say(visit, notice);
    if (outcome == OUTCOME_OK)
        visit_go(visit, "/requests/%lld", (long long)visit->id);
    else
        queue_go(visit, &address);
}

void do_request_claim(struct visit *visit)
{
    struct desk_action action = request_work_action(visit, DESK_CLAIM);
    action.flag = span_is_present(visit_field(visit, "take"));
    if (is_from_queue(visit))
        claim_in_queue(visit, &action);
    else
        request_work_do(visit, &action, claiming);
}

void do_request_release(struct visit *visit)
{
    struct desk_action action = request_work_action(visit, DESK_RELEASE);
    request_work_do(visit, &action, releasing);
}

void do_request_assign(struct visit *visit)
{
    struct desk_action action = request_work_action(visit, DESK_ASSIGN);
    action.to = visit_field_id(visit, "to");
    action.text = visit_field(visit, "text");
    if (action.to)
        request_work_do(visit, &action, assigning);
    else
        request_work_refuse(visit, assigning, "request_why_nobody");
}

/* ---- later, sooner ---- */

void do_request_wait(struct visit *visit)
{
    struct desk_action action = request_work_action(visit, DESK_WAIT);
    if (request_work_time(visit, "until", &action.until))
        request_work_do(visit, &action, waiting);
    else
        request_work_refuse(visit, waiting, "request_why_date");
}

void do_request_urgency(struct visit *visit)
{
    struct desk_action action = request_work_action(visit, DESK_URGENCY);
    if (choice_number(visit, "code", URGENCY_DANGER + 1, &action.code))
        request_work_do(visit, &action, hurrying);
    else
        request_work_refuse(visit, hurrying, "request_why_no_choice");
}
