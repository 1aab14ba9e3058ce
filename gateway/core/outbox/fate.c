#include "core/outbox/fate.h"

#include "base/log.h"
#include "base/random.h"

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

struct change *fate_save(const struct outbox_pass *pass, const struct outbox_row *row, unsigned message)
{
    struct outbox_row *copy = ARENA_NEW(pass->arena, struct outbox_row);
    *copy = *row;
    copy->changed_at = pass->now;
    struct change *change = change_list_add(pass->changes, CHANGE_OUTBOX_STATE, message);
    change->outbox.row = copy;
    return change;
}

void fate_save_taken(const struct outbox_pass *pass, struct outbox_row *row, unsigned message)
{
    const struct channel *channel = channel_set_find(pass->catalogue->config->channels, row->channel);
    if (channel)
        row->cost_micros = (int64_t)row->segments * channel->cost.micros_per_segment;
    fate_save(pass, row, message)->outbox.is_taken = true;
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

bool fate_report(struct outbox_row *row, enum delivery delivery)
{
    enum outbox_state after = outbox_state_after(row->state, delivery);
    if (after == row->state)
        return false;
    row->state = after;
    row->reason = reason_of(after);
    return true;
}

bool fate_may_move(const struct outbox_row *row)
{
    return row->kind == OUTBOX_TEXT && (!row->attempts || row->reason != REASON_UNKNOWN);
}

/* ---- an attempt ---- */

struct send_verdict fate_judge(const struct outbox_pass *pass, const struct channel *channel,
                               const struct send_outcome *outcome, enum outcome refusal)
{
    struct send_verdict verdict = {.state = OUTBOX_UNKNOWN, .reason = REASON_UNKNOWN};
    if (!outcome && refusal == OUTCOME_FULL)
        verdict = (struct send_verdict){.state = OUTBOX_QUEUED, .reason = REASON_NONE};
    else if (!outcome)
        verdict = (struct send_verdict){.state = OUTBOX_FAILED, .reason = REASON_REJECTED};
    else if (channel)
        exchange_read_outcome(channel, outcome, pass->arena, &verdict);
    return verdict;
}

static int64_t wait_of(const struct outbox_row *row, const struct send_verdict *verdict,
                       const struct send_outcome *outcome)
{
    if (verdict->unauthorized && row->attempts <= 1)
        return 0; /* as soon as there is a new token */
    if (verdict->retry_after_ms)
        return verdict->retry_after_ms;
    if (outcome && outcome->retry_after_ms)
        return outcome->retry_after_ms;
    return outbox_wait_ms(row->attempts, random_below(UINT32_MAX));
}

/* Once it may have arrived, no later attempt that came to nothing proves that it did not. */
static void queue_again(const struct outbox_pass *pass, struct outbox_row *row, const struct send_verdict *verdict,
                        const struct send_outcome *outcome)
{
    bool was_doubtful = row->attempts > 1 && row->reason == REASON_UNKNOWN;
    row->reason = was_doubtful ? REASON_UNKNOWN : verdict->reason;
    row->due_at = pass->now + wait_of(row, verdict, outcome);
    if (row->due_at <= row->expires_at)
        return;
    row->state = OUTBOX_EXPIRED;
    row->reason = REASON_EXPIRED;
}

/* The report that was quicker than the answer with the aggregator's id. */
static enum outcome claim_early(const struct outbox_pass *pass, struct outbox_row *row, struct error *err)
{
    struct early_report early;
    enum outcome found = store_find_early(pass->store, row->channel, row->vendor_id, pass->arena, &early, err);
    if (found != OUTCOME_OK)
        return found == OUTCOME_NOT_FOUND ? OUTCOME_OK : found;
    fate_report(row, early.delivery);
    struct change *kept = change_list_add(pass->changes, CHANGE_REPORT, NO_MESSAGE);
    kept->report.outbox = row->id;
    kept->report.at = early.at;
    kept->report.delivery = early.delivery;
    kept->report.reason = early.reason;
    struct change *claimed = change_list_add(pass->changes, CHANGE_EARLY_CLAIMED, NO_MESSAGE);
    claimed->early.channel = row->channel;
    claimed->early.vendor_id = row->vendor_id;
    return OUTCOME_OK;
}

enum outcome fate_settle(const struct outbox_pass *pass, struct outbox_row *row, const struct send_verdict *verdict,
                         const struct send_outcome *outcome, struct error *err)
{
    enum outcome claimed = OUTCOME_OK;
    row->state = verdict->state;
    if (verdict->state == OUTBOX_QUEUED)
        queue_again(pass, row, verdict, outcome);
    else
        row->reason = verdict->reason;
    if (span_is_present(verdict->vendor_id)) {
        row->vendor_id = verdict->vendor_id;
        claimed = claim_early(pass, row, err);
    }
    if (verdict->state == OUTBOX_SENT || row->state == OUTBOX_DELIVERED)
        fate_save_taken(pass, row, NO_MESSAGE);
    else
        fate_save(pass, row, NO_MESSAGE);
    return claimed;
}
