/* Who works here, where they are signed in, what they filter by. */
#include "store/sqlite/desk_read.h"
#include "store/sqlite/desk_rows.h"

#define SIGN_INS_SHOWN 50
#define FILTERS_SHOWN 50

enum outcome desk_read_operators(struct reader *reader, struct arena *arena, struct operator **rows, size_t *count,
                                 struct error *err)
{
    struct error ignored;
    *rows = NULL;
    *count = 0;
    enum outcome outcome = desk_begin(reader, err);
    if (outcome != OUTCOME_OK)
        return desk_end(reader, outcome, err);
    struct sql sql = desk_sql(reader, DESK_OPERATORS);
    while (sql_next(&sql)) {
        *rows = desk_room(arena, *rows, *count, sizeof **rows);
        *count += take_operator(&reader->source, &sql, arena, &(*rows)[*count], &ignored) == OUTCOME_OK;
    }
    return desk_end(reader, sql_end(&sql, err), err);
}

static enum outcome take_one(struct reader *reader, struct sql *sql, struct arena *arena, struct operator *out,
                             struct error *err)
{
    const bool found = sql_next(sql);
    enum outcome outcome = found ? take_operator(&reader->source, sql, arena, out, err) : OUTCOME_OK;
    outcome = sql_end_after(sql, outcome, err);
    return outcome == OUTCOME_OK && !found ? error_set(err, OUTCOME_NOT_FOUND, "there is no such operator") : outcome;
}

static enum outcome take_by_id(struct reader *reader, int64_t id, struct arena *arena, struct operator *out,
                               struct error *err)
{
    struct sql sql = desk_sql(reader, DESK_OPERATOR);
    put_int(&sql, id);
    return take_one(reader, &sql, arena, out, err);
}

enum outcome desk_read_operator(struct reader *reader, int64_t id, struct arena *arena, struct operator *out,
                                struct error *err)
{
    *out = (struct operator){0};
    enum outcome outcome = desk_begin(reader, err);
    if (outcome == OUTCOME_OK)
        outcome = take_by_id(reader, id, arena, out, err);
    return desk_end(reader, outcome, err);
}

enum outcome desk_find_operator(struct reader *reader, struct span name, struct arena *arena, struct operator *out,
                                struct error *err)
{
    *out = (struct operator){0};
    enum outcome outcome = desk_begin(reader, err);
    if (outcome == OUTCOME_OK) {
        struct sql sql = desk_sql(reader, DESK_OPERATOR_NAMED);
        put_text(&sql, name);
        outcome = take_one(reader, &sql, arena, out, err);
    }
    return desk_end(reader, outcome, err);
}

static enum outcome take_sign_in_of(struct reader *reader, const struct lookup *token, struct arena *arena,
                                    struct sign_in *sign_in, struct error *err)
{
    struct sql sql = desk_sql(reader, DESK_SIGN_IN_OF);
    put_lookup(&sql, token);
    const bool found = sql_next(&sql);
    enum outcome outcome = found ? take_sign_in(&sql, arena, sign_in, err) : OUTCOME_OK;
    outcome = sql_end_after(&sql, outcome, err);
    return outcome == OUTCOME_OK && !found ? error_set(err, OUTCOME_NOT_FOUND, "there is no such sign-in") : outcome;
}

enum outcome desk_find_sign_in(struct reader *reader, const struct lookup *token, struct arena *arena,
                               struct sign_in *sign_in, struct operator *who, struct error *err)
{
    *sign_in = (struct sign_in){0};
    *who = (struct operator){0};
    enum outcome outcome = desk_begin(reader, err);
    if (outcome == OUTCOME_OK)
        outcome = take_sign_in_of(reader, token, arena, sign_in, err);
    if (outcome == OUTCOME_OK)
        outcome = take_by_id(reader, sign_in->operator, arena, who, err);
    return desk_end(reader, outcome, err);
}

enum outcome desk_read_sign_ins(struct reader *reader, int64_t id, struct arena *arena, struct sign_in **rows,
                                size_t *count, struct error *err)
{
    struct error ignored;
    *rows = ARENA_ARRAY(arena, struct sign_in, SIGN_INS_SHOWN);
    *count = 0;
    enum outcome outcome = desk_begin(reader, err);
    if (outcome != OUTCOME_OK)
        return desk_end(reader, outcome, err);
    struct sql sql = desk_sql(reader, DESK_SIGN_INS);
    put_int(&sql, id);
    put_int(&sql, SIGN_INS_SHOWN);
    while (*count < SIGN_INS_SHOWN && sql_next(&sql))
        *count += take_sign_in(&sql, arena, &(*rows)[*count], &ignored) == OUTCOME_OK;
    return desk_end(reader, sql_end(&sql, err), err);
}

enum outcome desk_count_signed_in(struct reader *reader, int64_t since, int64_t now, int64_t *count, struct error *err)
{
    *count = 0;
    enum outcome outcome = desk_begin(reader, err);
    if (outcome != OUTCOME_OK)
        return desk_end(reader, outcome, err);
    struct sql sql = desk_sql(reader, DESK_SIGNED_IN);
    put_int(&sql, since);
    put_int(&sql, now - SIGN_IN_WHOLE_MS);
    if (sql_next(&sql))
        *count = take_int(&sql);
    return desk_end(reader, sql_end(&sql, err), err);
}

enum outcome desk_read_filters(struct reader *reader, int64_t id, struct arena *arena, struct saved_filter **rows,
                               size_t *count, struct error *err)
{
    *rows = ARENA_ARRAY(arena, struct saved_filter, FILTERS_SHOWN);
    *count = 0;
    enum outcome outcome = desk_begin(reader, err);
    if (outcome != OUTCOME_OK)
        return desk_end(reader, outcome, err);
    struct sql sql = desk_sql(reader, DESK_FILTERS);
    put_int(&sql, id);
    put_int(&sql, FILTERS_SHOWN);
    while (*count < FILTERS_SHOWN && sql_next(&sql))
        take_saved_filter(&sql, arena, &(*rows)[(*count)++]);
    return desk_end(reader, sql_end(&sql, err), err);
}
