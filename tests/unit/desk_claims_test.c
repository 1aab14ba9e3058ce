/* desk: who has a request: claimed, handed over, given back, closed, merged, opened again. On a real store and the demonstration's
 * service, like the other programs on this stage; who may is desk_rights_test.c. */
/* timeout: 300: under the sanitizers on a loaded machine */
#include "desk_stage.h"

#include "core/talk/reopening.h"
#include "store/desk_reader.h"

static void a_request_is_claimed_once(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    DO(.verb = DESK_CLAIM, .operator = d->counsellor, .object = 3001, .version = 1);
    assert_int_equal(d->result.version, 2);
    struct request_desk desk = desk_of(d, 3001, &request);
    assert_int_equal(desk.assignee, d->counsellor);
    assert_int_equal(request.state, REQUEST_ASSIGNED);
    assert_int_equal(request.step, STEP_ASSIGNED);
    CONFLICTS("why_changed", .verb = DESK_CLAIM, .operator = d->other, .object = 3001, .version = 1);
    CONFLICTS("why_somebody_has_it", .verb = DESK_CLAIM, .operator = d->other, .object = 3001);
    REFUSED("why_no_right", .verb = DESK_CLAIM, .operator = d->other, .object = 3001, .flag = true);
    DO(.verb = DESK_CLAIM, .operator = d->supervisor, .object = 3001, .flag = true);
    assert_int_equal(desk_of(d, 3001, &request).assignee, d->supervisor);
    assert_int_equal(count_of(d, "request_step WHERE request = 3001 AND step = 3 AND by = 2"), 2);
}

static void it_is_handed_over_with_a_note(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    DO(.verb = DESK_CLAIM, .operator = d->counsellor, .object = 3001);
    REFUSED("why_no_right", .verb = DESK_ASSIGN, .operator = d->other, .object = 3001, .to = d->other);
    REFUSED("why_they_cannot", .verb = DESK_ASSIGN, .operator = d->counsellor, .object = 3001, .to = d->auditor);
    MISSING(.verb = DESK_ASSIGN, .operator = d->counsellor, .object = 3001, .to = 77);
    DO(.verb = DESK_ASSIGN, .operator = d->counsellor, .object = 3001, .to = d->other, .text = SPAN("Speaks Sylheti"));
    assert_int_equal(desk_of(d, 3001, &request).assignee, d->other);
    assert_int_equal(count_of(d, "note WHERE request = 3001"), 1);
    expect_detail(d, "handed_over");
}

/* The last line of its history as the desk shows it: what was done, by whom, and who has it since. */
static void expect_told(struct desk_stage *d, const char *what, const char *who, const char *to)
{
    struct fixture *f = d->f;
    const struct operator sue = {.id = d->supervisor, .roles = ROLE_BIT(ROLE_SUPERVISOR)};
    struct reader *reader = NULL;
    struct request_view view;
    OK(reader_open(f->path, f->keyring, &reader, &f->err));
    OK(desk_read_request(reader, 3001, &sue, NULL, f->arena, &view, &f->err));
    const struct request_event *last = &view.events[view.event_count - 1];
    assert_span(last->what, what);
    assert_span(last->who, who);
    assert_span(last->to, to);
    reader_close(reader);
}

static void its_history_says_who_was_given_it(void **state)
{
    struct desk_stage *d = *state;
    DO(.verb = DESK_CLAIM, .operator = d->counsellor, .object = 3001);
    expect_told(d, "claimed", "cora", NULL);
    d->now += MINUTE;
    DO(.verb = DESK_ASSIGN, .operator = d->counsellor, .object = 3001, .to = d->other);
    expect_told(d, "handed_over", "cora", "omar");
    assert_int_equal(count_of(d, "audit JOIN word ON word.id = detail WHERE text = 'received' AND object = 4"), 1);
    d->now += MINUTE;
    DO(.verb = DESK_ASSIGN, .operator = d->supervisor, .object = 3001, .to = d->counsellor);
    expect_told(d, "assigned", "sue", "cora");
    d->now += MINUTE;
    DO(.verb = DESK_RELEASE, .operator = d->counsellor, .object = 3001);
    expect_told(d, "released", "cora", NULL);
}

static void it_is_given_back_and_waits(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    CONFLICTS("why_nobody_has_it", .verb = DESK_RELEASE, .operator = d->counsellor, .object = 3001);
    DO(.verb = DESK_CLAIM, .operator = d->counsellor, .object = 3001);
    REFUSED("why_no_right", .verb = DESK_RELEASE, .operator = d->other, .object = 3001);
    DO(.verb = DESK_RELEASE, .operator = d->counsellor, .object = 3001);
    assert_int_equal(desk_of(d, 3001, &request).assignee, 0);
    assert_int_equal(request.state, REQUEST_WAITING);
    assert_int_equal(request.step, STEP_MADE);
    REFUSED("why_no_such_time", .verb = DESK_WAIT, .operator = d->counsellor, .object = 3001, .until = d->now);
    DO(.verb = DESK_WAIT, .operator = d->counsellor, .object = 3001, .until = d->now + DAY);
    assert_int_equal(desk_of(d, 3001, &request).wait_until, d->now + DAY);
    REFUSED("why_not_a_choice", .verb = DESK_URGENCY, .operator = d->counsellor, .object = 3001, .code = 3);
    DO(.verb = DESK_URGENCY, .operator = d->counsellor, .object = 3001, .code = URGENCY_DANGER);
    desk_of(d, 3001, &request);
    assert_int_equal(request.urgency, URGENCY_DANGER);
    assert_int_equal(request.due_at, d->now + 5 * MINUTE);
}

/* What the queue shows of danger, on its tab and beside it. */
static void expect_in_danger(struct desk_stage *d, unsigned shown, unsigned counted)
{
    struct fixture *f = d->f;
    const struct operator who = {.id = d->supervisor, .roles = ROLE_BIT(ROLE_SUPERVISOR)};
    const struct queue_filter filter = {.operator = &who, .now = d->now, .is_danger = true};
    struct reader *reader;
    struct queue_page page;
    struct open_requests open;
    OK(reader_open(f->path, f->keyring, &reader, &f->err));
    OK(desk_read_queue(reader, &filter, f->arena, &page, &f->err));
    OK(desk_read_open(reader, f->arena, &open, &f->err));
    assert_int_equal(page.count, shown);
    assert_int_equal(desk_count_queue(&open, &who, d->now).danger, counted);
    assert_int_equal(desk_count_queue(&open, &who, d->now).waiting, !counted);
    reader_close(reader);
}

/* Whoever finds out that somebody is in danger does not have to think of the wait that another one had set. */
static void what_is_more_urgent_now_waits_no_longer(void **state)
{
    static const struct {
        enum request_urgency from, to;
        bool waits;
        const char *detail; /* of the audit: from what to what, for the history */
    } rows[] = {{URGENCY_NORMAL, URGENCY_DANGER, false, "urgency_normal_danger"},
                {URGENCY_NORMAL, URGENCY_SOON, false, "urgency_normal_soon"},
                {URGENCY_SOON, URGENCY_DANGER, false, "urgency_soon_danger"},
                {URGENCY_DANGER, URGENCY_DANGER, false, "urgency"},
                {URGENCY_DANGER, URGENCY_NORMAL, true, "urgency_danger_normal"},
                {URGENCY_NORMAL, URGENCY_NORMAL, true, "urgency"}};
    enum request_urgency was, is;
    struct desk_stage *d = *state;
    struct request request;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const int64_t until = d->now + DAY;
        DO(.verb = DESK_URGENCY, .operator = d->counsellor, .object = 3001, .code = rows[i].from);
        DO(.verb = DESK_WAIT, .operator = d->counsellor, .object = 3001, .until = until);
        expect_in_danger(d, rows[i].from == URGENCY_DANGER, 0); /* it waits, and is there to be seen */
        DO(.verb = DESK_URGENCY, .operator = d->counsellor, .object = 3001, .code = rows[i].to);
        expect_detail(d, rows[i].detail);
        assert_true(audit_is_urgency(span_of(rows[i].detail), &was, &is) == (rows[i].from != rows[i].to));
        assert_true(rows[i].from == rows[i].to || (was == rows[i].from && is == rows[i].to));
        assert_int_equal(desk_of(d, 3001, &request).wait_until, rows[i].waits ? until : 0);
        assert_int_equal(request.next_at, rows[i].waits ? until : 0); /* and that is what its person is told */
        if (rows[i].to == URGENCY_DANGER)
            expect_in_danger(d, 1, 1);
    }
}

static void it_closes_with_an_outcome_and_opens_again(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    REFUSED("why_no_outcome", .verb = DESK_CLOSE, .operator = d->counsellor, .object = 3001);
    REFUSED("why_no_outcome", .verb = DESK_CLOSE, .operator = d->counsellor, .object = 3001, .code = CLOSED_COUNT);
    CONFLICTS("why_open", .verb = DESK_REOPEN, .operator = d->counsellor, .object = 3001);
    DO(.verb = DESK_CLAIM, .operator = d->counsellor, .object = 3001);
    DO(.verb = DESK_CLOSE, .operator = d->counsellor, .object = 3001, .code = CLOSED_HELPED, .text = SPAN("All well"));
    CONFLICTS("why_not_open", .verb = DESK_CLAIM, .operator = d->other, .object = 3001);
    CONFLICTS("why_not_open", .verb = DESK_REVEAL, .operator = d->counsellor, .object = 3001, .code = 1);
    CONFLICTS("why_not_open", .verb = DESK_REVEAL, .operator = d->supervisor, .object = 3001, .code = 1, .flag = true);
    assert_int_equal(desk_of(d, 3001, &request).outcome, CLOSED_HELPED);
    assert_int_equal(request.step, STEP_CLOSED);
    DO(.verb = DESK_REOPEN, .operator = d->counsellor, .object = 3001);
    struct request_desk desk = desk_of(d, 3001, &request);
    assert_int_equal(desk.outcome, CLOSED_NOT);
    assert_int_equal(request.state, REQUEST_ASSIGNED);
    assert_int_equal(request.step, STEP_REOPENED);
}

static void two_of_one_person_become_one(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675"});
    REFUSED("why_not_the_same", .verb = DESK_MERGE, .operator = d->counsellor, .object = 3001, .to = 3001);
    MISSING(.verb = DESK_MERGE, .operator = d->counsellor, .object = 3001, .to = 9);
    DO(.verb = DESK_MERGE, .operator = d->counsellor, .object = 3002, .to = 3001);
    struct request_desk desk = desk_of(d, 3002, &request);
    assert_int_equal(desk.merged_into, 3001);
    assert_int_equal(desk.outcome, CLOSED_DUPLICATE);
    CONFLICTS("why_not_open", .verb = DESK_MERGE, .operator = d->counsellor, .object = 3001, .to = 3002);
}

/* Somebody in danger who may be called in the morning alone, and it is noon: the morning after. */
static void who_writes_again_is_due_in_their_own_hours(void **state)
{
    struct desk_stage *d = *state;
    struct fixture *f = d->f;
    struct request request;
    int64_t morning;
    size_t failed_at;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .time = "morning", .urgency = URGENCY_SOON});
    for (int64_t id = 3001; id <= 3002; id++)
        DO(.verb = DESK_CLOSE, .operator = d->counsellor, .object = id, .code = CLOSED_HELPED);
    d->now += 120 * MINUTE;
    struct conversation conversation = {
        .store = f->store, .catalogue = d->stage.catalogue, .arena = f->arena, .now = d->now};
    struct person person = {.row = {.id = 101}};
    struct talk talk = {.person = &person};
    struct message message = {.index = 0};
    const struct step step = {.conversation = &conversation, .message = &message, .talk = &talk};
    struct change_list changes = {.arena = f->arena};
    reopening_by_word(&step, &changes);
    OK(store_save(f->store, changes.at, changes.count, &failed_at, &f->err));
    desk_of(d, 3002, &request);
    assert_int_equal(request.state, REQUEST_WAITING);
    assert_true(clock_read(SPAN("2026-09-22 11:00"), 360, &morning));
    assert_int_equal(request.due_at, morning);
}

static void the_same_key_gets_the_first_answer(void **state)
{
    struct desk_stage *d = *state;
    const struct lookup key = {"a form's key"};
    struct desk_action note = {
        .verb = DESK_NOTE, .operator = d->counsellor, .object = 3001, .text = SPAN("Once"), .key = key};
    expect_act(d, note, OUTCOME_OK, NULL, __LINE__);
    int64_t id = d->result.id;
    int lines = count_of(d, "audit");
    expect_act(d, note, OUTCOME_OK, NULL, __LINE__);
    assert_int_equal(d->result.id, id);
    assert_int_equal(count_of(d, "note"), 1);
    assert_int_equal(count_of(d, "audit"), lines);
    note.operator = d->other; /* another's form, whatever it says */
    expect_act(d, note, OUTCOME_OK, NULL, __LINE__);
    assert_int_equal(count_of(d, "note"), 2);

    note.operator = d->counsellor;
    note.object = 3999; /* another request's form is not carried out by the key of this one */
    expect_act(d, note, OUTCOME_NOT_FOUND, "why_not_there", __LINE__);

    const struct desk_new_request made = {.kind = SPAN("call")};
    struct desk_action hand = {.verb = DESK_NEW, .operator = d->counsellor, .made = &made, .key = key};
    expect_act(d, hand, OUTCOME_OK, NULL, __LINE__);
    char reference[REFERENCE_SHOWN];
    snprintf(reference, sizeof reference, "%.*s", SPAN_ARG(d->result.text));
    expect_act(d, hand, OUTCOME_OK, NULL, __LINE__);
    assert_span(d->result.text, reference);
    assert_int_equal(count_of(d, "request"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_DESK(its_history_says_who_was_given_it),
        ON_A_DESK(a_request_is_claimed_once),
        ON_A_DESK(it_is_handed_over_with_a_note),
        ON_A_DESK(it_is_given_back_and_waits),
        ON_A_DESK(what_is_more_urgent_now_waits_no_longer),
        ON_A_DESK(it_closes_with_an_outcome_and_opens_again),
        ON_A_DESK(two_of_one_person_become_one),
        ON_A_DESK(who_writes_again_is_due_in_their_own_hours),
        ON_A_DESK(the_same_key_gets_the_first_answer),
    };
    return cmocka_run_group_tests(tests, load_desk_service, drop_desk_service);
}
