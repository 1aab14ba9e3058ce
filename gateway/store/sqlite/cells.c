#include "store/sqlite/cells.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/clock.h"

void cell_add(struct exporting *row, struct span value)
{
    row->values[row->count++] = value;
}

void cell_add_number(struct exporting *row, int64_t number)
{
    cell_add(row, arena_format(row->arena, "%lld", (long long)number));
}

void cell_add_id(struct exporting *row, int64_t id)
{
    if (id)
        cell_add_number(row, id);
    else
        cell_add(row, SPAN_NONE);
}

void cell_add_time(struct exporting *row, int64_t at)
{
    char iso[CLOCK_ISO_MAX];
    if (at)
        clock_format_iso(at, iso);
    cell_add(row, at ? arena_copy(row->arena, span_of(iso)) : SPAN_NONE);
}

void cell_add_flag(struct exporting *row, bool flag)
{
    cell_add(row, flag ? SPAN("yes") : SPAN("no"));
}

void cell_add_named(struct exporting *row, const char *const *names, size_t count, unsigned number)
{
    if (number < count)
        cell_add(row, span_of(names[number]));
    else
        cell_add_number(row, number);
}

enum outcome cell_add_number_to_call(struct exporting *row, int64_t phone, struct span sealed, struct error *err)
{
    struct span number = SPAN_NONE;
    if (span_is_present(sealed) &&
        keyring_unseal(row->reader->source.keyring, phone, sealed, row->arena, &number) != OUTCOME_OK)
        return error_set(err, OUTCOME_BROKEN, "the number of phone %lld does not open", (long long)phone);
    cell_add(row, number);
    return OUTCOME_OK;
}

static enum outcome collect_answers(struct exporting *row, int64_t entry, json_t *object, struct error *err)
{
    enum outcome outcome = OUTCOME_OK;
    struct sql sql = sql_use(row->answers);
    put_int(&sql, entry);
    while (outcome == OUTCOME_OK && sql_next(&sql)) {
        struct answer answer;
        outcome = take_answer(&row->reader->source, &sql, row->arena, &answer, err);
        if (outcome == OUTCOME_OK) {
            json_object_set_new(object, arena_text(row->arena, answer.field),
                                json_stringn_nocheck(answer.value.at, answer.value.len));
        }
    }
    return sql_end_after(&sql, outcome, err);
}

enum outcome cell_add_answers(struct exporting *row, int64_t entry, struct error *err)
{
    if (!entry) {
        cell_add(row, SPAN_NONE);
        return OUTCOME_OK;
    }
    json_t *object = json_object();
    enum outcome outcome = collect_answers(row, entry, object, err);
    char *text = outcome == OUTCOME_OK ? json_dumps(object, JSON_COMPACT) : NULL;
    cell_add(row, arena_copy(row->arena, span_of(text)));
    free(text);
    json_decref(object);
    return outcome;
}
