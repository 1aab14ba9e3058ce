#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "core/outbox/fate.h"
#include "core/outbox/outbox_internal.h"

#define REST_MS 1000 /* after a failing disk */

struct outbox *outbox_create(struct sender *sender, size_t queue_max)
{
    struct outbox *outbox = calloc(1, sizeof *outbox);
    struct flight *flights = calloc(queue_max, sizeof *flights);
    struct landing *landings = calloc(queue_max, sizeof *landings);
    if (!outbox || !flights || !landings)
        abort();
    outbox->sender = sender;
    outbox->tokens = tokens_create(sender);
    outbox->queue_max = queue_max;
    outbox->flights = flights;
    outbox->landings = landings;
    outbox->look_again = true;
    return outbox;
}

static void release(struct outbox *outbox, const struct landing *landing)
{
    if (landing->outcome)
        sender_release(outbox->sender, landing->outcome);
}

static void release_landings(struct outbox *outbox)
{
    for (size_t i = 0; i < outbox->landing_count; i++)
        release(outbox, &outbox->landings[i]);
    outbox->landing_count = 0;
}

void outbox_free(struct outbox *outbox)
{
    if (!outbox)
        return;
    release_landings(outbox);
    flow_table_clear(&outbox->flows);
    tokens_free(outbox->tokens);
    free(outbox->landings);
    free(outbox->flights);
    free(outbox);
}

size_t outbox_room(const struct outbox *outbox)
{
    return outbox->queue_max - outbox->flight_count - outbox->landing_count - outbox->departure_count;
}

struct flow *outbox_flow(struct outbox *outbox, struct metrics *metrics, const struct channel *channel)
{
    struct flow *flow = flow_of(&outbox->flows, channel->id);
    if (!flow->shown)
        flow->shown = metrics_channel(metrics, flow->id);
    return flow;
}

/* ---- coming back ---- */

static bool take_flight(struct outbox *outbox, int64_t row, struct flight *out)
{
    for (size_t i = 0; i < outbox->flight_count; i++)
        if (outbox->flights[i].row == row) {
            *out = outbox->flights[i];
            outbox->flights[i] = outbox->flights[--outbox->flight_count];
            return true;
        }
    return false;
}

/* How a channel did, by what came of one text. */
static enum flow_news news_of(const struct landing *landing, const struct send_verdict *verdict, unsigned attempts)
{
    const struct send_outcome *outcome = landing->outcome;
    bool waits = verdict->retry_after_ms || outcome->retry_after_ms;
    if (outcome->fate != SEND_ANSWERED || outcome->status >= 500 || verdict->reason == REASON_UNKNOWN)
        return FLOW_FAILED;
    if (verdict->unauthorized)
        return attempts > 1 ? FLOW_FAILED : FLOW_NEITHER; /* once, its token may just have grown old */
    if (verdict->state != OUTBOX_QUEUED)
        return FLOW_WELL;
    return waits ? FLOW_NEITHER : FLOW_FAILED;
}

static void learn(struct outbox *outbox, const struct outbox_pass *pass, const struct channel *channel,
                  struct landing *landing, const struct send_verdict *verdict, unsigned attempts)
{
    if (landing->is_learned || !landing->outcome || !channel)
        return;
    landing->is_learned = true;
    if (verdict->unauthorized)
        tokens_drop(outbox->tokens, channel, landing->flight.token);
    flow_learn(landing->flight.flow, channel, news_of(landing, verdict, attempts), pass->now);
}

static void tell(const struct outbox_pass *pass, const struct outbox_row *row, const struct landing *landing)
{
    const struct send_outcome *outcome = landing->outcome;
    bool well = row->state == OUTBOX_SENT || row->state == OUTBOX_DELIVERED;
    const char *why = outcome ? outcome->why : "the request cannot be said in HTTP";
    if (!well) {
        metrics_count_error(pass->metrics, METRIC_ERROR_SEND);
        flow_remember(landing->flight.flow, outcome ? outcome->status : 0,
                      why[0] ? why : outbox_reason_words[row->reason], pass->now);
    }
    log_event(well ? LOG_LEVEL_DEBUG : LOG_LEVEL_WARNING, "outbox", "answered",
              "text=%lld channel=%.*s state=%d reason=%d status=%u attempts=%u why=\"%s\"", (long long)row->id,
              SPAN_ARG(row->channel), (int)row->state, (int)row->reason, outcome ? outcome->status : 0, row->attempts,
              why);
}

static enum outcome collect_one(struct outbox *outbox, const struct outbox_pass *pass, struct landing *landing,
                                struct error *err)
{
    struct outbox_row row;
    enum outcome found = store_load_outbox(pass->store, landing->flight.row, pass->arena, &row, err);
    if (found == OUTCOME_NOT_FOUND)
        return OUTCOME_OK; /* its person was forgotten meanwhile */
    if (found != OUTCOME_OK)
        return found;
    const struct channel *channel = channel_set_find(pass->catalogue->config->channels, row.channel);
    struct send_verdict verdict = fate_judge(pass, channel, landing->outcome, landing->refusal);
    learn(outbox, pass, channel, landing, &verdict, row.attempts);
    if (row.state != OUTBOX_SENDING) /* a report was quicker than the answer to the request */
        return OUTCOME_OK;
    enum outcome settled = fate_settle(pass, &row, &verdict, landing->outcome, err);
    if (settled == OUTCOME_OK)
        tell(pass, &row, landing);
    return settled;
}

static void take_outcomes(struct outbox *outbox, const struct outbox_pass *pass)
{
    struct send_outcome *outcome;
    while (outbox->landing_count < outbox->queue_max && sender_take(outbox->sender, &outcome)) {
        outbox->look_again = true;
        if (tokens_owns(outcome->id)) {
            const struct channel_set *channels = pass->catalogue->config->channels;
            tokens_take(outbox->tokens, channels, outcome, pass->arena, pass->now, &outbox->flows);
            sender_release(outbox->sender, outcome);
            continue;
        }
        struct landing landing = {.outcome = outcome};
        if (take_flight(outbox, outcome->id, &landing.flight)) {
            flow_return(landing.flight.flow);
            outbox->landings[outbox->landing_count++] = landing;
        } else {
            sender_release(outbox->sender, outcome);
        }
    }
}

/* A commit that failed may be there when the file is opened anew. What it says is on its way was never handed over: it waits as
 * before, or it would stand as sending, and its phone's other texts behind it, until the next start. */
static enum outcome collect_taken_back(struct outbox *outbox, const struct outbox_pass *pass, struct error *err)
{
    size_t kept = 0; /* until that is committed too */
    for (size_t i = 0; i < outbox->taken_back_count; i++) {
        struct outbox_row row;
        enum outcome found = store_load_outbox(pass->store, outbox->taken_back[i], pass->arena, &row, err);
        if (found != OUTCOME_OK && found != OUTCOME_NOT_FOUND)
            return found;
        if (found == OUTCOME_NOT_FOUND || row.state != OUTBOX_SENDING)
            continue;
        row.state = OUTBOX_QUEUED;
        fate_save(pass, &row, NO_MESSAGE);
        outbox->taken_back[kept++] = row.id;
    }
    outbox->taken_back_count = kept;
    return OUTCOME_OK;
}

enum outcome outbox_collect(struct outbox *outbox, const struct outbox_pass *pass, struct error *err)
{
    outbox->now = pass->now;
    take_outcomes(outbox, pass);
    enum outcome collected = collect_taken_back(outbox, pass, err);
    for (size_t i = 0; collected == OUTCOME_OK && i < outbox->landing_count; i++)
        collected = collect_one(outbox, pass, &outbox->landings[i], err);
    return collected;
}

/* ---- after the commit ---- */

/* What the sender does not take never left: the next pass says so. */
static void submit(struct outbox *outbox, const struct departure *departure)
{
    const struct flight flight = {departure->job.id, departure->flow, departure->token};
    enum outcome outcome = sender_submit(outbox->sender, &departure->job);
    if (outcome == OUTCOME_OK) {
        outbox->flights[outbox->flight_count++] = flight;
        return;
    }
    log_event(LOG_LEVEL_ERROR, "outbox", "not_submitted", "text=%lld why=\"%s\"", (long long)flight.row,
              outcome_name(outcome));
    flow_return(flight.flow);
    outbox->landings[outbox->landing_count++] = (struct landing){.flight = flight, .refusal = outcome};
    outbox->look_again = true;
}

void outbox_hand_over(struct outbox *outbox)
{
    if (outbox->landing_count || outbox->departure_count)
        outbox->knows_next = false;
    release_landings(outbox);
    for (size_t i = 0; i < outbox->departure_count; i++)
        submit(outbox, &outbox->departures[i]);
    outbox->departure_count = outbox->taken_back_count = 0;
    outbox->troubled = false;
}

void outbox_take_back(struct outbox *outbox)
{
    while (outbox->departure_count) { /* none were picked while there were others taken back */
        const struct departure *departure = &outbox->departures[--outbox->departure_count];
        outbox->taken_back[outbox->taken_back_count++] = departure->job.id;
        flow_return(departure->flow);
    }
    outbox->troubled = outbox->look_again = true;
    outbox->rest_until = outbox->now + REST_MS;
}

void outbox_settle(struct outbox *outbox, int64_t row, bool kept)
{
    outbox->knows_next = false;
    for (size_t i = 0; i < outbox->landing_count; i++)
        if (outbox->landings[i].flight.row == row) {
            release(outbox, &outbox->landings[i]);
            outbox->landings[i] = outbox->landings[--outbox->landing_count];
            return;
        }
    for (size_t i = 0; i < outbox->departure_count; i++)
        if (outbox->departures[i].job.id == row) {
            const struct departure departure = outbox->departures[i];
            outbox->departures[i] = outbox->departures[--outbox->departure_count];
            if (kept)
                submit(outbox, &departure);
            else
                flow_return(departure.flow);
            return;
        }
}

void outbox_quiesce(struct outbox *outbox)
{
    outbox->quiet = true;
}

void outbox_look_again(struct outbox *outbox)
{
    outbox->look_again = true;
}

/* ---- what is shown ---- */

void outbox_describe_flow(const struct outbox *outbox, struct span channel, int64_t now, struct outbox_flow *out)
{
    *out = (struct outbox_flow){0};
    for (const struct flow *flow = outbox->flows.first; flow; flow = flow->next)
        if (span_equal_text(channel, flow->id))
            *out = (struct outbox_flow){.circuit = flow_circuit(flow, now),
                                        .failures = flow->failures,
                                        .in_flight = flow->in_flight,
                                        .metrics = flow->shown,
                                        .failed_at = flow->failed_at,
                                        .failure = flow->failure};
}
