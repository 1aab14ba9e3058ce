#include "core/outbox.h"

#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "core/fate.h"

#define PICK_MAX 64 /* texts a tick: the rest is due in the next one */
#define CHANNELS_MAX 64
#define REST_MS 1000    /* after a failing disk */
#define HELD_BACK_MS 50 /* until a channel's rate is looked at again */

/* How much a channel may send now. Kept by id: a reload makes new channel structs. */
struct flow {
    int64_t tokens_ms; /* the time at which the next text may leave; runs behind `now` by at most a second */
    unsigned in_flight;
    char name[64];
};

struct flight {
    int64_t row;
    struct flow *flow;
};

struct outbox {
    struct sender *sender;
    size_t queue_max, flight_count;
    struct flight *flights;
    struct send_outcome **landed; /* taken from the sender, not yet committed; at most queue_max */
    size_t landed_count;
    struct send_job picked[PICK_MAX];
    struct flow *picked_flow[PICK_MAX];
    size_t picked_count; /* counted as in flight already */
    struct flow flows[CHANNELS_MAX];
    size_t flow_count;
    bool held_back; /* a due text had to wait for its channel's rate */
    bool quiet;     /* nothing is picked any more */
    bool troubled;  /* the last pass could not be saved: it is tried again without waiting for anything to come */
    int64_t now, rest_until; /* of the last pass; after a failure, when the next is worth trying */
};

struct outbox *outbox_create(struct sender *sender, size_t queue_max)
{
    struct outbox *outbox = calloc(1, sizeof *outbox);
    struct flight *flights = calloc(queue_max, sizeof *flights);
    struct send_outcome **landed = calloc(queue_max, sizeof *landed);
    if (!outbox || !flights || !landed)
        abort();
    outbox->sender = sender;
    outbox->queue_max = queue_max;
    outbox->flights = flights;
    outbox->landed = landed;
    return outbox;
}

static void release_landed(struct outbox *outbox)
{
    for (size_t i = 0; i < outbox->landed_count; i++)
        sender_release(outbox->sender, outbox->landed[i]);
    outbox->landed_count = 0;
}

void outbox_free(struct outbox *outbox)
{
    if (!outbox)
        return;
    release_landed(outbox);
    free(outbox->landed);
    free(outbox->flights);
    free(outbox);
}

/* NULL when there are more channels than anybody has: those texts wait. */
static struct flow *flow_of(struct outbox *outbox, struct span id)
{
    for (size_t i = 0; i < outbox->flow_count; i++)
        if (span_equal_text(id, outbox->flows[i].name))
            return &outbox->flows[i];
    if (outbox->flow_count == CHANNELS_MAX || id.len >= sizeof outbox->flows[0].name)
        return NULL;
    struct flow *flow = &outbox->flows[outbox->flow_count++];
    memcpy(flow->name, id.at, id.len);
    return flow;
}

static bool may_leave(const struct flow *flow, const struct channel *channel, int64_t now)
{
    return (!channel->sends_in_flight || flow->in_flight < channel->sends_in_flight) &&
           (!channel->sends_per_second || flow->tokens_ms <= now);
}

static void take_token(struct flow *flow, const struct channel *channel, int64_t now)
{
    if (!channel->sends_per_second)
        return;
    int64_t earliest = now - 1000; /* a burst of one second's worth after silence */
    if (flow->tokens_ms < earliest)
        flow->tokens_ms = earliest;
    flow->tokens_ms += 1000 / (int64_t)channel->sends_per_second;
}

static void land(struct outbox *outbox, int64_t row)
{
    for (size_t i = 0; i < outbox->flight_count; i++)
        if (outbox->flights[i].row == row) {
            outbox->flights[i].flow->in_flight--;
            outbox->flights[i] = outbox->flights[--outbox->flight_count];
            return;
        }
}

static enum outcome collect_one(const struct outbox_pass *pass, const struct send_outcome *outcome, struct error *err)
{
    struct outbox_row row;
    enum outcome found = store_load_outbox(pass->store, outcome->id, pass->arena, &row, err);
    if (found == OUTCOME_NOT_FOUND)
        return OUTCOME_OK; /* its person was forgotten meanwhile */
    if (found != OUTCOME_OK)
        return found;
    if (row.state != OUTBOX_SENDING) /* a report was quicker than the answer to the request */
        return OUTCOME_OK;
    const struct channel *channel = channel_set_find(pass->catalogue->config->channels, row.channel);
    fate_settle(pass, channel, &row, outcome);
    if (row.state == OUTBOX_SENT)
        atomic_fetch_add_explicit(&pass->metrics->texts_sent, 1, memory_order_relaxed);
    else
        metrics_count_error(pass->metrics, METRIC_ERROR_SEND);
    log_event(row.state == OUTBOX_SENT ? LOG_LEVEL_DEBUG : LOG_LEVEL_WARNING, "outbox", "answered",
              "text=%lld channel=%.*s state=%d reason=%d status=%u attempts=%u why=\"%s\"", (long long)row.id,
              SPAN_ARG(row.channel), (int)row.state, (int)row.reason, outcome->status, row.attempts, outcome->why);
    fate_save(pass, &row, NO_MESSAGE);
    return OUTCOME_OK;
}

enum outcome outbox_collect(struct outbox *outbox, const struct outbox_pass *pass, struct error *err)
{
    outbox->now = pass->now;
    struct send_outcome *outcome;
    while (outbox->landed_count < outbox->queue_max && sender_take(outbox->sender, &outcome)) {
        land(outbox, outcome->id);
        outbox->landed[outbox->landed_count++] = outcome;
    }
    enum outcome collected = OUTCOME_OK;
    for (size_t i = 0; collected == OUTCOME_OK && i < outbox->landed_count; i++)
        collected = collect_one(pass, outbox->landed[i], err);
    return collected;
}

/* ---- leaving ---- */

static void refuse(const struct outbox_pass *pass, struct outbox_row *row, enum outbox_state state,
                   enum outbox_reason reason)
{
    row->state = state;
    row->reason = reason;
    fate_save(pass, row, NO_MESSAGE);
}

static void pick_one(struct outbox *outbox, const struct outbox_pass *pass, struct outbox_row *row)
{
    const struct channel *channel = channel_set_find(pass->catalogue->config->channels, row->channel);
    struct flow *flow = channel ? flow_of(outbox, channel->id) : NULL;
    if (pass->now > row->expires_at) {
        refuse(pass, row, OUTBOX_EXPIRED, REASON_EXPIRED);
        return;
    }
    if (!flow || !may_leave(flow, channel, pass->now)) {
        outbox->held_back = true;
        return;
    }
    struct error why;
    if (exchange_build_send(channel, row, SPAN_NONE, pass->arena, &outbox->picked[outbox->picked_count], &why) !=
        OUTCOME_OK) {
        log_event(LOG_LEVEL_WARNING, "outbox", "refused", "text=%lld channel=%.*s why=\"%s\"", (long long)row->id,
                  SPAN_ARG(row->channel), why.text);
        refuse(pass, row, OUTBOX_FAILED, REASON_REJECTED);
        return;
    }
    take_token(flow, channel, pass->now);
    outbox->picked[outbox->picked_count].id = row->id;
    outbox->picked_flow[outbox->picked_count++] = flow;
    flow->in_flight++;
    row->state = OUTBOX_SENDING;
    row->attempts++;
    fate_save(pass, row, NO_MESSAGE);
}

enum outcome outbox_pick(struct outbox *outbox, const struct outbox_pass *pass, struct error *err)
{
    outbox->held_back = false;
    size_t room = outbox->queue_max - outbox->flight_count - outbox->landed_count;
    if (!room || outbox->quiet || pass->now < outbox->rest_until)
        return OUTCOME_OK;
    int64_t due = store_next_due(pass->store);
    if (!due || due > pass->now)
        return OUTCOME_OK;
    struct outbox_row *rows;
    size_t count;
    enum outcome outcome =
        store_load_due(pass->store, pass->now, room < PICK_MAX ? room : PICK_MAX, pass->arena, &rows, &count, err);
    for (size_t i = 0; outcome == OUTCOME_OK && i < count; i++)
        pick_one(outbox, pass, &rows[i]);
    return outcome;
}

static void submit(struct outbox *outbox, size_t index)
{
    const struct send_job *job = &outbox->picked[index];
    struct flow *flow = outbox->picked_flow[index];
    /* Never full: what is in flight is bounded by the same number. Should it be, the row stays `sending` and the next start
     * settles it, as after a crash. */
    if (sender_submit(outbox->sender, job) != OUTCOME_OK) {
        log_event(LOG_LEVEL_ERROR, "outbox", "not_submitted", "text=%lld", (long long)job->id);
        flow->in_flight--;
        return;
    }
    outbox->flights[outbox->flight_count++] = (struct flight){job->id, flow};
}

void outbox_hand_over(struct outbox *outbox)
{
    release_landed(outbox);
    for (size_t i = 0; i < outbox->picked_count; i++)
        submit(outbox, i);
    outbox->picked_count = 0;
    outbox->troubled = false;
}

void outbox_take_back(struct outbox *outbox)
{
    while (outbox->picked_count)
        outbox->picked_flow[--outbox->picked_count]->in_flight--;
    outbox->troubled = true;
    outbox->rest_until = outbox->now + REST_MS;
}

void outbox_settle(struct outbox *outbox, int64_t row, bool kept)
{
    for (size_t i = 0; i < outbox->landed_count; i++)
        if (outbox->landed[i]->id == row) {
            sender_release(outbox->sender, outbox->landed[i]);
            outbox->landed[i] = outbox->landed[--outbox->landed_count];
            return;
        }
    for (size_t i = 0; i < outbox->picked_count; i++)
        if (outbox->picked[i].id == row) {
            if (kept)
                submit(outbox, i);
            else
                outbox->picked_flow[i]->in_flight--;
            outbox->picked_count--;
            outbox->picked[i] = outbox->picked[outbox->picked_count];
            outbox->picked_flow[i] = outbox->picked_flow[outbox->picked_count];
            return;
        }
}

void outbox_quiesce(struct outbox *outbox)
{
    outbox->quiet = true;
}

int64_t outbox_next_at(struct outbox *outbox, struct store *store, int64_t now)
{
    if (outbox->troubled)
        return outbox->rest_until;
    if (outbox->quiet || outbox->flight_count >= outbox->queue_max)
        return 0; /* the next outcome wakes the loop */
    int64_t due = store_next_due(store);
    if (due && due <= now && outbox->held_back)
        return now + HELD_BACK_MS;
    return due;
}
