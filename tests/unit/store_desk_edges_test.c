/* What the desk's statements leave alone: other people's, other requests', what is over already. */
#include "store_desk_fixture.h"

#include "store/desk_reader.h"
#include "store/reader.h"

static void fixture_two(struct fixture *f)
{
    const struct operator second = an_operator(7002, "karim");
    const struct request request = a_request(3002, "4827154");
    fixture_desk(f);
    OK(SAVE({.kind = CHANGE_OPERATOR, .operator = {&second}}, {.kind = CHANGE_REQUEST, .request = {&request}}));
}

static const char *ask(struct fixture *f, const char *query)
{
    return fixture_ask(f, query);
}

static void run(struct fixture *f, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* ---- sign-ins ---- */

static void sign_ins_of_others_and_those_that_ended_stay(void **state)
{
    struct fixture *f = *state;
    struct sign_in rows[4];
    fixture_two(f);
    for (int i = 0; i < 4; i++) {
        rows[i] = (struct sign_in){.id = 7101 + i,
                                   .operator = i < 3 ? 7001 : 7002,
                                   .token = {{(unsigned char)(1 + i)}},
                                   .created_at = NOW + i,
                                   .seen_at = NOW + 10,
                                   .ended_at = i == 1 ? NOW + 20 : 0};
        OK(SAVE({.kind = CHANGE_SIGN_IN, .sign_in = {&rows[i]}}));
    }
    OK(SAVE({.kind = CHANGE_SIGN_INS_END, .sign_ins = {.operator = 7001, .but = 7101, .at = NOW + 30}}));
    assert_string_equal(ask(f, "SELECT group_concat(id || ':' || coalesce(ended_at - 1790000000000, '-'), ' ') "
                               "FROM sign_in"),
                        "7101:- 7102:20 7103:30 7104:-");
    assert_string_equal(ask(f, "SELECT max(created_at) - 1790000000000 FROM sign_in"), "3");
    assert_string_equal(ask(f, "SELECT max(seen_at) - 1790000000000 FROM sign_in"), "10");
}

static void names_of_filters_are_each_ones_own(void **state)
{
    struct fixture *f = *state;
    const struct saved_filter mine = {8001, 7001, SPAN("Mine"), SPAN("topic=work")},
                              theirs = {8002, 7002, SPAN("Mine"), SPAN("topic=wages")},
                              dropped = {8003, 7001, SPAN("Mine"), SPAN("")};
    fixture_two(f);
    OK(SAVE({.kind = CHANGE_SAVED_FILTER, .filter = {&mine}}, {.kind = CHANGE_SAVED_FILTER, .filter = {&theirs}},
            {.kind = CHANGE_SAVED_FILTER, .filter = {&dropped}}));
    assert_string_equal(ask(f, "SELECT group_concat(query) FROM saved_filter"), "topic=wages");
}

/* ---- what was written ---- */

static void versions_stay_with_their_request(void **state)
{
    struct fixture *f = *state;
    fixture_two(f);
    const struct note first = a_note(7201, 3001, "one");
    struct note second = a_note(7202, 3002, "two");
    second.replaces = 7201;
    struct referral referral = {
        .id = 7301, .request = 3001, .operator = 7001, .at = NOW, .office = SPAN("legal-aid"), .due_at = NOW + 1};
    OK(SAVE({.kind = CHANGE_NOTE, .note = {&first}}, {.kind = CHANGE_REFERRAL, .referral = {&referral}}));
    OUTCOME(SAVE({.kind = CHANGE_NOTE, .note = {&second}}), OUTCOME_REFUSED);
    referral.request = 3002;
    referral.settled_at = NOW + 2;
    OUTCOME(SAVE({.kind = CHANGE_REFERRAL, .referral = {&referral}}), OUTCOME_REFUSED);
    assert_string_equal(ask(f, "SELECT request || ' ' || (settled_at IS NULL) FROM referral"), "3001 1");
}

static void a_draft_of_another_stays(void **state)
{
    struct fixture *f = *state;
    fixture_two(f);
    const struct draft mine = {7001, 3001, NOW, SPAN("note"), SPAN("x")},
                       theirs = {7002, 3001, NOW, SPAN("note"), SPAN("y")},
                       reply = {7001, 3001, NOW, SPAN("reply"), SPAN("z")},
                       dropped = {7001, 3001, NOW, SPAN("note"), SPAN("")};
    OK(SAVE({.kind = CHANGE_DRAFT, .draft = {&mine}}, {.kind = CHANGE_DRAFT, .draft = {&theirs}},
            {.kind = CHANGE_DRAFT, .draft = {&reply}}, {.kind = CHANGE_DRAFT, .draft = {&dropped}}));
    assert_string_equal(ask(f, "SELECT count(*) || ' ' || sum(operator = 7002) FROM draft"), "2 1");
}

/* ---- texts ---- */

/* With a request the texts that it is marked for are dealt with, and no other: not another request's, not one that arrived, not a page. */
static void only_the_texts_of_the_mark_are_dealt_with(void **state)
{
    struct fixture *f = *state;
    const struct outbox_row usual = {.phone = 1,
                                     .session = 1001,
                                     .channel = SPAN("kannel"),
                                     .to = SPAN("+1"),
                                     .text = SPAN("x"),
                                     .state = OUTBOX_FAILED,
                                     .created_at = NOW,
                                     .changed_at = NOW};
    static const struct {
        int64_t id, request;
        enum outbox_state state;
        enum outbox_kind kind;
        bool is_dealt;
    } rows[] = {{5001, 0, OUTBOX_FAILED, OUTBOX_TEXT, false}, /* of the session's later request */
                {5002, 3001, OUTBOX_UNKNOWN, OUTBOX_TEXT, true}, {5003, 0, OUTBOX_DELIVERED, OUTBOX_TEXT, false},
                {5004, 0, OUTBOX_FAILED, OUTBOX_PUSH, false},    {5005, 3002, OUTBOX_FAILED, OUTBOX_TEXT, false},
                {2999, 0, OUTBOX_FAILED, OUTBOX_TEXT, false}};
    fixture_two(f);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct outbox_row row = usual;
        row.id = rows[i].id;
        row.request = rows[i].request;
        row.kind = rows[i].kind;
        row.state = rows[i].state;
        OK(SAVE({.kind = CHANGE_OUTBOX, .outbox = {&row}}));
    }
    OK(SAVE({.kind = CHANGE_REQUEST_ATTENTION, .attention = {3001, ATTENTION_TEXT_FAILED, 0}},
            {.kind = CHANGE_REQUEST_ATTENTION, .attention = {3001, ATTENTION_NONE, NOW + 9}}));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char query[80];
        snprintf(query, sizeof query, "SELECT dealt_at IS NOT NULL FROM outbox WHERE id = %lld", (long long)rows[i].id);
        if (atoi(ask(f, query)) != rows[i].is_dealt)
            fail_msg("text %lld", (long long)rows[i].id);
    }
}

/* ---- the file ---- */

static void whatever_is_in_it_a_file_is_not_empty(void **state)
{
    struct fixture *f = *state;
    const struct operator operator = an_operator(7001, "rahima");
    bool is_empty = true, is_demonstration;
    OK(SAVE({.kind = CHANGE_OPERATOR, .operator = {&operator}}));
    OK(store_is_empty(f->store, &is_empty, &is_demonstration, &f->err));
    assert_false(is_empty);
}

static void a_request_by_hand_alone_is_somebodys(void **state)
{
    struct fixture *f = *state;
    struct phone_row phone = a_phone(f, 1, "+8801712345678");
    struct request request = a_request(3001, "4827153");
    bool is_empty = true, is_demonstration;
    phone.person = 101;
    request.session = 0;
    OK(SAVE({.kind = CHANGE_PHONE, .phone = {&phone, SPAN_NONE}},
            {.kind = CHANGE_PERSON, .person = {.id = 101, .phone = 1, .at = NOW}},
            {.kind = CHANGE_REQUEST_BY_HAND, .request = {&request}}));
    OK(store_is_empty(f->store, &is_empty, &is_demonstration, &f->err));
    assert_false(is_empty);
}

/* Behind the last line and never before it; the head is that of what was committed. */
static void lines_go_on(void **state)
{
    struct fixture *f = *state;
    struct audit_head head;
    fixture_two(f);
    const struct audit_row second = a_line(9002, AUDIT_VIEWED, 3001), first = a_line(9001, AUDIT_VIEWED, 3001);
    OK(SAVE({.kind = CHANGE_AUDIT, .audit = {&second}}));
    OUTCOME(SAVE({.kind = CHANGE_AUDIT, .audit = {&first}}), OUTCOME_REFUSED);
    OUTCOME(SAVE({.kind = CHANGE_AUDIT, .audit = {&second}}), OUTCOME_REFUSED);
    OK(store_audit_head(f->store, &head, &f->err));
    assert_int_equal(head.count, 1);
    assert_int_equal(head.id, 9002);
}

/* Seven digits agree with their last; six get theirs. */
static void a_reference_is_found_by_its_digits(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *digits;
        bool is_found;
    } rows[] = {{"1234566", true}, {"123456", true},  {"1234567", false},
                {"12345", false},  {"12345 ", false}, {"", false}};
    struct request request = a_request(3009, "1234566");
    struct reader *reader;
    fixture_desk(f);
    OK(SAVE({.kind = CHANGE_REQUEST, .request = {&request}}));
    run(f, "UPDATE request SET reference = '1234567' WHERE id = 3001"); /* there, and no reference */
    OK(reader_open(f->path, f->keyring, &reader, &f->err));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct found_reference found;
        const enum outcome outcome = desk_find_reference(reader, span_of(rows[i].digits), &found, &f->err);
        if (outcome != (rows[i].is_found ? OUTCOME_OK : OUTCOME_NOT_FOUND))
            fail_msg("\"%s\": %s", rows[i].digits, f->err.text);
        assert_int_equal(found.request, rows[i].is_found ? 3009 : 0);
    }
    reader_close(reader);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sign_ins_of_others_and_those_that_ended_stay),
        TEST(names_of_filters_are_each_ones_own),
        TEST(versions_stay_with_their_request),
        TEST(a_draft_of_another_stays),
        TEST(only_the_texts_of_the_mark_are_dealt_with),
        TEST(whatever_is_in_it_a_file_is_not_empty),
        TEST(a_request_by_hand_alone_is_somebodys),
        TEST(lines_go_on),
        TEST(a_reference_is_found_by_its_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
