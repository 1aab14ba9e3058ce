/* desk: nobody is called or texted against what they said: when a number is shown and found, calls in vain and the text after them,
 * replies, a number that changed hands; and who deals with a text that failed. */
/* timeout: 300: under the sanitizers on a loaded machine */
#include "desk_stage.h"

#include "base/metrics.h"
#include "core/outbox.h"

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
    REFUSED("why_never_safe", .verb = DESK_REVEAL, .operator = d->counsellor, .object = 3003, .code = 1);
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

/* Nor is anybody looked at, looked for or refused unseen: the form of a page that came back with a mistake keeps its key. */
static void one_key_leaves_a_line_each_time(void **state)
{
    struct desk_stage *d = *state;
    const struct lookup key = {"a form's key"};
    for (int i = 1; i <= 3; i++) {
        DO(.verb = DESK_VIEW, .operator = d->counsellor, .about = OBJECT_PERSON, .object = 101, .key = key);
        assert_int_equal(count_of(d, "audit WHERE action = 8 AND object = 3 AND about = 101"), i);
        DO(.verb = DESK_FIND_PHONE, .operator = d->counsellor, .text = SPAN(CALLER), .key = key);
        assert_int_equal(d->result.object, 101);
        assert_int_equal(count_of(d, "audit WHERE action = 9"), i);
    }
    DO(.verb = DESK_REFUSED, .operator = d->counsellor, .text = SPAN("/people/5/forget"), .key = key);
    DO(.verb = DESK_REFUSED, .operator = d->counsellor, .text = SPAN("/people/6/forget"), .key = key);
    assert_int_equal(count_of(d, "audit WHERE action = 7 AND object = 3 AND about = 5"), 1);
    assert_int_equal(count_of(d, "audit WHERE action = 7 AND object = 3 AND about = 6"), 1);
    assert_int_equal(count_of(d, "done"), 0);
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

static void a_call_is_told_of_afterwards_and_not_made_at_another_time(void **state)
{
    struct desk_stage *d = *state;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .time = "morning"});
    d->now += 80 * MINUTE; /* twenty past eleven: it may have begun before eleven */
    DO(.verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3002);
    d->now += 20 * MINUTE;
    REFUSED("why_not_safe_now", .verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3002);
    assert_int_equal(count_of(d, "attempt"), 1);
}

/* ---- texts ---- */

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
    nobody_answers(d, 3002, 4);
    assert_true(desk_of(d, 3002, &request).is_texted);
    assert_int_equal(count_of(d, "outbox"), 1);
    DO(.verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3001, .code = ATTEMPT_SPOKE, .text = SPAN("Well"));
    desk = desk_of(d, 3001, &request);
    assert_int_equal(request.state, REQUEST_CALLED);
    assert_int_equal(desk.attempts, 0);
    assert_int_equal(desk.wait_until, 0);
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
    assert_int_equal(atoi(fixture_ask(d->f, "SELECT expires_at / 1000 FROM outbox")), eleven / 1000);
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

static void who_asks_to_stop_gets_no_texts(void **state)
{
    struct desk_stage *d = *state;
    DO(.verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3001, .code = ATTEMPT_ASKED_TO_STOP);
    assert_int_equal(count_of(d, "phone WHERE opted_out = 1 AND number IS NOT NULL"), 1);
}

static void a_reply_goes_to_who_allows_texts(void **state)
{
    struct desk_stage *d = *state;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .safe = "sms"});
    REFUSED("why_no_texts", .verb = DESK_REPLY, .operator = d->counsellor, .object = 3001, .text = SPAN("Hello"));
    REFUSED("why_no_words", .verb = DESK_REPLY, .operator = d->counsellor, .object = 3002, .text = SPAN(""));
    DO(.verb = DESK_REPLY, .operator = d->counsellor, .object = 3002, .text = SPAN("We are here."));
    assert_int_equal(atoll(fixture_ask(d->f, "SELECT id FROM outbox WHERE request = 3002 AND asked = 0")),
                     d->result.id);
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

/* ---- texts that wait ---- */

/* One look at what is due, as a tick takes it, and what it saves; nothing is handed over. */
static void look(struct desk_stage *d)
{
    struct fixture *f = d->f;
    struct metrics *metrics = calloc(1, sizeof *metrics);
    struct outbox *outbox = outbox_create(NULL, 16);
    struct change_list changes = {.arena = f->arena};
    const struct outbox_pass pass = {f->store, d->stage.catalogue, f->arena, &changes, &d->ids, metrics, d->now};
    OK(outbox_pick(outbox, &pass, &f->err));
    if (changes.count)
        OK(store_save(f->store, changes.at, changes.count, &f->failed_at, &f->err));
    outbox_free(outbox);
    free(metrics);
}

static int64_t of_text(struct desk_stage *d, int64_t id, const char *column)
{
    char query[160];
    snprintf(query, sizeof query, "SELECT %s FROM outbox WHERE id = %lld", column, (long long)id);
    return atoll(fixture_ask(d->f, query));
}

static void expect_text(struct desk_stage *d, int64_t id, enum outbox_state state, enum outbox_reason reason)
{
    assert_int_equal(of_text(d, id, "state"), state);
    assert_int_equal(of_text(d, id, "reason"), reason);
}

/* Who holds the phone when it beeps may read it. */
static void a_reply_leaves_when_it_is_safe(void **state)
{
    struct desk_stage *d = *state;
    enum { HOURS = 60 };
    static const struct {
        struct wish wish;
        int now, from, until; /* minutes after ten; until 0: as the channel says */
    } rows[] = {
        {{.id = 3101, .reference = "2345675", .time = "evening", .texts = "yes"}, 0, 7 * HOURS, 10 * HOURS},
        {{.id = 3102, .reference = "3456783", .time = "evening", .texts = "yes"}, 11 * HOURS, 31 * HOURS, 34 * HOURS},
        {{.id = 3103, .reference = "4567891", .time = "morning", .texts = "yes"}, 30, 30, 60},
        {{.id = 3104, .reference = "5678909", .time = "morning", .texts = "yes"}, 60, 23 * HOURS, 25 * HOURS},
        {{.id = 3105, .reference = "6789017", .time = "evening", .texts = "yes", .urgency = URGENCY_DANGER},
         9 * HOURS,
         9 * HOURS,
         10 * HOURS},
        {{.id = 3106, .reference = "7890125", .texts = "yes"}, 13 * HOURS, 13 * HOURS, 0}, /* any time: at night, too */
        {{.id = 3107, .reference = "8901233", .safe = "sms"}, 13 * HOURS, 13 * HOURS, 0},
        {{.id = 3108, .reference = "9012341", .safe = "sms", .time = "evening"}, 0, 7 * HOURS, 10 * HOURS},
    };
    const int64_t ten = d->now;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        d->now = ten;
        somebody_asks(d, &rows[i].wish);
        d->now = ten + rows[i].now * MINUTE;
        DO(.verb = DESK_REPLY, .operator = d->counsellor, .object = rows[i].wish.id, .text = SPAN("We are here."));
        const int64_t from = of_text(d, d->result.id, "due_at"), until = of_text(d, d->result.id, "expires_at");
        const int64_t wanted = rows[i].until ? ten + rows[i].until * MINUTE : d->now + DAY;
        if (from != ten + rows[i].from * MINUTE || until != wanted)
            fail_msg("row %zu: from %lld until %lld", i, (long long)(from - ten) / MINUTE,
                     (long long)(until - ten) / MINUTE);
    }
}

/* Nothing before its hours, and nothing after them: then it stands there for somebody. What they ask for meanwhile is answered. */
static void a_text_that_waits_keeps_to_its_hours(void **state)
{
    struct desk_stage *d = *state;
    struct fixture *f = d->f;
    struct request request;
    somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .time = "evening", .texts = "yes"});
    const int64_t five = d->now + 7 * 60 * MINUTE;
    DO(.verb = DESK_REPLY, .operator = d->counsellor, .object = 3002, .text = SPAN("One"));
    const int64_t one = d->result.id;
    d->now += MINUTE;
    const struct outbox_row answer = {.id = one + 1,
                                      .phone = 1,
                                      .session = 1001,
                                      .channel = SPAN("sms"),
                                      .to = SPAN(CALLER),
                                      .text = SPAN("Your requests"),
                                      .created_at = d->now,
                                      .due_at = d->now,
                                      .changed_at = d->now,
                                      .expires_at = d->now + DAY,
                                      .segments = 1};
    OK(SAVE({.kind = CHANGE_OUTBOX, .outbox = {.row = &answer}}));
    look(d);
    expect_text(d, one, OUTBOX_QUEUED, REASON_NONE);
    expect_text(d, answer.id, OUTBOX_SENDING, REASON_NONE);
    struct outbox_row sent = answer;
    sent.state = OUTBOX_SENT;
    OK(SAVE({.kind = CHANGE_OUTBOX_STATE, .outbox = {.row = &sent}}));
    assert_int_equal(of_text(d, one, "due_at"), five);
    d->now = five - 1;
    look(d);
    expect_text(d, one, OUTBOX_QUEUED, REASON_NONE);
    d->now = five;
    look(d);
    expect_text(d, one, OUTBOX_SENDING, REASON_NONE);

    DO(.verb = DESK_REPLY, .operator = d->counsellor, .object = 3002, .text = SPAN("Two"));
    const int64_t two = d->result.id;
    d->now = five + 3 * 60 * MINUTE + 1; /* the channel stood still */
    look(d);
    expect_text(d, two, OUTBOX_EXPIRED, REASON_EXPIRED);
    desk_of(d, 3002, &request);
    assert_int_equal(request.attention, ATTENTION_TEXT_FAILED);
}

/* ---- and whose they are when they leave ---- */

static void number_changes(struct desk_stage *d)
{
    DO(.verb = DESK_NUMBER_CHANGED, .operator = d->supervisor, .object = 1, .to = 101);
}

/* As people_renew_if_silent leaves it, when somebody dials from it who asks for something. */
static void somebody_else_dials(struct desk_stage *d)
{
    struct fixture *f = d->f;
    struct phone_row phone = a_phone(f, 1, CALLER);
    phone.person = 102;
    phone.first_at = phone.last_at = phone.renewed_at = d->now;
    OK(SAVE({.kind = CHANGE_PERSON, .person = {.id = 102, .phone = 1, .at = d->now}},
            {.kind = CHANGE_PHONE, .phone = {&phone, SPAN_NONE}}));
}

static void they_answer(struct desk_stage *d, const char *field, const char *value)
{
    struct fixture *f = d->f;
    const struct answer row = {.field = span_of(field), .value = span_of(value)};
    OK(SAVE({.kind = CHANGE_ANSWER, .answer = {.entry = 2002, .person = 101, .at = d->now, .row = &row}}));
}

static void they_want_no_texts(struct desk_stage *d)
{
    they_answer(d, "texts", "no");
}

static void they_give_other_hours(struct desk_stage *d)
{
    they_answer(d, "time", "morning");
}

static void they_say_stop(struct desk_stage *d)
{
    DO(.verb = DESK_ATTEMPT, .operator = d->counsellor, .object = 3001, .code = ATTEMPT_ASKED_TO_STOP);
}

static void they_move_to_another_phone(struct desk_stage *d)
{
    struct fixture *f = d->f;
    struct phone_row phone = a_phone(f, 2, "+8801812345678");
    phone.person = 101;
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN("+8801812345678")}},
            {.kind = CHANGE_PERSON_MOVED, .person = {.id = 101, .phone = 2, .at = d->now}}));
}

static void they_take_it_back(struct desk_stage *d)
{
    struct fixture *f = d->f;
    struct request row;
    desk_of(d, 3002, &row);
    row.state = REQUEST_CANCELLED;
    row.changed_at = d->now;
    OK(SAVE({.kind = CHANGE_REQUEST_STATE, .request = {.row = &row, .by = BY_PERSON}}));
}

static void it_is_closed(struct desk_stage *d, enum close_outcome outcome)
{
    DO(.verb = DESK_CLAIM, .operator = d->counsellor, .object = 3002);
    DO(.verb = DESK_CLOSE, .operator = d->counsellor, .object = 3002, .code = outcome);
}

static void it_turns_out_unsafe(struct desk_stage *d)
{
    it_is_closed(d, CLOSED_UNSAFE);
}

static void it_is_answered(struct desk_stage *d)
{
    it_is_closed(d, CLOSED_INFORMED);
}

static void nothing_happens(struct desk_stage *d)
{
    d->now += 1;
}

static void a_reply_is_for_who_it_was_written_to(void **state)
{
    (void)state;
    static const struct {
        void (*happens)(struct desk_stage *d);
        enum outbox_state state;
        enum outbox_reason reason;
    } rows[] = {{nothing_happens, OUTBOX_SENDING, REASON_NONE},
                {it_is_answered, OUTBOX_SENDING, REASON_NONE},
                {it_turns_out_unsafe, OUTBOX_FAILED, REASON_REFUSED},
                {they_take_it_back, OUTBOX_FAILED, REASON_REFUSED},
                {number_changes, OUTBOX_FAILED, REASON_REFUSED},
                {somebody_else_dials, OUTBOX_FAILED, REASON_REFUSED},
                {they_want_no_texts, OUTBOX_FAILED, REASON_REFUSED},
                {they_say_stop, OUTBOX_FAILED, REASON_REFUSED},
                {they_move_to_another_phone, OUTBOX_FAILED, REASON_REFUSED},
                {they_give_other_hours, OUTBOX_EXPIRED, REASON_EXPIRED}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        void *stage;
        struct request request;
        open_desk_stage(&stage);
        struct desk_stage *d = stage;
        somebody_asks(d, &(struct wish){.id = 3002, .reference = "2345675", .time = "evening", .texts = "yes"});
        d->now += MINUTE;
        DO(.verb = DESK_REPLY, .operator = d->counsellor, .object = 3002, .text = SPAN("We are here."));
        const int64_t text = d->result.id;
        d->now += 60 * MINUTE;
        rows[i].happens(d);
        d->now = of_text(d, text, "due_at");
        look(d);
        if (of_text(d, text, "state") != rows[i].state || of_text(d, text, "reason") != rows[i].reason)
            fail_msg("row %zu: state %d, reason %d", i, (int)of_text(d, text, "state"),
                     (int)of_text(d, text, "reason"));
        desk_of(d, 3002, &request);
        assert_int_equal(count_of(d, "outbox WHERE state IN (4, 5, 6) AND dealt_at IS NULL"),
                         rows[i].state != OUTBOX_SENDING);
        /* What goes to another phone stands in the outbox alone, and who took it back waits for no text. */
        if (rows[i].happens != they_move_to_another_phone)
            assert_int_equal(request.attention, rows[i].state == OUTBOX_SENDING || rows[i].happens == they_take_it_back
                                                    ? ATTENTION_NONE
                                                    : ATTENTION_TEXT_FAILED);
        close_desk_stage(&stage);
    }
}

/* ---- texts that failed ---- */

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_DESK(a_number_is_shown_for_a_reason_and_when_it_is_safe),
        ON_A_DESK(a_number_is_shown_anew_each_time),
        ON_A_DESK(one_key_leaves_a_line_each_time),
        ON_A_DESK(a_number_is_found_however_it_is_typed),
        ON_A_DESK(whose_number_it_was_is_not_called_there),
        ON_A_DESK(a_call_is_told_of_afterwards_and_not_made_at_another_time),
        ON_A_DESK(three_calls_and_one_text),
        ON_A_DESK(who_allows_texts_gets_one_in_their_hours),
        ON_A_DESK(who_said_no_gets_none),
        ON_A_DESK(whoever_has_the_number_now_is_not_texted),
        ON_A_DESK(their_own_word_on_texts_counts),
        ON_A_DESK(who_asks_to_stop_gets_no_texts),
        ON_A_DESK(a_reply_goes_to_who_allows_texts),
        ON_A_DESK(nobody_is_reached_about_what_is_over),
        ON_A_DESK(a_reply_leaves_when_it_is_safe),
        ON_A_DESK(a_text_that_waits_keeps_to_its_hours),
        cmocka_unit_test(a_reply_is_for_who_it_was_written_to),
        ON_A_DESK(texts_of_others_are_not_dealt_with),
        ON_A_DESK(dealt_with_is_dealt_with),
    };
    return cmocka_run_group_tests(tests, load_desk_service, drop_desk_service);
}
