/* Actions that were carried out, so that a repeat gets the same answer; and whether the file is a demonstration's. */
#include "store/sqlite/changes.h"
#include "store/desk.h"

#define PRUNE_MAX 500 /* at a time: the loop waits */

enum outcome change_done(struct store *store, const struct change *change, struct error *err)
{
    struct sql sql = sql_start(store, SQL_DONE_INSERT);
    put_lookup(&sql, &change->done.key);
    put_int(&sql, change->done.at);
    put_int(&sql, change->done.outcome);
    put_id(&sql, change->done.id);
    put_int(&sql, change->done.version);
    return sql_run(&sql, err);
}

enum outcome store_find_done(struct store *store, const struct lookup *key, struct done *out, struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_DONE_BY_KEY);
    put_lookup(&sql, key);
    const bool found = sql_next(&sql);
    if (found) {
        out->outcome = (enum outcome)take_int(&sql);
        out->id = take_int(&sql);
        out->version = (uint32_t)take_int(&sql);
    }
    outcome = sql_end(&sql, err);
    return outcome == OUTCOME_OK && !found ? error_set(err, OUTCOME_NOT_FOUND, "no such action was carried out")
                                           : outcome;
}

static enum outcome settle(struct store *store, enum outcome outcome, struct error *err)
{
    if (outcome == OUTCOME_OK)
        return store_commit(store, err);
    store_undo(store);
    return outcome;
}

enum outcome store_prune_done(struct store *store, int64_t before, size_t *pruned, struct error *err)
{
    *pruned = 0;
    enum outcome outcome = store_begin(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_DONE_PRUNE);
    put_int(&sql, before);
    put_int(&sql, PRUNE_MAX);
    outcome = sql_run(&sql, err);
    const size_t gone = (size_t)sql.changed;
    outcome = settle(store, outcome, err);
    *pruned = outcome == OUTCOME_OK ? gone : 0;
    return outcome;
}

static enum outcome ask(struct store *store, enum sql_id id, bool *is, struct error *err)
{
    struct sql sql = sql_start(store, id);
    *is = sql_next(&sql) && take_int(&sql) != 0;
    return sql_end(&sql, err);
}

enum outcome store_is_empty(struct store *store, bool *is_empty, bool *is_demonstration, struct error *err)
{
    *is_empty = *is_demonstration = false;
    enum outcome outcome = store_usable(store, err);
    if (outcome == OUTCOME_OK)
        outcome = ask(store, SQL_IS_EMPTY, is_empty, err);
    return outcome == OUTCOME_OK ? ask(store, SQL_DEMONSTRATION, is_demonstration, err) : outcome;
}

/* With the last id of it: what comes after is somebody's. */
enum outcome store_mark_demonstration(struct store *store, struct error *err)
{
    const int64_t last = store_last_id(store);
    enum outcome outcome = store_begin(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_DEMONSTRATION_MARK);
    put_int(&sql, last);
    return settle(store, sql_run(&sql, err), err);
}
