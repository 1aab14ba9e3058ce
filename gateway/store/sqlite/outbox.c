/* Reading and settling texts to send. */
#include "store/sqlite/rows.h"

#define PRUNE_MAX 500 /* at a time: the loop waits */

/* Rows with two columns more: whether the session is over, and whether the phone said STOP. */
static enum outcome take_due(struct store *store, struct sql *sql, struct arena *arena, struct outbox_row *rows,
                             size_t *count, struct error *err)
{
    enum outcome outcome = OUTCOME_OK;
    while (outcome == OUTCOME_OK && sql_next(sql)) {
        struct outbox_row *row = &rows[(*count)++];
        outcome = take_outbox(&store->source, sql, arena, row, err);
        row->session_is_over = take_int(sql) != 0;
        row->phone_opted_out = take_int(sql) != 0;
    }
    return sql_end_after(sql, outcome, err);
}

enum outcome store_load_due(struct store *store, const struct store_due *wanted, struct arena *arena,
                            struct outbox_row **rows, size_t *count, struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    *rows = ARENA_ARRAY(arena, struct outbox_row, wanted->limit);
    *count = 0;
    if (outcome != OUTCOME_OK)
        return outcome;
    const int64_t channel = words_find(store->source.words, wanted->channel);
    if (!channel)
        return OUTCOME_OK;
    struct sql sql = sql_start(store, wanted->pushes ? SQL_PUSH_DUE : SQL_TEXT_DUE);
    put_int(&sql, channel);
    put_int(&sql, wanted->now);
    put_int(&sql, (int64_t)wanted->limit);
    return take_due(store, &sql, arena, *rows, count, err);
}

enum outcome store_load_overdue(struct store *store, int64_t now, size_t limit, struct arena *arena,
                                struct outbox_row **rows, size_t *count, struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    *rows = ARENA_ARRAY(arena, struct outbox_row, limit);
    *count = 0;
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_OUTBOX_OVERDUE);
    put_int(&sql, now);
    put_int(&sql, (int64_t)limit);
    return take_due(store, &sql, arena, *rows, count, err);
}

/* One number, or 0. */
static int64_t ask_number(struct sql *sql)
{
    struct error ignored;
    const int64_t number = sql_next(sql) ? take_int(sql) : 0;
    return sql_end(sql, &ignored) == OUTCOME_OK ? number : 0;
}

int64_t store_next_due(struct store *store, struct span channel, bool pushes)
{
    struct error ignored;
    if (store_usable(store, &ignored) != OUTCOME_OK)
        return 0;
    const int64_t id = words_find(store->source.words, channel);
    if (!id)
        return 0;
    struct sql sql = sql_start(store, pushes ? SQL_PUSH_NEXT_DUE : SQL_TEXT_NEXT_DUE);
    put_int(&sql, id);
    return ask_number(&sql);
}

int64_t store_next_expiry(struct store *store)
{
    struct error ignored;
    if (store_usable(store, &ignored) != OUTCOME_OK)
        return 0;
    struct sql sql = sql_start(store, SQL_OUTBOX_NEXT_EXPIRY);
    const int64_t last_moment = ask_number(&sql);
    return last_moment ? last_moment + 1 : 0;
}

uint64_t store_outbox_changes(const struct store *store)
{
    return store->outbox_changes;
}

enum outcome store_load_outbox(struct store *store, int64_t id, struct arena *arena, struct outbox_row *out,
                               struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_OUTBOX_BY_ID);
    put_int(&sql, id);
    const bool found = sql_next(&sql);
    outcome = sql_end_after(&sql, found ? take_outbox(&store->source, &sql, arena, out, err) : OUTCOME_OK, err);
    return outcome == OUTCOME_OK && !found ? error_set(err, OUTCOME_NOT_FOUND, "there is no such text") : outcome;
}

enum outcome store_find_outbox(struct store *store, struct span channel, struct span vendor_id, int64_t *id,
                               struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_OUTBOX_BY_VENDOR);
    put_text(&sql, vendor_id);
    put_int(&sql, words_find(store->source.words, channel));
    const bool found = sql_next(&sql);
    *id = found ? take_int(&sql) : 0;
    outcome = sql_end(&sql, err);
    return outcome == OUTCOME_OK && !found ? error_set(err, OUTCOME_NOT_FOUND, "no text has this id") : outcome;
}

enum outcome store_find_early(struct store *store, struct span channel, struct span vendor_id, struct arena *arena,
                              struct early_report *out, struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_EARLY_FIND);
    put_id(&sql, words_find(store->source.words, channel));
    put_text(&sql, vendor_id);
    const bool found = sql_next(&sql);
    if (found) {
        out->at = take_int(&sql);
        out->delivery = (enum delivery)take_int(&sql);
        out->reason = take_span(&sql, arena);
    }
    outcome = sql_end(&sql, err);
    return outcome == OUTCOME_OK && !found ? error_set(err, OUTCOME_NOT_FOUND, "no report came early") : outcome;
}

enum outcome store_prune_early(struct store *store, int64_t before, size_t *pruned, struct error *err)
{
    *pruned = 0;
    enum outcome outcome = store_begin(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_EARLY_PRUNE);
    put_int(&sql, before);
    put_int(&sql, PRUNE_MAX);
    outcome = sql_run(&sql, err);
    if (outcome != OUTCOME_OK) {
        store_undo(store);
        return outcome;
    }
    *pruned = (size_t)sql.changed;
    return store_commit(store, err);
}

/* ---- at start ---- */

static enum outcome settle(struct store *store, enum outbox_state state, int64_t now, int64_t channel, size_t *settled,
                           struct error *err)
{
    struct sql sql = sql_start(store, SQL_OUTBOX_SETTLE);
    put_int(&sql, state);
    put_int(&sql, REASON_UNKNOWN);
    put_int(&sql, now);
    put_id(&sql, channel);
    enum outcome outcome = sql_run(&sql, err);
    *settled += (size_t)sql.changed;
    store->outbox_changes++;
    return outcome;
}

/* Those whose answer is about to be one that nobody can vouch for. */
static enum outcome attend_requests(struct store *store, struct error *err)
{
    struct sql sql = sql_start(store, SQL_REQUEST_ATTEND_SENDING);
    return sql_run(&sql, err);
}

static enum outcome settle_all(struct store *store, const char *const *idempotent, int64_t now, size_t *settled,
                               struct error *err)
{
    enum outcome outcome = OUTCOME_OK;
    for (; idempotent && *idempotent && outcome == OUTCOME_OK; idempotent++) {
        const int64_t channel = words_find(store->source.words, span_of(*idempotent));
        if (channel)
            outcome = settle(store, OUTBOX_QUEUED, now, channel, settled, err);
    }
    if (outcome == OUTCOME_OK)
        outcome = attend_requests(store, err);
    return outcome == OUTCOME_OK ? settle(store, OUTBOX_UNKNOWN, now, 0, settled, err) : outcome;
}

enum outcome store_settle_sending(struct store *store, const char *const *idempotent_channels, int64_t now,
                                  size_t *settled, struct error *err)
{
    *settled = 0;
    enum outcome outcome = store_begin(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    outcome = settle_all(store, idempotent_channels, now, settled, err);
    if (outcome != OUTCOME_OK) {
        store_undo(store);
        return OUTCOME_BROKEN;
    }
    return store_commit(store, err);
}
