/* A flag about a person, before it is dropped. */
#include "store/desk.h"
#include "store/sqlite/changes.h"
#include "store/sqlite/desk_rows.h"

enum outcome store_load_person_flag(struct store *store, int64_t id, struct arena *arena, struct person_flag *out,
                                    struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_FLAG_BY_ID);
    put_int(&sql, id);
    const bool found = sql_next(&sql);
    outcome = sql_end_after(&sql, found ? take_person_flag(&store->source, &sql, arena, out, err) : OUTCOME_OK, err);
    return outcome == OUTCOME_OK && !found ? error_set(err, OUTCOME_NOT_FOUND, "there is no such flag") : outcome;
}
