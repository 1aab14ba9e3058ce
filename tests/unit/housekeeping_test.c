/* housekeeping: when a backup is made, which ones are removed, what is measured. The clock is the test's, the files are real. */
#include "core_fixture.h"

#include <dirent.h>
#include <utime.h>
#include "base/clock.h"
#include "base/duration.h"
#include "base/log.h"
#include "base/metrics.h"
#include "core/housekeeping.h"

struct house {
    struct stage stage;
    struct config config;
    struct metrics metrics;
    struct housekeeping *housekeeping;
    int64_t now;
};

static void begin(struct house *h)
{
    h->housekeeping = housekeeping_create(h->stage.f->store, &h->metrics);
}

static int open_house(void **state)
{
    struct house *h = calloc(1, sizeof *h);
    log_set_level(LOG_LEVEL_ERROR - 1);
    h->stage = stage_open(9);
    h->config = *h->stage.catalogue->config;
    h->config.data.backups_kept = 2;
    h->now = clock_utc_ms();
    assert_int_equal(mkdir(h->config.data.backups, 0700), 0);
    begin(h);
    *state = h;
    return 0;
}

static int close_house(void **state)
{
    struct house *h = *state;
    housekeeping_free(h->housekeeping);
    stage_close(&h->stage);
    free(h);
    return 0;
}

static int files(const struct house *h)
{
    int count = 0;
    DIR *dir = opendir(h->config.data.backups);
    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir));)
        count += entry->d_name[0] != '.' && !strstr(entry->d_name, ".part");
    closedir(dir);
    return count;
}

/* Some turns, as the loop takes them: three, and more while there is something to do, such as a backup, which is checked beside the loop. */
static void turns(struct house *h)
{
    const int64_t until = clock_monotonic_ms() + 60000;
    for (int i = 0; i < 3 || housekeeping_wait_ms(h->housekeeping) < 1000; i++) {
        assert_true(clock_monotonic_ms() < until);
        housekeeping_run(h->housekeeping, &h->config, h->now, false);
        usleep(500);
    }
}

static void touch(const struct house *h, const char *name, int64_t at)
{
    char path[256];
    stage_write(h->config.data.backups, name, "x");
    snprintf(path, sizeof path, "%s/%s", h->config.data.backups, name);
    const struct utimbuf times = {at / 1000, at / 1000};
    assert_int_equal(utime(path, &times), 0);
}

static bool is_there(const struct house *h, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", h->config.data.backups, name);
    return access(path, F_OK) == 0;
}

static void only_old_backups_of_our_own_are_removed(void **state)
{
    struct house *h = *state;
    static const char *const others[] = {"helpline-before-we-moved.db",      "helpline-20200101T000000Z.db.gz",
                                         "old-helpline-20200101T000000Z.db", "helpline-20200101T00000Z.db",
                                         "helpline-20200101t000000Z.db",     "notes.txt",
                                         "helpline-20200101T0000000.db"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        touch(h, others[i], h->now - 99 * (int64_t)HOUR);
    touch(h, "helpline-20200101T000000Z.db", h->now - 72 * (int64_t)HOUR);
    touch(h, "helpline-20200102T000000Z.db", h->now - 48 * (int64_t)HOUR);
    touch(h, "helpline-20200103T000000Z.db", h->now - 30 * (int64_t)HOUR);
    turns(h);
    assert_false(is_there(h, "helpline-20200101T000000Z.db"));
    assert_false(is_there(h, "helpline-20200102T000000Z.db"));
    assert_true(is_there(h, "helpline-20200103T000000Z.db"));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_true(is_there(h, others[i]));
    assert_int_equal(files(h), 2 + (int)(sizeof others / sizeof *others));
}

static void a_restart_neither_repeats_nor_forgets(void **state)
{
    struct house *h = *state;
    touch(h, "helpline-20200101T000000Z.db", h->now - 23 * (int64_t)HOUR);
    turns(h);
    assert_int_equal(files(h), 1);
    assert_true(h->now - atomic_load(&h->metrics.backup_at) < 24 * (int64_t)HOUR);
    housekeeping_free(h->housekeeping);
    h->now += HOUR + SECOND;
    begin(h);
    turns(h);
    assert_int_equal(files(h), 2);
    assert_int_equal(atomic_load(&h->metrics.backup_at), h->now);
    turns(h);
    h->now += 24 * (int64_t)HOUR - SECOND;
    turns(h);
    assert_int_equal(files(h), 2);
}

static void what_fails_is_tried_again_before_a_day_is_over(void **state)
{
    struct house *h = *state;
    const char *folder = h->config.data.backups;
    h->config.data.backups = "/nowhere/at/all";
    turns(h);
    h->config.data.backups = folder;
    turns(h);
    assert_int_equal(files(h), 0); /* not in every turn */
    h->now += 15 * 60 * SECOND;
    turns(h);
    assert_int_equal(files(h), 1);
}

static void never_means_never(void **state)
{
    struct house *h = *state;
    h->config.data.backup_every_ms = 0;
    turns(h);
    assert_int_equal(files(h), 0);
}

static void a_backup_by_hand_is_not_rotated_and_removes_none(void **state)
{
    struct house *h = *state;
    struct error err;
    char path[256];
    h->config.data.backup_every_ms = 0;
    touch(h, "helpline-20200101T000000Z.db", h->now);
    touch(h, "helpline-20200102T000000Z.db", h->now);
    touch(h, "helpline-20200103T000000Z.db", h->now);
    snprintf(path, sizeof path, "%s/by-hand.db", h->config.data.backups);
    assert_int_equal(housekeeping_backup(h->housekeeping, &h->config, path, NULL, &err), OUTCOME_OK);
    assert_int_equal(housekeeping_backup(h->housekeeping, &h->config, path, NULL, &err), OUTCOME_CONFLICT);
    turns(h);
    assert_int_equal(files(h), 4);
    memset(path, 'x', sizeof path);
    char longest[600];
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(housekeeping_backup(h->housekeeping, &h->config, longest, NULL, &err), OUTCOME_REFUSED);
}

static void a_backup_under_way_is_given_up_at_the_end(void **state)
{
    struct house *h = *state;
    housekeeping_run(h->housekeeping, &h->config, h->now, false);
    assert_int_equal(housekeeping_wait_ms(h->housekeeping), 0);
    housekeeping_free(h->housekeeping);
    assert_int_equal(files(h), 0);
    begin(h);
}

static void sizes_are_measured(void **state)
{
    struct house *h = *state;
    fixture_someone(h->stage.f);
    h->now = NOW + 5 * SECOND;
    turns(h);
    assert_true(atomic_load(&h->metrics.data_bytes) > 0);
    h->now += 200 * SECOND; /* silent for longer than any session lasts */
    turns(h);
    assert_int_equal(atomic_load(&h->metrics.sessions_open), 0);
}

static void early_report(struct house *h, const char *id, int64_t at)
{
    struct fixture *f = h->stage.f;
    OK(SAVE({.kind = CHANGE_EARLY_REPORT,
             .early = {.channel = SPAN("sms"), .vendor_id = span_of(id), .at = at, .delivery = DELIVERY_SENT}}));
}

static void a_report_that_nobody_claims_goes_after_a_week(void **state)
{
    struct house *h = *state;
    const int64_t day = 24 * HOUR;
    h->config.data.backup_every_ms = 0;
    early_report(h, "young", h->now);
    early_report(h, "old", h->now - 7 * day - 1);
    turns(h);
    assert_string_equal(fixture_ask(h->stage.f, "SELECT group_concat(vendor_id) FROM early_report"), "young");
    assert_int_equal(atomic_load(&h->metrics.reports_unclaimed), 1);
    h->now += 7 * day + HOUR;
    for (int i = 0; i < 3; i++) /* callers all the time: later, but not never */
        housekeeping_run(h->housekeeping, &h->config, h->now, true);
    assert_string_equal(fixture_ask(h->stage.f, "SELECT count(*) FROM early_report"), "0");
    assert_int_equal(atomic_load(&h->metrics.reports_unclaimed), 2);
}

/* What is logged while `h` takes its turns. */
static size_t heads_logged(struct house *h)
{
    char line[256];
    size_t heads = 0;
    FILE *log = tmpfile();
    const int real = dup(STDERR_FILENO);
    assert_true(log && real >= 0 && dup2(fileno(log), STDERR_FILENO) >= 0);
    log_set_level(LOG_LEVEL_NOTICE);
    turns(h);
    log_set_level(LOG_LEVEL_ERROR - 1);
    assert_true(dup2(real, STDERR_FILENO) >= 0);
    close(real);
    rewind(log);
    while (fgets(line, sizeof line, log))
        heads += strstr(line, "audit head when=daily rows=") != NULL;
    fclose(log);
    return heads;
}

static void the_audits_head_is_logged_once_a_day(void **state)
{
    struct house *h = *state;
    h->config.data.backup_every_ms = 0;
    assert_int_equal(heads_logged(h), 0); /* the start has said it */
    h->now += DAY_MS - 1;
    assert_int_equal(heads_logged(h), 0);
    for (int day = 0; day < 3; day++, h->now += DAY_MS) {
        h->now += day == 0;
        assert_int_equal(heads_logged(h), 1);
        assert_int_equal(heads_logged(h), 0);
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(only_old_backups_of_our_own_are_removed),
        CASE(a_restart_neither_repeats_nor_forgets),
        CASE(what_fails_is_tried_again_before_a_day_is_over),
        CASE(never_means_never),
        CASE(a_backup_by_hand_is_not_rotated_and_removes_none),
        CASE(a_backup_under_way_is_given_up_at_the_end),
        CASE(sizes_are_measured),
        CASE(a_report_that_nobody_claims_goes_after_a_week),
        CASE(the_audits_head_is_logged_once_a_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
