/* What the desk knows of a request: whose it is, how often it was tried, what became of it. */
#include "store/sqlite/changes.h"
#include "store/sqlite/desk_rows.h"
#include "store/desk.h"

/* ---- load ---- */

static enum outcome request_from(struct store *store, struct sql *sql, struct arena *arena, struct request *request,
                                 struct request_desk *desk, struct error *err)
{
    const bool found = sql_next(sql);
    enum outcome outcome = found ? take_request(&store->source, sql, arena, request, err) : OUTCOME_OK;
    if (found)
        take_request_desk(sql, desk);
    outcome = sql_end_after(sql, outcome, err);
    return outcome == OUTCOME_OK && !found ? error_set(err, OUTCOME_NOT_FOUND, "there is no such request") : outcome;
}

enum outcome store_load_request(struct store *store, int64_t id, struct arena *arena, struct request *request,
                                struct request_desk *desk, struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_REQUEST_BY_ID);
    put_int(&sql, id);
    return request_from(store, &sql, arena, request, desk, err);
}

enum outcome store_find_latest_request(struct store *store, int64_t person, int64_t since, struct arena *arena,
                                       struct request *request, struct request_desk *desk, struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_REQUEST_LATEST);
    put_int(&sql, person);
    put_int(&sql, since);
    return request_from(store, &sql, arena, request, desk, err);
}

enum outcome store_load_matters(struct store *store, int64_t person, struct arena *arena, struct matter **matters,
                                size_t *count, struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_MATTERS_OF_PERSON);
    put_int(&sql, person);
    take_matters(&store->source, &sql, arena, matters, count);
    return sql_end(&sql, err);
}

enum outcome store_load_session_matters(struct store *store, int64_t session, struct arena *arena,
                                        struct matter **matters, size_t *count, struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_MATTERS_OF_SESSION);
    put_int(&sql, session);
    take_matters(&store->source, &sql, arena, matters, count);
    return sql_end(&sql, err);
}

enum outcome store_find_answered(struct store *store, int64_t text, int64_t *request, struct error *err)
{
    *request = 0;
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_REQUEST_ANSWERED);
    put_int(&sql, text);
    if (sql_next(&sql))
        *request = take_int(&sql);
    return sql_end(&sql, err);
}

enum outcome store_find_last_line(struct store *store, int64_t request, int64_t *line, struct error *err)
{
    *line = 0;
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_REQUEST_LAST_LINE);
    put_int(&sql, request);
    if (sql_next(&sql))
        *line = take_int(&sql);
    return sql_end(&sql, err);
}

enum outcome store_load_lying(struct store *store, const struct silence *silence, size_t limit, struct lying *rows,
                              size_t *count, struct error *err)
{
    *count = 0;
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_REQUESTS_LYING);
    for (int urgency = URGENCY_NORMAL; urgency <= URGENCY_DANGER; urgency++)
        put_int(&sql, silence->before[urgency]);
    put_int(&sql, silence->now);
    put_int(&sql, (int64_t)limit);
    while (*count < limit && sql_next(&sql)) {
        struct lying *row = &rows[(*count)++];
        row->request = take_int(&sql);
        row->since = take_int(&sql);
    }
    return sql_end(&sql, err);
}

enum outcome store_load_to_ask(struct store *store, int64_t now, size_t limit, int64_t *requests, size_t *count,
                               struct error *err)
{
    *count = 0;
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_REQUESTS_TO_ASK);
    put_int(&sql, now);
    put_int(&sql, (int64_t)limit);
    while (*count < limit && sql_next(&sql))
        requests[(*count)++] = take_int(&sql);
    return sql_end(&sql, err);
}

/* ---- save ---- */

enum outcome change_request_desk(struct store *store, const struct change *change, struct error *err)
{
    const struct request_desk *row = change->desk.row;
    struct sql sql = sql_start(store, SQL_REQUEST_DESK_SAVE);
    put_int(&sql, change->desk.request);
    put_id(&sql, row->assignee);
    put_id(&sql, row->assigned_at);
    put_id(&sql, row->viewed_at);
    put_id(&sql, row->wait_until);
    put_int(&sql, row->outcome);
    put_int(&sql, row->attempts);
    put_id(&sql, row->merged_into);
    put_id(&sql, row->made_by);
    put_int(&sql, row->came_by);
    put_int(&sql, row->is_texted);
    return sql_run_one(&sql, OUTCOME_REFUSED, "a request that is not there", err);
}

/* Whoever has dealt with what a request is marked for, has dealt with the texts that it is marked for. */
static enum outcome deal_with_texts(struct store *store, const struct change *change, struct error *err)
{
    struct sql sql = sql_start(store, SQL_REQUEST_TEXTS_DEALT);
    put_int(&sql, change->attention.request);
    put_int(&sql, change->attention.at);
    put_id(&sql, change->attention.until);
    return sql_run(&sql, err);
}

enum outcome change_request_attention(struct store *store, const struct change *change, struct error *err)
{
    if (change->attention.of == ATTENTION_NONE) {
        enum outcome outcome = deal_with_texts(store, change, err);
        if (outcome != OUTCOME_OK)
            return outcome;
    }
    struct sql sql = sql_start(store, SQL_REQUEST_ATTENTION);
    put_int(&sql, change->attention.request);
    put_int(&sql, change->attention.of);
    return sql_run_one(&sql, OUTCOME_REFUSED, "a request that is not there", err);
}
