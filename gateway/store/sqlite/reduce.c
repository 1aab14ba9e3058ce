#include "store/sqlite/reduce.h"

#include <string.h>
#include "store/sqlite/rows.h"

static enum outcome run_for(struct store *store, enum sql_id id, int64_t session, struct error *err)
{
    struct sql sql = sql_start(store, id);
    put_int(&sql, session);
    return sql_run(&sql, err);
}

/* In a session that goes on, the turn that answered the wish (it has the same time) stays a while: a repeat gets it again. */
static enum outcome reduce_turns(struct store *store, const struct reduction *reduction, struct error *err)
{
    static const enum sql_id steps[] = {SQL_REDUCE_REDACTIONS,
                                        SQL_REDUCE_TURNS}; /* by whose turns, as long as they say so */
    enum outcome outcome = OUTCOME_OK;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && outcome == OUTCOME_OK; i++) {
        struct sql sql = sql_start(store, steps[i]);
        put_int(&sql, reduction->session);
        put_id(&sql, reduction->person);
        put_int(&sql, reduction->goes_on ? reduction->at - 1 : reduction->at);
        outcome = sql_run(&sql, err);
    }
    return outcome;
}

/* Its state is that of a session in which nothing was said yet. */
static enum outcome reduce_row(struct store *store, int64_t session, struct error *err)
{
    struct span state;
    enum outcome outcome = state_pack(store, &(struct session){0}, &state, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_REDUCE_SESSION);
    put_int(&sql, session);
    put_blob(&sql, state);
    return sql_run(&sql, err);
}

static enum outcome save_state(struct store *store, const struct session *row, struct error *err)
{
    struct span state;
    enum outcome outcome = state_pack(store, row, &state, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_SESSION_STATE);
    put_int(&sql, row->id);
    put_blob(&sql, state);
    return sql_run(&sql, err);
}

enum outcome session_unsay(struct store *store, int64_t session, struct error *err)
{
    struct session row;
    enum outcome outcome = store_load_session(store, session, store->scratch, &row, err);
    if (outcome != OUTCOME_OK || !row.state.reference[0])
        return outcome == OUTCOME_NOT_FOUND ? OUTCOME_OK : outcome;
    memcpy(row.state.reference, REFERENCE_OF_NOBODY, sizeof row.state.reference);
    return save_state(store, &row, err);
}

/* What it knows of the person: whose PIN was given, which request is on the screen. */
static enum outcome clear_state(struct store *store, int64_t session, struct error *err)
{
    struct session row;
    enum outcome outcome = store_load_session(store, session, store->scratch, &row, err);
    if (outcome != OUTCOME_OK)
        return outcome == OUTCOME_NOT_FOUND ? OUTCOME_OK : outcome;
    if (row.state.entry) /* a form whose answers are gone: they begin anew */
        row.state = (struct session_state){.lang = row.state.lang};
    row.state.reference[0] = '\0';
    row.state.wanted = row.state.topic = SPAN_NONE;
    row.state.acting = row.state.opened = 0;
    return save_state(store, &row, err);
}

enum outcome session_reduce(struct store *store, const struct reduction *reduction, struct error *err)
{
    enum outcome outcome = reduce_turns(store, reduction, err);
    if (outcome == OUTCOME_OK)
        outcome = run_for(store, SQL_REDUCE_MESSAGES, reduction->session, err);
    if (outcome == OUTCOME_OK)
        outcome = run_for(store, SQL_REDUCE_TEXTS, reduction->session, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    return reduction->goes_on ? clear_state(store, reduction->session, err)
                              : reduce_row(store, reduction->session, err);
}

enum outcome session_is_quiet(struct store *store, int64_t session, int64_t silent_since, int64_t ended_before,
                              bool *quiet, struct error *err)
{
    struct sql sql = sql_start(store, SQL_SESSION_QUIET);
    put_int(&sql, session);
    put_int(&sql, silent_since);
    put_int(&sql, ended_before);
    *quiet = !sql_next(&sql) || take_int(&sql);
    return sql_end(&sql, err);
}

#define IDS_USUAL 64

enum outcome ids_take(struct store *store, struct sql *sql, struct id_list *out, struct error *err)
{
    size_t room = 0;
    *out = (struct id_list){0};
    while (sql_next(sql)) {
        if (out->count == room) {
            room = room ? 2 * room : IDS_USUAL;
            int64_t *wider = ARENA_ARRAY(store->scratch, int64_t, room);
            if (out->count)
                memcpy(wider, out->at, out->count * sizeof *wider);
            out->at = wider;
        }
        out->at[out->count++] = take_int(sql);
    }
    return sql_end(sql, err);
}
