/* Who a person is, and who may act for them: reading and changing what decides it. */
#include <string.h>

#include "store/sqlite/changes.h"
#include "store/sqlite/rows.h"

#define PEOPLE_TRIED 20
#define REQUESTS_SHOWN 20

static enum outcome load_row(struct store *store, int64_t id, struct arena *arena, struct person_row *row,
                             struct error *err)
{
    enum outcome outcome = OUTCOME_OK;
    struct sql sql = sql_start(store, SQL_PERSON_BY_ID);
    put_int(&sql, id);
    if (sql_next(&sql))
        outcome = take_person(&sql, arena, row, err);
    return sql_end_after(&sql, outcome, err);
}

static enum outcome load_registration(struct store *store, struct arena *arena, struct person *person,
                                      struct error *err)
{
    enum outcome outcome = OUTCOME_OK;
    struct sql sql = sql_start(store, SQL_REGISTERED);
    put_int(&sql, person->row.id);
    if (sql_next(&sql)) {
        person->is_registered = true;
        if (!take_reference(&sql, arena, person->registration))
            outcome =
                error_set(err, OUTCOME_REFUSED, "a registration of person %lld is damaged", (long long)person->row.id);
        person->registered_at = take_int(&sql);
        person->follow_up_due = take_int(&sql) != 0;
    }
    return sql_end_after(&sql, outcome, err);
}

static enum outcome load_requests(struct store *store, struct arena *arena, struct person *person, struct error *err)
{
    struct request *requests = ARENA_ARRAY(arena, struct request, REQUESTS_SHOWN);
    enum outcome outcome = OUTCOME_OK;
    struct sql sql = sql_start(store, SQL_REQUESTS_OF_PERSON);
    put_int(&sql, person->row.id);
    put_int(&sql, REQUESTS_SHOWN);
    while (outcome == OUTCOME_OK && sql_next(&sql))
        outcome = take_request(&store->source, &sql, arena, &requests[person->request_count++], err);
    person->requests = requests;
    return sql_end_after(&sql, outcome, err);
}

enum outcome person_load(struct store *store, int64_t id, bool with_requests, struct arena *arena,
                         struct person *person, struct error *err)
{
    enum outcome outcome = load_row(store, id, arena, &person->row, err);
    if (outcome != OUTCOME_OK || !person->row.id)
        return outcome;
    outcome = load_registration(store, arena, person, err);
    return outcome == OUTCOME_OK && with_requests ? load_requests(store, arena, person, err) : outcome;
}

enum outcome store_load_person(struct store *store, int64_t id, struct arena *arena, struct person *out,
                               struct error *err)
{
    *out = (struct person){0};
    enum outcome outcome = store_usable(store, err);
    if (outcome == OUTCOME_OK)
        outcome = person_load(store, id, true, arena, out, err);
    if (outcome == OUTCOME_OK && !out->row.id)
        return error_set(err, OUTCOME_NOT_FOUND, "there is no person %lld", (long long)id);
    return outcome;
}

enum outcome store_load_people(struct store *store, int64_t phone, struct arena *arena, struct person_row **rows,
                               size_t *count, struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    *rows = ARENA_ARRAY(arena, struct person_row, PEOPLE_TRIED);
    *count = 0;
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_PEOPLE_OF_PHONE);
    put_int(&sql, phone);
    put_int(&sql, PEOPLE_TRIED);
    while (outcome == OUTCOME_OK && sql_next(&sql))
        outcome = take_person(&sql, arena, &(*rows)[(*count)++], err);
    return sql_end_after(&sql, outcome, err);
}

enum outcome store_find_case(struct store *store, const char *reference, int64_t *person, struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    *person = 0;
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_CASE_FIND);
    put_text(&sql, span_of(reference));
    if (sql_next(&sql))
        *person = take_int(&sql);
    outcome = sql_end(&sql, err);
    return outcome == OUTCOME_OK && !*person ? OUTCOME_NOT_FOUND : outcome;
}

enum outcome change_pin(struct store *store, const struct change *change, struct error *err)
{
    const struct span hash = {(const char *)change->pin.hash, sizeof change->pin.hash};
    struct sql sql = sql_start(store, SQL_PERSON_PIN);
    put_int(&sql, change->pin.person);
    put_blob(&sql, change->pin.is_cleared ? SPAN_NONE : hash);
    return sql_run_one(&sql, OUTCOME_REFUSED, "a PIN for a person who is not there", err);
}

/* Nobody is left to be tried when they were forgotten in between. */
enum outcome change_pin_tries(struct store *store, const struct change *change, struct error *err)
{
    struct sql sql = sql_start(store, SQL_PERSON_TRIES);
    put_int(&sql, change->tries.person);
    put_int(&sql, change->tries.count);
    put_id(&sql, change->tries.at);
    return sql_run(&sql, err);
}

/* Whoever has the phone that they left is not taken for them, and nobody is called there for them. */
enum outcome change_person_moved(struct store *store, const struct change *change, struct error *err)
{
    static const enum sql_id steps[] = {SQL_PERSON_UNLINK, SQL_PERSON_MOVE_REQUESTS};
    enum outcome outcome = OUTCOME_OK;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && outcome == OUTCOME_OK; i++) {
        struct sql sql = sql_start(store, steps[i]);
        put_int(&sql, change->person.id);
        put_int(&sql, change->person.phone);
        outcome = sql_run(&sql, err);
    }
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql move = sql_start(store, SQL_PERSON_MOVE);
    put_int(&move, change->person.id);
    put_int(&move, change->person.phone);
    put_int(&move, change->person.at);
    return sql_run_one(&move, OUTCOME_REFUSED, "a move of a person who is not there", err);
}
