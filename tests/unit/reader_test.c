/* Reading beside the writer: exports say what a person saw, verify finds what does not hold. */
#include "store_fixture.h"

#include "store/reader.h"

#define ROWS_MAX 16
#define COLUMNS_MAX 24

struct taken {
    char cells[ROWS_MAX][COLUMNS_MAX][160];
    char names[COLUMNS_MAX][32];
    size_t rows, columns, stop_after;
};

static bool take(void *context, const struct export_row *row)
{
    struct taken *taken = context;
    assert_true(row->count <= COLUMNS_MAX && taken->rows < ROWS_MAX);
    for (size_t i = 0; i < row->count; i++) {
        assert_non_null(row->names[i]);
        snprintf(taken->names[i], sizeof taken->names[i], "%s", row->names[i]);
        snprintf(taken->cells[taken->rows][i], sizeof taken->cells[0][0], "%.*s",
                 row->values[i].at ? (int)row->values[i].len : 6, row->values[i].at ? row->values[i].at : "(none)");
    }
    assert_null(row->names[row->count]);
    taken->columns = row->count;
    taken->rows++;
    return taken->rows != taken->stop_after;
}

static struct reader *open_reader(struct fixture *f)
{
    struct reader *reader = NULL;
    OK(reader_open(f->path, f->keyring, &reader, &f->err));
    return reader;
}

static struct taken *export(struct fixture *f, enum export_kind kind)
{
    static struct taken taken;
    memset(&taken, 0, sizeof taken);
    struct reader *reader = open_reader(f);
    int64_t total = -1;
    OK(reader_export(reader, kind, &total, take, &taken, &f->err));
    assert_int_equal(total, taken.rows);
    reader_close(reader);
    return &taken;
}

static const char *cell(const struct taken *taken, size_t row, const char *name)
{
    for (size_t i = 0; i < taken->columns; i++) {
        if (strcmp(taken->names[i], name) == 0) {
            return taken->cells[row][i];
        }
    }
    fail_msg("no column %s", name);
    return NULL;
}

struct expected {
    const char *column, *value;
};

static void expect_row(const struct taken *taken, size_t row, const struct expected *expected, int line)
{
    for (; expected->column; expected++)
        if (strcmp(cell(taken, row, expected->column), expected->value) != 0)
            fail_msg("line %d: %s is %s", line, expected->column, cell(taken, row, expected->column));
}
#define ROW(taken, row, ...) expect_row(taken, row, (const struct expected[]){__VA_ARGS__, {0}}, __LINE__)

static void say_something(struct fixture *f)
{
    fixture_someone(f);
    static const struct span values[] = {SPAN("482 7153")};
    struct turn first = a_turn(1001, 0), second = a_turn(1001, 1);
    second.input = SPAN("01712");
    second.meaning = SPAN("wages");
    second.asked = SPAN("main");
    second.node = SPAN("done");
    second.skeleton = SPAN("Your number is \x01\x02, keep it.");
    second.values = values;
    second.value_count = 1;
    second.flags = TURN_ENDS | TURN_SENSITIVE_INPUT | TURN_SENSITIVE_SCREEN;
    const struct answer name = {SPAN("name"), SPAN("\"R\xc3\xa9za\""), true}, when = {SPAN("when"), SPAN("am"), false};
    const struct request request = {.id = 3001,
                                    .person = 101,
                                    .phone = 1,
                                    .session = 1001,
                                    .entry = 2001,
                                    .reference = "4827153",
                                    .kind = SPAN("call"),
                                    .topic = SPAN("wages"),
                                    .urgency = URGENCY_DANGER,
                                    .created_at = NOW,
                                    .changed_at = NOW,
                                    .version = 1};
    const struct registration registration = {.id = 4001,
                                              .person = 101,
                                              .session = 1001,
                                              .entry = 2001,
                                              .reference = "1111111",
                                              .created_at = NOW,
                                              .consent_version = SPAN("2")};
    OK(SAVE({.kind = CHANGE_TURN, .turn = {&first, 0}}, {.kind = CHANGE_TURN, .turn = {&second, 101}},
            {.kind = CHANGE_ENTRY, .entry = {.id = 2001, .session = 1001, .at = NOW, .form = SPAN("call")}},
            {.kind = CHANGE_ANSWER, .answer = {2001, 101, NOW, &name}},
            {.kind = CHANGE_ANSWER, .answer = {2001, 101, NOW, &when}}, {.kind = CHANGE_REQUEST, .request = {&request}},
            {.kind = CHANGE_REGISTRATION, .registration = {&registration}}));
    const struct part part = {.key = fixture_lookup(f, "parts", "r"),
                              .message = fixture_lookup(f, "part", "r"),
                              .phone = fixture_lookup(f, "phone", "+8801712345678"),
                              .channel = SPAN("at-sms"),
                              .at = NOW,
                              .due_at = NOW + 60000,
                              .inbound = {.input = SPAN("01712"), .part = {SPAN("r"), 1, 2}}};
    OK(SAVE({.kind = CHANGE_PART, .part = {&part}}));
}

static void turns_show_what_the_person_saw(void **state)
{
    struct fixture *f = *state;
    say_something(f);
    const struct taken *taken = export(f, EXPORT_TURNS);
    assert_int_equal(taken->rows, 2);
    ROW(taken, 0, {"screen", "Helpline\n1 Find services"}, {"input", "(none)"}, {"channel", "at-ussd"},
        {"at", "2026-09-21T14:13:20.000Z"});
    ROW(taken, 1, {"screen", "Your number is 482 7153, keep it."}, {"input", "01712"}, {"meaning", "wages"},
        {"turn", "1"}, {"ends", "yes"}, {"language", "bn"});
}

static void sessions_requests_registrations(void **state)
{
    struct fixture *f = *state;
    say_something(f);
    const struct taken *taken = export(f, EXPORT_SESSIONS);
    assert_int_equal(taken->rows, 1);
    ROW(taken, 0, {"kind", "ussd"}, {"cause", "(none)"}, {"ended_at", "(none)"});
    taken = export(f, EXPORT_REQUESTS);
    assert_int_equal(taken->rows, 1);
    ROW(taken, 0, {"reference", "4827153"}, {"topic", "wages"}, {"state", "waiting"}, {"urgency", "danger"},
        {"number", "+8801712345678"}, {"answers", "{\"name\":\"\\\"R\xc3\xa9za\\\"\",\"when\":\"am\"}"});
    taken = export(f, EXPORT_REGISTRATIONS);
    assert_int_equal(taken->rows, 1);
    ROW(taken, 0, {"consent_version", "2"}, {"number", "+8801712345678"});
}

/* What became of each text, and which requests somebody has to look at because of it. */
static void texts_and_what_became_of_them(void **state)
{
    struct fixture *f = *state;
    say_something(f);
    const struct outbox_row waits = {.id = 5001,
                                     .phone = 1,
                                     .session = 1001,
                                     .channel = SPAN("at-sms"),
                                     .to = SPAN("+8801712345678"),
                                     .text = SPAN("Ref 482 7153"),
                                     .created_at = NOW,
                                     .due_at = NOW,
                                     .changed_at = NOW,
                                     .expires_at = NOW + 1000,
                                     .segments = 2,
                                     .encoding = ENCODING_UCS2,
                                     .cost_micros = 1600000};
    struct outbox_row page = waits;
    page.id = 5002;
    page.kind = OUTBOX_PUSH_END;
    page.session = 0;
    page.cost_micros = 0;
    OK(SAVE({.kind = CHANGE_OUTBOX, .outbox = {.row = &waits}}, {.kind = CHANGE_OUTBOX, .outbox = {.row = &page}}));
    const struct taken *taken = export(f, EXPORT_TEXTS);
    assert_int_equal(taken->rows, 2);
    ROW(taken, 0, {"state", "queued"}, {"reason", "(none)"}, {"kind", "text"}, {"channel", "at-sms"},
        {"encoding", "ucs2"}, {"segments", "2"}, {"cost", "1.600000"}, {"number", "+8801712345678"},
        {"said", "Ref 482 7153"});
    ROW(taken, 1, {"kind", "last_page"}, {"session", "(none)"}, {"cost", "(none)"});
    assert_string_equal(cell(export(f, EXPORT_REQUESTS), 0, "attention"), "(none)");
    struct outbox_row doubtful = waits;
    doubtful.state = OUTBOX_UNKNOWN;
    doubtful.reason = REASON_UNKNOWN;
    OK(SAVE({.kind = CHANGE_OUTBOX_STATE, .outbox = {.row = &doubtful}}));
    taken = export(f, EXPORT_TEXTS);
    ROW(taken, 0, {"state", "unknown"}, {"reason", "unknown"});
    assert_string_equal(cell(export(f, EXPORT_REQUESTS), 0, "attention"), "answer_unknown");
}

static void an_export_can_be_stopped(void **state)
{
    struct fixture *f = *state;
    say_something(f);
    struct taken taken = {.stop_after = 1};
    struct reader *reader = open_reader(f);
    int64_t total;
    OUTCOME(reader_export(reader, EXPORT_TURNS, &total, take, &taken, &f->err), OUTCOME_REFUSED);
    assert_int_equal(total, 2);
    taken = (struct taken){0};
    OK(reader_export(reader, EXPORT_TURNS, &total, take, &taken, &f->err));
    OUTCOME(reader_export(reader, (enum export_kind)9, &total, take, &taken, &f->err), OUTCOME_REFUSED);
    reader_close(reader);
}

/* A reader that is open sees what the writer saves later, with words it had not seen, and hinders nobody. */
static void a_reader_follows_the_writer(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    struct reader *reader = open_reader(f);
    struct turn turn = a_turn(1001, 0);
    turn.node = SPAN("a-new-node");
    OK(SAVE({.kind = CHANGE_TURN, .turn = {&turn, 0}}));
    struct taken taken = {0};
    int64_t total;
    OK(reader_export(reader, EXPORT_TURNS, &total, take, &taken, &f->err));
    assert_string_equal(cell(&taken, 0, "node"), "a-new-node");
    fixture_close(f);
    reader_close(reader);
    fixture_open(f);
}

static void who_may_not_read(void **state)
{
    struct fixture *f = *state;
    struct reader *reader = NULL;
    OUTCOME(reader_open("/tmp/helpline-no-such-file", f->keyring, &reader, &f->err), OUTCOME_NOT_FOUND);
    char keys[120];
    struct keyring *other;
    snprintf(keys, sizeof keys, "%s/other", f->dir);
    OK(keyring_generate(keys, &f->err));
    OK(keyring_open(keys, &other, &f->err));
    OUTCOME(reader_open(f->path, other, &reader, &f->err), OUTCOME_REFUSED);
    keyring_close(other);
    OUTCOME(reader_open(f->keys, f->keyring, &reader, &f->err), OUTCOME_REFUSED);
    assert_null(reader);
}

static int64_t progressed;

static void progress(void *context, int64_t done, int64_t total)
{
    (void)context;
    assert_true(done <= total);
    progressed = done;
}

static enum outcome verify(struct fixture *f, struct problems *problems, struct verify_counts *counts)
{
    struct reader *reader = open_reader(f);
    problems_init(problems, f->arena);
    const enum outcome outcome = reader_verify(reader, counts, problems, progress, NULL, &f->err);
    reader_close(reader);
    return outcome;
}

static void a_sound_file_verifies(void **state)
{
    struct fixture *f = *state;
    say_something(f);
    struct problems problems;
    struct verify_counts counts;
    OK(verify(f, &problems, &counts));
    assert_int_equal(problems.count, 0);
    assert_int_equal(counts.phones, 1);
    assert_int_equal(counts.sessions, 1);
    assert_int_equal(counts.turns, 2);
    assert_int_equal(counts.requests, 1);
    assert_int_equal(counts.registrations, 1);
    assert_int_equal(counts.sealed, 5); /* number, person key, turn, answer, part */
    assert_int_equal(progressed, 9);
}

/* Each row moved, cut or orphaned is found, and named without a word of what it holds. */
static void what_does_not_hold_is_found(void **state)
{
    static const char *const damages[] = {
        "UPDATE phone SET id = 2",
        "INSERT INTO phone (id, lookup, opted_out, first_at, last_at) SELECT 2, lookup, 0, first_at, last_at FROM "
        "phone",
        "UPDATE person SET key = zeroblob(length(key))",
        "UPDATE turn SET number = 5 WHERE sealed IS NOT NULL",
        "UPDATE turn SET sealed = substr(sealed, 2) WHERE sealed IS NOT NULL",
        "UPDATE turn SET screen = 99 WHERE number = 0",
        "UPDATE answer SET field = (SELECT id FROM word WHERE text = 'bn') WHERE typeof(value) = 'blob'",
        "UPDATE session SET state = x'01'",
        "UPDATE session SET state = CAST(state || x'00' AS BLOB)",
        "UPDATE session SET state = CAST(x'02' || substr(state, 2) AS BLOB)",
        "UPDATE request SET reference = '482715'",
        "DELETE FROM entry",
        "UPDATE part SET number = 2",
        "UPDATE part SET key = zeroblob(length(key))",
        "UPDATE part SET sealed = substr(sealed, 2)",
        "UPDATE part SET phone = x'01'",
    };
    struct fixture *f = *state;
    say_something(f);
    fixture_close(f);
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        char command[600];
        snprintf(command, sizeof command, "cp %s %s.good && sqlite3 %s \"%.200s\"", f->path, f->path, f->path,
                 damages[i]);
        assert_int_equal(system(command), 0);
        struct problems problems;
        struct verify_counts counts;
        if (verify(f, &problems, &counts) != OUTCOME_BROKEN || problems.count == 0) {
            fail_msg("not found: %s", damages[i]);
        }
        for (size_t n = 0; n < problems.count && n < PROBLEMS_MAX; n++) {
            assert_null(strstr(problems.lines[n], "01712"));
        }
        snprintf(command, sizeof command, "mv %s.good %s && rm -f %s-wal %s-shm", f->path, f->path, f->path, f->path);
        assert_int_equal(system(command), 0);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(turns_show_what_the_person_saw), TEST(sessions_requests_registrations),
        TEST(texts_and_what_became_of_them),  TEST(an_export_can_be_stopped),
        TEST(a_reader_follows_the_writer),    TEST(who_may_not_read),
        TEST(a_sound_file_verifies),          TEST(what_does_not_hold_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
