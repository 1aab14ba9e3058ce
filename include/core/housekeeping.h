/*
 * housekeeping: what the loop does when nobody waits: checkpoints, sizes for the metrics, backups by the hour, delivery reports
 * that nobody claims. The loop's thread.
 */
#pragma once
#include <stdbool.h>
#include "base/metrics.h"
#include "core/config.h"
#include "store/store.h"

struct housekeeping;

struct housekeeping *housekeeping_create(struct store *store, struct metrics *metrics);
void housekeeping_free(struct housekeeping *housekeeping); /* a backup under way is given up */

/* A turn of the loop. `busy`: this turn had requests. */
void housekeeping_run(struct housekeeping *housekeeping, const struct config *config, int64_t now, bool busy);
/* Until the next turn is wanted; 0 while a backup runs. */
int housekeeping_wait_ms(const struct housekeeping *housekeeping);

/* Progress of a backup that somebody asked for. */
struct backup_watch {
    void *context;
    void (*progress)(void *context, int left, int total);
    void (*done)(void *context, enum outcome outcome, const struct error *err, const char *path);
};
/* CONFLICT: one is running. `path` NULL: a new file in data.backups. */
enum outcome housekeeping_backup(struct housekeeping *housekeeping, const struct config *config, const char *path,
                                 const struct backup_watch *watch, struct error *err) MUST_CHECK;
void housekeeping_unwatch(struct housekeeping *housekeeping, const void *context); /* its watcher has gone */
