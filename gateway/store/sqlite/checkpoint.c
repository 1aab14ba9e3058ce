/* Housekeeping of the WAL, from the loop's idle gaps: SQLite's own way would do it inside somebody's COMMIT. */
#include <stdlib.h>

#include "base/random.h"
#include "store/sqlite/database.h"
#include "store/sqlite/files.h"
#include "store/sqlite/note_words.h"
#include "store/sqlite/writer.h"

#define WAL_LARGE_BYTES (4 << 20)

static bool is_large(const struct store *store, int pages)
{
    return (int64_t)pages * store->page_bytes > WAL_LARGE_BYTES;
}

static enum outcome checkpoint(struct store *store, int mode, struct error *err)
{
    int in_wal = 0, done = 0;
    /* TRUNCATE would call the busy handler and wait for readers; the loop has no time for that. */
    sqlite3_busy_timeout(store->db, 0);
    const int code = sqlite3_wal_checkpoint_v2(store->db, NULL, mode, &in_wal, &done);
    sqlite3_busy_timeout(store->db, DATABASE_BUSY_MS);
    store->wal_attempted = in_wal > 0 ? in_wal : 0;
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY && (code & 0xff) != SQLITE_LOCKED)
        return error_set(err, OUTCOME_BROKEN, "the WAL cannot be written back: %s", sqlite3_errmsg(store->db));
    if (code == SQLITE_OK && mode == SQLITE_CHECKPOINT_TRUNCATE) {
        store->wal_pages = 0;
        store->must_truncate = false;
    }
    return OUTCOME_OK;
}

static enum outcome truncate_wal(struct store *store, struct error *err)
{
    enum outcome outcome = note_words_optimize(store, err);
    return outcome == OUTCOME_OK ? checkpoint(store, SQLITE_CHECKPOINT_TRUNCATE, err) : outcome;
}

enum outcome store_checkpoint(struct store *store, bool idle, struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (store->wal_pages < store->wal_attempted)
        store->wal_attempted = 0;     /* it began again from its start */
    if (idle && store->must_truncate) /* the key that was destroyed still lies in the WAL */
        return truncate_wal(store, err);
    const bool grew = is_large(store, store->wal_pages - store->wal_attempted);
    if (idle && is_large(store, store->wal_pages) && (grew || store->wal_pages > store->wal_attempted))
        return checkpoint(store, SQLITE_CHECKPOINT_TRUNCATE, err);
    return grew ? checkpoint(store, SQLITE_CHECKPOINT_PASSIVE, err) : OUTCOME_OK;
}

static enum outcome ask(struct store *store, enum sql_id id, int64_t value, int64_t *answer, struct error *err)
{
    struct sql sql = sql_start(store, id);
    if (sqlite3_bind_parameter_count(sql.stmt))
        put_int(&sql, value);
    *answer = sql_next(&sql) ? take_int(&sql) : 0;
    return sql_end(&sql, err);
}

enum outcome store_measure(struct store *store, int64_t open_since, struct store_sizes *out, struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    char *wal = path_with(store->path, "-wal");
    out->wal_bytes = file_bytes(wal);
    free(wal);
    out->data_bytes = file_bytes(store->path);
    struct id_source first = {0};
    outcome = ask(store, SQL_SESSIONS_OPEN, id_next(&first, open_since), &out->sessions_open, err);
    return outcome == OUTCOME_OK ? ask(store, SQL_OUTBOX_OLDEST, 0, &out->outbox_oldest_at, err) : outcome;
}
