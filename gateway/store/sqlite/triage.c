/* Listed words that were written, into the file and out of it. */
#include "store/sqlite/changes.h"
#include "store/sqlite/rows.h"

enum outcome change_triage(struct store *store, const struct change *change, struct error *err)
{
    const struct triage_row *row = change->triage.row;
    int64_t rule = 0;
    struct span sealed = SPAN_NONE;
    enum outcome outcome = intern(store, row->rule, &rule, err);
    if (outcome == OUTCOME_OK)
        outcome = seal_for(store, row->person, row->id, row->word, &sealed, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_TRIAGE_INSERT);
    put_id(&sql, row->id);
    put_id(&sql, row->session);
    put_int(&sql, row->turn);
    put_int(&sql, row->at);
    put_id(&sql, row->person);
    put_id(&sql, rule);
    put_int(&sql, row->urgency);
    put_blob(&sql, sealed);
    return sql_run(&sql, err);
}
