#include "store/sqlite/lookups.h"

#include <stdlib.h>
#include <string.h>

#include "base/duration.h"
#include "base/random.h"
#include "store/sqlite/database.h"
#include "store/sqlite/statements.h"

#define ROOM_FIRST 1024

static uint64_t short_key(const struct lookup *key)
{
    uint64_t first;
    memcpy(&first, key->at, sizeof first);
    return first;
}

/* The slot that holds the key, or the empty one where it belongs. Keys are keyed hashes: their low bits are random. */
static struct lookup_slot *slot_of(const struct lookups *lookups, uint64_t key)
{
    size_t i = (size_t)key & (lookups->room - 1);
    while (lookups->slots[i].id && lookups->slots[i].key != key)
        i = (i + 1) & (lookups->room - 1);
    return &lookups->slots[i];
}

static void *allocate(size_t count, size_t bytes)
{
    void *at = calloc(count, bytes);
    if (!at)
        abort();
    return at;
}

static void move_to(struct lookups *lookups, size_t room, int64_t oldest)
{
    struct lookups was = *lookups;
    lookups->slots = allocate(room, sizeof *lookups->slots);
    lookups->room = room;
    lookups->count = 0;
    for (size_t i = 0; i < was.room; i++) {
        if (was.slots[i].id && was.slots[i].id >= oldest) {
            *slot_of(lookups, was.slots[i].key) = was.slots[i];
            lookups->count++;
        }
    }
    free(was.slots);
}

static int by_session(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t median(const struct lookups *lookups)
{
    int64_t *sessions = allocate(lookups->count, sizeof *sessions);
    size_t n = 0;
    for (size_t i = 0; i < lookups->room; i++)
        if (lookups->slots[i].id)
            sessions[n++] = lookups->slots[i].id;
    qsort(sessions, n, sizeof *sessions, by_session);
    const int64_t middle = sessions[n / 2];
    free(sessions);
    return middle;
}

static void make_room(struct lookups *lookups)
{
    if (lookups->room == 0)
        move_to(lookups, ROOM_FIRST, 0);
    else if (lookups->max && lookups->count >= lookups->max)
        move_to(lookups, lookups->room, median(lookups));
    else if (4 * lookups->count >= 3 * lookups->room)
        move_to(lookups, 2 * lookups->room, 0);
}

bool lookup_is_given(const struct lookup *lookup)
{
    static const struct lookup none;
    return memcmp(lookup->at, none.at, sizeof none.at) != 0;
}

int64_t lookups_find(const struct lookups *lookups, const struct lookup *key)
{
    return lookups->room ? slot_of(lookups, short_key(key))->id : 0;
}

static void set(struct lookups *lookups, uint64_t key, int64_t session)
{
    make_room(lookups);
    struct lookup_slot *slot = slot_of(lookups, key);
    lookups->count += slot->id == 0;
    *slot = (struct lookup_slot){key, session};
}

static void remember_undo(struct lookups *lookups, uint64_t key)
{
    if (lookups->undo_count == lookups->undo_room) {
        lookups->undo_room = lookups->undo_room ? 2 * lookups->undo_room : 64;
        lookups->undo = realloc(lookups->undo, lookups->undo_room * sizeof *lookups->undo);
        if (!lookups->undo)
            abort();
    }
    const int64_t was = lookups->room ? slot_of(lookups, key)->id : 0;
    lookups->undo[lookups->undo_count++] = (struct lookup_slot){key, was};
}

void lookups_add(struct lookups *lookups, const struct lookup *key, int64_t session)
{
    remember_undo(lookups, short_key(key));
    set(lookups, short_key(key), session);
}

void lookups_commit(struct lookups *lookups)
{
    lookups->undo_count = 0;
}

/* What was not there before keeps its slot, with a session that the file does not have: a reader finds no row. Taking a slot
 * out of an open-addressing table would cut the chains that pass through it. */
void lookups_rollback(struct lookups *lookups)
{
    while (lookups->undo_count) {
        const struct lookup_slot *was = &lookups->undo[--lookups->undo_count];
        if (was->id)
            set(lookups, was->key, was->id);
    }
}

static enum outcome load(struct lookups *lookups, sqlite3 *db, const char *select, int64_t since, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, select, -1, &stmt, NULL) != SQLITE_OK)
        return database_failed(db, select, err);
    struct sql sql = sql_use(stmt);
    put_int(&sql, since);
    while (sql_next(&sql)) {
        const int64_t id = take_int(&sql);
        struct lookup key;
        if (take_lookup(&sql, &key))
            set(lookups, short_key(&key), id);
    }
    enum outcome outcome = sql_end(&sql, err);
    sqlite3_finalize(stmt);
    return outcome;
}

enum outcome lookups_load_sessions(struct lookups *lookups, sqlite3 *db, struct error *err)
{
    int64_t newest = 0;
    enum outcome outcome = database_number(db, "SELECT coalesce(max(id), 0) FROM session", &newest, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct id_source first = {0};
    const int64_t since = newest ? id_next(&first, id_time(newest) - RECENT_DAYS * DAY_MS) : 0;
    lookups->max = RECENT_MAX;
    return load(lookups, db, "SELECT id, key FROM session WHERE id >= ?1 ORDER BY id", since, err);
}

enum outcome lookups_load_phones(struct lookups *lookups, sqlite3 *db, struct error *err)
{
    return load(lookups, db, "SELECT id, lookup FROM phone WHERE id >= ?1 ORDER BY id", 0, err);
}

void lookups_free(struct lookups *lookups)
{
    free(lookups->slots);
    free(lookups->undo);
    *lookups = (struct lookups){0};
}
