/* What operators wrote about somebody goes with them, by age, and is found when it is left; who did what stays. */
#include "store_desk_fixture.h"

#include "retention_fixture.h"

#include "base/problems.h"
#include "store/desk_reader.h"

#define WRITTEN                                                                                                        \
    "SELECT (SELECT count(*) FROM note) || ' ' || (SELECT count(*) FROM draft) || ' ' || "                             \
    "(SELECT count(*) FROM attempt) || ' ' || (SELECT count(*) FROM referral) || ' ' || "                              \
    "(SELECT count(*) FROM request_desk) || ' ' || (SELECT count(*) FROM person_flag)"

static void desk_is_clean(struct fixture *f)
{
    struct reader *reader = NULL;
    struct audit_proof proof;
    verify_is_clean(f);
    OK(reader_open(f->path, f->keyring, &reader, &f->err));
    OK(desk_prove_audit(reader, NULL, &proof, &f->err));
    reader_close(reader);
}

static void flag(struct fixture *f)
{
    const struct person_flag row = {7401, 101, 7001, NOW, NOW + 10 * DAY, 0, SPAN("secret-flag")};
    OK(SAVE({.kind = CHANGE_PERSON_FLAG, .flag = {&row}}));
}

static void log_all(struct fixture *f)
{
    const struct audit_row viewed = a_line(9001, AUDIT_VIEWED, 3001), changed = a_line(9002, AUDIT_CHANGED, 3001);
    const struct change done = {.kind = CHANGE_DONE,
                                .done = {fixture_lookup(f, "action", "k"), NOW, 3001, OUTCOME_OK, 2}};
    OK(SAVE({.kind = CHANGE_AUDIT, .audit = {&viewed}}, {.kind = CHANGE_AUDIT, .audit = {&changed}}, done));
}

static struct change forget(struct fixture *f, const int64_t *kept, size_t count)
{
    return (struct change){.kind = CHANGE_FORGET,
                           .forget = {.person = 101,
                                      .phone = 1,
                                      .at = NOW + 1,
                                      .session = 1001,
                                      .lookup = fixture_lookup(f, "phone", "+8801712345678"),
                                      .kept = kept,
                                      .kept_count = count}};
}

static void add_request(struct fixture *f, int64_t id, const char *reference, int64_t session)
{
    struct request request = a_request(id, reference);
    request.session = session;
    OK(SAVE({.kind = session ? CHANGE_REQUEST : CHANGE_REQUEST_BY_HAND, .request = {&request, BY_OPERATOR}}));
}

static void assert_bytes_are_gone(struct fixture *f)
{
    char command[200];
    OK(store_checkpoint(f->store, true, &f->err));
    snprintf(command, sizeof command, "grep -qa -e 'secret-' -e 4827153 %s/data.db*", f->dir);
    assert_int_not_equal(system(command), 0);
}

static void what_was_written_goes_with_the_person(void **state)
{
    struct fixture *f = *state;
    fixture_desk(f);
    fixture_written(f, 3001, 7201);
    flag(f);
    log_all(f);
    assert_string_equal(fixture_ask(f, WRITTEN), "1 1 1 1 1 1");
    OK(SAVE(forget(f, NULL, 0)));
    assert_string_equal(fixture_ask(f, WRITTEN), "0 0 0 0 0 0");
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM audit WHERE about = 3001"), "2");
    assert_string_equal(fixture_ask(f, "SELECT id FROM done"), "3001");
    assert_bytes_are_gone(f);
    desk_is_clean(f);
}

static void an_old_copy_brings_nothing_back(void **state)
{
    struct fixture *f = *state;
    char command[500];
    fixture_desk(f);
    fixture_written(f, 3001, 7201);
    flag(f);
    fixture_close(f);
    snprintf(command, sizeof command, "cp %s %s.old", f->path, f->path);
    assert_int_equal(system(command), 0);
    fixture_open(f);
    OK(SAVE(forget(f, NULL, 0)));
    fixture_close(f);
    snprintf(command, sizeof command, "cp %s.old %s", f->path, f->path);
    assert_int_equal(system(command), 0);
    fixture_open(f);
    assert_string_equal(fixture_ask(f, WRITTEN), "0 0 0 0 0 0");
    desk_is_clean(f);
}

/* What is over goes after a week, whether somebody signed out or just left; what is younger and who did what stay. */
static void sign_ins_go_a_week_after(void **state)
{
    struct fixture *f = *state;
    fixture_desk(f);
    log_all(f);
    for (int64_t id = 7101; id <= 7103; id++) {
        char token[16];
        snprintf(token, sizeof token, "token-%d", (int)id);
        const struct sign_in row = {.id = id,
                                    .operator = 7001,
                                    .token = fixture_lookup(f, "token", token),
                                    .created_at = id == 7103 ? NOW + DAY : NOW,
                                    .seen_at = NOW,
                                    .ended_at = id == 7102 ? NOW + DAY : 0,
                                    .agent = SPAN("a browser of theirs")};
        OK(SAVE({.kind = CHANGE_SIGN_IN, .sign_in = {&row}}));
    }
    a_pass(f, NOW + 7 * DAY);
    assert_string_equal(fixture_ask(f, "SELECT group_concat(id) FROM (SELECT id FROM sign_in ORDER BY id)"),
                        "7101,7102,7103");
    assert_int_equal(a_pass(f, NOW + 7 * DAY + 1), 1);
    assert_string_equal(fixture_ask(f, "SELECT group_concat(id) FROM (SELECT id FROM sign_in ORDER BY id)"),
                        "7102,7103");
    a_pass(f, NOW + 8 * DAY + 1);
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM sign_in"), "0");
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM audit"), "2");
    desk_is_clean(f);
}

/* A complaint that is open keeps what was written about it, and what whoever opens its person has to know. */
static void what_is_kept_keeps_its_notes(void **state)
{
    struct fixture *f = *state;
    static const int64_t kept[] = {3001};
    fixture_desk(f);
    add_request(f, 3002, "4827154", 1001);
    fixture_written(f, 3001, 7201);
    fixture_written(f, 3002, 7211);
    flag(f);
    OK(SAVE(forget(f, kept, 1)));
    assert_string_equal(fixture_ask(f, WRITTEN), "1 1 1 1 1 1");
    assert_string_equal(fixture_ask(f, "SELECT request FROM note"), "3001");
    desk_is_clean(f);
    run(f, "UPDATE request SET state = 3");
    a_pass(f, NOW + 3);
    assert_string_equal(fixture_ask(f, WRITTEN), "0 0 0 0 0 0");
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM person"), "0");
    desk_is_clean(f);
}

/* One that was made by hand, and stays: its having no session does not keep the sessions of its person. */
static void a_kept_request_by_hand_keeps_no_session(void **state)
{
    struct fixture *f = *state;
    static const int64_t kept[] = {3002};
    fixture_desk(f);
    add_request(f, 3002, "4827154", 0);
    struct change change = forget(f, kept, 1);
    change.forget.session = 0;
    change.forget.at = NOW + DAY;
    OK(SAVE(change));
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM session WHERE phone IS NOT NULL"), "0");
    assert_string_equal(fixture_ask(f, "SELECT group_concat(id) FROM request"), "3002");
    desk_is_clean(f);
}

/* Of two people whose requests were merged, and whose text answered one, one goes. */
static void nothing_refers_to_what_is_gone(void **state)
{
    struct fixture *f = *state;
    const struct phone_row phone = a_phone(f, 2, "+8801712345679");
    struct request request = a_request(3002, "4827154");
    const struct request_desk merged = {.outcome = CLOSED_DUPLICATE, .merged_into = 3001};
    const struct outbox_row text = {.id = 5001,
                                    .phone = 2,
                                    .request = 3001,
                                    .channel = SPAN("kannel"),
                                    .to = SPAN("+2"),
                                    .text = SPAN("x"),
                                    .created_at = NOW};
    fixture_desk(f);
    request.person = 102;
    request.phone = 2;
    request.session = 0;
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN_NONE}},
            {.kind = CHANGE_PERSON, .person = {.id = 102, .phone = 2, .at = NOW}},
            {.kind = CHANGE_REQUEST_BY_HAND, .request = {&request}},
            {.kind = CHANGE_REQUEST_DESK, .desk = {3002, &merged}}, {.kind = CHANGE_OUTBOX, .outbox = {&text}}));
    OK(SAVE(forget(f, NULL, 0)));
    assert_string_equal(fixture_ask(f, "SELECT count(merged_into) + count(*) FROM request_desk"), "1");
    assert_string_equal(fixture_ask(f, "SELECT count(request) FROM outbox"), "0");
    desk_is_clean(f);
}

/* ---- by age ---- */

static void close_at(struct fixture *f, int64_t at)
{
    char sql[100];
    snprintf(sql, sizeof sql, "UPDATE request SET state = 3, changed_at = %lld", (long long)at);
    run(f, sql);
}

static void notes_go_when_the_request_is_long_closed(void **state)
{
    struct fixture *f = *state;
    fixture_desk(f);
    fixture_written(f, 3001, 7201);
    flag(f);
    log_all(f);
    a_pass(f, NOW + 95 * DAY); /* open, and the flag is over since 85 days */
    assert_string_equal(fixture_ask(f, WRITTEN), "1 1 1 1 1 1");
    a_pass(f, NOW + 101 * DAY);
    assert_string_equal(fixture_ask(f, WRITTEN), "1 1 1 1 1 0");
    close_at(f, NOW + 200 * DAY);
    a_pass(f, NOW + 289 * DAY);
    assert_string_equal(fixture_ask(f, WRITTEN), "1 1 1 1 1 0");
    a_pass(f, NOW + 291 * DAY);
    assert_string_equal(fixture_ask(f, WRITTEN), "0 0 1 1 1 0"); /* how it went still counts */
    assert_string_equal(fixture_ask(f, "SELECT count(sealed) FROM referral"), "0");
    assert_int_equal(a_pass(f, NOW + 292 * DAY), 0);
    a_pass(f, NOW + 200 * DAY + 25 * MONTH);
    assert_string_equal(fixture_ask(f, WRITTEN), "0 0 0 0 0 0");
    assert_string_equal(fixture_ask(f, "SELECT (SELECT count(*) FROM request) + (SELECT count(*) FROM person)"), "0");
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM audit"), "2");
    assert_bytes_are_gone(f);
    desk_is_clean(f);
}

/* Where texts are kept for longer than the request that they answered. */
static void a_text_outlives_the_request_that_it_answered(void **state)
{
    struct fixture *f = *state;
    struct retention long_texts = usual;
    const struct outbox_row text = {.id = 5001,
                                    .phone = 1,
                                    .request = 3001,
                                    .channel = SPAN("kannel"),
                                    .to = SPAN("+1"),
                                    .text = SPAN("x"),
                                    .state = OUTBOX_DELIVERED,
                                    .created_at = NOW,
                                    .changed_at = NOW};
    long_texts.texts_ms = 36 * MONTH;
    fixture_desk(f);
    OK(SAVE({.kind = CHANGE_OUTBOX, .outbox = {&text}}));
    close_at(f, NOW);
    a_pass_by(f, &long_texts, NOW + 25 * MONTH);
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM request"), "0");
    assert_string_equal(fixture_ask(f, "SELECT count(*) || count(request) FROM outbox"), "10");
    desk_is_clean(f);
}

static void a_complaints_notes_go_with_it(void **state)
{
    struct fixture *f = *state;
    struct request request = a_request(3002, "4827154");
    fixture_desk(f);
    request.kind = SPAN("pay");
    OK(SAVE({.kind = CHANGE_REQUEST, .request = {&request}}));
    fixture_written(f, 3002, 7211);
    close_at(f, NOW);
    a_pass(f, NOW + 23 * MONTH);
    assert_string_equal(fixture_ask(f, WRITTEN), "1 1 1 1 1 0");
    a_pass(f, NOW + 25 * MONTH);
    assert_string_equal(fixture_ask(f, WRITTEN), "0 0 0 0 0 0");
    desk_is_clean(f);
}

static void what_was_filled_in_by_hand_goes_too(void **state)
{
    struct fixture *f = *state;
    const struct answer answer = {SPAN("when"), SPAN("evening"), false};
    struct request request = a_request(3002, "4827154");
    fixture_desk(f);
    request.session = 0;
    request.entry = 2002;
    OK(SAVE({.kind = CHANGE_ENTRY, .entry = {.id = 2002, .person = 101, .at = NOW, .form = SPAN("call")}},
            {.kind = CHANGE_ANSWER, .answer = {2002, 101, NOW, &answer}},
            {.kind = CHANGE_REQUEST_BY_HAND, .request = {&request}}));
    close_at(f, NOW);
    a_pass(f, NOW + 89 * DAY);
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM answer"), "1");
    a_pass(f, NOW + 91 * DAY);
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM answer"), "0");
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM request WHERE session IS NULL"), "1");
    a_pass(f, NOW + 26 * MONTH);
    assert_string_equal(fixture_ask(f, "SELECT (SELECT count(*) FROM request) + (SELECT count(*) FROM entry) + "
                                       "(SELECT count(*) FROM person) + (SELECT count(*) FROM phone)"),
                        "0");
    desk_is_clean(f);
}

static void the_answer_to_an_open_request_stays(void **state)
{
    struct fixture *f = *state;
    const struct outbox_row text = {.id = 5001,
                                    .phone = 1,
                                    .request = 3002,
                                    .channel = SPAN("kannel"),
                                    .to = SPAN("+1"),
                                    .text = SPAN("x"),
                                    .state = OUTBOX_DELIVERED,
                                    .created_at = NOW,
                                    .changed_at = NOW};
    fixture_desk(f);
    add_request(f, 3002, "4827154", 0);
    OK(SAVE({.kind = CHANGE_OUTBOX, .outbox = {&text}}));
    a_pass(f, NOW + 60 * DAY);
    assert_string_equal(fixture_ask(f, "SELECT request FROM outbox"), "3002");
    close_at(f, NOW + 60 * DAY);
    a_pass(f, NOW + 61 * DAY);
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM outbox"), "0");
    desk_is_clean(f);
}

/* Requests by hand go along with their person to another phone, also closed ones: nothing else would look after their old one. */
static void the_phone_before_may_go(void **state)
{
    struct fixture *f = *state;
    const struct phone_row phone = a_phone(f, 2, "+8801712345679");
    fixture_desk(f);
    add_request(f, 3002, "4827154", 0);
    close_at(f, NOW);
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN_NONE}},
            {.kind = CHANGE_PERSON_MOVED, .person = {101, 2, NOW}}));
    a_pass(f, NOW + 100 * DAY);
    assert_string_equal(fixture_ask(f, "SELECT group_concat(id) FROM phone"), "2");
    desk_is_clean(f);
}

/* ---- what is left is found ---- */

static size_t traces(struct fixture *f)
{
    struct reader *reader = NULL;
    struct problems problems;
    problems_init(&problems, f->arena);
    OK(reader_open(f->path, f->keyring, &reader, &f->err));
    OK(reader_trace(reader, "4827153", &problems, &f->err));
    reader_close(reader);
    for (size_t i = 0; i < problems.count; i++)
        assert_null(strstr(problems.lines[i], "4827153"));
    return problems.count;
}

static void whatever_says_the_reference_is_found(void **state)
{
    struct fixture *f = *state;
    const struct note note = a_note(7201, 3002, "same as 482 7153");
    const struct referral referral = {
        .id = 7203, .request = 3002, .operator = 7001, .office = SPAN("o"), .outcome = SPAN("see 4827153.")};
    const struct draft draft = {7001, 3002, NOW, SPAN("note"), SPAN("482-7153")};
    const struct person_flag row = {7401, 102, 7001, NOW, NOW, 0, SPAN("was 4827153")};
    const struct saved_filter filter = {7301, 7001, SPAN("that one"), SPAN("q=4827153")};
    const struct change changes[] = {{.kind = CHANGE_NOTE, .note = {&note}},
                                     {.kind = CHANGE_REFERRAL, .referral = {&referral}},
                                     {.kind = CHANGE_DRAFT, .draft = {&draft}},
                                     {.kind = CHANGE_PERSON_FLAG, .flag = {&row}},
                                     {.kind = CHANGE_SAVED_FILTER, .filter = {&filter}}};
    struct request request = a_request(3002, "4827154");
    const struct phone_row phone = a_phone(f, 2, "+8801712345679");
    fixture_desk(f);
    fixture_written(f, 3001, 7211);
    flag(f);
    request.person = 102;
    request.session = 0;
    request.phone = 2;
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN_NONE}},
            {.kind = CHANGE_PERSON, .person = {.id = 102, .phone = 2, .at = NOW}},
            {.kind = CHANGE_REQUEST_BY_HAND, .request = {&request}}));
    assert_true(traces(f) >= 6);
    OK(SAVE(forget(f, NULL, 0)));
    assert_int_equal(traces(f), 0);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        OK(fixture_save(f, &changes[i], 1));
        assert_int_equal(traces(f), i + 1);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_written_goes_with_the_person),
        TEST(an_old_copy_brings_nothing_back),
        TEST(what_is_kept_keeps_its_notes),
        TEST(a_kept_request_by_hand_keeps_no_session),
        TEST(nothing_refers_to_what_is_gone),
        TEST(notes_go_when_the_request_is_long_closed),
        TEST(a_complaints_notes_go_with_it),
        TEST(what_was_filled_in_by_hand_goes_too),
        TEST(the_answer_to_an_open_request_stays),
        TEST(the_phone_before_may_go),
        TEST(whatever_says_the_reference_is_found),
        TEST(sign_ins_go_a_week_after),
        TEST(a_text_outlives_the_request_that_it_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
