/* desk: calls in vain and after them, numbers that changed hands, and how a request ends and begins again, in the file and the audit. */
/* timeout: 300: under the sanitizers on a loaded machine */
#include "desk_stage.h"

#include "store/desk_reader.h"

/* Three calls in vain at `at`, for somebody with these hours: it rests until `until`. Six rows at the most: `id` and `reference` are by row. */
struct rest {
    const char *at, *time, *until, *safe;
};

static void it_rests(struct desk_stage *d, const struct rest *row, size_t index, enum request_urgency urgency)
{
    static const char *const references[] = {"2345675", "3456783", "4567891", "5678909", "6789017", "7890125"};
    const int64_t id = 3101 + (int64_t)index;
    struct request request;
    int64_t until = 0;
    assert_true(clock_read(span_of(row->at), 360, &d->now));
    assert_true(clock_read(span_of(row->until), 360, &until));
    somebody_asks(
        d, &(struct wish){
               .id = id, .reference = references[index], .time = row->time, .safe = row->safe, .urgency = urgency});
    nobody_answers(d, id, 2);
    assert_int_equal(desk_of(d, id, &request).wait_until, 0);
    nobody_answers(d, id, 1);
    if (desk_of(d, id, &request).wait_until != until || request.next_at != until)
        fail_msg("row %zu: %lld minutes", index, (long long)(request.next_at - d->now) / MINUTE);
}

/* Until the next working day, and there until it is safe. */
static void it_rests_until_it_is_safe_on_a_working_day(void **state)
{
    static const struct rest rows[] = {
        {"2026-09-21 10:00", "any", "2026-09-22 09:00", NULL},
        {"2026-09-21 10:00", "evening", "2026-09-22 17:00", NULL},
        {"2026-09-21 08:30", "midday", "2026-09-22 11:00", NULL},
        {"2026-09-24 10:00", "any", "2026-09-27 09:00", NULL}, /* Thursday: Friday and Saturday are free */
        {"2026-09-24 19:30", "afternoon", "2026-09-27 14:00", NULL},
        {"2026-09-24 10:00", "evening", "2026-09-27 09:00", "no"}, /* never safe: somebody looks at it */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        it_rests(*state, &rows[i], i, URGENCY_NORMAL);
}

/* It is back within the hour, by day and by night, unless they allow no call then; and rests anew after every further call. */
static void in_danger_it_rests_for_an_hour(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    static const struct rest rows[] = {
        {"2026-09-21 10:00", "any", "2026-09-21 11:00", NULL},
        {"2026-09-24 23:30", "any", "2026-09-25 00:30", NULL}, /* into the night of a free day */
        {"2026-09-21 17:30", "evening", "2026-09-21 18:30", NULL},
        {"2026-09-21 10:00", "evening", "2026-09-21 17:00", NULL},
        {"2026-09-24 19:30", "evening", "2026-09-25 17:00", NULL},
        {"2026-09-21 10:00", "any", "2026-09-21 11:00", "no"}, /* never safe: somebody looks at it */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        it_rests(d, &rows[i], i, URGENCY_DANGER);
    d->now += 60 * MINUTE;
    nobody_answers(d, 3106, 1);
    assert_int_equal(desk_of(d, 3106, &request).wait_until, d->now + 60 * MINUTE);
}

/* Whoever answered has it in their hand at this moment. */
static void no_text_follows_somebody_else(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .texts = "yes"});
    nobody_answers(d, 3002, 2);
    for (int i = 0; i < 2; i++) {
        DO(.verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3002, .code = ATTEMPT_WRONG_PERSON);
        assert_true(desk_of(d, 3002, &request).wait_until > d->now); /* it rests all the same */
        assert_false(desk_of(d, 3002, &request).is_texted);
        assert_int_equal(count_of(d, "outbox"), 0);
    }
    nobody_answers(d, 3002, 1);
    assert_true(desk_of(d, 3002, &request).is_texted);
    nobody_answers(d, 3002, 1);
    assert_int_equal(count_of(d, "outbox WHERE request = 3002"), 1);
}

/* They may have called themselves: nobody dials because of what is written down. In vain is what was dialled here. */
static void what_they_said_is_taken_at_any_time(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    static const struct {
        const char *time, *safe, *texts, *why;
    } rows[] = {{"evening", "yes", NULL, "why_not_safe_now"},
                {"any", "sms", NULL, "why_never_safe"},
                {"any", "no", "no", "why_never_safe"}};
    static const enum attempt_result said[] = {ATTEMPT_SPOKE, ATTEMPT_ASKED_TO_STOP},
                                     vain[] = {0, ATTEMPT_WRONG_PERSON};
    static const char *const references[] = {"2345675", "3456783", "4567891"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const int64_t id = 3101 + (int64_t)i;
        d->now += MINUTE; /* what was asked to stop before holds for what was asked for before */
        somebody_asks(d, &(struct wish){.id = id,
                                        .reference = references[i],
                                        .time = rows[i].time,
                                        .safe = rows[i].safe,
                                        .texts = rows[i].texts});
        REFUSED(rows[i].why, .verb = DESK_REVEAL, .operator = d->counsellor, .object = id, .code = 1);
        for (size_t k = 0; k < 2; k++)
            REFUSED(rows[i].why, .verb = DESK_ATTEMPT, .operator = d->counsellor, .object = id, .code = vain[k]);
        for (size_t k = 0; k < 2; k++) {
            DO(.verb = DESK_ATTEMPT, .operator = d->counsellor, .object = id, .code = said[k]);
            desk_of(d, id, &request);
            assert_int_equal(request.state, REQUEST_CALLED);
        }
        assert_int_equal(desk_of(d, id, &request).stopped_at, d->now);
        REFUSED("why_no_more_calls", .verb = DESK_ATTEMPT, .operator = d->counsellor, .object = id);
        DO(.verb = DESK_ATTEMPT, .operator = d->counsellor, .object = id,
           .code = ATTEMPT_SPOKE); /* they called again */
    }
    assert_int_equal(count_of(d, "audit WHERE action = 11"), 0); /* nothing was decided against their word */
    assert_int_equal(count_of(d, "phone WHERE opted_out = 1"), 1);
}

/* From another phone, then: whoever has their old number now said nothing of texts. */
static void who_lost_their_number_stops_nobody_elses_texts(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    d->now += MINUTE;
    DO(.verb = DESK_NUMBER_CHANGED, .operator = d->supervisor, .object = 1, .to = 101);
    DO(.verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3001, .code = ATTEMPT_ASKED_TO_STOP);
    assert_int_equal(desk_of(d, 3001, &request).stopped_at, d->now);
    assert_int_equal(count_of(d, "phone WHERE opted_out = 1"), 0);
}

static void the_one_text_is_told_of_and_leaves_once(void **state)
{
    struct desk_stage *d = *state;
    struct fixture *f = d->f;
    struct phone_row phone;
    struct request request;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .safe = "sms"});
    somebody_asks(d, &(struct wish){.id = 3003, .reference = "3456783", .safe = "sms"});
    nobody_answers(d, 3002, 3);
    assert_int_equal(count_of(d, "audit JOIN word ON word.id = detail WHERE text = 'texted_after_three_calls' AND "
                                 "action = 16 AND operator IS NULL AND about = 3002"),
                     1);
    DO(.verb = DESK_ATTEMPT, .operator = d->supervisor, .object = 3002, .code = ATTEMPT_SPOKE, .flag = true, .to = 1);
    nobody_answers(d, 3002, 3);
    assert_int_equal(count_of(d, "outbox WHERE request = 3002"), 1);
    OK(store_load_phone(f->store, 1, f->arena, &phone, &f->err));
    phone.opted_out = true;
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN_NONE}}));
    nobody_answers(d, 3003, 3); /* who wants no texts rests all the same */
    assert_true(desk_of(d, 3003, &request).wait_until > d->now);
    assert_int_equal(count_of(d, "outbox"), 1);
}

/* Of two operators who write at once, of the program, and of a menu that was asked for a text in that very moment. */
static void each_text_says_who_wrote_it(void **state)
{
    struct desk_stage *d = *state;
    struct fixture *f = d->f;
    static const struct {
        const char *who, *what;
    } rows[] = {{NULL, NULL}, {NULL, "texted_after_three_calls"}, {"omar", "reply"}, {"cora", "reply"}};
    const struct operator sue = {.id = d->supervisor, .roles = ROLE_BIT(ROLE_SUPERVISOR)};
    struct reader *reader = NULL;
    struct request_view view;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .safe = "sms"});
    DO(.verb = DESK_REPLY, .operator = d->counsellor, .object = 3002, .text = SPAN("We have it."));
    DO(.verb = DESK_REPLY, .operator = d->other, .object = 3002, .text = SPAN("We ring you."));
    nobody_answers(d, 3002, 3);
    const struct outbox_row menu = {.id = atoll(fixture_ask(f, "SELECT max(id) + 1 FROM outbox")),
                                    .phone = 1,
                                    .session = 1001,
                                    .request = 3002,
                                    .channel = SPAN("sms"),
                                    .to = SPAN(CALLER),
                                    .text = SPAN("Your request"),
                                    .created_at = d->now,
                                    .due_at = d->now,
                                    .changed_at = d->now,
                                    .expires_at = d->now + DAY,
                                    .segments = 1};
    OK(SAVE({.kind = CHANGE_OUTBOX, .outbox = {.row = &menu}}));
    DO(.verb = DESK_NOTE, .operator = d->counsellor, .object = 3002, .text = SPAN("We wrote."));
    OK(reader_open(f->path, f->keyring, &reader, &f->err));
    OK(desk_read_request(reader, 3002, &sue, NULL, f->arena, &view, &f->err));
    reader_close(reader);
    assert_int_equal(view.text_count, sizeof rows / sizeof *rows);
    for (size_t i = 0; i < view.text_count; i++) {
        assert_span(view.texts[i].who, rows[i].who);
        assert_span(view.texts[i].what, rows[i].what);
    }
}

static void an_attempt_is_somebodys(void **state)
{
    struct desk_stage *d = *state;
    static const struct {
        enum attempt_result result;
        const char *detail;
    } rows[] = {{ATTEMPT_NO_ANSWER, "no_answer"},
                {ATTEMPT_WRONG_PERSON, "wrong_person"},
                {ATTEMPT_SPOKE, "spoke"},
                {ATTEMPT_ASKED_TO_STOP, "asked_to_stop"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char wanted[160];
        DO(.verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3001, .code = rows[i].result);
        snprintf(wanted, sizeof wanted, "attempt WHERE operator = %lld AND result = %d", (long long)d->counsellor,
                 (int)rows[i].result);
        assert_int_equal(count_of(d, wanted), 1);
        snprintf(wanted, sizeof wanted, "audit JOIN word ON word.id = detail WHERE text = '%s' AND action = 12",
                 rows[i].detail);
        assert_int_equal(count_of(d, wanted), 1);
    }
    REFUSED("why_not_a_choice", .verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3001, .code = ATTEMPT_COUNT);
}

/* Midday is from eleven to two. */
static void a_call_began_at_most_half_an_hour_ago(void **state)
{
    struct desk_stage *d = *state;
    static const struct {
        const char *at;
        bool may;
    } rows[] = {{"2026-09-21 10:59", false},
                {"2026-09-21 11:00", true}, /* it may have begun just now */
                {"2026-09-21 13:59", true},
                {"2026-09-21 14:29", true}, /* or before two */
                {"2026-09-21 14:30", false}};
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .time = "midday"});
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(clock_read(span_of(rows[i].at), 360, &d->now));
        const struct desk_action in_vain = {
            .verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3002, .code = ATTEMPT_NO_ANSWER};
        if ((act(d, in_vain) == OUTCOME_OK) != rows[i].may)
            fail_msg("row %zu: %s", i, d->result.error.text);
    }
}

/* ---- whose number it is ---- */

static void a_number_that_changed_hands_is_not_shown(void **state)
{
    struct desk_stage *d = *state;
    struct fixture *f = d->f;
    struct phone_row phone;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675"});
    OK(store_load_phone(f->store, 1, f->arena, &phone, &f->err));
    phone.last_session = 1001;
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN_NONE}}));
    d->now += MINUTE;
    DO(.verb = DESK_NUMBER_CHANGED, .operator = d->supervisor, .object = 1, .to = 101);
    OK(store_load_phone(f->store, 1, f->arena, &phone, &f->err));
    assert_int_equal(phone.person, 0);
    assert_int_equal(phone.last_session, 0);
    assert_int_equal(phone.renewed_at, d->now);
    REFUSED("why_number_changed", .verb = DESK_REVEAL, .operator = d->counsellor, .object = 3002, .code = 1);
    REFUSED("why_number_changed", .verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3002);
    DO(.verb = DESK_REVEAL, .operator = d->supervisor, .object = 3002, .code = 1, .flag = true);
    assert_int_equal(count_of(d, "audit WHERE action = 11"), 1);
    phone.person = 101; /* they have it back */
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN_NONE}}));
    DO(.verb = DESK_REVEAL, .operator = d->counsellor, .object = 3002, .code = 1);
}

/* Instead of this phone's, whoever has that by now. */
static void the_other_number_that_they_gave_is_called(void **state)
{
    struct desk_stage *d = *state;
    struct fixture *f = d->f;
    const struct answer other = {.field = SPAN("number"), .value = SPAN("+8801812345678")};
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .safe = "other"});
    OK(SAVE({.kind = CHANGE_ANSWER, .answer = {.entry = 2002, .person = 101, .at = d->now, .row = &other}}));
    d->now += MINUTE;
    DO(.verb = DESK_NUMBER_CHANGED, .operator = d->supervisor, .object = 1, .to = 101);
    DO(.verb = DESK_REVEAL, .operator = d->counsellor, .object = 3002, .code = 1);
    assert_span(d->result.text, "+8801812345678");
}

static void expect_stopped(struct desk_stage *d, int64_t id)
{
    REFUSED("why_no_more_calls", .verb = DESK_REVEAL, .operator = d->counsellor, .object = id, .code = 1);
    REFUSED("why_no_more_calls", .verb = DESK_ATTEMPT, .operator = d->counsellor, .object = id);
    REFUSED("why_no_right", .verb = DESK_REVEAL, .operator = d->counsellor, .object = id, .code = 1, .flag = true);
}

/* Nor about anything else that they had asked for before; whatever is done at the desk changes nothing of it. */
static void who_asked_to_stop_is_not_called(void **state)
{
    struct desk_stage *d = *state;
    const int64_t ids[] = {3001, 3002};
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .urgency = URGENCY_DANGER});
    d->now += MINUTE;
    DO(.verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3001, .code = ATTEMPT_ASKED_TO_STOP);
    expect_stopped(d, 3001);
    d->now += DAY;
    for (size_t i = 0; i < 2; i++) {
        expect_stopped(d, ids[i]);
        DO(.verb = DESK_CLAIM, .operator = d->counsellor, .object = ids[i]);
        DO(.verb = DESK_RELEASE, .operator = d->counsellor, .object = ids[i]);
        nobody_answers(d, ids[i], 1);
        DO(.verb = DESK_CLOSE, .operator = d->counsellor, .object = ids[i], .code = CLOSED_UNSAFE);
        DO(.verb = DESK_REOPEN, .operator = d->counsellor, .object = ids[i]);
        expect_stopped(d, ids[i]);
        DO(.verb = DESK_REVEAL, .operator = d->supervisor, .object = ids[i], .code = DESK_REASON_DANGER, .flag = true);
        assert_span(d->result.text, CALLER);
        expect_detail(d, "danger");
    }
    assert_int_equal(count_of(d, "audit JOIN word ON word.id = detail WHERE text = 'no_more_calls'"), 10);
}

/* What somebody says by a request of theirs, or does with it. */
static void a_line(struct desk_stage *d, int64_t id, enum request_step step, enum step_by by)
{
    struct fixture *f = d->f;
    const struct request line = {.id = id, .step = step, .changed_at = d->now};
    OK(SAVE({.kind = CHANGE_REQUEST_LINE, .request = {.row = &line, .by = by}}));
}

static void until_they_ask_again_themselves(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    static const struct {
        enum request_step step;
        enum step_by by;
        bool is_their_word;
    } cases[] = {{STEP_CALLED, BY_OPERATOR, false},  {STEP_REOPENED, BY_OPERATOR, false},
                 {STEP_CANCELLED, BY_PERSON, false}, {STEP_ASSIGNED, BY_PROGRAM, false},
                 {STEP_URGED, BY_PERSON, true},      {STEP_CHANGED, BY_PERSON, true},
                 {STEP_REOPENED, BY_PERSON, true},   {STEP_WROTE, BY_PERSON, true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        d->now += MINUTE;
        DO(.verb = DESK_ATTEMPT, .operator = d->supervisor, .object = 3001, .code = ATTEMPT_ASKED_TO_STOP, .flag = true,
           .to = DESK_REASON_SUPERVISOR);
        assert_int_equal(desk_of(d, 3001, &request).stopped_at, d->now);
        d->now += MINUTE;
        a_line(d, 3001, cases[i].step, cases[i].by);
        if ((desk_of(d, 3001, &request).stopped_at == 0) != cases[i].is_their_word)
            fail_msg("case %zu", i);
    }
    DO(.verb = DESK_REVEAL, .operator = d->counsellor, .object = 3001, .code = 1);
}

/* Also where that is closed as a duplicate of the one by which they are not. */
static void for_what_they_ask_then_they_are_called(void **state)
{
    struct desk_stage *d = *state;
    DO(.verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3001, .code = ATTEMPT_ASKED_TO_STOP);
    d->now += MINUTE;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675"});
    DO(.verb = DESK_REVEAL, .operator = d->counsellor, .object = 3002, .code = 1);
    expect_stopped(d, 3001);
    DO(.verb = DESK_MERGE, .operator = d->counsellor, .object = 3002, .to = 3001);
    DO(.verb = DESK_REVEAL, .operator = d->counsellor, .object = 3001, .code = 1);
}

static void a_search_for_a_number_names_the_phone(void **state)
{
    struct desk_stage *d = *state;
    DO(.verb = DESK_FIND_PHONE, .operator = d->counsellor, .text = SPAN(CALLER));
    assert_int_equal(count_of(d, "audit WHERE action = 9 AND object = 7 AND about = 1"), 1);
    MISSING(.verb = DESK_FIND_PHONE, .operator = d->counsellor, .text = SPAN("+8801812345678"));
    assert_int_equal(count_of(d, "audit WHERE action = 9 AND object = 7 AND about IS NULL"), 1);
}

/* ---- the end ---- */

static void what_ended_lies_still(void **state)
{
    struct desk_stage *d = *state;
    struct fixture *f = d->f;
    struct request request;
    OK(SAVE({.kind = CHANGE_REQUEST_ATTENTION, .attention = {.request = 3001, .of = ATTENTION_NEW_WORD}}));
    DO(.verb = DESK_WAIT, .operator = d->counsellor, .object = 3001, .until = d->now + DAY);
    DO(.verb = DESK_CLOSE, .operator = d->counsellor, .object = 3001, .code = CLOSED_REFERRED, .text = SPAN("Went"));
    assert_int_equal(desk_of(d, 3001, &request).wait_until, 0);
    assert_int_equal(request.state, REQUEST_CLOSED);
    assert_int_equal(request.attention, ATTENTION_NONE);
    assert_int_equal(request.next_at, 0);
    assert_int_equal(count_of(d, "note WHERE request = 3001"), 1);
    request.state = REQUEST_CANCELLED;
    OK(SAVE({.kind = CHANGE_REQUEST_STATE, .request = {.row = &request, .by = BY_PERSON}}));
    CONFLICTS("why_cancelled", .verb = DESK_REOPEN, .operator = d->counsellor, .object = 3001);
}

static void it_begins_again_as_if_it_came_now(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    nobody_answers(d, 3001, 2);
    DO(.verb = DESK_CLAIM, .operator = d->counsellor, .object = 3001);
    DO(.verb = DESK_CLOSE, .operator = d->counsellor, .object = 3001, .code = CLOSED_NO_ANSWER);
    const int64_t due = (desk_of(d, 3001, &request), request.due_at);
    d->now += 7 * DAY;
    DO(.verb = DESK_REOPEN, .operator = d->supervisor, .object = 3001);
    const struct request_desk desk = desk_of(d, 3001, &request);
    assert_int_equal(desk.attempts, 0);
    assert_int_equal(desk.assigned_at, d->now); /* whose it is has all the time again */
    assert_true(request.due_at > due + 6 * DAY);
    assert_int_equal(request.state, REQUEST_ASSIGNED);
}

static void who_spoke_with_them_calmed_it(void **state)
{
    struct desk_stage *d = *state;
    struct fixture *f = d->f;
    struct request request;
    OK(SAVE({.kind = CHANGE_REQUEST_ATTENTION, .attention = {.request = 3001, .of = ATTENTION_NEW_WORD}}));
    DO(.verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3001, .code = ATTEMPT_NO_ANSWER);
    desk_of(d, 3001, &request);
    assert_int_equal(request.attention, ATTENTION_NEW_WORD);
    DO(.verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3001, .code = ATTEMPT_SPOKE, .text = SPAN("Well"));
    desk_of(d, 3001, &request);
    assert_int_equal(request.attention, ATTENTION_NONE);
    assert_int_equal(count_of(d, "note"), 1);
}

/* ---- what came while a page was open ---- */

/* Its person writes; the line of the history that says so. */
static int64_t they_write(struct desk_stage *d, int64_t id)
{
    struct fixture *f = d->f;
    const struct request line = {.id = id, .step = STEP_SAID, .changed_at = d->now};
    OK(SAVE({.kind = CHANGE_REQUEST_ATTENTION, .attention = {.request = id, .of = ATTENTION_NEW_WORD}},
            {.kind = CHANGE_REQUEST_LINE, .request = {.row = &line, .by = BY_PERSON}}));
    return atoll(fixture_ask(f, "SELECT max(id) FROM request_step"));
}

/* "He is home, do not call", and an operator whose page is older presses close: it is not over before somebody has read it. */
static void a_word_that_was_not_shown_is_not_dealt_with(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675"});
    const struct desk_action ends[] = {
        {.verb = DESK_CLOSE, .code = CLOSED_HELPED, .text = SPAN("Well")},
        {.verb = DESK_ATTEMPT, .code = ATTEMPT_SPOKE, .text = SPAN("Well")},
        {.verb = DESK_ATTEMPT, .code = ATTEMPT_ASKED_TO_STOP},
        {.verb = DESK_DEALT, .about = OBJECT_REQUEST},
        {.verb = DESK_MERGE, .to = 3002},
    };
    const int64_t shown = they_write(d, 3001), came = they_write(d, 3001);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct desk_action action = ends[i];
        action.operator = d->counsellor;
        action.object = 3001;
        action.version = 1;
        action.seen.line = shown;
        expect_act(d, action, OUTCOME_CONFLICT, "why_new_word", __LINE__);
        desk_of(d, 3001, &request);
        assert_int_equal(request.attention, ATTENTION_NEW_WORD);
        assert_int_equal(request.state, REQUEST_WAITING);
    }
    assert_int_equal(count_of(d, "note") + count_of(d, "attempt"), 0);
    /* What deals with nothing is not stopped, and what was read is dealt with. */
    DO(.verb = DESK_NOTE, .operator = d->counsellor, .object = 3001, .version = 1, .seen = {shown}, .text = SPAN("x"));
    DO(.verb = DESK_CLAIM, .operator = d->counsellor, .object = 3001, .version = 1, .seen = {shown});
    DO(.verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3001, .code = ATTEMPT_NO_ANSWER, .seen = {shown});
    desk_of(d, 3001, &request);
    assert_int_equal(request.attention, ATTENTION_NEW_WORD);
    DO(.verb = DESK_DEALT, .operator = d->counsellor, .about = OBJECT_REQUEST, .object = 3001, .seen = {came + 2});
    DO(.verb = DESK_CLOSE, .operator = d->counsellor, .object = 3001, .code = CLOSED_HELPED, .seen = {shown});
    desk_of(d, 3001, &request);
    assert_int_equal(request.attention, ATTENTION_NONE);
}

static void a_text_that_failed_since_is_not_dealt_with(void **state)
{
    struct desk_stage *d = *state;
    struct fixture *f = d->f;
    struct request request;
    struct outbox_row text = {.phone = 1,
                              .request = 3001,
                              .channel = SPAN("sms"),
                              .state = OUTBOX_FAILED,
                              .reason = REASON_REFUSED,
                              .to = SPAN(CALLER),
                              .text = SPAN("x"),
                              .created_at = d->now,
                              .changed_at = d->now};
    const int64_t shown = d->now;
    for (text.id = 6001; text.id <= 6002; text.id++, text.changed_at++)
        OK(SAVE({.kind = CHANGE_OUTBOX, .outbox = {&text}}, {.kind = CHANGE_OUTBOX_STATE, .outbox = {&text}}));
    DO(.verb = DESK_DEALT, .operator = d->counsellor, .about = OBJECT_REQUEST, .object = 3001, .seen = {1, 0});
    assert_int_equal(count_of(d, "outbox WHERE dealt_at IS NOT NULL"), 0);
    DO(.verb = DESK_DEALT, .operator = d->counsellor, .about = OBJECT_REQUEST, .object = 3001, .seen = {1, shown});
    assert_int_equal(count_of(d, "outbox WHERE dealt_at IS NOT NULL AND id = 6001"), 1);
    desk_of(d, 3001, &request);
    assert_int_equal(request.attention, ATTENTION_TEXT_FAILED);
    DO(.verb = DESK_DEALT, .operator = d->counsellor, .about = OBJECT_REQUEST, .object = 3001, .seen = {1, shown + 1});
    desk_of(d, 3001, &request);
    assert_int_equal(request.attention, ATTENTION_NONE);
}

static void who_opened_it_first_stays(void **state)
{
    struct desk_stage *d = *state;
    struct request request;
    const int64_t first = d->now;
    for (int i = 0; i < 2; i++) {
        DO(.verb = DESK_VIEW, .operator = d->counsellor, .about = OBJECT_REQUEST, .object = 3001);
        assert_int_equal(desk_of(d, 3001, &request).viewed_at, first);
        d->now += MINUTE;
    }
}

/* A warning that was taken away was taken away when it was; the line names whom it was about. */
static void a_flag_is_dropped_once(void **state)
{
    struct desk_stage *d = *state;
    char wanted[80];
    REFUSED("why_no_words", .verb = DESK_FLAG, .operator = d->counsellor, .object = 101, .until = d->now + DAY);
    DO(.verb = DESK_FLAG, .operator = d->counsellor, .object = 101, .text = SPAN("Armed"), .until = d->now + DAY);
    const int64_t flag = d->result.id;
    snprintf(wanted, sizeof wanted, "person_flag WHERE dropped_at = %lld", (long long)d->now);
    for (int i = 0; i < 2; i++) {
        DO(.verb = DESK_FLAG_DROP, .operator = d->counsellor, .object = flag, .to = 101);
        assert_int_equal(count_of(d, wanted), 1);
        d->now += MINUTE;
    }
    assert_true(count_of(d, "audit JOIN word ON word.id = detail WHERE text = 'flag_dropped' AND about = 101") >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_DESK(it_rests_until_it_is_safe_on_a_working_day),
        ON_A_DESK(the_one_text_is_told_of_and_leaves_once),
        ON_A_DESK(in_danger_it_rests_for_an_hour),
        ON_A_DESK(no_text_follows_somebody_else),
        ON_A_DESK(what_they_said_is_taken_at_any_time),
        ON_A_DESK(who_lost_their_number_stops_nobody_elses_texts),
        ON_A_DESK(each_text_says_who_wrote_it),
        ON_A_DESK(an_attempt_is_somebodys),
        ON_A_DESK(a_call_began_at_most_half_an_hour_ago),
        ON_A_DESK(a_number_that_changed_hands_is_not_shown),
        ON_A_DESK(the_other_number_that_they_gave_is_called),
        ON_A_DESK(who_asked_to_stop_is_not_called),
        ON_A_DESK(until_they_ask_again_themselves),
        ON_A_DESK(for_what_they_ask_then_they_are_called),
        ON_A_DESK(a_search_for_a_number_names_the_phone),
        ON_A_DESK(what_ended_lies_still),
        ON_A_DESK(it_begins_again_as_if_it_came_now),
        ON_A_DESK(who_spoke_with_them_calmed_it),
        ON_A_DESK(a_word_that_was_not_shown_is_not_dealt_with),
        ON_A_DESK(a_text_that_failed_since_is_not_dealt_with),
        ON_A_DESK(who_opened_it_first_stays),
        ON_A_DESK(a_flag_is_dropped_once),
    };
    return cmocka_run_group_tests(tests, load_desk_service, drop_desk_service);
}
