/*
 * recent: which session has this key? The last days' sessions, in memory, 16 bytes each.
 *
 * An index on disk would cost a page of its own for every new caller, because keys are random: a third of what a new session
 * costs altogether. Aggregators use session ids again after days or weeks, so an older session with the same key is another
 * one anyway. Filled from the file at opening; what a rolled-back transaction added is taken out again.
 */
#pragma once
#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>
#include "base/error.h"
#include "base/sealed.h"

#define RECENT_DAYS 7
#define RECENT_MAX (1u << 20) /* sessions; 32 MiB at most, when the older half makes room */

struct recent_slot {
    uint64_t key;    /* the first 8 bytes of the lookup */
    int64_t session; /* 0: empty */
};

struct recent {
    struct recent_slot *slots;
    size_t room, count;
    struct recent_slot *undo; /* what the transaction under way replaced; session 0: was not there */
    size_t undo_room, undo_count;
};

/* Sessions begun in the RECENT_DAYS before the newest one. */
enum outcome recent_load(struct recent *recent, sqlite3 *db, struct error *err) MUST_CHECK;
void recent_free(struct recent *recent);

int64_t recent_find(const struct recent *recent,
                    const struct lookup *key); /* 0: none; the caller compares the whole key */
void recent_add(struct recent *recent, const struct lookup *key, int64_t session);
void recent_commit(struct recent *recent);
void recent_rollback(struct recent *recent);
