/* The ways in which a dialect asks and an answer goes: pushed pages, answers in the reply, a way dialled behind the code, several
 * messages a request, who only asks, who is named once. */
#include "talker.h"

static struct said pushed(const char *session, const char *text, const char *link)
{
    return (struct said){.session = session,
                         .text = text,
                         .event = text[0] ? INBOUND_RESUME : INBOUND_NEW,
                         .form = INPUT_LATEST,
                         .link = link,
                         .address = "tel:AZ110"};
}

static int open_pushing_stage(void **state)
{
    open_stage(state);
    struct channel *channel = own_channel(*state, "ussd");
    channel->pushes = true;
    channel->push_expires_ms = 20 * SECOND;
    return 0;
}

/* ---- asynchronous dialects ---- */

static void a_page_is_pushed_in_the_turns_own_commit(void **state)
{
    struct talker *t = *state;
    int64_t began = t->now;
    assert_string_equal(say(t, pushed("s", "", "L1")), "");
    struct outbox_row row = last_sent(t);
    assert_int_equal(row.kind, OUTBOX_PUSH);
    assert_int_equal(row.state, OUTBOX_QUEUED);
    assert_span(row.to, "tel:AZ110");
    assert_span(row.link, "L1");
    assert_true(span_starts_with(row.text, SPAN("Language")));
    assert_int_equal(row.expires_at, began + 20 * SECOND);
    assert_int_equal(row.session, atoll(fixture_ask(t->stage.f, "SELECT id FROM session")));
    assert_string_equal(say(t, pushed("s", "1", "L2")), "");
    assert_string_equal(say(t, pushed("s", "3", "L3")), "");
    row = last_sent(t);
    assert_int_equal(row.kind, OUTBOX_PUSH_END);
    assert_span(row.text, "Bye.");
    assert_span(row.link, "L3");
    assert_int_equal(rows(t, "outbox"), 3);
    assert_int_equal(rows(t, "turn"), 3);
}

static void a_repeated_callback_pushes_nothing(void **state)
{
    struct talker *t = *state;
    struct said first = pushed("s", "", "L1"), one = pushed("s", "1", "L2");
    first.id = "m1";
    one.id = "m2";
    TICK(first, first);
    TICK(one, one);
    assert_string_equal(say(t, one), "");
    assert_string_equal(say(t, first), "");
    assert_int_equal(rows(t, "outbox"), 2);
    struct said bare = pushed("s", "1", "L3"); /* and without an id, within its time */
    TICK(bare, bare);
    t->now -= 5 * SECOND;
    say(t, bare);
    assert_int_equal(rows(t, "outbox"), 3);
    assert_int_equal(rows(t, "turn"), 3);
    say(t, bare);
    assert_int_equal(rows(t, "outbox"), 4);
}

static void a_masked_caller_gets_pages_and_no_texts(void **state)
{
    struct talker *t = *state;
    struct said masked = pushed("s", "", "L1");
    masked.from = "88017****678";
    masked.address = NULL;
    say(t, masked);
    struct outbox_row row = last_sent(t);
    assert_span(row.to, "88017****678");
    masked.event = INBOUND_RESUME;
    masked.text = "1";
    say(t, masked);
    masked.text = "4";
    say(t, masked);
    say(t, masked); /* "a text for you" */
    assert_int_equal(rows(t, "outbox WHERE kind = 0"), 0);
    assert_int_equal(rows(t, "outbox"), 4);
    assert_int_equal(rows(t, "phone WHERE number IS NOT NULL"), 0);
}

static void nobody_is_pushed_to_who_is_not_known(void **state)
{
    struct talker *t = *state;
    struct said unknown = pushed("never seen", "1", "L1");
    unknown.from = "nobody";
    unknown.id = "m1";
    assert_string_equal(say(t, unknown), "");
    assert_string_equal(say(t, unknown), "");
    assert_int_equal(rows(t, "outbox"), 0);
    assert_int_equal(rows(t, "stray WHERE why = 'unknown_session'"), 1);
}

/* ---- answers in the reply ---- */

static void an_answer_in_the_reply_goes_no_other_way(void **state)
{
    struct talker *t = *state;
    own_channel(t, "sms")->answers_in_reply = true;
    char heard[700];
    snprintf(heard, sizeof heard, "%s", text(t, "hello", "a"));
    EXPECT(heard, "CON Language");
    assert_string_equal(text(t, "hello", "a"), heard);
    assert_int_equal(rows(t, "outbox WHERE state = 2 AND attempts = 1"), 1);
    assert_int_equal(rows(t, "outbox"), 1);
    assert_int_equal(rows(t, "turn WHERE flags & 256"), 1);
}

static void several_messages_in_a_request_have_one_reply_and_it_is_nobodys(void **state)
{
    struct talker *t = *state;
    own_channel(t, "sms")->answers_in_reply = true;
    struct said one = {.text = "hello", .kind = INBOUND_SMS, .id = "a", .in_batch = true}, two = one;
    two.from = "+8801712345670";
    two.id = "b";
    TICK(one, two, one);
    assert_string_equal(t->heard[0], "");
    assert_string_equal(t->heard[1], "");
    assert_int_equal(rows(t, "outbox WHERE state = 0"), 2);
    one.in_batch = false;
    assert_string_equal(say(t, one), ""); /* it was not in the reply then, it is not now */
    assert_int_equal(rows(t, "outbox"), 2);
}

static void what_was_not_answered_is_not_answered_when_it_comes_again(void **state)
{
    struct talker *t = *state;
    own_channel(t, "sms")->answers_in_reply = true;
    char id[16];
    for (int i = 0; i < 70; i++) {
        snprintf(id, sizeof id, "m%d", i);
        text(t, "what is this about", id);
        t->now -= 4 * SECOND;
    }
    assert_string_equal(text(t, "what is this about", "last"), "");
    assert_string_equal(text(t, "what is this about", "last"), "");
}

static void the_last_words_to_the_forgotten_are_not_kept(void **state)
{
    struct talker *t = *state;
    own_channel(t, "sms")->answers_in_reply = true;
    static const char *const keys[] = {"hello", "1", "4", "2"};
    for (size_t i = 0; i < 4; i++)
        text(t, keys[i], keys[i]);
    assert_int_equal(rows(t, "outbox"), 4);
    assert_int_equal(rows(t, "outbox WHERE length(text) > 0"), 0);
}

/* ---- several messages a request ---- */

static void what_cannot_be_attributed_is_kept_and_answered_to_nobody(void **state)
{
    struct talker *t = *state;
    struct said bad = {.kind = INBOUND_UNREADABLE, .from = "nobody", .undecodable = true, .in_batch = true};
    struct said good = {.text = "hello", .kind = INBOUND_SMS, .id = "a", .in_batch = true};
    TICK(bad, good, bad);
    assert_int_equal(rows(t, "stray WHERE why = 'unreadable'"), 2); /* nothing tells them apart */
    assert_int_equal(rows(t, "turn"), 1);
    bad.id = "x";
    TICK(bad, bad, good);
    say(t, bad);
    assert_int_equal(rows(t, "stray"), 3);
    assert_int_equal(rows(t, "turn"), 1);
}

static void a_machines_message_is_kept_once(void **state)
{
    struct talker *t = *state;
    struct said machine = {.text = "Your balance is low", .kind = INBOUND_SMS, .from = "BANK", .id = "a"},
                other = machine;
    other.id = "b";
    TICK(machine, machine, other);
    say(t, machine);
    assert_int_equal(rows(t, "stray WHERE why = 'not_a_number'"), 2);
    assert_int_equal(rows(t, "outbox"), 0);
    machine.id = NULL;
    say(t, machine);
    say(t, machine);
    assert_int_equal(rows(t, "stray"), 4);
    machine.reference = "r";
    machine.number = 1;
    machine.total = 2;
    say(t, machine); /* nor is it waited for */
    assert_int_equal(rows(t, "stray"), 5);
    assert_int_equal(rows(t, "part"), 0);
}

/* ---- who only asks, who hangs up ---- */

static void who_asks_is_told_and_nothing_moves(void **state)
{
    struct talker *t = *state;
    struct said ask = {.session = "s", .event = INBOUND_ASK};
    assert_string_equal(say(t, ask), "");
    assert_false(t->open[0]);
    assert_int_equal(rows(t, "phone"), 0);
    latest(t, "s", "", INBOUND_NEW);
    say(t, ask);
    assert_true(t->open[0]);
    ask.from = "nobody";
    say(t, ask);
    assert_true(t->open[0]);
    ask.from = "+8801712345670";
    say(t, ask);
    assert_false(t->open[0]); /* it is somebody else's */
    ask.from = NULL;
    assert_int_equal(rows(t, "turn"), 1);
    t->now += stage_channel(&t->stage, "ussd")->silence_ms;
    say(t, ask);
    assert_false(t->open[0]);
    latest(t, "u", "1", INBOUND_NEW);
    ask.session = "u";
    say(t, (struct said){.session = "u", .event = INBOUND_CLOSE, .cause = END_ABORTED});
    say(t, ask);
    assert_false(t->open[0]);
    assert_int_equal(rows(t, "session WHERE cause = 6"), 1);
}

static void a_close_is_acknowledged_whoevers_it_is(void **state)
{
    struct talker *t = *state;
    struct said end = {.session = "never", .event = INBOUND_CLOSE, .cause = END_TIMEOUT};
    assert_string_equal(say(t, end), "");
    end.from = "nobody";
    assert_string_equal(say(t, end), "");
    assert_int_equal(rows(t, "session"), 0);
    assert_int_equal(rows(t, "stray"), 0);
}

/* ---- a way dialled behind the code ---- */

static const char *dial_way(struct talker *t, const char *session, const char *text, const char *way)
{
    return say(t, (struct said){.session = session, .text = text, .way = way, .event = INBOUND_NEW});
}

static void a_way_is_walked_and_only_its_last_step_does_something(void **state)
{
    struct talker *t = *state;
    EXPECT(dial_way(t, "s", "*384*1*1*1#", "1*1*1"), "CON Deeper");
    assert_int_equal(rows(t, "turn WHERE flags & 64"), 1);
    assert_int_equal(rows(t, "phone WHERE lang IS NOT NULL"), 0);
    EXPECT(say(t, (struct said){.session = "s", .text = "1", .form = INPUT_LATEST_AFTER_CODE, .event = INBOUND_RESUME}),
           "CON Deepest");
    EXPECT(dial_way(t, "u", "*384*1#", "1"), "CON Small");
    assert_int_equal(rows(t, "phone WHERE lang IS NOT NULL"), 1);
    EXPECT(dial_way(t, "v", "*384*4*1#", "4*1"), "CON Settings"); /* no shortcut through it */
    assert_int_equal(rows(t, "phone WHERE opted_out"), 0);
    EXPECT(dial_way(t, "w", "*384*6#", "6"), "END Sent.");
    assert_int_equal(rows(t, "request"), 1);
    EXPECT(dial_way(t, "w", "*384*6#", "6"), "END Sent.");
    assert_int_equal(rows(t, "request"), 2); /* five seconds later: dialled anew */
}

static void a_way_is_no_answer(void **state)
{
    struct talker *t = *state;
    EXPECT(
        say(t, (struct said){.session = "s", .text = "*384#", .form = INPUT_LATEST_AFTER_CODE, .event = INBOUND_NEW}),
        "CON Language");
    assert_int_equal(rows(t, "turn WHERE input IS NOT NULL"), 0);
    EXPECT(say(t, (struct said){.session = "s", .text = "1", .way = "9", .event = INBOUND_RESUME}), "CON Small");
}

static void a_dialled_way_goes_past_the_offer(void **state)
{
    struct talker *t = *state;
    EXPECT(dial_way(t, "s", "*384*1*1*1#", "1*1*1"), "CON Deeper");
    EXPECT(dial_way(t, "u", "*384#", NULL), "CON Welcome back");
    EXPECT(dial_way(t, "v", "*384*1*3#", "1*3"), "END Bye");
}

/* ---- what begins anew, and what does not ---- */

static void a_live_session_that_is_said_to_be_new_is(void **state)
{
    struct talker *t = *state;
    latest(t, "s", "", INBOUND_NEW);
    EXPECT(latest(t, "s", "1", INBOUND_RESUME), "CON Small");
    EXPECT(latest(t, "s", "", INBOUND_NEW), "CON Small");
    assert_int_equal(rows(t, "session"), 2);
    assert_int_equal(rows(t, "session WHERE cause = 5"), 1);
    struct said again = {.session = "s", .text = "3", .form = INPUT_CUMULATIVE, .phase_says_new = true};
    EXPECT(say(t, again), "END Bye");
    assert_int_equal(rows(t, "session"), 3);
}

static void nothing_merges_that_is_not_the_same(void **state)
{
    struct talker *t = *state;
    struct said mine = {.session = "7", .text = "", .event = INBOUND_NEW}, hers = mine, one = mine;
    hers.from = "+8801712345670";
    TICK(mine, mine, hers, hers); /* the aggregator counts its sessions from 1 again */
    assert_int_equal(rows(t, "session"), 2);
    assert_int_equal(rows(t, "turn"), 2);
    one.event = INBOUND_RESUME;
    one.text = "1";
    mine = one;
    mine.session = "8";
    one.from = hers.from;
    TICK(one, mine);
    assert_int_equal(rows(t, "session"), 3);
    assert_int_equal(rows(t, "turn"), 4);
}

/* ---- who is named once ---- */

static void who_is_named_once_can_be_called_back(void **state)
{
    struct talker *t = *state;
    own_channel(t, "ussd")->names_caller_once = true;
    latest(t, "s", "", INBOUND_NEW);
    assert_int_equal(rows(t, "phone WHERE number IS NOT NULL"), 1);
    struct said next = {.session = "s", .text = "1", .event = INBOUND_RESUME, .from = "nobody"};
    EXPECT(say(t, next), "CON Small");
    next.text = "6";
    EXPECT(say(t, next), "END Sent. Ref ");
    assert_int_equal(rows(t, "request"), 1);
    assert_int_equal(rows(t, "phone"), 1);
    latest(t, "u", "", INBOUND_NEW);
    next.session = "u";
    next.text = "4";
    say(t, next);
    say(t, next);
    struct outbox_row row = last_sent(t);
    assert_span(row.to, MOBILE);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_stage, close_stage)
#define PUSHING(name) cmocka_unit_test_setup_teardown(name, open_pushing_stage, close_stage)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PUSHING(a_page_is_pushed_in_the_turns_own_commit),
        PUSHING(a_repeated_callback_pushes_nothing),
        PUSHING(a_masked_caller_gets_pages_and_no_texts),
        PUSHING(nobody_is_pushed_to_who_is_not_known),
        CASE(an_answer_in_the_reply_goes_no_other_way),
        CASE(the_last_words_to_the_forgotten_are_not_kept),
        CASE(several_messages_in_a_request_have_one_reply_and_it_is_nobodys),
        CASE(what_was_not_answered_is_not_answered_when_it_comes_again),
        CASE(what_cannot_be_attributed_is_kept_and_answered_to_nobody),
        CASE(a_machines_message_is_kept_once),
        CASE(who_asks_is_told_and_nothing_moves),
        CASE(a_close_is_acknowledged_whoevers_it_is),
        CASE(a_way_is_walked_and_only_its_last_step_does_something),
        CASE(a_way_is_no_answer),
        CASE(a_dialled_way_goes_past_the_offer),
        CASE(a_live_session_that_is_said_to_be_new_is),
        CASE(nothing_merges_that_is_not_the_same),
        CASE(who_is_named_once_can_be_called_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
