/* Whose a request is: claimed, given back, handed over; and when it is looked at again, and how urgent it is. */
#include <string.h>
#include "base/clock.h"
#include "console/pages/pages.h"
#include "console/pages/queue_row.h"
#include "console/pages/request_work.h"
#include "console/templates.h"

static const struct request_try claiming = {
    .place = "claim", .wanted = "request_do_claim", .said = "request_said_claim"};
static const struct request_try releasing = {
    .place = "release", .wanted = "request_do_release", .said = "request_said_release"};
static const struct request_try assigning = {.place = "assign",
                                             .field = "assign-to",
                                             .wanted = "request_do_assign",
                                             .said = "request_said_assign",
                                             .has_text = true};
static const struct request_try waiting = {
    .place = "wait", .field = "wait-until", .wanted = "request_do_wait", .said = "request_said_wait"};
static const struct request_try hurrying = {
    .place = "urgency", .field = "urgency-code", .wanted = "request_do_urgency", .said = "request_said_urgency"};

/* ---- what stands there ---- */

/* The words of a list of ids joined by blanks hold this one. */
static bool speaks(struct span languages, struct span lang)
{
    while (span_is_present(languages)) {
        if (span_equal(span_cut(&languages, ' '), lang))
            return true;
    }
    return false;
}

static bool may_have_it(const struct operator *operator, const struct request *request)
{
    return !operator->is_disabled && roles_may(operator->roles, RIGHT_QUEUE) &&
           operator_sees(operator, request->desk, request->topic);
}

static struct choice choice_of(const struct request_work *work, const struct operator *operator, struct span chosen)
{
    struct arena *arena = work->visit->arena;
    struct span id = arena_format(arena, "%lld", (long long)operator->id);
    bool knows = speaks(operator->languages, work->data.row.request.lang);
    return (struct choice){
        .id = id,
        .words = knows ? arena_format(arena, "%.*s (%.*s)", SPAN_ARG(operator->shown), SPAN_ARG(work->row.lang))
                       : operator->shown,
        .is_chosen = span_equal(id, chosen)};
}

/* Everybody else who may work on it; those who speak the person's language first. */
static struct choices operators_of(const struct request_work *work)
{
    struct error err;
    size_t count = 0;
    struct operator *rows;
    const struct visit *visit = work->visit;
    struct choices choices = {0};
    if (desk_read_operators(visit->reader, visit->arena, &rows, &count, &err) != OUTCOME_OK)
        return choices;
    struct span chosen = request_work_typed(work, "assign", "to");
    choices.list = ARENA_ARRAY(visit->arena, struct choice, count);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < count; i++) {
            bool first = speaks(rows[i].languages, work->data.row.request.lang);
            if (first == (pass == 0) && rows[i].id != work->data.row.desk.assignee &&
                may_have_it(&rows[i], &work->data.row.request))
                choices.list[choices.count++] = choice_of(work, &rows[i], chosen);
        }
    }
    return choices;
}

static struct span moment_text(const struct visit *visit, int64_t at)
{
    struct civil civil = clock_civil(at, visit->style.zone_minutes);
    return arena_format(visit->arena, "%04d-%02d-%02dT%02d:%02d", civil.year, civil.month, civil.day, civil.hour,
                        civil.minute);
}

/* What is offered first: when they may be called next, or when the desk opens on another day. */
static int64_t wait_offered(const struct request_work *work)
{
    int64_t now = work->visit->now;
    if (work->row.slot.at > now)
        return work->row.slot.at;
    int64_t tomorrow = now + 24 * 60 * 60 * INT64_C(1000);
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
    view->until = until.len > 0 ? until : moment_text(visit, wait_offered(work));
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
static void show_row(struct visit *visit, const char *notice, bool was_claimed)
{
    struct request_work work;
    if (!request_work_start(visit, NULL, &work))
        return;
    struct queue_address address;
    queue_address_read(visit->query, visit->query_count, &address);
    work.row.frame = visit_frame(visit, "queue_title", "queue");
    work.row.place = queue_row_place(&address);
    work.row.key = visit_new_key(visit);
    work.row.notice = notice;
    work.row.was_claimed = was_claimed;
    struct html part = visit_html(visit);
    show_queue_row(&part, &work.row);
    visit_show(visit, 200, &part);
}

static void go_to_queue(struct visit *visit)
{
    struct queue_address address;
    queue_address_read(visit->query, visit->query_count, &address);
    struct span text = queue_address_write(&address, visit->arena);
    visit_go(visit, "/queue?%.*s", SPAN_ARG(text));
}

/* Somebody else was first: the queue says so in the row, or above it where the whole page comes anew. */
static void claim_in_queue(struct visit *visit, const struct desk_action *action)
{
    struct desk_result result;
    enum outcome outcome = visit_do(visit, action, &result);
    if (outcome == OUTCOME_NOT_FOUND || outcome == OUTCOME_FULL || outcome == OUTCOME_BROKEN) {
        visit_fail(visit, outcome, &result.error);
        return;
    }
    bool done = outcome == OUTCOME_OK;
    const char *notice = done ? claiming.said : "queue_claimed_by_other";
    if (visit->is_partial) {
        show_row(visit, notice, done);
        return;
    }
    visit_say(visit, notice);
    go_to_queue(visit);
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
    bool is_time = clock_read(span_trim(visit_field(visit, "until")), visit->style.zone_minutes, &action.until);
    if (is_time && action.until > visit->now)
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
