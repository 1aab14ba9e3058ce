/* Rows that several pages of the desk show. What does not open is left out here: it harms only itself. */
#include "base/clock.h"
#include "store/sqlite/desk_read.h"
#include "store/sqlite/desk_rows.h"

enum outcome desk_take_answers(struct reader *reader, int64_t entry, struct arena *arena, struct answer **answers,
                               size_t *count, struct error *err)
{
    struct sql sql = desk_sql(reader, DESK_ANSWERS);
    struct error ignored;
    *answers = NULL;
    *count = 0;
    put_id(&sql, entry);
    while (entry && sql_next(&sql)) {
        *answers = desk_room(arena, *answers, *count, sizeof **answers);
        *count += take_answer(&reader->source, &sql, arena, &(*answers)[*count], &ignored) == OUTCOME_OK;
    }
    return sql_end(&sql, err);
}

enum outcome desk_take_request(struct reader *reader, int64_t id, const struct operator *who, struct arena *arena,
                               struct queue_row *row, struct error *err)
{
    enum outcome outcome = OUTCOME_NOT_FOUND;
    struct sql sql = desk_sql(reader, DESK_REQUEST);
    *row = (struct queue_row){0};
    put_int(&sql, id);
    put_id(&sql, who ? who->id : 0);
    if (sql_next(&sql)) {
        outcome =
            take_request(&reader->source, &sql, arena, &row->request, err) == OUTCOME_OK ? OUTCOME_OK : OUTCOME_REFUSED;
        take_request_desk(&sql, &row->desk);
        row->assignee = take_span(&sql, arena);
        take_origin(&reader->source, &sql, arena, &row->origin);
        row->has_draft = take_int(&sql) != 0;
    }
    enum outcome ended = sql_end(&sql, err);
    if (ended != OUTCOME_OK)
        return ended;
    if (outcome == OUTCOME_NOT_FOUND)
        return error_set(err, outcome, "there is no such request");
    return outcome == OUTCOME_OK
               ? desk_take_answers(reader, row->request.entry, arena, &row->answers, &row->answer_count, err)
               : outcome;
}

static enum outcome area_by(struct reader *reader, enum desk_sql id, int64_t request, struct span field,
                            struct arena *arena, struct span *area, struct error *err)
{
    struct answer answer;
    struct error ignored;
    struct sql sql = desk_sql(reader, id);
    put_int(&sql, request);
    put_int(&sql, words_find(reader->source.words, field));
    if (sql_next(&sql) && take_answer(&reader->source, &sql, arena, &answer, &ignored) == OUTCOME_OK)
        *area = answer.value;
    return sql_end(&sql, err);
}

enum outcome desk_take_area(struct reader *reader, int64_t id, const struct request_origin *origin,
                            const struct area_fields *areas, struct arena *arena, struct span *area, struct error *err)
{
    *area = SPAN_NONE;
    const struct span field = areas ? areas->of(areas->context, origin) : SPAN_NONE;
    if (!span_is_present(field))
        return OUTCOME_OK;
    enum outcome outcome = area_by(reader, DESK_AREA_OF_REQUEST, id, field, arena, area, err);
    return outcome == OUTCOME_OK && !span_is_present(*area)
               ? area_by(reader, DESK_AREA_OF_PERSON, id, field, arena, area, err)
               : outcome;
}

enum outcome desk_take_requests(struct reader *reader, enum desk_sql id, int64_t of, size_t limit, struct arena *arena,
                                struct request_list *list, struct error *err)
{
    struct sql sql = desk_sql(reader, id);
    struct error ignored;
    *list = (struct request_list){.rows = ARENA_ARRAY(arena, struct request, limit),
                                  .desks = ARENA_ARRAY(arena, struct request_desk, limit),
                                  .origins = ARENA_ARRAY(arena, struct request_origin, limit)};
    put_int(&sql, of);
    put_int(&sql, (int64_t)limit);
    while (list->count < limit && sql_next(&sql)) {
        if (take_request(&reader->source, &sql, arena, &list->rows[list->count], &ignored) != OUTCOME_OK)
            continue;
        take_request_desk(&sql, &list->desks[list->count]);
        take_origin(&reader->source, &sql, arena, &list->origins[list->count++]);
    }
    return sql_end(&sql, err);
}

enum outcome desk_sees_person(struct reader *reader, const struct operator *who, int64_t person, bool *sees,
                              bool *has_others, struct error *err)
{
    struct matter *matters = NULL;
    size_t count = 0;
    struct sql sql = desk_sql(reader, DESK_MATTERS_OF_PERSON);
    put_int(&sql, person);
    take_matters(&reader->source, &sql, reader->row, &matters, &count);
    *sees = who && operator_sees_person(who, matters, count);
    *has_others = count > 0 && !(who && operator_is_told_of_all(who, matters, count));
    arena_reset(reader->row);
    return sql_end(&sql, err);
}

enum outcome desk_take_flags(struct reader *reader, int64_t person, bool all, struct arena *arena,
                             struct desk_flags *flags, struct error *err)
{
    struct sql sql = desk_sql(reader, DESK_FLAGS);
    struct error ignored;
    *flags = (struct desk_flags){0};
    put_int(&sql, person);
    put_int(&sql, all);
    put_int(&sql, clock_utc_ms());
    while (sql_next(&sql)) {
        flags->rows = desk_room(arena, flags->rows, flags->count, sizeof *flags->rows);
        flags->authors = desk_room(arena, flags->authors, flags->count, sizeof *flags->authors);
        if (take_person_flag(&reader->source, &sql, arena, &flags->rows[flags->count], &ignored) == OUTCOME_OK)
            flags->authors[flags->count++] = take_span(&sql, arena);
    }
    return sql_end(&sql, err);
}

enum outcome desk_take_phone(struct reader *reader, int64_t phone, struct arena *arena, struct desk_phone *out,
                             struct error *err)
{
    struct sql sql = desk_sql(reader, DESK_PHONE);
    *out = (struct desk_phone){0};
    put_int(&sql, phone);
    if (sql_next(&sql)) {
        out->opted_out = take_int(&sql) != 0;
        const struct span sealed = take_span(&sql, arena);
        struct span number = SPAN_NONE;
        out->has_number = span_is_present(sealed);
        if (keyring_unseal(reader->source.keyring, phone, sealed, reader->row, &number) == OUTCOME_OK)
            out->masked = phone_masked(number, arena);
        arena_reset(reader->row);
        out->person = take_int(&sql);
        out->first_at = take_int(&sql);
        out->last_at = take_int(&sql);
        out->renewed_at = take_int(&sql);
    }
    return sql_end(&sql, err);
}
