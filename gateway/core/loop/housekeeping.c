#include "core/housekeeping.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/duration.h"
#include "base/log.h"
#include "core/loop/audit_log.h"
#include "core/settings/retention.h"

#define MEASURE_EVERY_MS 5000
#define MEASURE_SHARE 200  /* no more than one part in so many of the loop's time */
#define IDLE_AFTER_MS 2000 /* a whole checkpoint costs syncs: not between two keys of a caller */
#define TURN_MS 1000
#define CHECKING_MS 20    /* while the finished copy is being checked */
#define TELL_EVERY_MS 200 /* progress of a backup, to who asked for it */
#define BACKUP_PAGES 200  /* a step: some milliseconds */
#define RETRY_BACKUP_MS ((int64_t)15 * 60 * 1000)
#define OPEN_FOR_MS (180 * 1000) /* a session that has been silent for longer is not open in any useful sense */
#define PRUNE_EVERY_MS ((int64_t)10 * 60 * 1000)
#define UNCLAIMED_FOR_MS (7 * DAY_MS) /* a delivery report that no text turned up for */
#define DONE_FOR_MS DAY_MS            /* nobody presses a button again later */
#define HEAD_EVERY_MS DAY_MS
#define PREFIX "helpline-"
#define SUFFIX ".db"
#define PATH_ROOM 512

struct housekeeping {
    struct store *store;
    struct metrics *metrics;
    int64_t measure_at, busy_at, prune_at;
    int64_t head_at;      /* when the head of the audit's chain is logged next; 0: not counted yet */
    int64_t backed_up_at; /* the newest scheduled one; -1: not looked yet */
    int64_t try_again_at; /* after one that failed */
    struct retaining retaining;
    bool is_idle; /* nobody called for a while */
    struct store_backup *backup;
    struct backup_watch watch;
    bool is_copying;   /* and not yet being checked, which happens beside the loop */
    int64_t told_at;   /* when the watcher last heard of progress */
    bool is_scheduled; /* the backup under way is one of ours, to be rotated */
    char path[PATH_ROOM];
};

struct housekeeping *housekeeping_create(struct store *store, struct metrics *metrics)
{
    struct housekeeping *housekeeping = calloc(1, sizeof *housekeeping);
    if (!housekeeping)
        abort();
    housekeeping->store = store;
    housekeeping->metrics = metrics;
    metrics->retained_names = retained_words;
    housekeeping->backed_up_at = -1;
    return housekeeping;
}

void housekeeping_free(struct housekeeping *housekeeping)
{
    if (housekeeping && housekeeping->backup)
        store_backup_cancel(&housekeeping->backup);
    free(housekeeping);
}

static void measure(struct housekeeping *housekeeping, int64_t now)
{
    struct store_sizes sizes;
    struct error err;
    int64_t before = clock_monotonic_ms();
    enum outcome outcome = store_measure(housekeeping->store, now - OPEN_FOR_MS, &sizes, &err);
    /* Sessions are counted by looking at them: with very many, more seldom. */
    int64_t rest = (clock_monotonic_ms() - before) * MEASURE_SHARE;
    housekeeping->measure_at = now + (rest > MEASURE_EVERY_MS ? rest : MEASURE_EVERY_MS);
    if (outcome != OUTCOME_OK) {
        log_event(LOG_LEVEL_ERROR, "store", "unmeasured", "what=\"%s\"", err.text);
        return;
    }
    struct metrics *metrics = housekeeping->metrics;
    atomic_store_explicit(&metrics->data_bytes, sizes.data_bytes, memory_order_relaxed);
    atomic_store_explicit(&metrics->wal_bytes, sizes.wal_bytes, memory_order_relaxed);
    atomic_store_explicit(&metrics->sessions_open, sizes.sessions_open, memory_order_relaxed);
    atomic_store_explicit(&metrics->outbox_oldest_at, sizes.outbox_oldest_at, memory_order_relaxed);
}

/* Some at a time: when there were any, the next turn looks for more. */
static void prune(struct housekeeping *housekeeping, int64_t now)
{
    struct error err;
    size_t pruned = 0;
    enum outcome outcome = store_prune_early(housekeeping->store, now - UNCLAIMED_FOR_MS, &pruned, &err);
    housekeeping->prune_at = now + (outcome == OUTCOME_OK && pruned ? TURN_MS : PRUNE_EVERY_MS);
    if (outcome != OUTCOME_OK)
        log_event(LOG_LEVEL_ERROR, "store", "not_pruned", "what=\"%s\"", err.text);
    else if (pruned)
        log_event(LOG_LEVEL_NOTICE, "outbox", "reports_unclaimed", "count=%zu", pruned);
    atomic_fetch_add_explicit(&housekeeping->metrics->reports_unclaimed, pruned, memory_order_relaxed);
}

/* What operators pressed, once for each key: kept as long as a page may be sent again. */
static void prune_done(struct housekeeping *housekeeping, int64_t now)
{
    struct error err;
    size_t pruned = 0;
    if (store_prune_done(housekeeping->store, now - DONE_FOR_MS, &pruned, &err) != OUTCOME_OK)
        log_event(LOG_LEVEL_ERROR, "store", "not_pruned", "what=\"%s\"", err.text);
    if (pruned)
        housekeeping->prune_at = now + TURN_MS;
}

static void log_head(struct housekeeping *housekeeping, int64_t now)
{
    if (housekeeping->head_at && now >= housekeeping->head_at)
        audit_log_head(housekeeping->store, "daily");
    if (now >= housekeeping->head_at)
        housekeeping->head_at = now + HEAD_EVERY_MS;
}

/* ---- backups by the hour ---- */

/* By every character: somebody's "helpline-before-we-moved.db" in the same folder is not ours to remove. */
static bool is_ours(const char *name)
{
    static const char shape[] = PREFIX "00000000T000000Z" SUFFIX;
    size_t i = 0;
    while (shape[i] && (shape[i] == '0' ? name[i] >= '0' && name[i] <= '9' : name[i] == shape[i]))
        i++;
    return !shape[i] && !name[i];
}

static int select_ours(const struct dirent *entry)
{
    return is_ours(entry->d_name);
}

/* The folder's backups, oldest first: their names sort by time. The caller frees each and the list. */
static int list_backups(const char *folder, struct dirent ***list)
{
    return scandir(folder, list, select_ours, alphasort);
}

static void remove_old(const char *folder, unsigned kept)
{
    struct dirent **list;
    int count = list_backups(folder, &list);
    for (int i = 0; i < count; i++) {
        char path[PATH_ROOM];
        int len = snprintf(path, sizeof path, "%s/%s", folder, list[i]->d_name);
        bool is_old = i < count - (int)kept;
        if (is_old && len > 0 && (size_t)len < sizeof path && unlink(path) != 0)
            log_event(LOG_LEVEL_WARNING, "backup", "not_removed", "errno=%d", errno);
        free(list[i]);
    }
    if (count >= 0)
        free(list);
}

/* When the newest backup on disk was made, so that a restart neither repeats nor forgets one. */
static int64_t newest_backup_at(const char *folder)
{
    struct dirent **list;
    int64_t newest = 0;
    int count = list_backups(folder, &list);
    for (int i = 0; i < count; i++) {
        char path[PATH_ROOM];
        struct stat status;
        int len = snprintf(path, sizeof path, "%s/%s", folder, list[i]->d_name);
        if (len > 0 && (size_t)len < sizeof path && stat(path, &status) == 0 && status.st_mtime * 1000 > newest)
            newest = status.st_mtime * 1000;
        free(list[i]);
    }
    if (count >= 0)
        free(list);
    return newest;
}

static enum outcome name_backup(const char *folder, char *path, size_t room, struct error *err)
{
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return error_set(err, OUTCOME_BROKEN, "%s: cannot be made: %s", folder, strerror(errno));
    struct civil t = clock_civil(clock_utc_ms(), 0);
    int len = snprintf(path, room, "%s/" PREFIX "%04d%02d%02dT%02d%02d%02dZ" SUFFIX, folder, t.year, t.month, t.day,
                       t.hour, t.minute, t.second);
    return len > 0 && (size_t)len < room ? OUTCOME_OK : error_set(err, OUTCOME_REFUSED, "%s: path too long", folder);
}

enum outcome housekeeping_backup(struct housekeeping *housekeeping, const struct config *config, const char *path,
                                 const struct backup_watch *watch, struct error *err)
{
    if (housekeeping->backup)
        return error_set(err, OUTCOME_CONFLICT, "a backup is running already");
    enum outcome outcome = OUTCOME_OK;
    if (!path)
        outcome = name_backup(config->data.backups, housekeeping->path, sizeof housekeeping->path, err);
    else if (strlen(path) < sizeof housekeeping->path)
        memcpy(housekeeping->path, path, strlen(path) + 1);
    else
        outcome = error_set(err, OUTCOME_REFUSED, "the path is longer than %d bytes", PATH_ROOM - 1);
    if (outcome == OUTCOME_OK)
        outcome = store_backup_begin(housekeeping->store, housekeeping->path, &housekeeping->backup, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    housekeeping->is_copying = true;
    housekeeping->told_at = 0;
    housekeeping->is_scheduled = !path;
    housekeeping->watch = watch ? *watch : (struct backup_watch){0};
    return OUTCOME_OK;
}

void housekeeping_unwatch(struct housekeeping *housekeeping, const void *context)
{
    if (housekeeping->watch.context == context)
        housekeeping->watch = (struct backup_watch){0};
}

static void finish_backup(struct housekeeping *housekeeping, const struct config *config, enum outcome outcome,
                          const struct error *err, int64_t now)
{
    if (outcome == OUTCOME_OK) {
        log_event(LOG_LEVEL_NOTICE, "backup", "done", "scheduled=%d", housekeeping->is_scheduled);
        atomic_store_explicit(&housekeeping->metrics->backup_at, now, memory_order_relaxed);
        if (housekeeping->is_scheduled) {
            housekeeping->backed_up_at = now;
            remove_old(config->data.backups, config->data.backups_kept);
        }
    } else {
        log_event(LOG_LEVEL_ERROR, "backup", "failed", "what=\"%s\"", err->text);
        if (housekeeping->backup)
            store_backup_cancel(&housekeeping->backup);
    }
    housekeeping->backup = NULL;
    if (housekeeping->watch.done)
        housekeeping->watch.done(housekeeping->watch.context, outcome, err, housekeeping->path);
    housekeeping->watch = (struct backup_watch){0};
}

static void step_backup(struct housekeeping *housekeeping, const struct config *config, int64_t now)
{
    struct error err;
    int left = 0, total = 0;
    enum outcome outcome = store_backup_step(&housekeeping->backup, BACKUP_PAGES, &left, &total, &err);
    if (outcome != OUTCOME_OK || !housekeeping->backup)
        finish_backup(housekeeping, config, outcome, &err, now);
    housekeeping->is_copying = housekeeping->backup && total > 0;
    if (housekeeping->is_copying && housekeeping->watch.progress && now - housekeeping->told_at >= TELL_EVERY_MS) {
        housekeeping->told_at = now;
        housekeeping->watch.progress(housekeeping->watch.context, left, total);
    }
}

static void schedule_backup(struct housekeeping *housekeeping, const struct config *config, int64_t now)
{
    if (!config->data.backup_every_ms || now < housekeeping->try_again_at)
        return;
    if (housekeeping->backed_up_at < 0) {
        housekeeping->backed_up_at = newest_backup_at(config->data.backups);
        atomic_store_explicit(&housekeeping->metrics->backup_at, housekeeping->backed_up_at, memory_order_relaxed);
    }
    if (now - housekeeping->backed_up_at < config->data.backup_every_ms)
        return;
    struct error err;
    housekeeping->try_again_at = now + RETRY_BACKUP_MS; /* should this one fail, now or on its way */
    if (housekeeping_backup(housekeeping, config, NULL, NULL, &err) != OUTCOME_OK)
        log_event(LOG_LEVEL_ERROR, "backup", "not_begun", "what=\"%s\"", err.text);
}

void housekeeping_run(struct housekeeping *housekeeping, const struct config *config, int64_t now, bool busy)
{
    struct error err;
    if (busy)
        housekeeping->busy_at = now;
    bool idle = now - housekeeping->busy_at > IDLE_AFTER_MS;
    if (store_checkpoint(housekeeping->store, idle, &err) != OUTCOME_OK)
        log_event(LOG_LEVEL_ERROR, "store", "checkpoint_failed", "what=\"%s\"", err.text);
    if (now >= housekeeping->measure_at)
        measure(housekeeping, now);
    if (now >= housekeeping->prune_at + (idle ? 0 : PRUNE_EVERY_MS)) {
        prune(housekeeping, now);
        prune_done(housekeeping, now);
    }
    log_head(housekeeping, now);
    housekeeping->is_idle = idle;
    retention_run(&housekeeping->retaining, housekeeping->store, &config->retention, housekeeping->metrics, now, idle);
    if (housekeeping->backup)
        step_backup(housekeeping, config, now);
    else
        schedule_backup(housekeeping, config, now);
}

int housekeeping_wait_ms(const struct housekeeping *housekeeping)
{
    if (!housekeeping->backup) {
        const int retention = retention_wait_ms(&housekeeping->retaining, housekeeping->is_idle);
        return retention < TURN_MS ? retention : TURN_MS;
    }
    return housekeeping->is_copying ? 0 : CHECKING_MS;
}
