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

static void collect_answer(const struct exporting *row, const struct answer *answer, json_t *object)
{
    json_object_set_new(object, arena_text(row->arena, answer->field),
                        json_stringn_nocheck(answer->value.at, answer->value.len));
}

/* `cycle` NULL: all that was answered; else what was not sealed, and what the answers tell. */
static enum outcome collect_answers(struct exporting *row, int64_t entry, struct span channel, struct span *cycle,
                                    json_t *object, struct error *err)
{
    const struct reader *reader = row->reader;
    enum outcome outcome = OUTCOME_OK;
    struct sql sql = sql_use(row->answers);
    put_int(&sql, entry);
    while (outcome == OUTCOME_OK && sql_next(&sql)) {
        struct answer answer;
        outcome = take_answer(&row->reader->source, &sql, row->arena, &answer, err);
        if (outcome == OUTCOME_OK && !(cycle && answer.sensitive))
            collect_answer(row, &answer, object);
        if (outcome == OUTCOME_OK && cycle && !span_is_present(*cycle) && reader->cycle_of)
            *cycle = reader->cycle_of(reader->cycle_context, channel, &answer);
    }
    return sql_end_after(&sql, outcome, err);
}

static struct span as_json(const struct exporting *row, const json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT);
    struct span kept = arena_copy(row->arena, span_of(text));
    free(text);
    return kept;
}

enum outcome cell_add_answers(struct exporting *row, int64_t entry, struct error *err)
{
    json_t *object = json_object();
    enum outcome outcome = entry ? collect_answers(row, entry, SPAN_NONE, NULL, object, err) : OUTCOME_OK;
    cell_add(row, entry ? as_json(row, object) : SPAN_NONE);
    json_decref(object);
    return outcome;
}

enum outcome cell_add_cycle_and_answers(struct exporting *row, struct span channel, int64_t entry, struct error *err)
{
    json_t *object = json_object();
    struct span cycle = SPAN_NONE;
    enum outcome outcome = entry ? collect_answers(row, entry, channel, &cycle, object, err) : OUTCOME_OK;
    cell_add(row, arena_copy(row->arena, cycle));
    cell_add(row, entry ? as_json(row, object) : SPAN_NONE);
    json_decref(object);
    return outcome;
}
