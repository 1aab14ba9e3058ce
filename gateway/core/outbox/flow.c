#include "core/outbox/flow.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/log.h"

#define BURST_MS 1000 /* after silence: one second's worth at once */

struct flow *flow_of(struct flow_table *table, struct span id)
{
    for (struct flow *flow = table->first; flow; flow = flow->next)
        if (span_equal_text(id, flow->id))
            return flow;
    struct flow *flow = calloc(1, sizeof *flow + id.len + 1);
    if (!flow)
        abort();
    memcpy(flow->id, id.at, id.len);
    flow->next = table->first;
    table->first = flow;
    return flow;
}

void flow_table_clear(struct flow_table *table)
{
    while (table->first) {
        struct flow *flow = table->first;
        table->first = flow->next;
        free(flow);
    }
}

/* ---- the rate ---- */

static int64_t pace_ms(const struct channel *channel)
{
    int64_t pace = 1000 / (int64_t)channel->sends_per_second;
    return pace ? pace : 1;
}

static int64_t free_since(const struct flow *flow, int64_t now)
{
    return flow->free_at < now - BURST_MS ? now - BURST_MS : flow->free_at;
}

static unsigned allowed_by_rate(const struct flow *flow, const struct channel *channel, int64_t now)
{
    if (!channel->sends_per_second)
        return UINT_MAX;
    int64_t since = free_since(flow, now);
    return since > now ? 0 : 1 + (unsigned)((now - since) / pace_ms(channel));
}

static unsigned allowed_in_flight(const struct flow *flow, const struct channel *channel)
{
    if (!channel->sends_in_flight)
        return UINT_MAX;
    return flow->in_flight < channel->sends_in_flight ? channel->sends_in_flight - flow->in_flight : 0;
}

/* ---- the breaker ---- */

enum outbox_circuit flow_circuit(const struct flow *flow, int64_t now)
{
    if (!flow->open_until)
        return CIRCUIT_CLOSED;
    return now < flow->open_until ? CIRCUIT_OPEN : CIRCUIT_TRYING;
}

static unsigned allowed_by_breaker(const struct flow *flow, int64_t now)
{
    switch (flow_circuit(flow, now)) {
    case CIRCUIT_CLOSED:
        return UINT_MAX;
    case CIRCUIT_TRYING:
        return flow->in_flight ? 0 : 1;
    case CIRCUIT_OPEN:
        break;
    }
    return 0;
}

static void show(const struct flow *flow)
{
    if (flow->shown)
        atomic_store_explicit(&flow->shown->circuit_open, flow->open_until != 0, memory_order_relaxed);
}

static void count_failure(struct flow *flow, const struct channel *channel, int64_t now)
{
    flow->failures++;
    bool trying = flow_circuit(flow, now) == CIRCUIT_TRYING;
    bool too_many = !flow->open_until && flow->failures >= channel->breaker.failures;
    if (!channel->breaker.failures || (!trying && !too_many))
        return; /* while it rests, those that were on their way before add nothing */
    flow->open_until = now + channel->breaker.rest_ms;
    log_event(LOG_LEVEL_WARNING, "outbox", "circuit_open", "channel=%s failures=%u", flow->id, flow->failures);
}

static void close_circuit(struct flow *flow)
{
    flow->failures = 0;
    if (!flow->open_until)
        return;
    flow->open_until = 0;
    log_event(LOG_LEVEL_NOTICE, "outbox", "circuit_closed", "channel=%s", flow->id);
}

void flow_remember(struct flow *flow, unsigned status, const char *why, int64_t now)
{
    flow->failed_at = now;
    if (status)
        snprintf(flow->failure, sizeof flow->failure, "HTTP %u: %s", status, why);
    else
        snprintf(flow->failure, sizeof flow->failure, "%s", why);
}

void flow_learn(struct flow *flow, const struct channel *channel, enum flow_news news, int64_t now)
{
    if (news == FLOW_FAILED)
        count_failure(flow, channel, now);
    else if (news == FLOW_WELL)
        close_circuit(flow);
    show(flow);
}

/* ---- all three ---- */

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned flow_allows(const struct flow *flow, const struct channel *channel, int64_t now)
{
    return least(least(allowed_by_rate(flow, channel, now), allowed_in_flight(flow, channel)),
                 allowed_by_breaker(flow, now));
}

int64_t flow_ready_at(const struct flow *flow, const struct channel *channel, int64_t now)
{
    if (flow_circuit(flow, now) == CIRCUIT_OPEN)
        return flow->open_until;
    if (!allowed_in_flight(flow, channel) || !allowed_by_breaker(flow, now))
        return 0;
    return allowed_by_rate(flow, channel, now) ? now : flow->free_at;
}

void flow_leave(struct flow *flow, const struct channel *channel, int64_t now)
{
    flow->in_flight++;
    if (channel->sends_per_second)
        flow->free_at = free_since(flow, now) + pace_ms(channel);
}

void flow_return(struct flow *flow)
{
    flow->in_flight--;
}
