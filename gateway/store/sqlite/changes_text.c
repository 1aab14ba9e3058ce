#include "store/sqlite/changes.h"
#include "store/sqlite/forget.h"

enum outcome change_outbox(struct store *store, const struct change *change, struct error *err)
{
    const struct outbox_row *row = change->outbox.row;
    int64_t channel = 0;
    enum outcome outcome = intern(store, row->channel, &channel, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_OUTBOX_INSERT);
    put_id(&sql, row->id);
    put_id(&sql, row->phone);
    put_id(&sql, row->session);
    put_id(&sql, channel);
    put_int(&sql, row->state);
    put_int(&sql, row->reason);
    put_int(&sql, row->attempts);
    put_int(&sql, row->created_at);
    put_int(&sql, row->due_at);
    put_int(&sql, row->changed_at);
    put_int(&sql, row->expires_at);
    put_int(&sql, row->segments);
    put_int(&sql, row->kind);
    put_int(&sql, row->encoding);
    put_int(&sql, row->cost_micros);
    put_text(&sql, row->from);
    put_text(&sql, row->link);
    put_text(&sql, row->vendor_id);
    put_blob(&sql, keyring_seal(store->source.keyring, row->id, row->to, store->scratch));
    put_blob(&sql, keyring_seal(store->source.keyring, row->id, row->text, store->scratch));
    put_int(&sql, !row->unasked);
    put_id(&sql, row->request);
    store->outbox_changes++;
    outcome = sql_run(&sql, err);
    const bool is_said = row->state != OUTBOX_QUEUED && row->state != OUTBOX_SENDING; /* in the reply to a text */
    return outcome == OUTCOME_OK && is_said ? forget_sent(store, row->phone, err) : outcome;
}

/* Now it is the other phones' turn: this one's next text waits behind those that are due by now. */
static enum outcome go_to_the_back(struct store *store, const struct outbox_row *row, struct error *err)
{
    struct sql sql = sql_start(store, SQL_OUTBOX_TURN);
    put_id(&sql, row->phone);
    put_id(&sql, words_find(store->source.words, row->channel));
    put_int(&sql, row->changed_at);
    return sql_run(&sql, err);
}

/* Most texts answer none, and to look costs a tenth of what the statement below does. */
static enum outcome has_request(struct store *store, const struct outbox_row *row, bool *has, struct error *err)
{
    struct sql sql = sql_start(store, SQL_REQUEST_OF_SESSION);
    put_id(&sql, row->session);
    put_id(&sql, row->request);
    *has = sql_next(&sql);
    return sql_end(&sql, err);
}

/* The request that a text answers is marked for an operator, or not any more. */
static enum outcome attend(struct store *store, int64_t text, struct error *err)
{
    struct sql sql = sql_start(store, SQL_REQUEST_ATTEND);
    put_id(&sql, text);
    return sql_run(&sql, err);
}

static enum outcome attend_request(struct store *store, const struct outbox_row *row, struct error *err)
{
    bool has = false;
    enum outcome outcome = has_request(store, row, &has, err);
    return outcome == OUTCOME_OK && has ? attend(store, row->id, err) : outcome;
}

/* What follows from a text that has left: its request, and whether its words may still be kept. */
static enum outcome has_left(struct store *store, const struct outbox_row *row, struct error *err)
{
    enum outcome outcome = row->session || row->request ? attend_request(store, row, err) : OUTCOME_OK;
    return outcome == OUTCOME_OK ? forget_sent(store, row->phone, err) : outcome;
}

enum outcome change_outbox_state(struct store *store, const struct change *change, struct error *err)
{
    const struct outbox_row *row = change->outbox.row;
    struct sql sql = sql_start(store, SQL_OUTBOX_STATE);
    put_int(&sql, row->id);
    put_int(&sql, row->state);
    put_int(&sql, row->reason);
    put_int(&sql, row->attempts);
    put_int(&sql, row->due_at);
    put_int(&sql, row->changed_at);
    put_int(&sql, row->cost_micros);
    put_text(&sql, row->vendor_id);
    enum outcome outcome = sql_run_one(&sql, OUTCOME_REFUSED, "a text that is not there", err);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (row->state == OUTBOX_SENDING)
        return row->kind == OUTBOX_TEXT ? go_to_the_back(store, row, err) : OUTCOME_OK;
    store->outbox_changes++;
    return row->state == OUTBOX_QUEUED ? OUTCOME_OK : has_left(store, row, err);
}

enum outcome change_outbox_route(struct store *store, const struct change *change, struct error *err)
{
    const struct outbox_row *row = change->outbox.row;
    int64_t channel = 0;
    enum outcome outcome = intern(store, row->channel, &channel, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_OUTBOX_ROUTE);
    put_int(&sql, row->id);
    put_id(&sql, channel);
    put_text(&sql, row->from);
    put_int(&sql, row->changed_at);
    store->outbox_changes++;
    return sql_run_one(&sql, OUTCOME_REFUSED, "a text that does not wait", err);
}

enum outcome change_report(struct store *store, const struct change *change, struct error *err)
{
    struct sql sql = sql_start(store, SQL_REPORT_INSERT);
    put_int(&sql, change->report.outbox);
    put_int(&sql, change->report.at);
    put_int(&sql, change->report.delivery);
    put_text(&sql, change->report.reason);
    return sql_run_one(&sql, OUTCOME_REFUSED, "a report for a text that is not there", err);
}

enum outcome change_early_report(struct store *store, const struct change *change, struct error *err)
{
    int64_t channel = 0;
    enum outcome outcome = intern(store, change->early.channel, &channel, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_EARLY_KEEP);
    put_id(&sql, channel);
    put_text(&sql, change->early.vendor_id);
    put_int(&sql, change->early.at);
    put_int(&sql, change->early.delivery);
    put_text(&sql, change->early.reason);
    return sql_run(&sql, err);
}

enum outcome change_early_claimed(struct store *store, const struct change *change, struct error *err)
{
    struct sql sql = sql_start(store, SQL_EARLY_DROP);
    put_id(&sql, words_find(store->source.words, change->early.channel));
    put_text(&sql, change->early.vendor_id);
    return sql_run(&sql, err);
}

enum outcome change_outbox_dealt(struct store *store, const struct change *change, struct error *err)
{
    struct sql sql = sql_start(store, SQL_OUTBOX_DEALT);
    put_int(&sql, change->dealt.outbox);
    put_int(&sql, change->dealt.at);
    enum outcome outcome = sql_run_one(&sql, OUTCOME_REFUSED, "a text that arrived, or was dealt with", err);
    return outcome == OUTCOME_OK ? attend(store, change->dealt.outbox, err) : outcome;
}
