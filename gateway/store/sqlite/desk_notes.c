/* What operators wrote and did about somebody. Their words are sealed with the key of that person, and go with it. */
#include "store/sqlite/changes.h"
#include "store/sqlite/desk_rows.h"
#include "store/sqlite/note_words.h"
#include "store/desk.h"

/* ---- load ---- */

enum outcome store_load_note(struct store *store, int64_t id, struct arena *arena, struct note *out, struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_NOTE_BY_ID);
    put_int(&sql, id);
    const bool found = sql_next(&sql);
    outcome = sql_end_after(&sql, found ? take_note(&store->source, &sql, arena, out, err) : OUTCOME_OK, err);
    return outcome == OUTCOME_OK && !found ? error_set(err, OUTCOME_NOT_FOUND, "there is no such note") : outcome;
}

enum outcome store_load_referral(struct store *store, int64_t id, struct arena *arena, struct referral *out,
                                 struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_REFERRAL_BY_ID);
    put_int(&sql, id);
    const bool found = sql_next(&sql);
    outcome = sql_end_after(&sql, found ? take_referral(&store->source, &sql, arena, out, err) : OUTCOME_OK, err);
    return outcome == OUTCOME_OK && !found ? error_set(err, OUTCOME_NOT_FOUND, "there is no such referral") : outcome;
}

/* ---- save ---- */

static enum outcome person_of(struct store *store, int64_t request, int64_t *person, struct error *err)
{
    struct sql sql = sql_start(store, SQL_REQUEST_PERSON);
    put_int(&sql, request);
    *person = sql_next(&sql) ? take_int(&sql) : 0;
    enum outcome outcome = sql_end(&sql, err);
    return outcome == OUTCOME_OK && !*person ? error_set(err, OUTCOME_REFUSED, "a request that is not there") : outcome;
}

static enum outcome seal_about(struct store *store, int64_t request, int64_t context, struct span plain,
                               struct span *sealed, struct error *err)
{
    int64_t person = 0;
    enum outcome outcome = person_of(store, request, &person, err);
    return outcome == OUTCOME_OK ? seal_for(store, person, context, plain, sealed, err) : outcome;
}

enum outcome change_note(struct store *store, const struct change *change, struct error *err)
{
    const struct note *row = change->note.row;
    struct span sealed;
    enum outcome outcome = seal_about(store, row->request, row->id, row->text, &sealed, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_NOTE_INSERT);
    put_id(&sql, row->id);
    put_id(&sql, row->request);
    put_id(&sql, row->operator);
    put_int(&sql, row->at);
    put_id(&sql, row->replaces);
    put_int(&sql, row->is_clinical);
    put_blob(&sql, sealed);
    outcome = sql_run_one(&sql, OUTCOME_REFUSED, "a new version of a note that is not there", err);
    return outcome == OUTCOME_OK ? note_words_add(store, row, err) : outcome;
}

enum outcome change_attempt(struct store *store, const struct change *change, struct error *err)
{
    const struct attempt *row = change->attempt.row;
    struct sql sql = sql_start(store, SQL_ATTEMPT_INSERT);
    put_id(&sql, row->id);
    put_id(&sql, row->request);
    put_id(&sql, row->operator);
    put_int(&sql, row->at);
    put_int(&sql, row->result);
    return sql_run_one(&sql, OUTCOME_REFUSED, "an attempt for a request that is not there", err);
}

static struct sql put_referral(struct store *store, enum sql_id id, const struct referral *row, struct span sealed)
{
    struct sql sql = sql_start(store, id);
    put_id(&sql, row->id);
    put_id(&sql, row->request);
    put_id(&sql, row->due_at);
    put_id(&sql, row->settled_at);
    put_blob(&sql, sealed);
    return sql;
}

enum outcome change_referral(struct store *store, const struct change *change, struct error *err)
{
    const struct referral *row = change->referral.row;
    struct span sealed;
    enum outcome outcome = seal_about(store, row->request, row->id, row->outcome, &sealed, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql update = put_referral(store, SQL_REFERRAL_UPDATE, row, sealed);
    outcome = sql_run(&update, err);
    if (outcome != OUTCOME_OK || update.changed)
        return outcome;
    struct sql insert = put_referral(store, SQL_REFERRAL_INSERT, row, sealed);
    put_id(&insert, row->operator);
    put_int(&insert, row->at);
    put_text(&insert, row->office);
    put_int(&insert, row->has_consent);
    return sql_run(&insert, err);
}

static enum outcome drop_draft(struct store *store, const struct draft *row, struct error *err)
{
    struct sql sql = sql_start(store, SQL_DRAFT_DROP);
    put_id(&sql, row->operator);
    put_id(&sql, row->request);
    put_text(&sql, row->place);
    return sql_run(&sql, err);
}

enum outcome change_draft(struct store *store, const struct change *change, struct error *err)
{
    const struct draft *row = change->draft.row;
    struct span sealed;
    if (row->text.len == 0)
        return drop_draft(store, row, err);
    enum outcome outcome = seal_about(store, row->request, row->request, pack_draft(store->scratch, row), &sealed, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_DRAFT_SAVE);
    put_id(&sql, row->operator);
    put_id(&sql, row->request);
    put_text(&sql, row->place);
    put_int(&sql, row->at);
    put_blob(&sql, sealed);
    return sql_run(&sql, err);
}

static struct sql put_flag(struct store *store, enum sql_id id, const struct person_flag *row)
{
    struct sql sql = sql_start(store, id);
    put_id(&sql, row->id);
    put_int(&sql, row->until);
    put_id(&sql, row->dropped_at);
    return sql;
}

enum outcome change_person_flag(struct store *store, const struct change *change, struct error *err)
{
    const struct person_flag *row = change->flag.row;
    struct span sealed;
    struct sql update = put_flag(store, SQL_FLAG_UPDATE, row);
    enum outcome outcome = sql_run(&update, err);
    if (outcome != OUTCOME_OK || update.changed)
        return outcome;
    outcome = seal_for(store, row->person, row->id, row->text, &sealed, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql insert = put_flag(store, SQL_FLAG_INSERT, row);
    put_id(&insert, row->person);
    put_id(&insert, row->operator);
    put_int(&insert, row->at);
    put_blob(&insert, sealed);
    return sql_run(&insert, err);
}
