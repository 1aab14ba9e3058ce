/* Which session went on with which. A row says it only while the offer stands; afterwards the turns tell: somebody was offered to go
 * on, and stood next where the earlier session had stopped (core/whose.c). */
#include "store/sqlite/desk_read.h"

static enum outcome neighbour(struct reader *reader, enum desk_sql which, const struct session *of,
                              struct session *found, struct error *err)
{
    struct error ignored;
    struct sql sql = desk_sql(reader, which);
    *found = (struct session){0};
    put_id(&sql, of->phone);
    put_int(&sql, of->id);
    if (sql_next(&sql) && take_session(&reader->source, &sql, reader->row, found, &ignored) != OUTCOME_OK)
        *found = (struct session){0};
    return sql_end(&sql, err);
}

static enum outcome by_id(struct reader *reader, int64_t id, struct session *found, struct error *err)
{
    struct error ignored;
    struct sql sql = desk_sql(reader, DESK_SESSION);
    *found = (struct session){0};
    put_id(&sql, id);
    if (sql_next(&sql) && take_session(&reader->source, &sql, reader->row, found, &ignored) != OUTCOME_OK)
        *found = (struct session){0};
    return sql_end(&sql, err);
}

static enum outcome went_on(struct reader *reader, const struct session *earlier, int64_t later, bool *went,
                            struct error *err)
{
    struct sql sql = desk_sql(reader, DESK_WENT_ON);
    put_id(&sql, later);
    put_id(&sql, words_find(reader->source.words, earlier->state.at.node));
    *went = earlier->id && sql_next(&sql);
    return sql_end(&sql, err);
}

/* With the one before; or, where that one only offered to and was left, with the one that it offered. */
enum outcome desk_resumed_from(struct reader *reader, const struct session *session, int64_t *from, struct error *err)
{
    struct session before;
    bool went = false;
    enum outcome outcome = neighbour(reader, DESK_SESSION_BEFORE, session, &before, err);
    if (outcome == OUTCOME_OK)
        outcome = went_on(reader, &before, session->id, &went, err);
    if (outcome == OUTCOME_OK && !went && before.continues) {
        outcome = by_id(reader, before.continues, &before, err);
        if (outcome == OUTCOME_OK)
            outcome = went_on(reader, &before, session->id, &went, err);
    }
    *from = went ? before.id : 0;
    return outcome;
}

enum outcome desk_resumed_by(struct reader *reader, const struct session *session, int64_t *by, struct error *err)
{
    struct session after, left;
    bool went = false;
    enum outcome outcome = neighbour(reader, DESK_SESSION_AFTER, session, &after, err);
    if (outcome == OUTCOME_OK)
        outcome = went_on(reader, session, after.id, &went, err);
    if (outcome == OUTCOME_OK && !went && after.continues == session->id) {
        left = after;
        outcome = neighbour(reader, DESK_SESSION_AFTER, &left, &after, err);
        if (outcome == OUTCOME_OK)
            outcome = went_on(reader, session, after.id, &went, err);
    }
    *by = went ? after.id : 0;
    return outcome;
}
