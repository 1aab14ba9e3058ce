/* Who works at the desk: accounts, the browsers that they signed in with, filters of the queue that they named. */
#include "store/sqlite/changes.h"
#include "store/sqlite/desk_rows.h"
#include "store/desk.h"

/* ---- load ---- */

static enum outcome operator_from(struct store *store, struct sql *sql, struct arena *arena, struct operator *out,
                                  struct error *err)
{
    const bool found = sql_next(sql);
    enum outcome outcome = found ? take_operator(&store->source, sql, arena, out, err) : OUTCOME_OK;
    outcome = sql_end_after(sql, outcome, err);
    return outcome == OUTCOME_OK && !found ? error_set(err, OUTCOME_NOT_FOUND, "there is no such operator") : outcome;
}

enum outcome store_load_operator(struct store *store, int64_t id, struct arena *arena, struct operator *out,
                                 struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_OPERATOR_BY_ID);
    put_int(&sql, id);
    return operator_from(store, &sql, arena, out, err);
}

enum outcome store_find_operator(struct store *store, struct span name, struct arena *arena, struct operator *out,
                                 struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_OPERATOR_BY_NAME);
    put_text(&sql, name);
    return operator_from(store, &sql, arena, out, err);
}

size_t store_count_operators(struct store *store)
{
    struct error ignored;
    if (store_usable(store, &ignored) != OUTCOME_OK)
        return 0;
    struct sql sql = sql_start(store, SQL_OPERATORS_COUNT);
    const int64_t count = sql_next(&sql) ? take_int(&sql) : 0;
    return sql_end(&sql, &ignored) == OUTCOME_OK ? (size_t)count : 0;
}

enum outcome store_load_operators(struct store *store, struct arena *arena, struct operator **rows, size_t *count,
                                  struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    const size_t room = store_count_operators(store);
    *rows = ARENA_ARRAY(arena, struct operator, room);
    *count = 0;
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_OPERATORS);
    while (outcome == OUTCOME_OK && *count < room && sql_next(&sql))
        outcome = take_operator(&store->source, &sql, arena, &(*rows)[(*count)++], err);
    return sql_end_after(&sql, outcome, err);
}

enum outcome store_load_sign_in(struct store *store, int64_t id, struct arena *arena, struct sign_in *out,
                                struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_SIGN_IN_BY_ID);
    put_int(&sql, id);
    const bool found = sql_next(&sql);
    outcome = sql_end_after(&sql, found ? take_sign_in(&sql, arena, out, err) : OUTCOME_OK, err);
    return outcome == OUTCOME_OK && !found ? error_set(err, OUTCOME_NOT_FOUND, "there is no such sign-in") : outcome;
}

/* ---- save ---- */

/* Whose name it is already, and whether this one is there. */
static enum outcome look_around(struct store *store, const struct operator *row, bool *there, bool *taken,
                                struct error *err)
{
    struct operator other;
    *taken = *there = false;
    enum outcome outcome = store_find_operator(store, row->name, store->scratch, &other, err);
    if (outcome != OUTCOME_OK && outcome != OUTCOME_NOT_FOUND)
        return outcome;
    *taken = outcome == OUTCOME_OK && other.id != row->id;
    outcome = store_load_operator(store, row->id, store->scratch, &other, err);
    *there = outcome == OUTCOME_OK;
    return outcome == OUTCOME_NOT_FOUND ? OUTCOME_OK : outcome;
}

enum outcome change_operator(struct store *store, const struct change *change, struct error *err)
{
    const struct operator *row = change->operator.row;
    bool there = false, taken = false;
    enum outcome outcome = look_around(store, row, &there, &taken, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (taken)
        return error_set(err, OUTCOME_CONFLICT, "another operator has this name");
    struct sql sql = sql_start(store, there ? SQL_OPERATOR_UPDATE : SQL_OPERATOR_INSERT);
    put_id(&sql, row->id);
    put_text(&sql, row->name);
    put_text(&sql, row->shown);
    put_int(&sql, row->roles);
    put_text(&sql, span_is_present(row->topics) ? row->topics : SPAN(""));
    put_text(&sql, span_is_present(row->languages) ? row->languages : SPAN(""));
    put_int(&sql, row->is_disabled);
    put_text(&sql, row->password);
    put_int(&sql, row->must_change);
    put_blob(&sql, keyring_seal(store->source.keyring, row->id, row->totp, store->scratch));
    put_int(&sql, row->totp_step);
    put_blob(&sql, row->recovery);
    put_int(&sql, row->failures);
    put_id(&sql, row->failed_at);
    put_text(&sql, span_is_present(row->lang) ? row->lang : SPAN("en"));
    put_int(&sql, row->theme);
    put_int(&sql, row->has_shortcuts);
    put_int(&sql, row->changed_at);
    put_id(&sql, row->last_at);
    put_int(&sql, row->version);
    if (!there)
        put_int(&sql, row->created_at);
    return sql_run_one(&sql, OUTCOME_CONFLICT, "the operator was changed by somebody else in between", err);
}

enum outcome change_sign_in(struct store *store, const struct change *change, struct error *err)
{
    const struct sign_in *row = change->sign_in.row;
    struct sql sql = sql_start(store, SQL_SIGN_IN_SAVE);
    put_id(&sql, row->id);
    put_id(&sql, row->operator);
    put_lookup(&sql, &row->token);
    put_int(&sql, row->created_at);
    put_int(&sql, row->seen_at);
    put_id(&sql, row->ended_at);
    put_int(&sql, row->is_half);
    put_int(&sql, row->is_locked);
    put_text(&sql, row->agent);
    return sql_run(&sql, err);
}

enum outcome change_sign_ins_end(struct store *store, const struct change *change, struct error *err)
{
    struct sql sql = sql_start(store, SQL_SIGN_INS_END);
    put_int(&sql, change->sign_ins.operator);
    put_int(&sql, change->sign_ins.but);
    put_int(&sql, change->sign_ins.at);
    return sql_run(&sql, err);
}

enum outcome change_saved_filter(struct store *store, const struct change *change, struct error *err)
{
    const struct saved_filter *row = change->filter.row;
    const bool goes = row->query.len == 0;
    struct sql sql = sql_start(store, goes ? SQL_FILTER_DROP : SQL_FILTER_SAVE);
    if (!goes)
        put_id(&sql, row->id);
    put_id(&sql, row->operator);
    put_text(&sql, row->name);
    if (!goes)
        put_text(&sql, row->query);
    return sql_run(&sql, err);
}
