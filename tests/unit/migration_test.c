/* The way to the newest schema: the same for a new file and an old one, each step whole or not at all. */
#include "store_fixture.h"

#include "store/sqlite/database.h"
#include "store/sqlite/migrations.h"

static sqlite3 *open_file(const struct fixture *f)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    return db;
}

/* What a schema means, without its comments and blanks. */
static char *schema_of(sqlite3 *db)
{
    static const char query[] =
        "SELECT group_concat(line, ';') FROM (SELECT type || ' ' || name || ' ' || coalesce("
        "(SELECT group_concat(x.cid || x.name || x.type || x.\"notnull\" || "
        "coalesce(x.dflt_value, '') || x.pk || x.hidden, ',') FROM pragma_table_xinfo(s.name) x), "
        "'') || coalesce((SELECT group_concat(i.seqno || i.name) FROM pragma_index_info(s.name) i), "
        "'') || CASE type WHEN 'index' THEN coalesce(s.sql, '') ELSE '' END AS line "
        "FROM sqlite_schema s ORDER BY type, name)";
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, query, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    char *text = strdup((const char *)sqlite3_column_text(stmt, 0));
    sqlite3_finalize(stmt);
    return text;
}

static void migrated_equals_fresh(void **state)
{
    struct fixture *f = *state;
    sqlite3 *fresh = NULL, *migrated = NULL;
    assert_int_equal(sqlite3_open(":memory:", &fresh), SQLITE_OK);
    assert_int_equal(sqlite3_exec(fresh, store_schema_sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_open(":memory:", &migrated), SQLITE_OK);
    OK(migrate(migrated, f->path, store_migrations, store_migration_count, f->keyring, &f->err));
    char *one = schema_of(fresh), *other = schema_of(migrated);
    assert_true(strlen(one) > 1000);
    assert_string_equal(one, other);
    free(one);
    free(other);
    sqlite3_close(fresh);
    sqlite3_close(migrated);
}

static void versions_only_grow(void **state)
{
    (void)state;
    for (size_t i = 0; i < store_migration_count; i++) {
        assert_int_equal(store_migrations[i].version, i + 1);
    }
}

static enum outcome half_done(sqlite3 *db, const struct keyring *keyring, struct error *err)
{
    (void)keyring;
    assert_int_equal(sqlite3_exec(db, "INSERT INTO extra VALUES (1)", NULL, NULL, NULL), SQLITE_OK);
    return error_set(err, OUTCOME_BROKEN, "half way");
}

static const struct migration good[] = {
    {.version = 1, .sql = "this is never run again"},
    {.version = 2, .sql = "nor is this"},
    {.version = 3, .sql = "nor this"},
    {.version = 4, .sql = "nor that"},
    {.version = 5, .sql = "CREATE TABLE extra (x INTEGER) STRICT"},
    {.version = 6, .sql = "ALTER TABLE phone ADD COLUMN note TEXT; INSERT INTO extra VALUES (7)"},
};
static const struct migration failing[] = {
    {.version = 1, .sql = "this is never run again"},
    {.version = 2, .sql = "nor is this"},
    {.version = 3, .sql = "nor this"},
    {.version = 4, .sql = "nor that"},
    {.version = 5, .sql = "CREATE TABLE extra (x INTEGER) STRICT"},
    {.version = 6, .sql = "ALTER TABLE phone ADD COLUMN note TEXT", .run = half_done},
};

static void an_old_file_is_copied_and_brought_up(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    fixture_close(f);
    sqlite3 *db = open_file(f);
    OK(migrate(db, f->path, good, 6, f->keyring, &f->err));
    OK(migrate(db, f->path, good, 6, f->keyring, &f->err)); /* nothing is left to do */
    sqlite3_close(db);
    assert_string_equal(fixture_ask(f, "PRAGMA user_version"), "6");
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM extra"), "1");
    snprintf(f->path, sizeof f->path, "%.50s/data.db.before-v6", f->dir);
    assert_string_equal(fixture_ask(f, "PRAGMA user_version"), "4");
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM session"), "1");
    struct store *store;
    const struct store_options options = fixture_options(f);
    OK(store_open(&options, &store, &f->err)); /* the copy is a data file */
    store_close(store);
}

static void a_step_that_fails_leaves_the_one_before(void **state)
{
    struct fixture *f = *state;
    fixture_close(f);
    sqlite3 *db = open_file(f);
    OUTCOME(migrate(db, f->path, failing, 6, f->keyring, &f->err), OUTCOME_BROKEN);
    sqlite3_close(db);
    assert_string_equal(fixture_ask(f, "PRAGMA user_version"), "5");
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM extra"), "0");
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM pragma_table_info('phone') WHERE name = 'note'"), "0");
    db = open_file(f);
    OK(migrate(db, f->path, good, 6, f->keyring, &f->err)); /* and the way goes on from there */
    sqlite3_close(db);
}

static void a_newer_file_is_left_alone(void **state)
{
    struct fixture *f = *state;
    fixture_close(f);
    sqlite3 *db = open_file(f);
    OK(migrate(db, f->path, good, 6, f->keyring, &f->err));
    OUTCOME(migrate(db, f->path, good, 5, f->keyring, &f->err), OUTCOME_REFUSED);
    sqlite3_close(db);
    const struct store_options options = fixture_options(f);
    OUTCOME(store_open(&options, &f->store, &f->err), OUTCOME_REFUSED);
}

/* The first version that people had, with a request in it: it is opened, copied, brought up, and read. */
static void a_file_of_version_1_goes_on(void **state)
{
    static const char rows[] =
        "INSERT INTO word VALUES (1, 'call'), (2, 'en'), (3, 'at');"
        "INSERT INTO phone VALUES (5, zeroblob(16), 6, 7, 2, 0, 1, 1, NULL);"
        "INSERT INTO person VALUES (6, 5, 1, NULL, NULL, NULL);"
        "INSERT INTO session VALUES (7, NULL, 5, zeroblob(16), 3, 0, 1, 1, 0, 1, 0, 0, NULL, x'01000000000000000000');"
        "INSERT INTO entry VALUES (9, 7, 6, 1, 1, 3, 4);"
        "INSERT INTO request VALUES (8, '0000013', 6, 5, 7, 9, 1, 3, 1, 2, 10, 20, 30, 4, 2, 2);";
    struct fixture *f = *state;
    fixture_close(f);
    unlink(f->path);
    sqlite3 *db = open_file(f);
    OK(migrate(db, f->path, store_migrations, 1, f->keyring, &f->err));
    assert_int_equal(sqlite3_exec(db, rows, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    const struct store_options options = fixture_options(f);
    OK(store_open(&options, &f->store, &f->err));
    OK(store_find_reference(f->store, "0000013", &f->err));
    fixture_close(f);
    assert_string_equal(fixture_ask(f, "SELECT hidden || step || coalesce(desk, '-') FROM request"), "00-");
    assert_string_equal(fixture_ask(f,
                                    "SELECT json_array(id, person, phone, session, entry, kind, topic, state, urgency, "
                                    "created_at, due_at, changed_at, version, attention, lang) FROM request"),
                        "[8,6,5,7,9,1,3,1,2,10,20,30,4,2,2]");
    assert_string_equal(
        fixture_ask(f, "SELECT json_array(id, session, person, form, state, opened_at, closed_at) FROM entry"),
        "[9,7,6,1,1,3,4]");
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM pragma_foreign_key_check"), "0");
    assert_string_equal(fixture_ask(f, "PRAGMA user_version"), "4");
    snprintf(f->path, sizeof f->path, "%.50s/data.db.before-v4", f->dir);
    assert_string_equal(fixture_ask(f, "PRAGMA user_version"), "1");
}

/* The second, with a conversation in it: nothing was taken out of it yet. */
static void a_file_of_version_2_goes_on(void **state)
{
    static const char rows[] =
        "INSERT INTO word VALUES (1, 'call'), (2, 'en');"
        "INSERT INTO phone (id, lookup, lang, opted_out, first_at, last_at) VALUES (5, zeroblob(16), 2, 0, 1, 1);";
    struct fixture *f = *state;
    fixture_close(f);
    unlink(f->path);
    sqlite3 *db = open_file(f);
    OK(migrate(db, f->path, store_migrations, 2, f->keyring, &f->err));
    assert_int_equal(sqlite3_exec(db, rows, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    const struct store_options options = fixture_options(f);
    OK(store_open(&options, &f->store, &f->err));
    fixture_close(f);
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM phone"), "1");
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM redaction"), "0");
    assert_string_equal(fixture_ask(f, "PRAGMA user_version"), "4");
}

/* The third, with a closed request whose answer did not arrive: from now on it is found without looking at all that is closed. */
static void a_file_of_version_3_goes_on(void **state)
{
    static const char rows[] =
        "INSERT INTO word VALUES (1, 'call'), (2, 'en');"
        "INSERT INTO phone (id, lookup, lang, opted_out, first_at, last_at) VALUES (5, zeroblob(16), 2, 0, 1, 1);"
        "INSERT INTO person (id, phone, created_at) VALUES (6, 5, 1);"
        "INSERT INTO request (id, reference, person, phone, kind, state, urgency, created_at, changed_at, version, "
        "attention) "
        "VALUES (8, '0000013', 6, 5, 1, 3, 0, 1, 1, 1, 1), (9, '0000026', 6, 5, 1, 3, 0, 1, 1, 1, 0), "
        /* taken back while a text had failed; and after somebody had written */
        "(10, '0000039', 6, 5, 1, 4, 0, 1, 1, 1, 1), (11, '0000042', 6, 5, 1, 4, 0, 1, 1, 1, 3);";
    struct fixture *f = *state;
    fixture_close(f);
    unlink(f->path);
    sqlite3 *db = open_file(f);
    OK(migrate(db, f->path, store_migrations, 3, f->keyring, &f->err));
    assert_int_equal(sqlite3_exec(db, rows, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    const struct store_options options = fixture_options(f);
    OK(store_open(&options, &f->store, &f->err));
    fixture_close(f);
    assert_string_equal(fixture_ask(f, "SELECT group_concat(id) FROM request INDEXED BY request_marked "
                                       "WHERE state >= 3 AND attention > 0"),
                        "8,11");
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM request"), "4");
    assert_string_equal(fixture_ask(f, "PRAGMA user_version"), "4");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(migrated_equals_fresh),
        TEST(versions_only_grow),
        TEST(an_old_file_is_copied_and_brought_up),
        TEST(a_step_that_fails_leaves_the_one_before),
        TEST(a_newer_file_is_left_alone),
        TEST(a_file_of_version_1_goes_on),
        TEST(a_file_of_version_2_goes_on),
        TEST(a_file_of_version_3_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
