#include "store/sqlite/changes.h"

enum outcome change_follow_up(struct store *store, const struct change *change, struct error *err)
{
    const struct follow_up *row = change->follow_up.row;
    struct sql sql = sql_start(store, SQL_FOLLOW_UP_INSERT);
    put_id(&sql, row->id);
    put_id(&sql, row->person);
    put_id(&sql, row->phone);
    put_int(&sql, row->month);
    put_int(&sql, row->due_at);
    put_int(&sql, row->changed_at);
    return sql_run(&sql, err);
}

enum outcome change_follow_up_state(struct store *store, const struct change *change, struct error *err)
{
    const struct follow_up *row = change->follow_up.row;
    struct sql sql = sql_start(store, SQL_FOLLOW_UP_STATE);
    put_int(&sql, row->id);
    put_int(&sql, row->state);
    put_int(&sql, row->due_at);
    put_int(&sql, row->changed_at);
    put_id(&sql, row->session);
    return sql_run_one(&sql, OUTCOME_CONFLICT, "a follow-up that is settled already", err);
}

enum outcome change_follow_up_answered(struct store *store, const struct change *change, struct error *err)
{
    const struct follow_up *row = change->follow_up.row;
    struct sql sql = sql_start(store, SQL_FOLLOW_UP_ANSWERED);
    put_int(&sql, row->person);
    put_int(&sql, row->changed_at);
    put_id(&sql, row->session);
    return sql_run(&sql, err);
}

enum outcome change_follow_ups_stopped(struct store *store, const struct change *change, struct error *err)
{
    const struct follow_up *row = change->follow_up.row;
    struct sql sql = sql_start(store, SQL_FOLLOW_UPS_STOP);
    put_int(&sql, row->person);
    put_int(&sql, row->changed_at);
    return sql_run(&sql, err);
}

static void take_due(const struct row_source *source, struct sql *sql, struct due_follow_up *due)
{
    due->row.id = take_int(sql);
    due->row.person = take_int(sql);
    due->row.phone = take_int(sql);
    due->row.registration = take_int(sql);
    due->row.month = (unsigned)take_int(sql);
    due->row.due_at = take_int(sql);
    due->row.state = (enum follow_up_state)take_int(sql);
    due->row.changed_at = take_int(sql);
    due->row.session = take_int(sql);
    due->registered_at = take_int(sql);
    due->channel = words_text(source->words, take_int(sql));
    due->agreed = take_int(sql) != 0;
    due->phone = take_int(sql);
    due->answers = take_int(sql);
    due->last_at = take_int(sql);
    due->opted_out = take_int(sql) != 0;
    due->has_number = take_int(sql) != 0;
    due->lang = words_text(source->words, take_int(sql));
}

enum outcome store_load_due_follow_ups(struct store *store, int64_t now, size_t limit, struct arena *arena,
                                       struct due_follow_up **rows, size_t *count, struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    *rows = ARENA_ARRAY(arena, struct due_follow_up, limit);
    *count = 0;
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_FOLLOW_UPS_DUE);
    put_int(&sql, now);
    put_int(&sql, (int64_t)limit);
    while (*count < limit && sql_next(&sql))
        take_due(&store->source, &sql, &(*rows)[(*count)++]);
    return sql_end(&sql, err);
}

int64_t store_next_follow_up(struct store *store)
{
    struct error ignored;
    struct sql sql = sql_start(store, SQL_FOLLOW_UPS_NEXT_DUE);
    const int64_t next = sql_next(&sql) ? take_int(&sql) : 0;
    return sql_end(&sql, &ignored) == OUTCOME_OK ? next : 0;
}
