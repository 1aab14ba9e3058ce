/* Reading and settling texts to send. */
#include "store/sqlite/rows.h"

static bool has_phone(struct outbox_row *const rows, size_t count, int64_t phone)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].phone == phone)
            return true;
    return false;
}

enum outcome store_load_due(struct store *store, int64_t now, size_t limit, struct arena *arena,
                            struct outbox_row **rows, size_t *count, struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    *rows = ARENA_ARRAY(arena, struct outbox_row, limit);
    *count = 0;
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_OUTBOX_DUE);
    put_int(&sql, now);
    while (outcome == OUTCOME_OK && *count < limit && sql_next(&sql))
        if (!has_phone(*rows, *count, take_int(&sql)))
            outcome = take_outbox(&store->source, &sql, arena, &(*rows)[(*count)++], err);
    return sql_end_after(&sql, outcome, err);
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

int64_t store_next_due(struct store *store)
{
    struct error ignored;
    if (store_usable(store, &ignored) != OUTCOME_OK)
        return 0;
    struct sql sql = sql_start(store, SQL_OUTBOX_NEXT_DUE);
    const int64_t due = sql_next(&sql) ? take_int(&sql) : 0;
    return sql_end(&sql, &ignored) == OUTCOME_OK ? due : 0;
}

static enum outcome settle(struct store *store, enum outbox_state state, int64_t now, int64_t channel, size_t *settled,
                           struct error *err)
{
    struct sql sql = sql_start(store, SQL_OUTBOX_SETTLE);
    put_int(&sql, state);
    put_int(&sql, state == OUTBOX_QUEUED ? REASON_NONE : REASON_UNKNOWN);
    put_int(&sql, now);
    put_id(&sql, channel);
    enum outcome outcome = sql_run(&sql, err);
    *settled += (size_t)sql.changed;
    return outcome;
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
