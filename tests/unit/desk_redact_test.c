/* desk: words taken out of a conversation: by whom, of what, once, and what is left of it. */
/* timeout: 300: under the sanitizers on a loaded machine */
#include "desk_stage.h"

#define WORDS "Karim Mia of Savar"
#define COMPLAINT 1002 /* the session of a complaint, beside 1001 of a request for counsellors */

struct redact_stage {
    struct desk_stage *d;
    int64_t officer;
};

static void say_of(struct desk_stage *d, int64_t person, int64_t session, uint32_t number, const char *asked,
                   const char *input, const char *meaning, unsigned flags)
{
    struct fixture *f = d->f;
    struct turn turn = a_turn(session, number);
    turn.at = d->now;
    turn.asked = span_of(asked);
    turn.input = span_of(input);
    turn.meaning = span_of(meaning);
    turn.flags = flags;
    OK(SAVE({.kind = CHANGE_TURN, .turn = {&turn, person}}));
}

static void say(struct desk_stage *d, int64_t session, uint32_t number, const char *asked, const char *input,
                const char *meaning, unsigned flags)
{
    say_of(d, 101, session, number, asked, input, meaning, flags);
}

static void complain(struct desk_stage *d, int64_t person, int64_t phone, int64_t session_id, const char *reference)
{
    struct fixture *f = d->f;
    const int64_t entry = session_id + 1000;
    struct session session = a_session(f, session_id, phone, reference);
    const struct answer against = {.field = SPAN("against"), .value = SPAN(WORDS), .sensitive = true};
    struct request row = {.id = session_id + 2000,
                          .person = person,
                          .phone = phone,
                          .session = session_id,
                          .entry = entry,
                          .kind = SPAN("pay"),
                          .desk = SPAN("complaints"),
                          .created_at = d->now,
                          .due_at = d->now + DAY,
                          .changed_at = d->now,
                          .version = 1};
    snprintf(row.reference, sizeof row.reference, "%s", reference);
    session.channel = SPAN("ussd");
    session.started_at = session.last_at = d->now;
    OK(SAVE({.kind = CHANGE_SESSION, .session = {&session, true}},
            {.kind = CHANGE_ENTRY,
             .entry = {.id = entry, .session = session_id, .person = person, .at = d->now, .form = SPAN("claim")}},
            {.kind = CHANGE_ANSWER, .answer = {.entry = entry, .person = person, .at = d->now, .row = &against}},
            {.kind = CHANGE_REQUEST, .request = {.row = &row, .by = BY_PERSON}}));
}

static int open_stage(void **state)
{
    struct redact_stage *r = calloc(1, sizeof *r);
    assert_int_equal(open_desk_stage((void **)&r->d), 0);
    struct desk_stage *d = r->d;
    r->officer = hire(d, "olga", ROLE_BIT(ROLE_COMPLAINTS));
    complain(d, 101, 1, COMPLAINT, "2345675");
    say(d, COMPLAINT, 0, NULL, NULL, NULL, 0);
    say(d, COMPLAINT, 1, "claim", WORDS, WORDS, TURN_SENSITIVE_INPUT);
    say(d, COMPLAINT, 2, "claim", "1", "yes", TURN_SENSITIVE_INPUT);
    say(d, COMPLAINT, 3, "claim", "01812345678", "01812345678", TURN_SENSITIVE_INPUT);
    say(d, COMPLAINT, 4, "main", "1234", NULL, TURN_SECRET_INPUT);
    say(d, 1001, 0, "main", "47110815", NULL, TURN_BAD_INPUT);
    *state = r;
    return 0;
}

static int close_stage(void **state)
{
    struct redact_stage *r = *state;
    void *d = r->d;
    free(r);
    return close_desk_stage(&d);
}

static unsigned flags_of(struct desk_stage *d, int64_t session, uint32_t number)
{
    struct fixture *f = d->f;
    struct turn turn;
    OK(store_load_turn(f->store, session, number, f->arena, &turn, &f->err));
    return turn.flags;
}

static const char *last_line(struct desk_stage *d)
{
    return fixture_ask(d->f, "SELECT action || ' ' || object || ' ' || about || ' ' || word.text FROM audit "
                             "JOIN word ON word.id = detail ORDER BY audit.id DESC LIMIT 1");
}

static void a_supervisor_takes_words_out_once(void **state)
{
    struct desk_stage *d = ((struct redact_stage *)*state)->d;
    const struct lookup key = {"form"}, other = {"another"};
    const struct desk_action action = {
        .verb = DESK_REDACT, .operator = d->supervisor, .object = COMPLAINT, .code = 1, .key = key};
    expect_act(d, action, OUTCOME_OK, NULL, __LINE__);
    assert_int_equal(d->result.id, COMPLAINT);
    assert_int_equal(flags_of(d, COMPLAINT, 1), TURN_SENSITIVE_INPUT | TURN_REDACTED);
    assert_string_equal(last_line(d), "12 2 1002 redacted");
    assert_int_equal(count_of(d, "redaction WHERE session = 1002 AND turn = 1 AND characters = 18"), 1);
    assert_int_equal(atoll(fixture_ask(d->f, "SELECT operator FROM redaction")), d->supervisor);
    const int lines = count_of(d, "audit");
    expect_act(d, action, OUTCOME_OK, NULL, __LINE__); /* the same form once more */
    assert_int_equal(count_of(d, "audit"), lines);
    assert_int_equal(count_of(d, "redaction"), 1);
    CONFLICTS("why_redacted", .verb = DESK_REDACT, .operator = d->supervisor, .object = COMPLAINT, .code = 1,
              .key = other);
    struct fixture *f = d->f;
    struct answer *answers = NULL;
    size_t count = 0;
    OK(store_load_answers(f->store, 2002, f->arena, &answers, &count, &f->err));
    assert_int_equal(count, 1);
    assert_int_equal(answers->value.len, 0);
}

static void an_officer_of_their_own_request_alone(void **state)
{
    struct redact_stage *r = *state;
    struct desk_stage *d = r->d;
    const int64_t officer = r->officer;
    REFUSED("why_no_right", .verb = DESK_REDACT, .operator = officer, .object = COMPLAINT, .code = 1);
    MISSING(.verb = DESK_REDACT, .operator = officer, .object = COMPLAINT, .code = 1, .to = 3001);
    MISSING(.verb = DESK_REDACT, .operator = officer, .object = COMPLAINT, .code = 1, .to = 77);
    /* of the same person, but another request was made in it that is not theirs to see */
    MISSING(.verb = DESK_REDACT, .operator = officer, .object = 1001, .code = 0, .to = 3002);
    MISSING(.verb = DESK_REDACT, .operator = officer, .object = 1009, .code = 0, .to = 3002);
    assert_int_equal(count_of(d, "redaction"), 0);
    assert_int_equal(count_of(d, "audit WHERE action = 7"), 4); /* none for what is not there at all */
    DO(.verb = DESK_REDACT, .operator = officer, .object = COMPLAINT, .code = 1, .to = 3002);
    assert_string_equal(last_line(d), "12 1 3002 redacted");
    assert_int_equal(count_of(d, "redaction"), 1);
}

/* Whoever posts another step than their page offers: what was said before their request is no part of it. */
static void not_what_was_said_before(void **state)
{
    struct redact_stage *r = *state;
    struct desk_stage *d = r->d;
    struct fixture *f = d->f;
    struct session session = a_session(f, 1010, 1, "s10");
    const int64_t asked_at = d->now;
    session.channel = SPAN("ussd");
    OK(SAVE({.kind = CHANGE_SESSION, .session = {&session, true}}));
    d->now = asked_at - 1;
    say(d, 1010, 0, "claim", "from before", NULL, TURN_BAD_INPUT);
    d->now = asked_at + 1;
    say(d, 1010, 1, "claim", "said since", NULL, TURN_BAD_INPUT);
    MISSING(.verb = DESK_REDACT, .operator = r->officer, .object = 1010, .code = 0, .to = 3002);
    DO(.verb = DESK_REDACT, .operator = r->officer, .object = 1010, .code = 1, .to = 3002);
    DO(.verb = DESK_REDACT, .operator = d->supervisor, .object = 1010, .code = 0);
}

static void somebody_else_is_there(struct desk_stage *d)
{
    struct fixture *f = d->f;
    const struct phone_row phone = a_phone(f, 2, "+8801812345678");
    struct session session = a_session(f, 1003, 2, "s3");
    session.channel = SPAN("ussd");
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN_NONE}}, {.kind = CHANGE_SESSION, .session = {&session, true}},
            {.kind = CHANGE_PERSON, .person = {.id = 102, .phone = 2, .at = NOW}}));
}

/* On the page of a person's requests, and on one that is not there any more: kept from who is not told of each of them, as their page
 * of the conversation keeps it. */
static void not_what_their_page_leaves_out(void **state)
{
    struct redact_stage *r = *state;
    struct desk_stage *d = r->d;
    static const char *const places[] = {"request_one", "a_page_of_before"};
    static const char *const typed[] = {"I am Karim", "Savar, near the mill"};
    for (uint32_t i = 0; i < 2; i++) {
        say(d, COMPLAINT, 10 + i, places[i], typed[i], NULL, TURN_BAD_INPUT);
        MISSING(.verb = DESK_REDACT, .operator = r->officer, .object = COMPLAINT, .code = 10 + i, .to = 3002);
        assert_string_equal(last_line(d), "7 1 3002 not_there");
    }
    say(d, COMPLAINT, 12, "claim", "my name is Karim", NULL, TURN_BAD_INPUT);
    DO(.verb = DESK_REDACT, .operator = r->officer, .object = COMPLAINT, .code = 12, .to = 3002);
    DO(.verb = DESK_REDACT, .operator = d->supervisor, .object = COMPLAINT, .code = 10, .to = 3002);
    MISSING(.verb = DESK_REDACT, .operator = r->officer, .object = COMPLAINT, .code = 10,
            .to = 3002); /* nor that it is gone */
    assert_int_equal(count_of(d, "redaction"), 2);
    /* Of who has complained and asked for nothing else, all of it is theirs. */
    somebody_else_is_there(d);
    complain(d, 102, 2, 1004, "3456783");
    for (uint32_t i = 0; i < 2; i++) {
        say_of(d, 102, 1004, i, places[i], typed[i], NULL, TURN_BAD_INPUT);
        DO(.verb = DESK_REDACT, .operator = r->officer, .object = 1004, .code = i, .to = 3004);
    }
    assert_int_equal(count_of(d, "redaction"), 4);
}

/* Somebody else's session, although nobody asked for anything in it. */
static void not_of_another_person(void **state)
{
    struct redact_stage *r = *state;
    struct desk_stage *d = r->d;
    somebody_else_is_there(d);
    say(d, 1003, 0, "main", "Karim", NULL, 0);
    MISSING(.verb = DESK_REDACT, .operator = r->officer, .object = 1003, .code = 0, .to = 3002);
    MISSING(.verb = DESK_REDACT, .operator = d->supervisor, .object = 1003, .code = 0, .to = 3002);
    DO(.verb = DESK_REDACT, .operator = d->supervisor, .object = 1003, .code = 0);
}

static void own_words_alone(void **state)
{
    struct desk_stage *d = ((struct redact_stage *)*state)->d;
    const int64_t sue = d->supervisor;
    static const unsigned no_words[] = {0, 2, 3, 4}; /* nothing, a choice, the number to call, a PIN */
    for (size_t i = 0; i < sizeof no_words / sizeof *no_words; i++)
        REFUSED("why_not_own_words", .verb = DESK_REDACT, .operator = sue, .object = COMPLAINT, .code = no_words[i]);
    MISSING(.verb = DESK_REDACT, .operator = sue, .object = COMPLAINT, .code = 99);
    MISSING(.verb = DESK_REDACT, .operator = sue, .object = 99, .code = 1);
    assert_int_equal(count_of(d, "redaction"), 0);
    DO(.verb = DESK_REDACT, .operator = sue, .object = 1001, .code = 0);
    assert_int_equal(flags_of(d, 1001, 0), TURN_BAD_INPUT | TURN_REDACTED);
    REFUSED("why_no_right", .verb = DESK_REDACT, .operator = d->counsellor, .object = 1001, .code = 0, .to = 3001);
    REFUSED("why_no_right", .verb = DESK_REDACT, .operator = d->admin, .object = 1001, .code = 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_supervisor_takes_words_out_once, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(an_officer_of_their_own_request_alone, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(not_what_their_page_leaves_out, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(not_what_was_said_before, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(not_of_another_person, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(own_words_alone, open_stage, close_stage),
    };
    return cmocka_run_group_tests(tests, load_desk_service, drop_desk_service);
}
