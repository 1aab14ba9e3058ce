/*
 * lookups: which row has this keyed hash? In memory, 16 bytes a row, at most three quarters full.
 *
 * An index on disk would cost a page of its own for every new caller, because keyed hashes are random: a 4 KiB frame in the
 * WAL, its checksum, its share of the sync, and the page once more at the checkpoint. The store keeps two of these:
 *   sessions by key     those of the last days: aggregators use session ids again, so an older one is another one anyway
 *   phones by lookup    all of them; a million take 32 MiB
 * Filled from the file at opening; what a rolled-back transaction added is harmless. The row has the last word: callers compare
 * the whole hash, of which this keeps the first half.
 */
#pragma once
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/error.h"
#include "base/sealed.h"

#define RECENT_DAYS 7
#define RECENT_MAX (1u << 20) /* sessions; 32 MiB at most, when the older half makes room */

struct lookup_slot {
    uint64_t key; /* the first 8 bytes of the lookup */
    int64_t id;   /* of the row; 0: empty */
};

struct lookups {
    size_t max; /* the older half makes room when there are so many; 0: no bound */
    struct lookup_slot *slots;
    size_t room, count;
    struct lookup_slot *undo; /* what the transaction under way replaced; id 0: was not there */
    size_t undo_room, undo_count;
};

/* Sessions begun in the RECENT_DAYS before the newest one. */
enum outcome lookups_load_sessions(struct lookups *lookups, sqlite3 *db, struct error *err) MUST_CHECK;
enum outcome lookups_load_phones(struct lookups *lookups, sqlite3 *db, struct error *err) MUST_CHECK;
void lookups_free(struct lookups *lookups);

bool lookup_is_given(const struct lookup *lookup);                             /* false: all zero */
int64_t lookups_find(const struct lookups *lookups, const struct lookup *key); /* 0: none */
void lookups_add(struct lookups *lookups, const struct lookup *key, int64_t id);
void lookups_commit(struct lookups *lookups);
void lookups_rollback(struct lookups *lookups);
