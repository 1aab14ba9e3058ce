/* Delivery reports: to which text they belong, and those that come before anyone knows. */
#include "base/log.h"
#include "core/outbox/fate.h"
#include "core/common/stray.h"

#define VENDOR_ID_MAX 256

/* What this tick has already made of a text, by our id, or by the aggregator's when `id` is 0. NULL: nothing. */
static const struct outbox_row *pending_row(const struct outbox_pass *pass, const struct channel *channel, int64_t id,
                                            struct span vendor_id)
{
    for (size_t i = pass->changes->count; i > 0; i--) {
        const struct change *change = &pass->changes->at[i - 1];
        if (change->kind != CHANGE_OUTBOX_STATE)
            continue;
        const struct outbox_row *row = change->outbox.row;
        if (id ? row->id == id : span_equal(row->vendor_id, vendor_id) && span_equal(row->channel, channel->id))
            return row;
    }
    return NULL;
}

static enum outcome find_id(const struct outbox_pass *pass, const struct channel *channel, const struct inbound *report,
                            int64_t *id, struct error *err)
{
    uint64_t ours = 0;
    if (!report->refers_to_ours)
        return store_find_outbox(pass->store, channel->id, report->refers_to, id, err);
    if (!span_to_u64(report->refers_to, &ours) || !ours || ours > INT64_MAX)
        return OUTCOME_NOT_FOUND;
    *id = (int64_t)ours;
    return OUTCOME_OK;
}

static enum outcome find_row(const struct outbox_pass *pass, const struct channel *channel,
                             const struct inbound *report, struct outbox_row *row, struct error *err)
{
    int64_t id = 0;
    enum outcome outcome = find_id(pass, channel, report, &id, err);
    bool unknown_id = outcome == OUTCOME_NOT_FOUND;
    if (outcome != OUTCOME_OK && (!unknown_id || report->refers_to_ours))
        return outcome;
    const struct outbox_row *pending = pending_row(pass, channel, id, report->refers_to);
    if (pending)
        *row = *pending;
    if (pending || unknown_id)
        return pending ? OUTCOME_OK : OUTCOME_NOT_FOUND;
    return store_load_outbox(pass->store, id, pass->arena, row, err);
}

static void keep_early(const struct outbox_pass *pass, const struct channel *channel, const struct inbound *report,
                       unsigned message)
{
    struct change *change = change_list_add(pass->changes, CHANGE_EARLY_REPORT, message);
    change->early.channel = channel->id;
    change->early.vendor_id = report->refers_to;
    change->early.at = pass->now;
    change->early.delivery = report->delivery;
    change->early.reason = report->reason;
    log_event(LOG_LEVEL_DEBUG, "outbox", "early_report", "channel=%.*s", SPAN_ARG(channel->id));
}

static void keep_stray_report(const struct outbox_pass *pass, const struct channel *channel,
                              const struct inbound *report, unsigned message)
{
    struct span raw = arena_format(pass->arena, "%.*s %s %.*s", SPAN_ARG(report->refers_to),
                                   delivery_words[report->delivery], SPAN_ARG(report->reason));
    const struct stray stray = {channel, "report_for_no_text", raw, message, NULL};
    stray_add(pass->changes, pass->ids, pass->now, &stray);
    log_event(LOG_LEVEL_NOTICE, "outbox", "stray_report", "channel=%.*s", SPAN_ARG(channel->id));
}

/* The aggregator's own id may be one that it is about to tell us; ours is known from the start. */
static void keep_unclaimed(const struct outbox_pass *pass, const struct channel *channel, const struct inbound *report,
                           unsigned message)
{
    bool may_come = !report->refers_to_ours && report->refers_to.len > 0 && report->refers_to.len <= VENDOR_ID_MAX;
    if (may_come)
        keep_early(pass, channel, report, message);
    else
        keep_stray_report(pass, channel, report, message);
}

/* Whether a report about a text in this state is the first that shows it taken over. */
static bool is_untaken(enum outbox_state state)
{
    return state == OUTBOX_QUEUED || state == OUTBOX_SENDING || state == OUTBOX_UNKNOWN;
}

enum outcome outbox_report(const struct outbox_pass *pass, const struct channel *channel, const struct inbound *report,
                           unsigned message, struct error *err)
{
    struct outbox_row row;
    enum outcome outcome = find_row(pass, channel, report, &row, err);
    if (outcome == OUTCOME_NOT_FOUND || (outcome == OUTCOME_OK && !span_equal(row.channel, channel->id))) {
        keep_unclaimed(pass, channel, report, message);
        return OUTCOME_OK;
    }
    if (outcome != OUTCOME_OK)
        return outcome;
    struct change *change = change_list_add(pass->changes, CHANGE_REPORT, message);
    change->report.outbox = row.id;
    change->report.at = pass->now;
    change->report.delivery = report->delivery;
    change->report.reason = report->reason;
    bool was_untaken = is_untaken(row.state);
    if (!fate_report(&row, report->delivery))
        return OUTCOME_OK;
    if (was_untaken)
        fate_save_taken(pass, &row, message);
    else
        fate_save(pass, &row, message);
    return OUTCOME_OK;
}
