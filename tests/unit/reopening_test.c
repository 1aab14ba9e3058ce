/* reopening: what somebody writes while their request waits, or after it was closed, is seen at the desk; looking is not writing. */
#include "talker.h"

#include "store/desk.h"

#define DAY (24 * (int64_t)HOUR)

/* Somebody with a request, past the language page. Its id. */
static int64_t ask_for_a_call(struct talker *t)
{
    be_known(t);
    EXPECT(dial(t, "ask", "6"), "END Sent");
    return atoll(fixture_ask(t->stage.f, "SELECT id FROM request"));
}

static struct request_desk load(struct talker *t, int64_t id, struct request *request)
{
    struct fixture *f = t->stage.f;
    struct request_desk desk;
    OK(store_load_request(f->store, id, f->arena, request, &desk, &f->err));
    return desk;
}

static void close_it(struct talker *t, int64_t id)
{
    struct fixture *f = t->stage.f;
    struct request request;
    struct request_desk desk = load(t, id, &request);
    desk.outcome = CLOSED_HELPED;
    desk.attempts = 2;
    request.state = REQUEST_CLOSED;
    request.step = STEP_CLOSED;
    request.changed_at = t->now;
    OK(SAVE({.kind = CHANGE_REQUEST_STATE, .request = {.row = &request, .by = BY_OPERATOR}},
            {.kind = CHANGE_REQUEST_DESK, .desk = {.request = id, .row = &desk}}));
}

static void let_it_wait(struct talker *t, int64_t id)
{
    struct fixture *f = t->stage.f;
    const struct request_desk desk = {.wait_until = t->now + 3 * DAY};
    OK(SAVE({.kind = CHANGE_REQUEST_DESK, .desk = {.request = id, .row = &desk}}));
}

static void a_new_word_is_seen(void **state)
{
    struct talker *t = *state;
    struct request request;
    const int64_t id = ask_for_a_call(t);
    load(t, id, &request);
    assert_int_equal(request.attention, ATTENTION_NONE);
    text(t, "Please call my sister instead", "a");
    load(t, id, &request);
    assert_int_equal(request.attention, ATTENTION_NEW_WORD);
    assert_int_equal(request.version, 1); /* who has it open loses nothing */
}

/* By its line a page tells what it shows from what it does not; what its person is told of it ("called at ten") stays as it was. */
static void each_new_word_has_its_line(void **state)
{
    struct talker *t = *state;
    struct request before, request;
    const int64_t id = ask_for_a_call(t);
    load(t, id, &before);
    for (int said = 1; said <= 3; said++) {
        t->now += DAY / 24;
        text(t, "Please call my sister instead", (const char *[]){"a", "b", "c"}[said - 1]);
        load(t, id, &request);
        assert_int_equal(rows(t, "request_step WHERE step = 11 AND by = 0"), said);
        assert_int_equal(request.changed_at, before.changed_at);
    }
}

static void a_new_word_ends_the_waiting(void **state)
{
    struct talker *t = *state;
    struct request request;
    const int64_t id = ask_for_a_call(t);
    let_it_wait(t, id);
    text(t, "I can talk now", "a");
    assert_int_equal(load(t, id, &request).wait_until, 0);
    assert_int_equal(request.step, STEP_MADE); /* what its person is told of it is as it was */
    assert_int_equal(request.version, 1);
    static const char lines[] = "request_step WHERE step = 10 AND by = 0";
    assert_int_equal(rows(t, lines), 1);
    text(t, "Please", "b"); /* it waits no longer */
    assert_int_equal(rows(t, lines), 1);
    assert_int_equal(rows(t, "request_step WHERE step = 11 AND by = 0"), 1);
}

static void a_new_word_opens_what_was_closed(void **state)
{
    struct talker *t = *state;
    struct request request;
    const int64_t id = ask_for_a_call(t);
    close_it(t, id);
    t->now += 29 * DAY;
    text(t, "It happened again", "a");
    const struct request_desk desk = load(t, id, &request);
    assert_int_equal(request.state, REQUEST_WAITING);
    assert_int_equal(request.step, STEP_REOPENED);
    assert_int_equal(request.attention, ATTENTION_NEW_WORD);
    assert_int_equal(desk.outcome, CLOSED_NOT);
    assert_int_equal(desk.attempts, 0);
    assert_true(request.due_at > t->now);
}

static void after_a_month_it_is_another_matter(void **state)
{
    struct talker *t = *state;
    struct request request;
    const int64_t id = ask_for_a_call(t);
    close_it(t, id);
    t->now += 31 * DAY;
    text(t, "Thank you again", "a");
    load(t, id, &request);
    assert_int_equal(request.state, REQUEST_CLOSED);
    assert_int_equal(request.attention, ATTENTION_NONE);
}

/* Thirty days after it was closed is within them. */
static void a_month_has_thirty_days(void **state)
{
    struct talker *t = *state;
    struct request request;
    const int64_t id = ask_for_a_call(t);
    close_it(t, id);
    const int64_t closed = (load(t, id, &request), request.changed_at);
    t->now = closed + 30 * DAY + 1;
    text(t, "Too late", "a");
    load(t, id, &request);
    assert_int_equal(request.state, REQUEST_CLOSED);
    t->now = closed + 30 * DAY;
    text(t, "Just in time", "b");
    load(t, id, &request);
    assert_int_equal(request.state, REQUEST_WAITING);
}

static void hire_cora(struct talker *t)
{
    struct fixture *f = t->stage.f;
    const struct operator cora = {.id = 7001,
                                  .name = SPAN("cora"),
                                  .shown = SPAN("Cora"),
                                  .roles = ROLE_BIT(ROLE_COUNSELLOR),
                                  .password = SPAN("$argon2id$x"),
                                  .created_at = t->now,
                                  .changed_at = t->now,
                                  .version = 1};
    OK(SAVE({.kind = CHANGE_OPERATOR, .operator = {&cora}}));
}

/* Who asked not to be called any more may be called again once they write; a page or a keyword says nothing of it. */
static void a_new_word_asks_for_calls_again(void **state)
{
    struct talker *t = *state;
    struct fixture *f = t->stage.f;
    struct request request;
    const int64_t id = ask_for_a_call(t);
    const struct attempt stop = {
        .id = 9001, .request = id, .operator = 7001, .at = t->now, .result = ATTEMPT_ASKED_TO_STOP};
    hire_cora(t);
    OK(SAVE({.kind = CHANGE_ATTEMPT, .attempt = {&stop}}));
    t->now += HOUR;
    text(t, "STOP", "a");
    dial(t, "look", "5"); /* how it stands */
    assert_int_equal(load(t, id, &request).stopped_at, stop.at);
    text(t, "Please call me after all", "b");
    assert_int_equal(load(t, id, &request).stopped_at, 0);
    assert_int_equal(request.attention, ATTENTION_NEW_WORD);
    static const char lines[] = "request_step WHERE step = 10 AND by = 0";
    assert_int_equal(rows(t, lines), 1);
    text(t, "Please", "c");
    assert_int_equal(rows(t, lines), 1);
}

/* Whose it was has it again, and as much time for it as for a new one; it is the person who opened it. */
static void it_comes_back_to_who_had_it(void **state)
{
    struct talker *t = *state;
    struct fixture *f = t->stage.f;
    struct request request;
    const int64_t id = ask_for_a_call(t);
    struct request_desk desk = {.assignee = 7001, .assigned_at = t->now};
    hire_cora(t);
    OK(SAVE({.kind = CHANGE_REQUEST_DESK, .desk = {.request = id, .row = &desk}}));
    close_it(t, id);
    t->now += 10 * DAY;
    const int64_t now = t->now;
    text(t, "It happened again", "a");
    desk = load(t, id, &request);
    assert_int_equal(request.state, REQUEST_ASSIGNED);
    assert_int_equal(desk.assignee, 7001);
    assert_int_equal(desk.assigned_at, now);
    assert_int_equal(rows(t, "request_step WHERE step = 9 AND by = 0"), 1);
}

static void two_words_in_one_tick_are_one_opening(void **state)
{
    struct talker *t = *state;
    struct request request;
    const int64_t id = ask_for_a_call(t);
    close_it(t, id);
    TICK({.text = "It happened again", .kind = INBOUND_SMS, .id = "a", .event = INBOUND_RESUME},
         {.text = "Are you there", .kind = INBOUND_SMS, .id = "b", .event = INBOUND_RESUME});
    load(t, id, &request);
    assert_int_equal(request.state, REQUEST_WAITING);
    assert_int_equal(rows(t, "request_step WHERE step = 9"), 1);
}

static void keys_keywords_and_looking_are_no_words(void **state)
{
    struct talker *t = *state;
    struct request request;
    const int64_t id = ask_for_a_call(t);
    close_it(t, id);
    text(t, "GO ON", "a");
    text(t, "5", "b"); /* how it stands */
    text(t, "0", "c");
    dial(t, "look", "5");
    text(t, "STOP", "d");
    load(t, id, &request);
    assert_int_equal(request.state, REQUEST_CLOSED);
    assert_int_equal(request.attention, ATTENTION_NONE);
}

static void a_listed_word_is_a_word(void **state)
{
    struct talker *t = *state;
    struct request request;
    const int64_t id = ask_for_a_call(t);
    let_it_wait(t, id);
    text(t, "he beat me", "a");
    assert_int_equal(load(t, id, &request).wait_until, 0);
    assert_int_equal(request.attention, ATTENTION_NEW_WORD);
}

#define TALKING(test) cmocka_unit_test_setup_teardown(test, open_stage, close_stage)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TALKING(a_new_word_is_seen),
        TALKING(each_new_word_has_its_line),
        TALKING(a_new_word_ends_the_waiting),
        TALKING(a_new_word_opens_what_was_closed),
        TALKING(after_a_month_it_is_another_matter),
        TALKING(a_month_has_thirty_days),
        TALKING(a_new_word_asks_for_calls_again),
        TALKING(it_comes_back_to_who_had_it),
        TALKING(two_words_in_one_tick_are_one_opening),
        TALKING(keys_keywords_and_looking_are_no_words),
        TALKING(a_listed_word_is_a_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
