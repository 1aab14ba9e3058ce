/* What becomes of a request or a registration that is there: answers join those of before, or go. */
#include "store/sqlite/changes.h"
#include "store/sqlite/rows.h"

static enum outcome run_with(struct store *store, enum sql_id id, int64_t first, int64_t second, struct error *err)
{
    struct sql sql = sql_start(store, id);
    put_int(&sql, first);
    if (sqlite3_bind_parameter_count(sql.stmt) > 1)
        put_int(&sql, second);
    return sql_run(&sql, err);
}

/* A sealed answer opens only in the entry that it was given to: so each is read, and saved anew. */
static enum outcome merge(struct store *store, int64_t from, int64_t into, int64_t person, int64_t at,
                          struct error *err)
{
    struct answer *answers = NULL;
    size_t count = 0;
    enum outcome outcome = store_load_answers(store, from, store->scratch, &answers, &count, err);
    for (size_t i = 0; i < count && outcome == OUTCOME_OK; i++) {
        const struct change change = {.kind = CHANGE_ANSWER, .answer = {into, person, at, &answers[i]}};
        outcome = change_answer(store, &change, err);
    }
    return outcome == OUTCOME_OK ? run_with(store, SQL_ANSWERS_DROP, from, 0, err) : outcome;
}

enum outcome change_entry_merged(struct store *store, const struct change *change, struct error *err)
{
    return merge(store, change->merge.from, change->merge.into, change->merge.person, change->merge.at, err);
}

static enum outcome find_registration(struct store *store, int64_t person, int64_t *id, int64_t *entry,
                                      struct error *err)
{
    struct sql sql = sql_start(store, SQL_REGISTRATION_LATEST);
    put_int(&sql, person);
    *id = *entry = 0;
    if (sql_next(&sql)) {
        *id = take_int(&sql);
        *entry = take_int(&sql);
    }
    return sql_end(&sql, err);
}

enum outcome change_corrected(struct store *store, const struct change *change, struct error *err)
{
    int64_t id, entry;
    enum outcome outcome = find_registration(store, change->merge.person, &id, &entry, err);
    if (outcome == OUTCOME_OK && !id)
        return error_set(err, OUTCOME_REFUSED, "a correction of a registration that is not there");
    if (outcome == OUTCOME_OK && entry)
        outcome = merge(store, change->merge.from, entry, change->merge.person, change->merge.at, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_REGISTRATION_CORRECT);
    put_int(&sql, id);
    put_int(&sql, change->merge.at);
    put_id(&sql, entry ? entry : change->merge.from);
    return sql_run(&sql, err);
}

/* The rows stay: that somebody agreed, and when that ended, can be proven. */
enum outcome change_withdrawn(struct store *store, const struct change *change, struct error *err)
{
    const int64_t person = change->withdrawal.person;
    enum outcome outcome = run_with(store, SQL_WITHDRAW_ANSWERS, person, 0, err);
    if (outcome == OUTCOME_OK)
        outcome = run_with(store, SQL_WITHDRAW_REGISTRATIONS, person, change->withdrawal.at, err);
    store->must_truncate = store->must_truncate || outcome == OUTCOME_OK;
    return outcome;
}

enum outcome store_load_kept(struct store *store, int64_t person, struct arena *arena, struct answer **answers,
                             size_t *count, struct error *err)
{
    int64_t id = 0, entry = 0;
    *answers = NULL;
    *count = 0;
    enum outcome outcome = store_usable(store, err);
    if (outcome == OUTCOME_OK)
        outcome = find_registration(store, person, &id, &entry, err);
    return outcome == OUTCOME_OK && entry ? store_load_answers(store, entry, arena, answers, count, err) : outcome;
}
