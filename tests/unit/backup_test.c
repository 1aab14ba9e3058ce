/* Backups: whole or not there, with what was written meanwhile, and readable where nothing may be written. */
#include "store_fixture.h"

#include <dirent.h>

#include "base/clock.h"
#include "store/reader.h"

static char copy_path[128];

static void begin(struct fixture *f, struct store_backup **backup)
{
    snprintf(copy_path, sizeof copy_path, "%s/copy.db", f->dir);
    OK(store_backup_begin(f->store, copy_path, backup, &f->err));
}

static void fill(struct fixture *f, uint32_t from, uint32_t to)
{
    static char filler[3000];
    memset(filler, 'x', sizeof filler);
    for (uint32_t n = from; n < to; n++) {
        struct turn turn = a_turn(1001, n);
        turn.input = (struct span){filler, sizeof filler};
        OK(SAVE({.kind = CHANGE_TURN, .turn = {&turn, 0}}));
    }
}

/* Steps until the end; fails after ten seconds. */
static enum outcome finish(struct fixture *f, struct store_backup **backup)
{
    const int64_t deadline = clock_monotonic_ms() + 60000;
    int left = 1, total;
    enum outcome outcome = OUTCOME_OK;
    while (outcome == OUTCOME_OK && left) {
        assert_true(clock_monotonic_ms() < deadline);
        outcome = store_backup_step(backup, 16, &left, &total, &f->err);
    }
    return outcome;
}

static int files_in(const struct fixture *f, const char *ending)
{
    int count = 0;
    DIR *dir = opendir(f->dir);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        const size_t len = strlen(entry->d_name), tail = strlen(ending);
        count += len >= tail && strcmp(entry->d_name + len - tail, ending) == 0;
    }
    closedir(dir);
    return count;
}

static void a_backup_holds_what_came_meanwhile(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    fill(f, 0, 50);
    struct store_backup *backup = NULL;
    begin(f, &backup);
    int left = 0, total = 0;
    OK(store_backup_step(&backup, 8, &left, &total, &f->err));
    assert_true(left > 0 && total > left);
    fill(f, 50, 60);
    assert_int_equal(files_in(f, "copy.db"), 0);
    OK(finish(f, &backup));
    assert_null(backup);
    assert_int_equal(files_in(f, ".part"), 0);
    assert_int_equal(files_in(f, "copy.db-wal"), 0);
    char *own = strdup(f->path);
    snprintf(f->path, sizeof f->path, "%.90s", copy_path);
    assert_string_equal(fixture_ask(f, "SELECT count(*) FROM turn"), "60");
    assert_string_equal(fixture_ask(f, "PRAGMA journal_mode"), "delete");
    assert_string_equal(fixture_ask(f, "PRAGMA integrity_check"), "ok");
    snprintf(f->path, sizeof f->path, "%s", own);
    free(own);
}

static void a_backup_is_a_data_file(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    struct store_backup *backup = NULL;
    begin(f, &backup);
    OK(finish(f, &backup));
    struct reader *reader;
    OK(reader_open(copy_path, f->keyring, &reader, &f->err));
    reader_close(reader);
    struct store_options options = fixture_options(f);
    options.path = copy_path;
    options.create = false;
    struct store *restored;
    OK(store_open(&options, &restored, &f->err));
    assert_int_equal(store_last_id(restored), 1001);
    store_close(restored);
}

static void one_backup_at_a_time_and_none_left_behind(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    fill(f, 0, 50);
    struct store_backup *backup = NULL, *second = NULL;
    begin(f, &backup);
    OUTCOME(store_backup_begin(f->store, copy_path, &second, &f->err), OUTCOME_CONFLICT);
    int left, total;
    OK(store_backup_step(&backup, 1, &left, &total, &f->err));
    store_backup_cancel(&backup);
    assert_null(backup);
    assert_int_equal(files_in(f, ".part") + files_in(f, "copy.db"), 0);
    begin(f, &backup);
    OK(finish(f, &backup));
}

static void a_backup_ends_when_the_file_is_opened_anew(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    fill(f, 0, 50);
    struct store_backup *backup = NULL;
    begin(f, &backup);
    int left, total;
    OK(store_backup_step(&backup, 1, &left, &total, &f->err));
    OK(store_reopen(f->store, &f->err));
    OUTCOME(store_backup_step(&backup, 1, &left, &total, &f->err), OUTCOME_BROKEN);
    assert_null(backup);
    assert_int_equal(files_in(f, ".part") + files_in(f, "copy.db"), 0);
}

static void an_older_backup_stays_when_the_new_one_fails(void **state)
{
    struct fixture *f = *state;
    fixture_someone(f);
    struct store_backup *backup = NULL;
    begin(f, &backup);
    OK(finish(f, &backup));
    snprintf(copy_path, sizeof copy_path, "%s/nowhere/copy.db", f->dir);
    OUTCOME(store_backup_begin(f->store, copy_path, &backup, &f->err), OUTCOME_BROKEN);
    assert_int_equal(files_in(f, "copy.db"), 1);
    fill(f, 0, 2);
}

/* It ends in a rename: a path mistyped must not cost the data, the keys or the lock. */
static void nothing_but_an_older_backup_is_written_over(void **state)
{
    struct fixture *f = *state;
    struct store_backup *backup = NULL;
    char log[128], lock[128];
    snprintf(log, sizeof log, "%s-wal", f->path);
    snprintf(lock, sizeof lock, "%s.lock", f->path);
    const char *const precious[] = {f->path, f->keys, f->forgotten, log, lock};
    for (size_t i = 0; i < sizeof precious / sizeof *precious; i++) {
        OUTCOME(store_backup_begin(f->store, precious[i], &backup, &f->err), OUTCOME_REFUSED);
        assert_null(backup);
        assert_int_equal(access(precious[i], F_OK), 0);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_backup_holds_what_came_meanwhile),           TEST(a_backup_is_a_data_file),
        TEST(one_backup_at_a_time_and_none_left_behind),    TEST(a_backup_ends_when_the_file_is_opened_anew),
        TEST(an_older_backup_stays_when_the_new_one_fails), TEST(nothing_but_an_older_backup_is_written_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
