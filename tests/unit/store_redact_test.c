/* Words that go for good: out of every row in which they stand by themselves, and out of the bytes of the file. */
#include "store_desk_fixture.h"

#include "base/problems.h"
#include "store/desk_reader.h"
#include "text/mask.h"

#define WORDS "Karim Mia of Savar"
#define STARS "******************"
#define HOUR INT64_C(3600000)
#define LATER (NOW + 3 * HOUR)

static void save_turn(struct fixture *f, const struct turn *turn, int64_t person)
{
    OK(SAVE({.kind = CHANGE_TURN, .turn = {turn, person}}));
}

/* Turn 1 asks, 2 has the words, 3 shows them. */
static void say(struct fixture *f, int64_t session, unsigned flags)
{
    static const struct span shown[] = {SPAN("Name: " WORDS), SPAN("4827153")}, none[] = {SPAN("4827153")};
    struct turn turn = a_turn(session, 0);
    save_turn(f, &turn, 0);
    turn.number = 1;
    turn.repeat = 77;
    turn.asked = SPAN("who");
    turn.input = SPAN(" " WORDS);
    turn.meaning = SPAN(WORDS);
    turn.flags = flags & TURN_SENSITIVE_INPUT;
    turn.skeleton = SPAN("Ref \x01\x02");
    turn.values = none;
    turn.value_count = 1;
    save_turn(f, &turn, 101);
    turn = a_turn(session, 2);
    turn.input = SPAN("1");
    turn.meaning = SPAN("send");
    turn.flags = flags & TURN_SENSITIVE_SCREEN;
    turn.skeleton = SPAN("\x01\x02, ref \x01\x02");
    turn.values = shown;
    turn.value_count = 2;
    save_turn(f, &turn, 101);
}

static void answer(struct fixture *f, int64_t entry, int64_t session, const char *field, const char *value, bool sealed)
{
    const struct answer row = {.field = span_of(field), .value = span_of(value), .sensitive = sealed};
    OK(SAVE({.kind = CHANGE_ENTRY,
             .entry = {.id = entry, .session = session, .person = 101, .at = NOW, .form = SPAN("form")}},
            {.kind = CHANGE_ANSWER, .answer = {.entry = entry, .person = 101, .at = NOW, .row = &row}}));
}

static void text(struct fixture *f, int64_t id, int64_t session, const char *words)
{
    const struct outbox_row row = {.id = id,
                                   .phone = 1,
                                   .session = session,
                                   .channel = SPAN("at-sms"),
                                   .state = OUTBOX_SENT,
                                   .created_at = NOW,
                                   .due_at = NOW,
                                   .changed_at = NOW,
                                   .expires_at = NOW + HOUR,
                                   .segments = 1,
                                   .to = SPAN("+8801712345678"),
                                   .text = span_of(words)};
    OK(SAVE({.kind = CHANGE_OUTBOX, .outbox = {&row, false}}));
}

static void heard(struct fixture *f, int64_t id, uint32_t turn)
{
    const struct triage_row row = {.id = id,
                                   .session = 1001,
                                   .turn = turn,
                                   .at = NOW,
                                   .person = 101,
                                   .rule = SPAN("violence"),
                                   .word = SPAN("Savar"),
                                   .urgency = URGENCY_DANGER};
    OK(SAVE({.kind = CHANGE_TRIAGE, .triage = {&row}}));
}

static enum outcome redact(struct fixture *f, int64_t session, uint32_t turn, const char *field)
{
    const struct redaction row = {.session = session, .turn = turn, .at = LATER, .operator = 7001, .characters = 18};
    const struct span fields[] = {SPAN("other"), span_of(field)};
    return SAVE({.kind = CHANGE_REDACTED, .redacted = {&row, true, fields, field ? 2 : 0}});
}

static struct turn turn_of(struct fixture *f, int64_t session, uint32_t number)
{
    struct turn turn;
    OK(store_load_turn(f->store, session, number, f->arena, &turn, &f->err));
    return turn;
}

static struct span answer_of(struct fixture *f, int64_t entry)
{
    struct answer *answers = NULL;
    size_t count = 0;
    OK(store_load_answers(f->store, entry, f->arena, &answers, &count, &f->err));
    assert_int_equal(count, 1);
    return answers->value;
}

static struct span text_of(struct fixture *f, int64_t id)
{
    struct outbox_row row;
    OK(store_load_outbox(f->store, id, f->arena, &row, &f->err));
    return row.text;
}

static void assert_bytes(struct fixture *f, bool there)
{
    char command[200];
    OK(store_checkpoint(f->store, true, &f->err));
    snprintf(command, sizeof command, "grep -qa -e 'Karim Mia' %s/data.db*", f->dir);
    assert_int_equal(system(command) == 0, there);
}

static void they_go_from_every_row_and_from_the_bytes(void **state)
{
    struct fixture *f = *state;
    for (unsigned sealed = 0; sealed < 2; sealed++) {
        const unsigned flags = sealed ? TURN_SENSITIVE_INPUT | TURN_SENSITIVE_SCREEN : 0;
        const int64_t session = 1001 + sealed;
        if (sealed == 0)
            fixture_desk(f);
        else {
            const struct session row = a_session(f, session, 1, "s2");
            OK(SAVE({.kind = CHANGE_SESSION, .session = {&row, true}}));
        }
        say(f, session, flags);
        answer(f, 2001 + sealed, session, "who", WORDS, sealed);
        text(f, 5001 + sealed, session, "You wrote " WORDS ". Ref 482 7153");
        if (sealed == 0) {
            heard(f, 6001, 1);
            heard(f, 6002, 0);
            assert_bytes(f, true);
        }
        OK(redact(f, session, 1, "who"));
        struct turn turn = turn_of(f, session, 1);
        assert_int_equal(turn.flags, (flags & TURN_SENSITIVE_INPUT) | TURN_REDACTED);
        assert_null(turn.input.at);
        assert_null(turn.meaning.at);
        assert_int_equal(turn.value_count, 1);
        assert_span(turn.values[0], "4827153");
        assert_int_equal(turn.repeat, 0);
        turn = turn_of(f, session, 2);
        assert_int_equal(turn.flags, (flags & TURN_SENSITIVE_SCREEN) | TURN_SCREEN_REDACTED);
        assert_span(turn.input, "1");
        assert_span(turn.meaning, "send");
        assert_int_equal(turn.value_count, 2);
        assert_span(turn.values[0], "Name: " STARS);
        assert_span(turn.values[1], "4827153");
        assert_int_equal(answer_of(f, 2001 + sealed).len, 0);
        assert_span(text_of(f, 5001 + sealed), "You wrote " STARS ". Ref 482 7153");
        assert_bytes(f, false);
        verify_is_clean(f);
    }
    assert_string_equal(fixture_ask(f, "SELECT group_concat(turn || ' ' || at || ' ' || operator || ' ' || characters) "
                                       "FROM redaction WHERE session = 1001"),
                        "1 1790010800000 7001 18");
    assert_string_equal(fixture_ask(f, "SELECT group_concat(length(sealed) = 0) FROM triage"), "1,0");
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM triage WHERE urgency = 2"), "2");
    assert_string_equal(fixture_ask(f, "SELECT group_concat(seen_hash) FROM session"), "0,0");
}

static void the_same_typed_again_goes_and_other_words_stay(void **state)
{
    struct fixture *f = *state;
    struct turn turn = a_turn(1001, 3);
    fixture_desk(f);
    say(f, 1001, 0);
    turn.input = SPAN(WORDS " ");
    turn.flags = TURN_BAD_INPUT;
    save_turn(f, &turn, 0);
    turn.number = 4;
    turn.input = SPAN("Karim Mia of Savar beat me");
    save_turn(f, &turn, 0);
    answer(f, 2001, 1001, "who", WORDS, true);
    answer(f, 2002, 1001, "name", WORDS, true); /* the same to another question is another answer */
    answer(f, 2003, 1001, "who", "Karim", false);
    OK(redact(f, 1001, 1, "who"));
    assert_int_equal(turn_of(f, 1001, 3).flags, TURN_BAD_INPUT | TURN_REDACTED);
    assert_span(turn_of(f, 1001, 4).input, "Karim Mia of Savar beat me");
    assert_int_equal(answer_of(f, 2001).len, 0);
    assert_span(answer_of(f, 2002), WORDS);
    assert_span(answer_of(f, 2003), "Karim");
    assert_string_equal(fixture_ask(f, "SELECT group_concat(turn) FROM redaction"), "1,3");
}

/* The question went with a later version of the service: what was answered at that moment goes. */
static void without_a_field_the_moment_tells(void **state)
{
    struct fixture *f = *state;
    const struct answer later = {.field = SPAN("name"), .value = SPAN(WORDS)};
    fixture_desk(f);
    say(f, 1001, 0);
    answer(f, 2001, 1001, "who", WORDS, true);
    answer(f, 2002, 1001, "other", "Karim", true);
    answer(f, 2003, 1001, "name", "x", false);
    OK(SAVE({.kind = CHANGE_ANSWER, .answer = {.entry = 2003, .at = NOW + 1, .row = &later}}));
    OK(redact(f, 1001, 1, NULL));
    assert_int_equal(answer_of(f, 2001).len, 0);
    assert_span(answer_of(f, 2002), "Karim");
    assert_span(answer_of(f, 2003), WORDS);
}

static void later_sessions_of_theirs_show_them_no_more(void **state)
{
    struct fixture *f = *state;
    const struct session later = a_session(f, 1002, 1, "s2"), earlier = a_session(f, 900, 1, "s0");
    const struct phone_row other = a_phone(f, 2, "+8801812345678");
    const struct session others = a_session(f, 1003, 2, "s3");
    fixture_desk(f);
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&other, SPAN_NONE}}, {.kind = CHANGE_SESSION, .session = {&later, true}},
            {.kind = CHANGE_SESSION, .session = {&earlier, true}}, {.kind = CHANGE_SESSION, .session = {&others, true}},
            {.kind = CHANGE_PERSON, .person = {.id = 102, .phone = 2, .at = NOW}}));
    say(f, 1001, 0);
    say(f, 1002, TURN_SENSITIVE_SCREEN);
    say(f, 900, 0);
    say(f, 1003, 0);
    OK(redact(f, 1001, 1, "who"));
    assert_span(turn_of(f, 1002, 2).values[0], "Name: " STARS);
    assert_span(turn_of(f, 1002, 1).input, " " WORDS); /* what was typed there is asked about there */
    assert_span(turn_of(f, 900, 2).values[0], "Name: " WORDS);
    assert_span(turn_of(f, 1003, 2).values[0], "Name: " WORDS); /* somebody else's */
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM redaction"), "1");
}

static void once_is_enough_and_a_pin_is_none(void **state)
{
    struct fixture *f = *state;
    struct turn turn = a_turn(1001, 3);
    fixture_desk(f);
    say(f, 1001, TURN_SENSITIVE_INPUT);
    turn.flags = TURN_SECRET_INPUT;
    save_turn(f, &turn, 0);
    OK(redact(f, 1001, 1, NULL));
    OUTCOME(redact(f, 1001, 1, NULL), OUTCOME_CONFLICT);
    OUTCOME(redact(f, 1001, 0, NULL), OUTCOME_CONFLICT); /* nothing was typed */
    OUTCOME(redact(f, 1001, 3, NULL), OUTCOME_CONFLICT);
    OUTCOME(redact(f, 1001, 99, NULL), OUTCOME_CONFLICT);
    OUTCOME(redact(f, 99, 1, NULL), OUTCOME_CONFLICT);
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM redaction"), "1");
}

/* Of a session that goes on the same message may come again: it is known, and moves nothing. */
static void a_repeat_is_still_known_while_it_may_come(void **state)
{
    struct fixture *f = *state;
    struct session session = a_session(f, 1001, 1, "s1");
    fixture_desk(f);
    say(f, 1001, 0);
    session.last_at = LATER - 1;
    session.seen_hash = 77;
    OK(SAVE({.kind = CHANGE_SESSION, .session = {&session, false}}));
    OK(redact(f, 1001, 1, "who"));
    assert_int_equal(turn_of(f, 1001, 1).repeat, 77);
    assert_string_equal(fixture_ask(f, "SELECT seen_hash FROM session"), "77");
}

static void nobody_has_to_be_known(void **state)
{
    struct fixture *f = *state;
    const struct phone_row phone = a_phone(f, 1, "+8801712345678");
    const struct session session = a_session(f, 1001, 1, "s1");
    const struct operator operator = an_operator(7001, "rahima");
    struct turn turn = a_turn(1001, 0);
    turn.input = SPAN("4711");
    turn.flags = TURN_BAD_INPUT;
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN_NONE}}, {.kind = CHANGE_SESSION, .session = {&session, true}},
            {.kind = CHANGE_OPERATOR, .operator = {&operator}}));
    save_turn(f, &turn, 0);
    OK(redact(f, 1001, 0, NULL));
    assert_null(turn_of(f, 1001, 0).input.at);
    verify_is_clean(f);
}

static void whose_a_session_was(void **state)
{
    struct fixture *f = *state;
    const struct phone_row other = a_phone(f, 2, "+8801812345678");
    const struct session others = a_session(f, 1003, 2, "s3");
    bool had = false;
    fixture_desk(f);
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&other, SPAN_NONE}}, {.kind = CHANGE_SESSION, .session = {&others, true}},
            {.kind = CHANGE_PERSON, .person = {.id = 102, .phone = 2, .at = NOW}}));
    OK(store_had_session(f->store, 101, 1001, &had, &f->err));
    assert_true(had);
    OK(store_had_session(f->store, 101, 1003, &had, &f->err));
    assert_false(had);
    OK(store_had_session(f->store, 102, 1003, &had, &f->err));
    assert_true(had);
    OK(store_had_session(f->store, 103, 1003, &had, &f->err));
    assert_false(had);
}

static void a_page_says_how_much_by_whom_and_when(void **state)
{
    struct fixture *f = *state;
    struct reader *reader = NULL;
    struct session_view view = {0};
    struct operator who = an_operator(7001, "rahima");
    who.roles = ROLE_BIT(ROLE_SUPERVISOR);
    fixture_desk(f);
    say(f, 1001, TURN_SENSITIVE_INPUT | TURN_SENSITIVE_SCREEN);
    heard(f, 6001, 1);
    OK(redact(f, 1001, 1, "who"));
    OK(reader_open(f->path, f->keyring, &reader, &f->err));
    for (uint32_t from = 0; from < 2; from++) {
        OK(desk_read_session(reader, 1001, from, &who, f->arena, &view, &f->err));
        assert_int_equal(view.turn_count, 3 - from);
        const struct shown_turn *shown = &view.turns[1 - from];
        assert_int_equal(shown->redacted.at, LATER);
        assert_int_equal(shown->redacted.characters, 18);
        assert_span(shown->redacted.who, "Rahima");
        assert_false(shown->is_gone || shown->is_damaged);
        assert_int_equal(view.turns[2 - from].redacted.at, 0);
        assert_span(view.turns[2 - from].screen, "Name: " STARS ", ref 4827153");
    }
    assert_int_equal(view.triage_count, 1);
    assert_null(view.triage->word.at);
    assert_span(view.triage->rule, "violence");
    reader_close(reader);
}

static void it_goes_with_the_session(void **state)
{
    struct fixture *f = *state;
    fixture_desk(f);
    say(f, 1001, TURN_SENSITIVE_INPUT);
    OK(redact(f, 1001, 1, "who"));
    OK(SAVE({.kind = CHANGE_FORGET,
             .forget = {.person = 101,
                        .phone = 1,
                        .at = LATER + 2 * HOUR,
                        .lookup = fixture_lookup(f, "phone", "+8801712345678")}}));
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM redaction"), "0");
    verify_is_clean(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(they_go_from_every_row_and_from_the_bytes, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(the_same_typed_again_goes_and_other_words_stay, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(without_a_field_the_moment_tells, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(later_sessions_of_theirs_show_them_no_more, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(once_is_enough_and_a_pin_is_none, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_repeat_is_still_known_while_it_may_come, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(nobody_has_to_be_known, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(whose_a_session_was, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_page_says_how_much_by_whom_and_when, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(it_goes_with_the_session, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
