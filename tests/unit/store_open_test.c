/* Opening: whose file it is, who else has it, and that every refusal is one clear answer. */
#include <sys/stat.h>
#include <sys/wait.h>

#include "store_fixture.h"
#include "store/sqlite/migrations.h"

static enum outcome open_again(struct fixture *f, bool create)
{
    struct store_options options = fixture_options(f);
    options.create = create;
    return store_open(&options, &f->store, &f->err);
}

/* What the sqlite3 tool would do to a file that nobody has open. */
static void tamper(struct fixture *f, const char *text)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void a_missing_file_is_made_only_when_asked(void **state)
{
    struct fixture *f = *state;
    fixture_close(f);
    assert_int_equal(remove(f->path), 0);
    OUTCOME(open_again(f, false), OUTCOME_NOT_FOUND);
    OK(open_again(f, true));
    struct stat st;
    assert_int_equal(stat(f->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    fixture_close(f);
    OK(open_again(f, false));
}

static void a_second_opener_is_told_who_writes(void **state)
{
    struct fixture *f = *state;
    const struct store_options options = fixture_options(f);
    struct store *second = NULL;
    OUTCOME(store_open(&options, &second, &f->err), OUTCOME_CONFLICT);
    char pid[32];
    snprintf(pid, sizeof pid, "process %ld ", (long)getpid());
    assert_non_null(strstr(f->err.text, pid));
    /* The refused opening took nothing from the first one. */
    fixture_someone(f);
    OK(store_reopen(f->store, &f->err));
    OUTCOME(store_open(&options, &second, &f->err), OUTCOME_CONFLICT);
}

static void a_lock_dies_with_its_process(void **state)
{
    struct fixture *f = *state;
    fixture_close(f);
    pid_t child = fork();
    if (child == 0) {
        const struct store_options options = fixture_options(f);
        _exit(store_open(&options, &f->store, &f->err) == OUTCOME_OK ? 0 : 1); /* without closing */
    }
    int status = 1;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    fixture_open(f);
}

static void other_keys_are_refused(void **state)
{
    struct fixture *f = *state;
    fixture_close(f);
    struct keyring *own = f->keyring, *other;
    char keys[120];
    snprintf(keys, sizeof keys, "%s/other", f->dir);
    OK(keyring_generate(keys, &f->err));
    OK(keyring_open(keys, &other, &f->err));
    f->keyring = other;
    OUTCOME(open_again(f, true), OUTCOME_REFUSED);
    assert_non_null(strstr(f->err.text, "keys"));
    keyring_close(other);
    f->keyring = own;
    OK(open_again(f, true));
}

static void a_newer_file_is_refused(void **state)
{
    struct fixture *f = *state;
    fixture_close(f);
    tamper(f, "PRAGMA user_version = 99");
    OUTCOME(open_again(f, true), OUTCOME_REFUSED);
    assert_non_null(strstr(f->err.text, "newer"));
    char back[64];
    snprintf(back, sizeof back, "PRAGMA user_version = %d", store_newest_version());
    tamper(f, back);
    OK(open_again(f, true));
}

static void write_file(const struct fixture *f, const char *bytes, size_t len)
{
    FILE *file = fopen(f->path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    fclose(file);
}

static void what_is_not_ours_is_refused(void **state)
{
    struct fixture *f = *state;
    fixture_close(f);
    char noise[8192];
    memset(noise, '#', sizeof noise);
    write_file(f, noise, sizeof noise);
    OUTCOME(open_again(f, true), OUTCOME_REFUSED);
    assert_int_equal(remove(f->path), 0);
    tamper(f, "CREATE TABLE theirs (x)");
    OUTCOME(open_again(f, true), OUTCOME_REFUSED);
    assert_non_null(strstr(f->err.text, "not a helpline"));
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM sqlite_schema"), "1");
}

static void a_damaged_file_is_broken_not_empty(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    fixture_close(f);
    FILE *file = fopen(f->path, "r+b");
    assert_non_null(file);
    char noise[4096];
    memset(noise, 0x5a, sizeof noise);
    for (long page = 3; page < 12; page++) {
        fseek(file, page * 4096, SEEK_SET);
        fwrite(noise, 1, sizeof noise, file);
    }
    fclose(file);
    OUTCOME(open_again(f, true), OUTCOME_BROKEN);
    assert_null(f->store);
}

static void a_folder_that_cannot_be_written_is_named(void **state)
{
    struct fixture *f = *state;
    fixture_close(f);
    struct store_options options = fixture_options(f);
    options.path = "/proc/helpline/data.db";
    OUTCOME(store_open(&options, &f->store, &f->err), OUTCOME_BROKEN);
    assert_non_null(strstr(f->err.text, "/proc/helpline"));
}

static void what_was_set_holds(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(fixture_ask(f, "PRAGMA journal_mode"), "wal");
    assert_string_equal(fixture_ask(f, "PRAGMA auto_vacuum"), "2");
    assert_string_equal(fixture_ask(f, "PRAGMA application_id"), "1751937132");
    assert_string_equal(fixture_ask(f, "PRAGMA page_size"), "4096");
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND "
                                       "name NOT LIKE 'sqlite%' AND sql NOT LIKE '%STRICT%'"),
                        "0");
}

/* Somebody looks into the file with the tool, and closes it cleanly, while the store writes: nothing may go missing. */
static void the_sqlite3_tool_beside_us(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    char command[256];
    for (uint32_t n = 0; n < 5; n++) {
        const struct turn turn = a_turn(1001, n);
        OK(SAVE({.kind = CHANGE_TURN, .turn = {&turn, 0}}));
        snprintf(command, sizeof command, "test \"$(sqlite3 %s 'SELECT count(*) FROM turn')\" = %u", f->path, n + 1);
        assert_int_equal(system(command), 0);
    }
    snprintf(command, sizeof command, "sqlite3 %s \"INSERT INTO meta VALUES ('beside', 1)\"", f->path);
    assert_int_equal(system(command), 0);
    const struct turn turn = a_turn(1001, 5);
    OK(SAVE({.kind = CHANGE_TURN, .turn = {&turn, 0}}));
    fixture_close(f);
    fixture_open(f);
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM turn"), "6");
}

static void the_wal_is_kept_small(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    struct store_sizes sizes;
    static char filler[200000];
    memset(filler, 'x', sizeof filler);
    int64_t largest = 0;
    for (uint32_t n = 0; n < 60; n++) {
        struct turn turn = a_turn(1001, n);
        turn.input = (struct span){filler, sizeof filler};
        OK(SAVE({.kind = CHANGE_TURN, .turn = {&turn, 0}}));
        OK(store_checkpoint(f->store, false, &f->err));
        OK(store_measure(f->store, 0, &sizes, &f->err));
        largest = sizes.wal_bytes > largest ? sizes.wal_bytes : largest;
    }
    assert_in_range(largest, 4 << 20, 5 << 20);
    assert_int_equal(sizes.sessions_open, 1);
    assert_true(sizes.data_bytes > 8 << 20);
    struct turn turn = a_turn(1001, 60);
    turn.input = (struct span){filler, sizeof filler};
    OK(SAVE({.kind = CHANGE_TURN, .turn = {&turn, 0}}));
    OK(store_measure(f->store, NOW * 2, &sizes, &f->err));
    assert_int_equal(sizes.sessions_open, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_missing_file_is_made_only_when_asked),
        TEST(a_second_opener_is_told_who_writes),
        TEST(a_lock_dies_with_its_process),
        TEST(other_keys_are_refused),
        TEST(a_newer_file_is_refused),
        TEST(what_is_not_ours_is_refused),
        TEST(a_damaged_file_is_broken_not_empty),
        TEST(a_folder_that_cannot_be_written_is_named),
        TEST(what_was_set_holds),
        TEST(the_sqlite3_tool_beside_us),
        TEST(the_wal_is_kept_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
