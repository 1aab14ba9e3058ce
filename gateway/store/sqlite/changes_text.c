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
    put_text(&sql, row->from);
    put_text(&sql, row->link);
    put_text(&sql, row->vendor_id);
    put_blob(&sql, keyring_seal(store->source.keyring, row->id, row->to, store->scratch));
    put_blob(&sql, keyring_seal(store->source.keyring, row->id, row->text, store->scratch));
    return sql_run(&sql, err);
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
    put_text(&sql, row->vendor_id);
    enum outcome outcome = sql_run_one(&sql, OUTCOME_REFUSED, "a text that is not there", err);
    const bool has_left = row->state != OUTBOX_QUEUED && row->state != OUTBOX_SENDING;
    return outcome == OUTCOME_OK && has_left ? forget_sent(store, row->phone, err) : outcome;
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
