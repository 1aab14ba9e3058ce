/*
 * flow: how much a channel may send now: its rate, how many are on their way, and its circuit breaker; private to the outbox.
 *
 * Kept by the channel's id, because a reload makes new channel structs. The breaker opens after so many failures in a row, lets
 * nothing through while it rests, then one text to try; that one closes it again or makes it rest once more. Pure but for its
 * own state; the clock is the caller's.
 */
#pragma once
#include "aggregator/channel.h"
#include "base/metrics.h"
#include "core/outbox.h"

struct flow {
    struct flow *next;
    struct channel_metrics *shown; /* or NULL: more channels than are shown */
    int64_t free_at;               /* when its rate lets the next one leave; runs behind by at most a second */
    unsigned in_flight;
    unsigned failures;  /* in a row */
    int64_t open_until; /* 0: closed; past: one may try */
    int64_t failed_at;  /* 0: never */
    char failure[OUTBOX_FAILURE_MAX];
    char id[];
};

struct flow_table {
    struct flow *first;
};

/* The flow of this channel, made when new; valid for the life of the table. */
struct flow *flow_of(struct flow_table *table, struct span id);
void flow_table_clear(struct flow_table *table);

enum outbox_circuit flow_circuit(const struct flow *flow, int64_t now);
/* How many may leave now. */
unsigned flow_allows(const struct flow *flow, const struct channel *channel, int64_t now);
/* When the next may; 0: when one of those on their way has come back. */
int64_t flow_ready_at(const struct flow *flow, const struct channel *channel, int64_t now);
void flow_leave(struct flow *flow, const struct channel *channel, int64_t now);
void flow_return(struct flow *flow); /* it was answered, or did not leave after all */

enum flow_news {
    FLOW_WELL,    /* somebody answered who does his work, whatever he said */
    FLOW_FAILED,  /* nobody did, or somebody who does not */
    FLOW_NEITHER, /* a wait that they asked for */
};
/* What came of a send that went wrong, for people: `why` is libcurl's word or ours, never what the aggregator said. */
void flow_remember(struct flow *flow, unsigned status, const char *why, int64_t now);
void flow_learn(struct flow *flow, const struct channel *channel, enum flow_news news, int64_t now);
