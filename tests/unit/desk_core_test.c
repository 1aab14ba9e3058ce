/* desk: what operators do with a request, on a real store and the demonstration's service. Who may is desk_rights_test.c. */
/* timeout: 300: under the sanitizers on a loaded machine */
#include "desk_stage.h"

#include "core/talk/reopening.h"

static const char *asked(struct desk_stage *d, const char *query)
{
    return fixture_ask(d->f, query);
}

static int number(struct desk_stage *d, const char *query)
{
    return atoi(asked(d, query));
}

static struct request_desk desk_of(struct desk_stage *d, int64_t id, struct request *request)
{
    struct fixture *f = d->f;
    struct request_desk desk;
    OK(store_load_request(f->store, id, f->arena, request, &desk, &f->err));
    return desk;
}

/* ---- who has it ---- */

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
    assert_string_equal(asked(d, "SELECT text FROM word WHERE id = (SELECT detail FROM audit ORDER BY id DESC)"),
                        "handed_over");
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

static void what_is_left_lying_goes_back(void **state)
{
    struct desk_stage *d = *state;
    struct fixture *f = d->f;
    struct request request;
    int64_t next;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .urgency = URGENCY_DANGER});
    DO(.verb = DESK_CLAIM, .operator = d->counsellor, .object = 3001);
    DO(.verb = DESK_CLAIM, .operator = d->counsellor, .object = 3002);
    d->now += 14 * MINUTE;
    struct desk_pass pass = desk_pass(d);
    OK(desk_tend(d->desk, &pass, &next, &f->err));
    assert_int_equal(next, d->now + DESK_TEND_MS);
    assert_int_equal(desk_of(d, 3002, &request).assignee, d->counsellor);
    d->now += 2 * MINUTE;
    pass = desk_pass(d);
    OK(desk_tend(d->desk, &pass, &next, &f->err));
    assert_int_equal(desk_of(d, 3002, &request).assignee, 0);
    assert_int_equal(desk_of(d, 3001, &request).assignee, d->counsellor);
    d->now += 240 * MINUTE; /* within the desk's hours */
    pass = desk_pass(d);
    OK(desk_tend(d->desk, &pass, &next, &f->err));
    assert_int_equal(desk_of(d, 3001, &request).assignee, 0);
    assert_int_equal(count_of(d, "audit WHERE action = 16 AND operator IS NULL"), 2);
}

/* Time goes by, and the program looks after what lies about. */
static int64_t has_after(struct desk_stage *d, int64_t ms, int64_t id)
{
    struct fixture *f = d->f;
    struct request request;
    int64_t next;
    d->now += ms;
    const struct desk_pass pass = desk_pass(d);
    OK(desk_tend(d->desk, &pass, &next, &f->err));
    return desk_of(d, id, &request).assignee;
}

/* In danger and in a hurry one note is no answer for ever. */
static void the_last_thing_done_counts(void **state)
{
    struct desk_stage *d = *state;
    static const struct {
        enum request_urgency urgency;
        int minutes;
    } rows[] = {{URGENCY_DANGER, 15}, {URGENCY_SOON, 60}};
    const int64_t who = d->counsellor;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const int64_t id = 3002 + (int64_t)i, ms = rows[i].minutes * MINUTE;
        somebody_asks(d, &(struct wish){.id = id, .reference = i ? "3456783" : "2345675", .urgency = rows[i].urgency});
        DO(.verb = DESK_CLAIM, .operator = who, .object = id);
        d->now += ms - MINUTE;
        DO(.verb = DESK_NOTE, .operator = who, .object = id, .text = SPAN("Line busy"));
        DO(.verb = DESK_NOTE, .operator = d->other, .object = id, .text = SPAN("Not I"));
        assert_int_equal(has_after(d, ms - MINUTE, id), who);
        DO(.verb = DESK_DRAFT, .operator = who, .object = id, .name = SPAN("note"), .text = SPAN("She s"));
        assert_int_equal(has_after(d, ms - MINUTE, id), who);
        DO(.verb = DESK_VIEW, .operator = who, .about = OBJECT_REQUEST, .object = id);
        DO(.verb = DESK_NOTE, .operator = d->other, .object = id, .text = SPAN("Not I"));
        assert_int_equal(has_after(d, MINUTE, id), 0);
        assert_int_equal(count_of(d, "request_step WHERE by = 1"), i + 1); /* and its history says so */
    }
}

static void what_waits_until_a_day_does_not_return(void **state)
{
    struct desk_stage *d = *state;
    const int64_t who = d->counsellor;
    for (int urgency = URGENCY_NORMAL; urgency <= URGENCY_DANGER; urgency++) {
        const int64_t id = 3002 + urgency;
        const char *const references[] = {"2345675", "3456783", "4567896"};
        somebody_asks(
            d, &(struct wish){.id = id, .reference = references[urgency], .urgency = (enum request_urgency)urgency});
        DO(.verb = DESK_CLAIM, .operator = who, .object = id);
        DO(.verb = DESK_WAIT, .operator = who, .object = id, .until = d->now + DAY);
    }
    for (int64_t id = 3002; id <= 3004; id++)
        assert_int_equal(has_after(d, id == 3002 ? DAY - MINUTE : 0, id), who);
    assert_int_equal(has_after(d, 10 * MINUTE, 3004), who); /* it counts from then */
    assert_int_equal(has_after(d, 7 * MINUTE, 3004), 0);
    assert_int_equal(has_after(d, 0, 3003), who);
    assert_int_equal(has_after(d, 60 * MINUTE, 3003), 0);
    assert_int_equal(has_after(d, 0, 3002), who);
    assert_int_equal(has_after(d, 180 * MINUTE, 3002), 0);
}

static void a_normal_one_stays_while_it_is_promised_for_later(void **state)
{
    struct desk_stage *d = *state;
    const int64_t who = d->counsellor;
    DO(.verb = DESK_CLAIM, .operator = who, .object = 3001);
    d->now += MINUTE;
    DO(.verb = DESK_NOTE, .operator = who, .object = 3001, .text = SPAN("Rang the ministry"));
    assert_int_equal(has_after(d, 300 * MINUTE, 3001), who);
    assert_int_equal(has_after(d, DAY - 302 * MINUTE, 3001), who); /* due a day after it was made */
    assert_int_equal(has_after(d, 2 * MINUTE, 3001), 0);
}

/* An evening's call is not late at noon. */
static void nobody_has_to_call_before_it_is_safe(void **state)
{
    struct desk_stage *d = *state;
    const struct wish wish = {.id = 3002, .reference = "2345675", .urgency = URGENCY_SOON, .time = "midday"};
    somebody_asks(d, &wish);
    assert_true(clock_read(SPAN("2026-09-22 09:00"), 360, &d->now));
    DO(.verb = DESK_CLAIM, .operator = d->counsellor, .object = 3002);
    assert_int_equal(has_after(d, 119 * MINUTE, 3002), d->counsellor);
    assert_int_equal(has_after(d, 59 * MINUTE, 3002), d->counsellor); /* since eleven */
    assert_int_equal(has_after(d, 3 * MINUTE, 3002), 0);
}

/* ---- numbers ---- */

static void a_number_is_shown_for_a_reason_and_when_it_is_safe(void **state)
{
    struct desk_stage *d = *state;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .time = "evening"});
    REFUSED("why_no_reason", .verb = DESK_REVEAL, .operator = d->counsellor, .object = 3001);
    DO(.verb = DESK_REVEAL, .operator = d->counsellor, .object = 3001, .code = DESK_REASON_CALL);
    assert_span(d->result.text, CALLER);
    REFUSED("why_not_safe_now", .verb = DESK_REVEAL, .operator = d->counsellor, .object = 3002, .code = 1);
    assert_false(span_is_present(d->result.text));
    REFUSED("why_no_right", .verb = DESK_REVEAL, .operator = d->counsellor, .object = 3002, .code = 1, .flag = true);
    assert_int_equal(count_of(d, "audit WHERE action = 11"), 0);
    DO(.verb = DESK_REVEAL, .operator = d->supervisor, .object = 3002, .code = DESK_REASON_DANGER, .flag = true);
    assert_int_equal(count_of(d, "audit WHERE action = 11"), 1);
    assert_int_equal(count_of(d, "audit WHERE action = 10"), 1);
    somebody_asks(d, &(struct wish){.id = 3003, .reference = "3456783", .safe = "no"});
    REFUSED("why_not_safe_now", .verb = DESK_REVEAL, .operator = d->counsellor, .object = 3003, .code = 1);
}

static void a_number_is_found_however_it_is_typed(void **state)
{
    struct desk_stage *d = *state;
    static const char *const typed[] = {CALLER, "01712345678", "01712-345 678", "8801712345678", "০১৭১২৩৪৫৬৭৮"};
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        DO(.verb = DESK_FIND_PHONE, .operator = d->counsellor, .text = span_of(typed[i]));
        assert_int_equal(d->result.id, 1);
        assert_int_equal(d->result.object, 101);
    }
    MISSING(.verb = DESK_FIND_PHONE, .operator = d->counsellor, .text = SPAN("01712345679"));
    REFUSED("why_no_number", .verb = DESK_FIND_PHONE, .operator = d->counsellor, .text = SPAN("Rahima"));
    assert_int_equal(count_of(d, "audit WHERE action = 9"), 6);
}

static void whose_number_it_was_is_not_called_there(void **state)
{
    struct desk_stage *d = *state;
    MISSING(.verb = DESK_NUMBER_CHANGED, .operator = d->supervisor, .object = 2, .to = 101);
    DO(.verb = DESK_NUMBER_CHANGED, .operator = d->supervisor, .object = 1, .to = 101);
    MISSING(.verb = DESK_FIND_PHONE, .operator = d->counsellor, .text = SPAN(CALLER)); /* nobody is on it */
    DO(.verb = DESK_FIND_PHONE, .operator = d->supervisor, .text = SPAN(CALLER));
    assert_int_equal(d->result.object, 0);
    REFUSED("why_no_right", .verb = DESK_NUMBER_CHANGED, .operator = d->counsellor, .object = 1);
}

/* ---- calls ---- */

static void three_calls_and_one_text(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .safe = "sms"});
    for (int i = 0; i < 2; i++)
        DO(.verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3001, .code = ATTEMPT_NO_ANSWER);
    struct request_desk desk = desk_of(d, 3001, &request);
    assert_int_equal(desk.attempts, 2);
    assert_int_equal(desk.wait_until, 0);
    DO(.verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3001, .code = ATTEMPT_WRONG_PERSON);
    desk = desk_of(d, 3001, &request);
    assert_int_equal(desk.wait_until, d->now - 60 * MINUTE + DAY); /* Tuesday at nine */
    assert_int_equal(request.step, STEP_TRIED);
    assert_false(desk.is_texted); /* who may be called did not ask for texts */
    assert_int_equal(count_of(d, "outbox"), 0);
    for (int i = 0; i < 4; i++)
        DO(.verb = DESK_ATTEMPT, .operator = d->supervisor, .object = 3002, .code = ATTEMPT_NO_ANSWER, .flag = true,
           .to = DESK_REASON_SUPERVISOR);
    assert_true(desk_of(d, 3002, &request).is_texted);
    assert_int_equal(count_of(d, "outbox"), 1);
    DO(.verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3001, .code = ATTEMPT_SPOKE, .text = SPAN("Well"));
    desk = desk_of(d, 3001, &request);
    assert_int_equal(request.state, REQUEST_CALLED);
    assert_int_equal(desk.attempts, 0);
    assert_int_equal(desk.wait_until, 0);
}

/* By a supervisor, who may at any hour. */
static void nobody_answers(struct desk_stage *d, int64_t request, int times)
{
    for (int i = 0; i < times; i++)
        DO(.verb = DESK_ATTEMPT, .operator = d->supervisor, .object = request, .code = ATTEMPT_NO_ANSWER, .flag = true,
           .to = DESK_REASON_SUPERVISOR);
}

static void who_allows_texts_gets_one_in_their_hours(void **state)
{
    struct desk_stage *d = *state;
    const int64_t eleven = d->now + 60 * MINUTE;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .time = "morning", .texts = "yes"});
    somebody_asks(d, &(struct wish){.id = 3003, .reference = "3456783", .time = "morning", .texts = "yes"});
    nobody_answers(d, 3002, 2);
    assert_int_equal(count_of(d, "outbox"), 0);
    nobody_answers(d, 3002, 2);
    assert_int_equal(count_of(d, "outbox WHERE request = 3002"), 1);
    assert_int_equal(number(d, "SELECT expires_at / 1000 FROM outbox"), eleven / 1000);
    d->now += 3 * 60 * MINUTE; /* the third call in vain is made against their word: no text on top of it */
    nobody_answers(d, 3003, 3);
    assert_int_equal(count_of(d, "outbox WHERE request = 3003"), 0);
    d->now += DAY - 3 * 60 * MINUTE;
    nobody_answers(d, 3003, 1);
    assert_int_equal(count_of(d, "outbox WHERE request = 3003"), 1);
}

static void who_said_no_gets_none(void **state)
{
    struct desk_stage *d = *state;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .texts = "no"});
    somebody_asks(d, &(struct wish){.id = 3003, .reference = "3456783", .safe = "sms", .texts = "no"});
    somebody_asks(d, &(struct wish){.id = 3004, .reference = "4567891", .texts = "yes"});
    nobody_answers(d, 3002, 5);
    nobody_answers(d, 3003, 5);
    REFUSED("why_no_texts", .verb = DESK_REPLY, .operator = d->counsellor, .object = 3003, .text = SPAN("Hello"));
    DO(.verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3001, .code = ATTEMPT_ASKED_TO_STOP);
    nobody_answers(d, 3004, 5); /* their phone opted out in between */
    assert_int_equal(count_of(d, "outbox"), 0);
}

static void whoever_has_the_number_now_is_not_texted(void **state)
{
    struct desk_stage *d = *state;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .texts = "yes"});
    d->now += MINUTE;
    DO(.verb = DESK_NUMBER_CHANGED, .operator = d->supervisor, .object = 1, .to = 101);
    nobody_answers(d, 3002, 4);
    REFUSED("why_number_changed", .verb = DESK_REPLY, .operator = d->counsellor, .object = 3002, .text = SPAN("Hello"));
    assert_int_equal(count_of(d, "outbox"), 0);
}

/* What somebody wrote down for them, and what they said later themselves. */
static void their_own_word_on_texts_counts(void **state)
{
    struct desk_stage *d = *state;
    static const struct {
        const char *by_hand, *own;
        bool may;
    } cases[] = {{"yes", NULL, true}, {"no", NULL, false}, {"yes", "no", false}, {"no", "yes", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct contact_rule rule;
        const struct answer answers[] = {{.field = SPAN(DESK_TEXTS_FIELD), .value = span_of(cases[i].by_hand)},
                                         {.field = SPAN("texts"), .value = span_of(cases[i].own)}};
        desk_rule_of(d->stage.catalogue->services[0], answers, cases[i].own ? 2 : 1, &rule);
        if (rule.may_text != cases[i].may)
            fail_msg("case %zu", i);
    }
}

static void a_call_is_told_of_afterwards_and_not_made_at_another_time(void **state)
{
    struct desk_stage *d = *state;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .time = "morning"});
    d->now += 80 * MINUTE; /* twenty past eleven: it may have begun before eleven */
    DO(.verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3002, .code = ATTEMPT_SPOKE);
    d->now += 20 * MINUTE;
    REFUSED("why_not_safe_now", .verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3002);
    assert_int_equal(count_of(d, "attempt"), 1);
}

static void who_asks_to_stop_gets_no_texts(void **state)
{
    struct desk_stage *d = *state;
    DO(.verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3001, .code = ATTEMPT_ASKED_TO_STOP);
    assert_int_equal(count_of(d, "phone WHERE opted_out = 1 AND number IS NOT NULL"), 1);
}

static void a_referral_is_settled_once(void **state)
{
    struct desk_stage *d = *state;
    struct fixture *f = d->f;
    struct desk_office *offices;
    const struct service *service = d->stage.catalogue->services[0];
    size_t count = desk_offices(service, SPAN_NONE, SPAN_NONE, SPAN("en"), d->now, f->arena, &offices);
    assert_true(count > 0);
    REFUSED("why_no_such_office", .verb = DESK_REFER, .operator = d->counsellor, .object = 3001, .name = SPAN("moon"));
    DO(.verb = DESK_REFER, .operator = d->counsellor, .object = 3001, .name = offices[0].id, .flag = true,
       .until = d->now + 7 * DAY);
    int64_t referral = atoll(asked(d, "SELECT id FROM referral"));
    DO(.verb = DESK_SETTLE_REFERRAL, .operator = d->counsellor, .object = 3001, .to = referral, .text = SPAN("Went"));
    CONFLICTS("why_settled", .verb = DESK_SETTLE_REFERRAL, .operator = d->counsellor, .object = 3001, .to = referral);
    MISSING(.verb = DESK_SETTLE_REFERRAL, .operator = d->counsellor, .object = 3001, .to = 5);
}

/* ---- the end ---- */

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

/* ---- words ---- */

static void notes_have_versions_of_their_author(void **state)
{
    struct desk_stage *d = *state;
    REFUSED("why_no_words", .verb = DESK_NOTE, .operator = d->counsellor, .object = 3001, .text = SPAN(" \n"));
    DO(.verb = DESK_NOTE, .operator = d->counsellor, .object = 3001, .text = SPAN("She is well"), .flag = true);
    int64_t note = d->result.id;
    DO(.verb = DESK_NOTE, .operator = d->counsellor, .object = 3001, .text = SPAN("She is not"), .to = note);
    REFUSED("why_no_right", .verb = DESK_NOTE, .operator = d->other, .object = 3001, .text = SPAN("No"), .to = note);
    MISSING(.verb = DESK_NOTE, .operator = d->counsellor, .object = 3001, .text = SPAN("No"), .to = 5);
    assert_int_equal(count_of(d, "note"), 2);
    assert_int_equal(count_of(d, "note WHERE instr(sealed, 'well')"), 0);
}

static void a_reply_goes_to_who_allows_texts(void **state)
{
    struct desk_stage *d = *state;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .safe = "sms"});
    REFUSED("why_no_texts", .verb = DESK_REPLY, .operator = d->counsellor, .object = 3001, .text = SPAN("Hello"));
    REFUSED("why_no_words", .verb = DESK_REPLY, .operator = d->counsellor, .object = 3002, .text = SPAN(""));
    DO(.verb = DESK_REPLY, .operator = d->counsellor, .object = 3002, .text = SPAN("We are here."));
    assert_int_equal(atoll(asked(d, "SELECT id FROM outbox WHERE request = 3002 AND asked = 0")), d->result.id);
    DO(.verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3001, .code = ATTEMPT_ASKED_TO_STOP);
    REFUSED("why_opted_out", .verb = DESK_REPLY, .operator = d->counsellor, .object = 3002, .text = SPAN("Hello"));
}

/* Closed because it is not safe to reach them, or taken back by themselves: opened again first, by somebody who then answers for it. */
static void nobody_is_reached_about_what_is_over(void **state)
{
    struct desk_stage *d = *state;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .safe = "sms"});
    DO(.verb = DESK_CLOSE, .operator = d->counsellor, .object = 3002, .code = CLOSED_UNSAFE);
    CONFLICTS("why_not_open", .verb = DESK_REPLY, .operator = d->counsellor, .object = 3002, .text = SPAN("Hello"));
    assert_int_equal(count_of(d, "outbox"), 0);
    DO(.verb = DESK_REOPEN, .operator = d->counsellor, .object = 3002);
    DO(.verb = DESK_REPLY, .operator = d->counsellor, .object = 3002, .text = SPAN("Hello"));
    assert_int_equal(count_of(d, "outbox"), 1);
}

static void a_draft_is_kept_without_a_trace(void **state)
{
    struct desk_stage *d = *state;
    int lines = count_of(d, "audit");
    DO(.verb = DESK_DRAFT, .operator = d->counsellor, .object = 3001, .name = SPAN("note"), .text = SPAN("She sa"));
    assert_int_equal(count_of(d, "draft"), 1);
    DO(.verb = DESK_DRAFT, .operator = d->counsellor, .object = 3001, .name = SPAN("note"));
    assert_int_equal(count_of(d, "draft"), 0);
    assert_int_equal(count_of(d, "audit"), lines);
}

/* ---- by hand ---- */

static void a_request_is_made_by_hand(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    struct desk_new_request made = {.number = SPAN("01799999999"),
                                    .kind = SPAN("call"),
                                    .may_be_texted = true,
                                    .note = SPAN("Called from a neighbour's")};
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    assert_int_equal(d->result.text.len, REFERENCE_DIGITS);
    int64_t first = d->result.id;
    assert_int_equal(desk_of(d, first, &request).made_by, d->counsellor);
    DO(.verb = DESK_REPLY, .operator = d->counsellor, .object = first, .text = SPAN("We have it."));
    made.may_be_texted = false;
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made); /* the same person again */
    struct request again;
    desk_of(d, d->result.id, &again);
    assert_int_equal(again.person, request.person);
    REFUSED("why_no_texts", .verb = DESK_REPLY, .operator = d->counsellor, .object = again.id, .text = SPAN("Hello"));
    made.number = SPAN_NONE; /* stands at the counter */
    made.came_by = CONTACT_WALK_IN;
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    int64_t walked = d->result.id;
    expect_act(d, (struct desk_action){.verb = DESK_REVEAL, .operator = d->counsellor, .object = walked, .code = 1},
               OUTCOME_NOT_FOUND, "why_no_number_kept", __LINE__);
    DO(.verb = DESK_CLOSE, .operator = d->counsellor, .object = walked, .code = CLOSED_INFORMED);
}

static void what_they_say_of_when_to_call_is_kept(void **state)
{
    struct desk_stage *d = *state;
    const struct service *service = d->stage.catalogue->services[0];
    struct request request;
    const struct answer evening[] = {{.field = SPAN("time"), .value = SPAN("evening")},
                                     {.field = SPAN("answered"), .value = SPAN("hang_up")}};
    const struct answer never = {.field = SPAN("safe"), .value = SPAN("no")};
    struct desk_new_request made = {
        .number = SPAN("01799999997"), .kind = SPAN("call"), .answers = evening, .answer_count = 2};
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made); /* it is ten o'clock */
    const int64_t id = d->result.id;
    desk_of(d, id, &request);
    assert_true(request.due_at > d->now + 7 * 60 * MINUTE); /* not before they may be called */
    struct answer *kept;
    size_t count;
    struct contact_rule rule;
    struct error err;
    assert_int_equal(store_load_answers(d->f->store, request.entry, d->f->arena, &kept, &count, &err), OUTCOME_OK);
    desk_rule_of(service, kept, count, &rule);
    assert_true(rule.is_known && rule.may_call && !rule.may_text && rule.window_count == 1);
    assert_int_equal(rule.windows[0].from, 17 * 60);
    assert_int_equal(count, 3);
    for (size_t i = 0; i < count; i++) /* as on a phone */
        assert_int_equal(kept[i].sensitive, span_equal_text(kept[i].field, "answered"));
    REFUSED("why_not_safe_now", .verb = DESK_REVEAL, .operator = d->counsellor, .object = id, .code = 1);
    REFUSED("why_not_safe_now", .verb = DESK_ATTEMPT, .operator = d->counsellor, .object = id);
    made.kind = SPAN("danger");
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    desk_of(d, d->result.id, &request);
    assert_true(request.due_at < d->now + 60 * MINUTE); /* now, says who is in danger */
    d->now += 7 * 60 * MINUTE + MINUTE;
    DO(.verb = DESK_REVEAL, .operator = d->counsellor, .object = id, .code = 1);
    made.answers = &never;
    made.answer_count = 1;
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    REFUSED("why_not_safe_now", .verb = DESK_REVEAL, .operator = d->counsellor, .object = d->result.id, .code = 1);
}

static void they_say_only_what_the_service_asks(void **state)
{
    struct desk_stage *d = *state;
    static const struct {
        const char *field, *value;
    } cases[] = {{"time", "midnight"}, {"time", ""},           {"pizza", "yes"},    {"safe", "other"},
                 {"texts", "yes"},     {"area", "dhaka"},      {"confirm", "send"}, {DESK_TEXTS_FIELD, "yes"},
                 {"number", "12345"},  {"time", "evening any"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct answer answer = {.field = span_of(cases[i].field), .value = span_of(cases[i].value)};
        const struct desk_new_request made = {.kind = SPAN("call"), .answers = &answer, .answer_count = 1};
        REFUSED("why_not_a_choice", .verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    }
    assert_int_equal(count_of(d, "request"), 1);
}

/* Whoever takes the call may forget to say how urgent danger is. */
static void danger_made_by_hand_is_danger(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    struct desk_new_request made = {.number = SPAN("01799999998"), .kind = SPAN("danger"), .urgency = URGENCY_NORMAL};
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    desk_of(d, d->result.id, &request);
    assert_int_equal(request.urgency, URGENCY_DANGER);
    assert_true(request.due_at < d->now + 60 * 60000);
    made.kind = SPAN("call");
    made.urgency = URGENCY_SOON;
    DO(.verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    desk_of(d, d->result.id, &request);
    assert_int_equal(request.urgency, URGENCY_SOON);
}

static void what_is_made_by_hand_is_the_services(void **state)
{
    struct desk_stage *d = *state;
    struct desk_new_request made = {.kind = SPAN("pizza")};
    REFUSED("why_no_kind", .verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    made.kind = SPAN("call");
    made.topic = SPAN("pizza");
    REFUSED("why_no_topic", .verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    made.topic = SPAN_NONE;
    made.service = SPAN("pizza");
    REFUSED("why_no_service", .verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    made.service = SPAN_NONE;
    made.number = SPAN("12");
    REFUSED("why_no_number", .verb = DESK_NEW, .operator = d->counsellor, .made = &made);
    assert_int_equal(count_of(d, "request"), 1);
}

/* ---- persons ---- */

static void somebody_is_forgotten(void **state)
{
    struct desk_stage *d = *state;
    DO(.verb = DESK_NOTE, .operator = d->counsellor, .object = 3001, .text = SPAN("She is well"));
    REFUSED("why_no_right", .verb = DESK_FORGET, .operator = d->counsellor, .object = 101);
    DO(.verb = DESK_FORGET, .operator = d->supervisor, .object = 101);
    assert_int_equal(count_of(d, "request"), 0);
    assert_int_equal(count_of(d, "note"), 0);
    assert_int_equal(count_of(d, "phone WHERE number IS NOT NULL"), 0);
    MISSING(.verb = DESK_FORGET, .operator = d->supervisor, .object = 101);
    assert_int_equal(count_of(d, "audit WHERE action = 13 AND about = 101"), 1);
}

static void a_flag_is_raised_and_dropped(void **state)
{
    struct desk_stage *d = *state;
    REFUSED("why_no_such_time", .verb = DESK_FLAG, .operator = d->counsellor, .object = 101, .text = SPAN("Armed"));
    DO(.verb = DESK_FLAG, .operator = d->counsellor, .object = 101, .text = SPAN("Armed"), .until = d->now + DAY);
    int64_t flag = d->result.id;
    MISSING(.verb = DESK_FLAG_DROP, .operator = d->counsellor, .object = flag, .to = 102);
    DO(.verb = DESK_FLAG_DROP, .operator = d->counsellor, .object = flag, .to = 101);
    assert_int_equal(count_of(d, "person_flag WHERE dropped_at IS NOT NULL"), 1);
    MISSING(.verb = DESK_FLAG_DROP, .operator = d->counsellor, .object = 5);
}

/* ---- a new word ---- */

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

/* ---- once ---- */

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
    assert_int_equal(number(d, "SELECT count(*) FROM request"), 2);
}

/* The key of a form opens a number no second time: not unseen, and not when it is not safe any more. */
static void a_number_is_shown_anew_each_time(void **state)
{
    struct desk_stage *d = *state;
    struct desk_action reveal = {
        .verb = DESK_REVEAL, .operator = d->counsellor, .object = 3001, .code = 1, .key = {"a form's key"}};
    for (int i = 0; i < 2; i++) {
        expect_act(d, reveal, OUTCOME_OK, NULL, __LINE__);
        assert_span(d->result.text, CALLER);
    }
    assert_int_equal(count_of(d, "audit WHERE action = 10"), 2);
    d->now += 13 * 60 * MINUTE; /* it is eleven at night */
    expect_act(d, reveal, OUTCOME_REFUSED, "why_not_safe_now", __LINE__);
    assert_int_equal(d->result.text.len, 0);
}

static void a_text_fails(struct desk_stage *d, int64_t id, int64_t session, int64_t request)
{
    struct fixture *f = d->f;
    struct outbox_row row = {.id = id,
                             .kind = OUTBOX_TEXT,
                             .phone = 1,
                             .session = session,
                             .request = request,
                             .channel = SPAN("sms"),
                             .to = SPAN(CALLER),
                             .text = SPAN("Words"),
                             .state = OUTBOX_QUEUED,
                             .created_at = d->now,
                             .due_at = d->now,
                             .changed_at = d->now,
                             .segments = 1};
    OK(SAVE({.kind = CHANGE_OUTBOX, .outbox = {&row}}));
    row.state = OUTBOX_FAILED;
    OK(SAVE({.kind = CHANGE_OUTBOX_STATE, .outbox = {&row}}));
}

/* Who does not keep the outbox deals with texts beside a request of theirs, and with no other: not with one to the same phone that
 * answers nothing, nor a complaint of the same conversation. */
static void texts_of_others_are_not_dealt_with(void **state)
{
    struct desk_stage *d = *state;
    static const struct {
        int64_t text, session, request;
        int64_t beside; /* the request that it answers; 0: none */
    } rows[] = {
        {6001, 0, 0, 0}, {3500, 1001, 0, 3001}, {6002, 1001, 0, 4001}, {6003, 0, 4001, 4001}, {6004, 0, 3001, 3001}};
    somebody_asks(d, &(struct wish){.id = 4001, .reference = "2345675", .desk = "complaints"});
    const int64_t officer = hire(d, "olga", ROLE_BIT(ROLE_COMPLAINTS)), who[] = {d->counsellor, officer};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        a_text_fails(d, rows[i].text, rows[i].session, rows[i].request);
        for (size_t w = 0; w < 2; w++) {
            const int64_t own = w ? 4001 : 3001, other = w ? 3001 : 4001;
            struct desk_action deal = {.verb = DESK_DEALT, .operator = who[w], .about = OBJECT_OUTBOX};
            deal.object = rows[i].text;
            const int64_t nothing[] = {0, 3999, other};
            for (size_t n = 0; n < 3; n++) {
                deal.to = nothing[n];
                expect_act(d, deal, OUTCOME_NOT_FOUND, "why_not_there", __LINE__);
            }
            deal.to = own;
            if (rows[i].beside != own)
                expect_act(d, deal, OUTCOME_NOT_FOUND, "why_not_there", __LINE__);
        }
    }
    assert_int_equal(count_of(d, "outbox WHERE dealt_at IS NOT NULL"), 0);
    DO(.verb = DESK_DEALT, .operator = d->counsellor, .about = OBJECT_REQUEST, .object = 3001); /* and all beside it */
    assert_int_equal(count_of(d, "outbox WHERE dealt_at IS NOT NULL"), 2);
    DO(.verb = DESK_DEALT, .operator = officer, .about = OBJECT_OUTBOX, .object = 6002, .to = 4001);
    DO(.verb = DESK_DEALT, .operator = officer, .about = OBJECT_OUTBOX, .object = 6003, .to = 4001);
    DO(.verb = DESK_DEALT, .operator = d->supervisor, .about = OBJECT_OUTBOX, .object = 6001);
    assert_int_equal(count_of(d, "outbox WHERE dealt_at IS NOT NULL"), 5);
}

static void dealt_with_is_dealt_with(void **state)
{
    struct desk_stage *d = *state;
    struct fixture *f = d->f;
    struct request request;
    OK(SAVE({.kind = CHANGE_REQUEST_ATTENTION, .attention = {.request = 3001, .of = ATTENTION_NEW_WORD}}));
    DO(.verb = DESK_DEALT, .operator = d->counsellor, .about = OBJECT_REQUEST, .object = 3001);
    desk_of(d, 3001, &request);
    assert_int_equal(request.attention, ATTENTION_NONE);
    MISSING(.verb = DESK_DEALT, .operator = d->counsellor, .about = OBJECT_OUTBOX, .object = 5);
}

#define ON_A_DESK(test) cmocka_unit_test_setup_teardown(test, open_desk_stage, close_desk_stage)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_DESK(a_request_is_claimed_once),
        ON_A_DESK(it_is_handed_over_with_a_note),
        ON_A_DESK(it_is_given_back_and_waits),
        ON_A_DESK(what_is_left_lying_goes_back),
        ON_A_DESK(who_writes_again_is_due_in_their_own_hours),
        ON_A_DESK(the_last_thing_done_counts),
        ON_A_DESK(what_waits_until_a_day_does_not_return),
        ON_A_DESK(a_normal_one_stays_while_it_is_promised_for_later),
        ON_A_DESK(nobody_has_to_call_before_it_is_safe),
        ON_A_DESK(a_number_is_shown_for_a_reason_and_when_it_is_safe),
        ON_A_DESK(a_number_is_found_however_it_is_typed),
        ON_A_DESK(whose_number_it_was_is_not_called_there),
        ON_A_DESK(three_calls_and_one_text),
        ON_A_DESK(who_allows_texts_gets_one_in_their_hours),
        ON_A_DESK(who_said_no_gets_none),
        ON_A_DESK(whoever_has_the_number_now_is_not_texted),
        ON_A_DESK(their_own_word_on_texts_counts),
        ON_A_DESK(a_call_is_told_of_afterwards_and_not_made_at_another_time),
        ON_A_DESK(who_asks_to_stop_gets_no_texts),
        ON_A_DESK(a_referral_is_settled_once),
        ON_A_DESK(it_closes_with_an_outcome_and_opens_again),
        ON_A_DESK(two_of_one_person_become_one),
        ON_A_DESK(notes_have_versions_of_their_author),
        ON_A_DESK(a_reply_goes_to_who_allows_texts),
        ON_A_DESK(nobody_is_reached_about_what_is_over),
        ON_A_DESK(a_draft_is_kept_without_a_trace),
        ON_A_DESK(a_request_is_made_by_hand),
        ON_A_DESK(what_they_say_of_when_to_call_is_kept),
        ON_A_DESK(they_say_only_what_the_service_asks),
        ON_A_DESK(danger_made_by_hand_is_danger),
        ON_A_DESK(what_is_made_by_hand_is_the_services),
        ON_A_DESK(somebody_is_forgotten),
        ON_A_DESK(a_flag_is_raised_and_dropped),
        ON_A_DESK(the_same_key_gets_the_first_answer),
        ON_A_DESK(a_number_is_shown_anew_each_time),
        ON_A_DESK(texts_of_others_are_not_dealt_with),
        ON_A_DESK(dealt_with_is_dealt_with),
    };
    return cmocka_run_group_tests(tests, load_desk_service, drop_desk_service);
}
