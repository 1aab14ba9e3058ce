#include "store/sqlite/changes.h"
#include "store/sqlite/pack.h"

enum { ENTRY_FINISHED = 1, ENTRY_GIVEN_UP = 2 };

enum outcome change_entry(struct store *store, const struct change *change, struct error *err)
{
    int64_t form = 0;
    enum outcome outcome = intern(store, change->entry.form, &form, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_ENTRY_INSERT);
    put_id(&sql, change->entry.id);
    put_id(&sql, change->entry.session);
    put_id(&sql, change->entry.person);
    put_id(&sql, form);
    put_int(&sql, change->entry.at);
    return sql_run(&sql, err);
}

enum outcome change_entry_closed(struct store *store, const struct change *change, struct error *err)
{
    struct sql sql = sql_start(store, SQL_ENTRY_CLOSE);
    put_int(&sql, change->entry.id);
    put_int(&sql, change->entry.finished ? ENTRY_FINISHED : ENTRY_GIVEN_UP);
    put_int(&sql, change->entry.at);
    return sql_run_one(&sql, OUTCOME_REFUSED, "an entry that is not there", err);
}

/* The entry's person seals its answers: whoever answers first claims it, and nobody else can. */
static enum outcome claim_entry(struct store *store, int64_t entry, int64_t person, struct error *err)
{
    if (!person)
        return OUTCOME_OK;
    struct sql sql = sql_start(store, SQL_ENTRY_CLAIM);
    put_int(&sql, entry);
    put_int(&sql, person);
    return sql_run_one(&sql, OUTCOME_REFUSED, "an answer for an entry that is not there or another person's", err);
}

/* Sealed with its field's number inside, so that it opens under no other field. */
static enum outcome seal_answer(struct store *store, const struct change *change, int64_t field, struct span *sealed,
                                struct error *err)
{
    struct packer packer = pack_begin(store->scratch, change->answer.row->value.len + 16);
    pack_number(&packer, (uint64_t)field);
    pack_span(&packer, change->answer.row->value);
    return seal_for(store, change->answer.person, change->answer.entry, pack_done(&packer), sealed, err);
}

enum outcome change_answer(struct store *store, const struct change *change, struct error *err)
{
    const struct answer *row = change->answer.row;
    int64_t field = 0;
    struct span sealed = SPAN_NONE;
    enum outcome outcome = intern(store, row->field, &field, err);
    if (outcome == OUTCOME_OK)
        outcome = claim_entry(store, change->answer.entry, change->answer.person, err);
    if (outcome == OUTCOME_OK && row->sensitive)
        outcome = seal_answer(store, change, field, &sealed, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_ANSWER_SAVE);
    put_id(&sql, change->answer.entry);
    put_id(&sql, field);
    put_int(&sql, change->answer.at);
    if (row->sensitive)
        put_blob(&sql, sealed);
    else
        put_text(&sql, row->value);
    return sql_run(&sql, err);
}

static enum outcome add_step(struct store *store, const struct request *row, int64_t at, enum step_by by,
                             struct error *err)
{
    struct sql sql = sql_start(store, SQL_REQUEST_STEP);
    put_int(&sql, row->id);
    put_int(&sql, at);
    put_int(&sql, row->step);
    put_int(&sql, by);
    return sql_run(&sql, err);
}

enum outcome change_request(struct store *store, const struct change *change, struct error *err)
{
    const struct request *row = change->request.row;
    const struct span texts[4] = {row->kind, row->topic, row->lang, row->desk};
    int64_t names[4];
    if ((row->session == 0) != (change->kind == CHANGE_REQUEST_BY_HAND))
        return error_set(err, OUTCOME_REFUSED, "a request has a session unless it is made by hand");
    for (int i = 0; i < 4; i++) {
        enum outcome outcome = intern(store, texts[i], &names[i], err);
        if (outcome != OUTCOME_OK)
            return outcome;
    }
    struct sql sql = sql_start(store, SQL_REQUEST_INSERT);
    put_id(&sql, row->id);
    put_text(&sql, span_of(row->reference));
    put_id(&sql, row->person);
    put_id(&sql, row->phone);
    put_id(&sql, row->session);
    put_id(&sql, row->entry);
    put_id(&sql, names[0]);
    put_id(&sql, names[1]);
    put_int(&sql, row->state);
    put_int(&sql, row->urgency);
    put_int(&sql, row->created_at);
    put_id(&sql, row->due_at);
    put_int(&sql, row->changed_at);
    put_int(&sql, row->version);
    put_id(&sql, names[2]);
    put_int(&sql, row->attention);
    put_id(&sql, names[3]);
    put_int(&sql, row->hidden);
    put_int(&sql, row->step);
    put_id(&sql, row->next_at);
    enum outcome outcome = sql_run(&sql, err);
    return outcome == OUTCOME_OK ? add_step(store, row, row->created_at, change->request.by, err) : outcome;
}

enum outcome change_request_state(struct store *store, const struct change *change, struct error *err)
{
    const struct request *row = change->request.row;
    struct sql sql = sql_start(store, SQL_REQUEST_STATE);
    put_int(&sql, row->id);
    put_int(&sql, row->version);
    put_int(&sql, row->state);
    put_int(&sql, row->urgency);
    put_int(&sql, row->changed_at);
    put_id(&sql, row->due_at);
    put_int(&sql, row->step);
    put_id(&sql, row->next_at);
    put_id(&sql, row->entry);
    enum outcome outcome =
        sql_run_one(&sql, OUTCOME_CONFLICT, "the request was changed by somebody else in between", err);
    return outcome == OUTCOME_OK ? add_step(store, row, row->changed_at, change->request.by, err) : outcome;
}

enum outcome change_request_line(struct store *store, const struct change *change, struct error *err)
{
    const struct request *row = change->request.row;
    return add_step(store, row, row->changed_at, change->request.by, err);
}

enum outcome change_registration(struct store *store, const struct change *change, struct error *err)
{
    const struct registration *row = change->registration.row;
    int64_t lang = 0;
    enum outcome outcome = intern(store, row->lang, &lang, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_REGISTRATION_INSERT);
    put_id(&sql, row->id);
    put_text(&sql, span_of(row->reference));
    put_id(&sql, row->person);
    put_id(&sql, row->session);
    put_id(&sql, row->entry);
    put_int(&sql, row->created_at);
    put_text(&sql, row->consent_version);
    put_id(&sql, lang);
    return sql_run(&sql, err);
}
