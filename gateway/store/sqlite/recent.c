#include "store/sqlite/recent.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "store/sqlite/database.h"
#include "store/sqlite/statements.h"

#define ROOM_FIRST 1024
#define DAY_MS INT64_C(86400000)

static uint64_t short_key(const struct lookup *key)
{
    uint64_t first;
    memcpy(&first, key->at, sizeof first);
    return first;
}

/* The slot that holds the key, or the empty one where it belongs. Keys are keyed hashes: their low bits are random. */
static struct recent_slot *slot_of(const struct recent *recent, uint64_t key)
{
    size_t i = (size_t)key & (recent->room - 1);
    while (recent->slots[i].session && recent->slots[i].key != key) {
        i = (i + 1) & (recent->room - 1);
    }
    return &recent->slots[i];
}

static void *allocate(size_t count, size_t bytes)
{
    void *at = calloc(count, bytes);
    if (!at) {
        abort();
    }
    return at;
}

static void move_to(struct recent *recent, size_t room, int64_t oldest)
{
    struct recent was = *recent;
    recent->slots = allocate(room, sizeof *recent->slots);
    recent->room = room;
    recent->count = 0;
    for (size_t i = 0; i < was.room; i++) {
        if (was.slots[i].session && was.slots[i].session >= oldest) {
            *slot_of(recent, was.slots[i].key) = was.slots[i];
            recent->count++;
        }
    }
    free(was.slots);
}

static int by_session(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t median(const struct recent *recent)
{
    int64_t *sessions = allocate(recent->count, sizeof *sessions);
    size_t n = 0;
    for (size_t i = 0; i < recent->room; i++) {
        if (recent->slots[i].session) {
            sessions[n++] = recent->slots[i].session;
        }
    }
    qsort(sessions, n, sizeof *sessions, by_session);
    const int64_t middle = sessions[n / 2];
    free(sessions);
    return middle;
}

static void make_room(struct recent *recent)
{
    if (recent->room == 0) {
        move_to(recent, ROOM_FIRST, 0);
    } else if (recent->count >= RECENT_MAX) {
        move_to(recent, recent->room, median(recent));
    } else if (2 * recent->count >= recent->room) {
        move_to(recent, 2 * recent->room, 0);
    }
}

int64_t recent_find(const struct recent *recent, const struct lookup *key)
{
    return recent->room ? slot_of(recent, short_key(key))->session : 0;
}

static void set(struct recent *recent, uint64_t key, int64_t session)
{
    make_room(recent);
    struct recent_slot *slot = slot_of(recent, key);
    recent->count += slot->session == 0;
    *slot = (struct recent_slot){key, session};
}

static void remember_undo(struct recent *recent, uint64_t key)
{
    if (recent->undo_count == recent->undo_room) {
        recent->undo_room = recent->undo_room ? 2 * recent->undo_room : 64;
        recent->undo = realloc(recent->undo, recent->undo_room * sizeof *recent->undo);
        if (!recent->undo) {
            abort();
        }
    }
    const int64_t was = recent->room ? slot_of(recent, key)->session : 0;
    recent->undo[recent->undo_count++] = (struct recent_slot){key, was};
}

void recent_add(struct recent *recent, const struct lookup *key, int64_t session)
{
    remember_undo(recent, short_key(key));
    set(recent, short_key(key), session);
}

void recent_commit(struct recent *recent)
{
    recent->undo_count = 0;
}

/* What was not there before keeps its slot, with a session that the file does not have: a reader finds no row. Taking a slot
 * out of an open-addressing table would cut the chains that pass through it. */
void recent_rollback(struct recent *recent)
{
    while (recent->undo_count) {
        const struct recent_slot *was = &recent->undo[--recent->undo_count];
        if (was->session) {
            set(recent, was->key, was->session);
        }
    }
}

static int64_t oldest_of_interest(sqlite3 *db, struct error *err)
{
    int64_t newest = 0;
    if (database_number(db, "SELECT max(id) FROM session", &newest, err) != OUTCOME_OK || !newest) {
        return 0;
    }
    struct id_source first = {0};
    return id_next(&first, id_time(newest) - RECENT_DAYS * DAY_MS);
}

enum outcome recent_load(struct recent *recent, sqlite3 *db, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, "SELECT id, key FROM session WHERE id >= ?1 ORDER BY id", -1, &stmt, NULL) !=
        SQLITE_OK) {
        return database_failed(db, "table session", err);
    }
    struct sql sql = sql_use(stmt);
    put_int(&sql, oldest_of_interest(db, err));
    while (sql_next(&sql)) {
        const int64_t session = take_int(&sql);
        struct lookup key;
        if (take_lookup(&sql, &key)) {
            set(recent, short_key(&key), session);
        }
    }
    enum outcome outcome = sql_end(&sql, err);
    sqlite3_finalize(stmt);
    return outcome;
}

void recent_free(struct recent *recent)
{
    free(recent->slots);
    free(recent->undo);
    *recent = (struct recent){0};
}
