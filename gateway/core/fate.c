#include "core/fate.h"

#include "base/log.h"
#include "base/random.h"
#include "core/stray.h"

#define FIRST_WAIT_MS 2000
#define LONGEST_WAIT_MS (15 * 60 * 1000)

int64_t outbox_wait_ms(unsigned attempts, uint32_t jitter)
{
    int64_t most = FIRST_WAIT_MS;
    for (unsigned i = 1; i < attempts && most < LONGEST_WAIT_MS; i++)
        most *= 2;
    if (most > LONGEST_WAIT_MS)
        most = LONGEST_WAIT_MS;
    return FIRST_WAIT_MS / 2 + (int64_t)(jitter % (uint32_t)most);
}

enum outbox_state outbox_state_after(enum outbox_state state, enum delivery delivery)
{
    switch (delivery) {
    case DELIVERY_DELIVERED:
        return OUTBOX_DELIVERED;
    case DELIVERY_FAILED:
        return state == OUTBOX_DELIVERED ? state : OUTBOX_FAILED;
    case DELIVERY_EXPIRED:
        return state == OUTBOX_DELIVERED ? state : OUTBOX_EXPIRED;
    case DELIVERY_SENT:
        return state == OUTBOX_SENDING || state == OUTBOX_UNKNOWN || state == OUTBOX_QUEUED ? OUTBOX_SENT : state;
    case DELIVERY_NONE:
    case DELIVERY_UNKNOWN:
        break;
    }
    return state;
}

void fate_save(const struct outbox_pass *pass, const struct outbox_row *row, unsigned message)
{
    struct outbox_row *copy = ARENA_NEW(pass->arena, struct outbox_row);
    *copy = *row;
    copy->changed_at = pass->now;
    change_list_add(pass->changes, CHANGE_OUTBOX_STATE, message)->outbox.row = copy;
}

void fate_settle(const struct outbox_pass *pass, const struct channel *channel, struct outbox_row *row,
                 const struct send_outcome *outcome)
{
    struct send_verdict verdict = {.state = OUTBOX_UNKNOWN, .reason = REASON_UNKNOWN};
    if (channel)
        exchange_read_outcome(channel, outcome, pass->arena, &verdict);
    if (outcome->fate == SEND_UNKNOWN && channel && channel->idempotent)
        verdict = (struct send_verdict){.state = OUTBOX_QUEUED, .reason = REASON_UNREACHABLE};
    row->state = verdict.state;
    row->reason = verdict.reason;
    if (span_is_present(verdict.vendor_id))
        row->vendor_id = verdict.vendor_id;
    if (verdict.state != OUTBOX_QUEUED)
        return;
    int64_t wait = verdict.retry_after_ms ? verdict.retry_after_ms : outcome->retry_after_ms;
    row->due_at = pass->now + (wait ? wait : outbox_wait_ms(row->attempts, random_below(UINT32_MAX)));
    if (row->due_at > row->expires_at) {
        row->state = OUTBOX_EXPIRED;
        row->reason = REASON_EXPIRED;
    }
}

static enum outcome find_row(const struct outbox_pass *pass, const struct channel *channel,
                             const struct inbound *report, struct outbox_row *row, struct error *err)
{
    int64_t id = 0;
    uint64_t ours = 0;
    if (report->refers_to_ours) {
        if (!span_to_u64(report->refers_to, &ours) || ours > INT64_MAX)
            return OUTCOME_NOT_FOUND;
        id = (int64_t)ours;
    } else {
        enum outcome outcome = store_find_outbox(pass->store, channel->id, report->refers_to, &id, err);
        if (outcome != OUTCOME_OK)
            return outcome;
    }
    return store_load_outbox(pass->store, id, pass->arena, row, err);
}

static enum outbox_reason reason_of(enum outbox_state state)
{
    switch (state) {
    case OUTBOX_FAILED:
        return REASON_UNREACHABLE;
    case OUTBOX_EXPIRED:
        return REASON_EXPIRED;
    default:
        return REASON_NONE;
    }
}

static void keep_stray_report(const struct outbox_pass *pass, const struct channel *channel,
                              const struct inbound *report, unsigned message)
{
    static const char *const words[] = {
        [DELIVERY_NONE] = "none",     [DELIVERY_SENT] = "sent",       [DELIVERY_DELIVERED] = "delivered",
        [DELIVERY_FAILED] = "failed", [DELIVERY_EXPIRED] = "expired", [DELIVERY_UNKNOWN] = "unknown"};
    struct span raw = arena_format(pass->arena, "%.*s %s %.*s", SPAN_ARG(report->refers_to), words[report->delivery],
                                   SPAN_ARG(report->reason));
    const struct stray stray = {channel, "report_for_no_text", raw, message};
    stray_add(pass->changes, pass->ids, pass->now, &stray);
    log_event(LOG_LEVEL_NOTICE, "outbox", "stray_report", "channel=%.*s", SPAN_ARG(channel->id));
}

enum outcome outbox_report(const struct outbox_pass *pass, const struct channel *channel, const struct inbound *report,
                           unsigned message, struct error *err)
{
    struct outbox_row row;
    enum outcome outcome = find_row(pass, channel, report, &row, err);
    if (outcome == OUTCOME_NOT_FOUND || (outcome == OUTCOME_OK && !span_equal(row.channel, channel->id))) {
        keep_stray_report(pass, channel, report, message);
        return OUTCOME_OK;
    }
    if (outcome != OUTCOME_OK)
        return outcome;
    struct change *change = change_list_add(pass->changes, CHANGE_REPORT, message);
    change->report.outbox = row.id;
    change->report.at = pass->now;
    change->report.delivery = report->delivery;
    change->report.reason = report->reason;
    enum outbox_state after = outbox_state_after(row.state, report->delivery);
    if (after == row.state)
        return OUTCOME_OK;
    row.state = after;
    row.reason = reason_of(after);
    fate_save(pass, &row, message);
    return OUTCOME_OK;
}
