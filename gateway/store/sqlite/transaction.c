/* BEGIN, COMMIT and ROLLBACK, and how memory follows the file. */
#include "store/sqlite/writer.h"

enum outcome store_usable(const struct store *store, struct error *err)
{
    if (store->poisoned)
        return error_set(err, OUTCOME_BROKEN, "an earlier commit failed: the data file must be opened anew first");
    return OUTCOME_OK;
}

enum outcome store_begin(struct store *store, struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    arena_reset(store->scratch);
    struct sql sql = sql_start(store, SQL_BEGIN);
    outcome = sql_run(&sql, err);
    return outcome == OUTCOME_REFUSED ? OUTCOME_BROKEN : outcome;
}

enum outcome store_begin_reading(struct store *store, struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_BEGIN_READING);
    return sql_run(&sql, err);
}

void store_end_reading(struct store *store)
{
    struct error ignored;
    struct sql sql = sql_start(store, SQL_ROLLBACK);
    store->poisoned = sql_run(&sql, &ignored) != OUTCOME_OK || store->poisoned;
}

void store_undo(struct store *store)
{
    struct error ignored;
    if (!sqlite3_get_autocommit(store->db)) {
        struct sql sql = sql_start(store, SQL_ROLLBACK);
        store->poisoned = sql_run(&sql, &ignored) != OUTCOME_OK || store->poisoned;
    }
    words_rollback(store->source.words);
    lookups_rollback(&store->sessions);
    lookups_rollback(&store->phones);
    screens_drop(&store->screens);
    store->audit.now = store->audit.committed;
}

enum outcome store_commit(struct store *store, struct error *err)
{
    struct sql sql = sql_start(store, SQL_COMMIT);
    if (sql_run(&sql, err) != OUTCOME_OK) {
        store_undo(store);
        store->poisoned = true;
        return OUTCOME_BROKEN;
    }
    words_commit(store->source.words);
    lookups_commit(&store->sessions);
    lookups_commit(&store->phones);
    store->audit.committed = store->audit.now;
    return OUTCOME_OK;
}
