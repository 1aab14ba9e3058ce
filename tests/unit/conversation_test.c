/* conversation: whose message it is, whether it was answered before, what follows. The real steps on a real store. */
#include "talker.h"

/* ---- repeats ---- */

static void a_cumulative_text_is_a_repeat_for_any_earlier_step(void **state)
{
    struct talker *t = *state;
    static const char *const texts[] = {"", "1", "1*1", "1*1*1"};
    char first[4][700];
    for (size_t i = 0; i < 4; i++)
        snprintf(first[i], sizeof first[i], "%s", dial(t, "s", texts[i]));
    EXPECT(first[3], "CON Deeper");
    int turns = rows(t, "turn");
    for (size_t i = 1; i < 4; i++) /* an empty text starts anew once an answer was given */
        assert_string_equal(dial(t, "s", texts[i]), first[i]);
    assert_int_equal(rows(t, "turn"), turns);
    EXPECT(dial(t, "s", "1*1*1*1"), "CON Deepest"); /* and the session stands where it stood */
}

static void repeats_in_one_tick_are_one_step(void **state)
{
    struct talker *t = *state;
    dial(t, "s", "");
    struct said one = {.session = "s", .text = "1", .form = INPUT_CUMULATIVE};
    TICK(one, one, {.session = "s", .text = "1*1", .form = INPUT_CUMULATIVE}, one);
    EXPECT(t->heard[0], "CON Small");
    EXPECT(t->heard[2], "CON Again");
    assert_string_equal(t->heard[1], t->heard[0]);
    assert_string_equal(t->heard[3], t->heard[0]);
    assert_int_equal(rows(t, "turn"), 3);
}

static void an_empty_text_is_a_repeat_until_an_answer_was_given(void **state)
{
    struct talker *t = *state;
    EXPECT(dial(t, "s", ""), "CON Language");
    EXPECT(dial(t, "s", ""), "CON Language");
    assert_int_equal(rows(t, "turn"), 1);
    assert_int_equal(rows(t, "session"), 1);
    EXPECT(dial(t, "s", "1"), "CON Small");
    EXPECT(dial(t, "s", ""), "CON Small");
    assert_int_equal(rows(t, "session"), 2);
    EXPECT(dial(t, "s", "1"), "CON Again"); /* of the new session: what the old one had as "1" is not meant */
}

static void an_empty_text_and_its_answer_in_one_tick_begin_anew(void **state)
{
    struct talker *t = *state;
    dial(t, "s", "");
    dial(t, "s", "1");
    TICK({.session = "s", .text = "", .form = INPUT_CUMULATIVE},
         {.session = "s", .text = "1", .form = INPUT_CUMULATIVE},
         {.session = "s", .text = "", .form = INPUT_CUMULATIVE});
    EXPECT(t->heard[0], "CON Small");
    EXPECT(t->heard[1], "CON Again");
    EXPECT(t->heard[2], "CON Welcome back");
    assert_int_equal(rows(t, "session"), 3);
}

static void a_replayed_first_text_counts_as_an_answer(void **state)
{
    struct talker *t = *state;
    be_known(t);
    EXPECT(dial(t, "s", "1*1"), "CON Deeper");
    EXPECT(dial(t, "s", ""), "CON Welcome back");
}

static void a_messages_id_tells_repeats_apart(void **state)
{
    struct talker *t = *state;
    EXPECT(text(t, "hello", "a"), "CON Language");
    EXPECT(text(t, "1", "b"), "CON Small");
    EXPECT(text(t, "1", "c"), "CON Again"); /* the same words, another message */
    int turns = rows(t, "turn");
    EXPECT(text(t, "hello", "a"), "CON Language");
    EXPECT(text(t, "1", "b"), "CON Small");
    t->now += 48 * (int64_t)HOUR;
    EXPECT(text(t, "1", "c"), "CON Again");
    assert_int_equal(rows(t, "turn"), turns);
    assert_int_equal(rows(t, "outbox"), 3);
    EXPECT(say(t, (struct said){.text = "1", .kind = INBOUND_SMS, .id = "a", .from = "+8801712345670"}),
           "CON Language");
    assert_int_equal(rows(t, "turn"), turns + 1); /* an id is its sender's */
}

static void an_id_outlives_its_session_within_a_tick(void **state)
{
    struct talker *t = *state;
    text(t, "hello", "a");
    text(t, "1", "b");
    struct said bye = {.text = "3", .kind = INBOUND_SMS, .id = "c"},
                next = {.text = "hi", .kind = INBOUND_SMS, .id = "d"};
    TICK(bye, next, bye);
    EXPECT(t->heard[0], "END Bye");
    EXPECT(t->heard[1], "CON Small");
    assert_string_equal(t->heard[2], t->heard[0]);
    assert_int_equal(rows(t, "turn"), 4);
}

static void without_an_id_only_the_latest_input_within_its_time_is_a_repeat(void **state)
{
    struct talker *t = *state;
    int64_t repeat_ms = stage_channel(&t->stage, "ussd")->repeat_ms;
    assert_int_equal(repeat_ms, 1500);
    latest(t, "s", "", INBOUND_NEW);
    EXPECT(latest(t, "s", "1", INBOUND_RESUME), "CON Small");
    EXPECT(latest(t, "s", "1", INBOUND_RESUME), "CON Again"); /* five seconds later: meant twice */
    t->now += repeat_ms - 5 * SECOND;
    EXPECT(latest(t, "s", "1", INBOUND_RESUME), "CON Again"); /* on the boundary: a repeat */
    assert_int_equal(rows(t, "turn"), 3);
    t->now += 1 - 5 * SECOND;
    EXPECT(latest(t, "s", "1", INBOUND_RESUME), "CON Deeper");
    struct said back = {.session = "s", .text = "0", .event = INBOUND_RESUME}, one = back;
    one.text = "1";
    TICK(back, one, one, back);
    EXPECT(t->heard[0], "CON Again");
    EXPECT(t->heard[1], "CON Deeper");
    EXPECT(t->heard[2], "CON Deeper"); /* the same again at once */
    EXPECT(t->heard[3], "CON Again");  /* another one was between */
}

/* ---- cumulative texts that are not the next step ---- */

static void an_unknown_session_is_replayed_and_only_its_last_part_has_effects(void **state)
{
    struct talker *t = *state;
    EXPECT(dial(t, "s", "2*4*3"), "CON Setting"); /* "Settings" takes no shortcut: what follows it is dropped */
    assert_int_equal(rows(t, "phone WHERE lang IS NOT NULL"), 0);
    EXPECT(dial(t, "u", "1*1*1"), "CON Deeper");
    assert_int_equal(rows(t, "turn WHERE flags & 64"), 2);
    EXPECT(dial(t, "u", "1*1*1*1"), "CON Deepest");
    EXPECT(dial(t, "v", "1"), "CON Small"); /* the last part: its language is remembered */
    assert_int_equal(rows(t, "phone WHERE lang IS NOT NULL"), 1);
}

static void a_replay_stops_at_a_form_and_keeps_nothing_of_what_it_dropped(void **state)
{
    struct talker *t = *state;
    be_known(t);
    EXPECT(dial(t, "s", "2*Rahima Begum*1*1"), "CON Your name?");
    assert_int_equal(rows(t, "request"), 0);
    assert_int_equal(rows(t, "answer"), 0);
    assert_string_equal(fixture_ask(t->stage.f, "SELECT input FROM turn WHERE flags & 64"), "2");
    EXPECT(dial(t, "s", "2*Rahima Begum*1*1*Rahima"),
           "CON When?"); /* the answer is what came after all that was seen */
}

static void a_request_in_a_replay_is_made_by_the_last_part_only(void **state)
{
    struct talker *t = *state;
    be_known(t);
    EXPECT(dial(t, "s", "6"), "END Sent. Ref ");
    assert_int_equal(rows(t, "request"), 1);
    EXPECT(dial(t, "u", "6*1"), "CON Small"); /* a part before the last never does anything */
    assert_int_equal(rows(t, "request"), 1);
}

static void a_text_out_of_order_moves_nothing(void **state)
{
    struct talker *t = *state;
    be_known(t);
    dial(t, "s", "");
    EXPECT(dial(t, "s", "1*1"),
           "CON Pick a number."); /* "1" is still on its way: "1*1" is one answer here, and none on this page */
    EXPECT(dial(t, "s", "1"), "CON ");
    EXPECT(dial(t, "s", "7*7"), "CON ");
    int turns = rows(t, "turn");
    EXPECT(dial(t, "s", "1*1*1"), "CON Again"); /* the third part, not "1*1" */
    assert_string_equal(fixture_ask(t->stage.f, "SELECT input FROM turn ORDER BY session DESC, number DESC LIMIT 1"),
                        "1");
    assert_int_equal(rows(t, "turn"), turns + 1);
}

static void stars_belong_to_the_answer(void **state)
{
    struct talker *t = *state;
    be_known(t);
    dial(t, "s", "");
    dial(t, "s", "2");
    EXPECT(dial(t, "s", "2*a*b***"), "CON When?");
    dial(t, "s", "2*a*b****1");
    EXPECT(dial(t, "s", "2*a*b****1*1"), "END Sent");
    assert_int_equal(rows(t, "request"), 1);
}

static void a_bare_star_is_an_empty_answer(void **state)
{
    struct talker *t = *state;
    EXPECT(dial(t, "s", ""), "CON Language");
    EXPECT(dial(t, "s", "*"), "CON Language");
    EXPECT(dial(t, "s", "**1"), "CON Small");
    EXPECT(dial(t, "s", "**1*"), "CON Small");
    EXPECT(dial(t, "s", "**1**1"), "CON Again");
    assert_int_equal(rows(t, "session"), 1);
}

static void the_extension_of_a_shared_code_is_no_answer(void **state)
{
    struct talker *t = *state;
    be_known(t);
    struct said bare = {.session = "s", .text = "77", .form = INPUT_CUMULATIVE, .strip = 1}, one = bare;
    one.text = "77*1";
    EXPECT(say(t, bare), "CON Small");
    EXPECT(say(t, bare), "CON Small");
    assert_int_equal(rows(t, "turn WHERE session = (SELECT max(id) FROM session)"), 1);
    EXPECT(say(t, one), "CON Again");
    one.text = "77*1*1";
    EXPECT(say(t, one), "CON Deeper");
    EXPECT(say(t, bare), "CON Welcome back");
}

/* ---- whose session ---- */

static void an_id_is_used_again_after_its_end(void **state)
{
    struct talker *t = *state;
    be_known(t);
    dial(t, "s", "");
    EXPECT(dial(t, "s", "3"), "END Bye");
    EXPECT(dial(t, "s", "3"), "END Bye"); /* a repeat of the end */
    EXPECT(dial(t, "s", ""), "CON Small");
    EXPECT(dial(t, "s", "1"), "CON Again");
    assert_int_equal(rows(t, "session"), 3);
}

static void an_id_used_again_by_another_caller_shows_nothing_of_the_first(void **state)
{
    struct talker *t = *state;
    be_known(t);
    dial(t, "s", "");
    dial(t, "s", "2");
    EXPECT(dial(t, "s", "2*Rahima"), "CON When?");
    struct said other = {.session = "s", .text = "2*Rahima", .form = INPUT_CUMULATIVE, .from = "+8801812345678"};
    EXPECT(say(t, other), "CON "); /* the other's own replay: no repeat of hers */
    assert_null(strstr(t->heard[0], "When?"));
    struct said third = {.session = "s", .text = "2*Rahima", .form = INPUT_CUMULATIVE, .from = "+8801912345678"};
    struct said hers = {.session = "s", .text = "2*Rahima*1", .form = INPUT_CUMULATIVE};
    TICK(third, hers);
    assert_null(strstr(t->heard[0], "When?"));
    EXPECT(t->heard[1], "CON Your name?"); /* a session of her own again, played from its beginning */
    assert_int_equal(rows(t, "(SELECT DISTINCT phone FROM session)"), 3);
}

static void an_end_is_told_once_and_its_first_cause_stays(void **state)
{
    struct talker *t = *state;
    be_known(t);
    static const struct {
        enum inbound_kind kind;
        enum inbound_event event;
        enum end_cause said, kept;
    } cases[] = {
        {INBOUND_NOTIFY, INBOUND_CLOSE, END_CLOSED, END_CLOSED},
        {INBOUND_NOTIFY, INBOUND_CLOSE, END_TIMEOUT, END_TIMEOUT},
        {INBOUND_NOTIFY, INBOUND_RESUME, END_FAILED, END_FAILED},
        {INBOUND_USSD, INBOUND_CLOSE, END_NONE, END_CLOSED},
        {INBOUND_NOTIFY, INBOUND_CLOSE, END_ANSWERED, END_CLOSED}, /* the page was open: "answered" is ours to say */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char session[16], query[64];
        snprintf(session, sizeof session, "s%zu", i);
        dial(t, session, "");
        struct said end = {.session = session, .kind = cases[i].kind, .event = cases[i].event, .cause = cases[i].said};
        assert_string_equal(say(t, end), "");
        end.cause = END_TIMEOUT;
        assert_string_equal(say(t, end), "");
        snprintf(query, sizeof query, "SELECT cause FROM session ORDER BY id DESC LIMIT 1");
        assert_int_equal(atoi(fixture_ask(t->stage.f, query)), cases[i].kept);
    }
    struct said unknown = {.session = "never", .kind = INBOUND_NOTIFY, .event = INBOUND_CLOSE, .cause = END_CLOSED};
    int sessions = rows(t, "session");
    assert_string_equal(say(t, unknown), "");
    assert_int_equal(rows(t, "session"), sessions);
}

static void an_answer_after_a_close_is_still_taken(void **state)
{
    struct talker *t = *state;
    be_known(t);
    dial(t, "s", "");
    dial(t, "s", "1");
    say(t, (struct said){.session = "s", .kind = INBOUND_NOTIFY, .event = INBOUND_CLOSE, .cause = END_TIMEOUT});
    assert_int_equal(rows(t, "session WHERE ended_at IS NULL"), 0);
    EXPECT(dial(t, "s", "1*1"), "CON Deeper");
    assert_int_equal(rows(t, "session WHERE ended_at IS NULL"), 1);
    latest(t, "l", "", INBOUND_NEW);
    say(t, (struct said){.session = "l", .event = INBOUND_CLOSE});
    EXPECT(latest(t, "l", "1", INBOUND_RESUME), "CON Deeper"); /* takes up the offer that was on the screen */
}

static void a_caller_named_only_at_first_is_known_by_the_session(void **state)
{
    struct talker *t = *state;
    be_known(t);
    dial(t, "s", "");
    EXPECT(say(t, (struct said){.session = "s", .text = "1", .form = INPUT_CUMULATIVE, .from = "nobody"}), "CON Again");
    EXPECT(say(t, (struct said){.session = "unseen", .text = "1", .form = INPUT_CUMULATIVE, .from = "nobody"}),
           "END Call 999");
    assert_int_equal(rows(t, "stray WHERE why = 'unknown_session'"), 1);
}

/* ---- a drop is not an end ---- */

static void to_the_form(struct talker *t, const char *session)
{
    dial(t, session, "");
    dial(t, session, "2");
    EXPECT(dial(t, session, "2*Rahima"), "CON When?");
}

static void a_dropped_call_is_offered_and_goes_on(void **state)
{
    struct talker *t = *state;
    be_known(t);
    to_the_form(t, "s");
    EXPECT(dial(t, "u", ""), "CON Welcome back");
    assert_int_equal(rows(t, "session WHERE cause = 5"), 1);
    EXPECT(dial(t, "v", ""), "CON Welcome back"); /* dropped at the offer: offered again */
    EXPECT(dial(t, "v", "1"), "CON When?");
    EXPECT(dial(t, "w", ""), "CON Welcome back"); /* and again after it went on */
    EXPECT(dial(t, "w", "1"), "CON When?");
    dial(t, "w", "1*1");
    EXPECT(dial(t, "w", "1*1*1"), "END Sent");
    assert_int_equal(rows(t, "entry WHERE state = 1"), 1);
    assert_int_equal(rows(t, "entry"), 1);
    EXPECT(dial(t, "x", ""), "CON Small"); /* what is finished is not offered */
}

static void who_starts_again_is_not_asked_again(void **state)
{
    struct talker *t = *state;
    be_known(t);
    to_the_form(t, "s");
    EXPECT(dial(t, "u", ""), "CON Welcome back");
    EXPECT(dial(t, "u", "2"), "CON Small");
    assert_int_equal(rows(t, "entry WHERE state = 2"), 1); /* given up */
    EXPECT(dial(t, "v", ""), "CON Small");
}

static void an_offer_expires(void **state)
{
    struct talker *t = *state;
    be_known(t);
    to_the_form(t, "s");
    int64_t dropped_at = t->now - 5 * SECOND;
    t->now = dropped_at + 24 * (int64_t)HOUR;
    EXPECT(dial(t, "u", ""), "CON Welcome back");
    EXPECT(dial(t, "v", ""), "CON Small");
}

static void a_drop_on_one_channel_is_offered_on_the_other(void **state)
{
    struct talker *t = *state;
    be_known(t);
    text(t, "hello", "old"); /* an SMS session from before must not hide the call */
    to_the_form(t, "s");
    EXPECT(text(t, "hi", "a"), "CON Welcome back");
    EXPECT(text(t, "1", "b"), "CON When?");
    EXPECT(dial(t, "u", ""), "CON Welcome back"); /* and the other way round */
    EXPECT(dial(t, "u", "1"), "CON When?");
}

static void a_silent_text_conversation_is_offered_later(void **state)
{
    struct talker *t = *state;
    text(t, "hello", "a");
    text(t, "1", "b");
    EXPECT(text(t, "2", "c"), "CON Your name?");
    t->now += 6 * (int64_t)HOUR - 5 * SECOND;
    EXPECT(text(t, "Rahima", "d"), "CON When?"); /* on the boundary: the same conversation */
    t->now += 6 * (int64_t)HOUR - 5 * SECOND + 1;
    EXPECT(text(t, "1", "e"), "CON Welcome back");
    assert_int_equal(rows(t, "session"), 2);
}

static void a_person_sees_what_the_same_tick_did(void **state)
{
    struct talker *t = *state;
    be_known(t);
    TICK({.session = "s", .form = INPUT_CUMULATIVE}, {.session = "s", .text = "2", .form = INPUT_CUMULATIVE},
         {.session = "s", .text = "2*Rahima", .form = INPUT_CUMULATIVE}, {.session = "u", .form = INPUT_CUMULATIVE},
         {.session = "v", .form = INPUT_CUMULATIVE}, {.session = "v", .text = "1", .form = INPUT_CUMULATIVE},
         {.session = "v", .text = "1*1", .form = INPUT_CUMULATIVE},
         {.session = "v", .text = "1*1*1", .form = INPUT_CUMULATIVE});
    EXPECT(t->heard[2], "CON When?");
    EXPECT(t->heard[3], "CON Welcome back");
    EXPECT(t->heard[4], "CON Welcome back");
    EXPECT(t->heard[5], "CON When?");
    EXPECT(t->heard[6], "CON Call: Morning");
    EXPECT(t->heard[7], "END Sent");
    assert_int_equal(rows(t, "phone"), 1);
    assert_int_equal(rows(t, "person"), 1);
    assert_int_equal(rows(t, "request"), 1);
}

static void two_channels_in_one_tick_are_one_person(void **state)
{
    struct talker *t = *state;
    TICK({.session = "s", .form = INPUT_CUMULATIVE}, {.text = "hello", .kind = INBOUND_SMS, .id = "a"});
    assert_int_equal(rows(t, "phone"), 1);
    assert_int_equal(rows(t, "session"), 2);
    assert_int_equal(rows(t, "session WHERE ended_at IS NULL"), 1);
}

/* ---- what is kept of people ---- */

static void the_language_is_remembered(void **state)
{
    struct talker *t = *state;
    dial(t, "s", "");
    EXPECT(dial(t, "s", "2"), "CON Chhoto");
    EXPECT(dial(t, "u", ""), "CON Chhoto");
    EXPECT(text(t, "hello", "a"), "CON Chhoto"); /* on the other channel too */
}

static void the_forgotten_is_a_stranger(void **state)
{
    struct talker *t = *state;
    be_known(t);
    to_the_form(t, "s");
    dial(t, "s", "2*Rahima*1");
    EXPECT(dial(t, "s", "2*Rahima*1*1"), "END Sent");
    assert_int_equal(rows(t, "person WHERE key IS NOT NULL"), 1);
    dial(t, "u", "");
    dial(t, "u", "4");
    EXPECT(dial(t, "u", "4*2"), "CON Done");
    assert_int_equal(rows(t, "person WHERE key IS NOT NULL"), 0);
    assert_int_equal(rows(t, "request WHERE state < 3"), 0);
    assert_int_equal(rows(t, "answer"), 0);
    assert_int_equal(rows(t, "phone WHERE number IS NOT NULL"), 0);
    EXPECT(dial(t, "v", ""), "CON ");
    assert_null(strstr(t->heard[0], "Welcome back"));
    EXPECT(dial(t, "u", "4*2*00"), "CON "); /* the call that forgot goes on */
}

static void machines_are_kept_and_not_answered(void **state)
{
    struct talker *t = *state;
    assert_string_equal(say(t, (struct said){.text = "Your balance", .kind = INBOUND_SMS, .id = "a", .from = "BANK"}),
                        "");
    assert_int_equal(rows(t, "stray WHERE why = 'not_a_number'"), 1);
    assert_int_equal(rows(t, "outbox"), 0);
    assert_int_equal(rows(t, "session"), 0);
}

static void words_at_a_menu_are_sealed(void **state)
{
    struct talker *t = *state;
    be_known(t);
    dial(t, "s", "");
    dial(t, "s", "he beats me");
    text(t, "please help, he is here", "x");
    assert_int_equal(rows(t, "turn WHERE input LIKE '%he%'"), 0);
    assert_int_equal(rows(t, "turn WHERE sealed IS NOT NULL"), 2);
    dial(t, "s", "he beats me*77");
    assert_int_equal(rows(t, "turn WHERE input = '77'"), 1); /* a mistyped key says nothing */
    EXPECT(dial(t, "unseen", "he beats me*1"), "CON Again");
    assert_int_equal(rows(t, "turn WHERE input LIKE '%he%'"), 0);
    EXPECT(dial(t, "unseen too", "1*1"), "CON Deeper");
    assert_int_equal(rows(t, "turn WHERE input = '1*1'"), 1);
}

static void a_machine_behind_a_number_is_not_answered_for_ever(void **state)
{
    struct talker *t = *state;
    char id[16];
    text(t, "1", "first");
    for (int i = 0; i < 100; i++) {
        snprintf(id, sizeof id, "auto%d", i);
        text(t, "We have received your message.", id);
    }
    assert_int_equal(rows(t, "turn"), 101); /* kept all the same */
    assert_int_equal(rows(t, "outbox"), 1 + 5);
    text(t, "1", "person"); /* a key that the page has: more of them are answered */
    assert_int_equal(rows(t, "outbox"), 7);
    text(t, "SOS", "danger");
    assert_int_equal(rows(t, "outbox"), 8);
    t->now += HOUR;
    text(t, "What?", "later");
    assert_int_equal(rows(t, "outbox"), 9);
}

static void what_cannot_be_read_is_kept_and_the_page_comes_again(void **state)
{
    struct talker *t = *state;
    be_known(t);
    dial(t, "s", "");
    struct said bad = {.session = "s", .text = "\xEF\xBF\xBD", .form = INPUT_CUMULATIVE, .undecodable = true};
    EXPECT(say(t, bad), "CON Pick a number.");
    EXPECT(say(t, bad), "CON Pick a number."); /* a repeat */
    assert_int_equal(rows(t, "stray WHERE why = 'undecodable'"), 1);
    bad.text = "\xEF\xBF\xBD*1"; /* the cumulative text holds it to the end of the session */
    EXPECT(say(t, bad), "CON Again");
    bad.text = "\xEF\xBF\xBD*1*\xEF\xBF\xBD";
    EXPECT(say(t, bad), "CON Pick a number.");
    assert_int_equal(rows(t, "stray WHERE why = 'undecodable'"), 2);
    assert_int_equal(rows(t, "turn WHERE flags & 32"), 2);
    struct said latest_bad = {.session = "l", .text = "x", .event = INBOUND_RESUME, .undecodable = true};
    EXPECT(latest(t, "l", "", INBOUND_NEW), "CON Welcome back");
    EXPECT(say(t, latest_bad), "CON Pick a number.");
}

static void a_number_is_kept_once_somebody_asks_to_be_called(void **state)
{
    struct talker *t = *state;
    be_known(t);
    assert_int_equal(rows(t, "phone WHERE number IS NOT NULL"), 0);
    assert_int_equal(rows(t, "person"), 0);
    dial(t, "s", "");
    dial(t, "s", "6");
    assert_int_equal(rows(t, "phone WHERE number IS NOT NULL"), 1);
    EXPECT(dial(t, "u", ""), "CON Small");
    EXPECT(dial(t, "u", "5"), "CON Yours (1)");
}

static void a_text_that_was_asked_for_is_queued_on_a_channel_that_sends(void **state)
{
    struct talker *t = *state;
    be_known(t);
    dial(t, "s", "");
    dial(t, "s", "4");
    EXPECT(dial(t, "s", "4*4"), "CON Done");
    assert_string_equal(fixture_ask(t->stage.f, "SELECT w.text FROM outbox o JOIN word w ON w.id = o.channel"), "sms");
}

/* A tenth of all references are taken: eighty that are given are none of them, and not one is given twice. Ten in a row that are
 * taken, which is one time too many, come up once in a hundred million runs. */
static void a_reference_that_is_taken_is_not_given(void **state)
{
    struct talker *t = *state;
    be_known(t);
    sqlite3 *db;
    assert_int_equal(sqlite3_open(t->stage.f->path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 1000);
    assert_int_equal(
        sqlite3_exec(db,
                     "CREATE TEMP TABLE six AS WITH n(i) AS (SELECT 0 UNION ALL SELECT i + 10 FROM n WHERE "
                     "i < 999990) SELECT i FROM n;"
                     "INSERT INTO registration (id, reference, person, session, created_at) SELECT 1000 + "
                     "i, printf('%06d', i), 1, 1, 0 FROM six",
                     NULL, NULL, NULL),
        SQLITE_OK);
    char six[7], full[8];
    sqlite3_stmt *all, *set; /* the check digit is the program's to compute */
    sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
    sqlite3_prepare_v2(db, "SELECT i FROM six", -1, &all, NULL);
    sqlite3_prepare_v2(db, "UPDATE registration SET reference = ?1 WHERE id = ?2", -1, &set, NULL);
    while (sqlite3_step(all) == SQLITE_ROW) {
        int i = sqlite3_column_int(all, 0);
        snprintf(six, sizeof six, "%06d", i);
        reference_complete(six, full);
        sqlite3_bind_text(set, 1, full, -1, SQLITE_TRANSIENT);
        sqlite3_bind_int(set, 2, 1000 + i);
        assert_int_equal(sqlite3_step(set), SQLITE_DONE);
        sqlite3_reset(set);
    }
    sqlite3_finalize(all);
    sqlite3_finalize(set);
    assert_int_equal(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    for (int i = 0; i < 80; i++) {
        char session[16];
        snprintf(session, sizeof session, "r%d", i);
        dial(t, session, "");
        EXPECT(dial(t, session, "6"), "END Sent. Ref ");
    }
    assert_int_equal(rows(t, "(SELECT DISTINCT reference FROM request)"), 80);
    assert_int_equal(rows(t, "request JOIN registration USING (reference)"), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_stage, close_stage)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_cumulative_text_is_a_repeat_for_any_earlier_step),
        CASE(repeats_in_one_tick_are_one_step),
        CASE(an_empty_text_is_a_repeat_until_an_answer_was_given),
        CASE(an_empty_text_and_its_answer_in_one_tick_begin_anew),
        CASE(a_replayed_first_text_counts_as_an_answer),
        CASE(a_messages_id_tells_repeats_apart),
        CASE(an_id_outlives_its_session_within_a_tick),
        CASE(without_an_id_only_the_latest_input_within_its_time_is_a_repeat),
        CASE(an_unknown_session_is_replayed_and_only_its_last_part_has_effects),
        CASE(a_replay_stops_at_a_form_and_keeps_nothing_of_what_it_dropped),
        CASE(a_request_in_a_replay_is_made_by_the_last_part_only),
        CASE(a_text_out_of_order_moves_nothing),
        CASE(stars_belong_to_the_answer),
        CASE(a_bare_star_is_an_empty_answer),
        CASE(the_extension_of_a_shared_code_is_no_answer),
        CASE(an_id_is_used_again_after_its_end),
        CASE(an_id_used_again_by_another_caller_shows_nothing_of_the_first),
        CASE(an_end_is_told_once_and_its_first_cause_stays),
        CASE(an_answer_after_a_close_is_still_taken),
        CASE(a_caller_named_only_at_first_is_known_by_the_session),
        CASE(a_dropped_call_is_offered_and_goes_on),
        CASE(who_starts_again_is_not_asked_again),
        CASE(an_offer_expires),
        CASE(a_drop_on_one_channel_is_offered_on_the_other),
        CASE(a_silent_text_conversation_is_offered_later),
        CASE(a_person_sees_what_the_same_tick_did),
        CASE(two_channels_in_one_tick_are_one_person),
        CASE(the_language_is_remembered),
        CASE(the_forgotten_is_a_stranger),
        CASE(machines_are_kept_and_not_answered),
        CASE(words_at_a_menu_are_sealed),
        CASE(a_machine_behind_a_number_is_not_answered_for_ever),
        CASE(what_cannot_be_read_is_kept_and_the_page_comes_again),
        CASE(a_number_is_kept_once_somebody_asks_to_be_called),
        CASE(a_text_that_was_asked_for_is_queued_on_a_channel_that_sends),
        CASE(a_reference_that_is_taken_is_not_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
