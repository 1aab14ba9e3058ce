#include "aggregator/exchange.h"
#include "aggregator/jsonpath.h"
#include "aggregator/profile.h"

/* The answer of an aggregator, looked at by one rule after the other. */
struct answer_seen {
    unsigned status;
    struct span body;
    json_t *json; /* NULL: it is none */
};

static bool value_fits(const struct send_rule *rule, const struct answer_seen *seen, struct arena *arena)
{
    struct span value = seen->json == NULL ? SPAN_NONE : json_at_path(seen->json, rule->json, arena);
    bool fits = span_is_present(value) && rule->is_count == 0;
    for (size_t i = 0; span_is_present(value) && i < rule->is_count; i++)
        fits = fits || span_equal_nocase(value, rule->is[i]);
    return fits;
}

static bool rule_fits(const struct send_rule *rule, const struct answer_seen *seen, struct arena *arena)
{
    if (seen->status < rule->status_min || seen->status > rule->status_max)
        return false;
    if (span_is_present(rule->starts) && !span_starts_with(span_trim(seen->body), rule->starts))
        return false;
    return !span_is_present(rule->json) || value_fits(rule, seen, arena);
}

static const struct send_rule *first_rule(const struct sending *send, const struct answer_seen *seen,
                                          struct arena *arena)
{
    for (size_t i = 0; i < send->rule_count; i++)
        if (rule_fits(&send->rules[i], seen, arena))
            return &send->rules[i];
    return NULL;
}

static const struct {
    enum outbox_state state;
    enum outbox_reason reason;
} meanings[] = {
    [MEANS_SENT] = {OUTBOX_SENT, REASON_NONE},
    [MEANS_REJECTED] = {OUTBOX_FAILED, REASON_REJECTED},
    [MEANS_THROTTLED] = {OUTBOX_FAILED, REASON_THROTTLED},
    [MEANS_CREDIT] = {OUTBOX_FAILED, REASON_CREDIT},
    [MEANS_UNREACHABLE] = {OUTBOX_FAILED, REASON_UNREACHABLE},
    [MEANS_EXPIRED] = {OUTBOX_EXPIRED, REASON_EXPIRED},
    [MEANS_UNKNOWN] = {OUTBOX_UNKNOWN, REASON_UNKNOWN},
};

static void judge_answer(const struct channel *channel, const struct send_outcome *outcome, struct arena *arena,
                         struct send_verdict *verdict)
{
    const struct sending *send = &channel->profile->send;
    struct answer_seen seen = {outcome->status, outcome->body, json_read(outcome->body)};
    const struct send_rule *rule = first_rule(send, &seen, arena);
    enum send_meaning means = rule == NULL ? MEANS_UNKNOWN : rule->means;
    verdict->state = meanings[means].state;
    verdict->reason = meanings[means].reason;
    if (rule != NULL && rule->retry) {
        verdict->state = OUTBOX_QUEUED;
        verdict->retry_after_ms = outcome->retry_after_ms;
    }
    if (seen.json != NULL && span_is_present(send->id_path))
        verdict->vendor_id = json_at_path(seen.json, send->id_path, arena);
    json_decref(seen.json);
}

void exchange_read_outcome(const struct channel *channel, const struct send_outcome *outcome, struct arena *arena,
                           struct send_verdict *verdict)
{
    *verdict = (struct send_verdict){.state = OUTBOX_UNKNOWN, .reason = REASON_UNKNOWN};
    switch (outcome->fate) {
    case SEND_ANSWERED:
        judge_answer(channel, outcome, arena, verdict);
        break;
    case SEND_NOT_SENT:
        verdict->state = OUTBOX_QUEUED;
        verdict->reason = REASON_UNREACHABLE;
        break;
    case SEND_UNKNOWN:
        break;
    }
    if (verdict->state == OUTBOX_UNKNOWN && channel->idempotent)
        verdict->state = OUTBOX_QUEUED; /* the aggregator knows our id: asking again cannot send twice */
}
