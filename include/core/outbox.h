/*
 * outbox: when a text leaves, how often it is tried, and what its fate means. The policy; the rows are the store's, the wire is
 * the sender's, the dialect is the profile's.
 *
 * A row becomes `sending` in one tick's commit and its request leaves after it, so a crash never forgets an attempt. Only what
 * is proven unsent, or what the aggregator asked to have again, is tried again: capped doubling with full jitter, or the
 * aggregator's own Retry-After. A channel whose sends fail in a row rests (its circuit is open); a route may know another one
 * that takes what waits for it. Pushes leave before texts, and never once their session is over. The loop's thread only.
 */
#pragma once
#include "aggregator/exchange.h"
#include "base/metrics.h"
#include "base/random.h"
#include "core/catalogue.h"
#include "core/change_list.h"
#include "http/sender.h"

struct outbox;

struct outbox *outbox_create(struct sender *sender, size_t queue_max);
void outbox_free(struct outbox *outbox);

/* What a tick lends. */
struct outbox_pass {
    struct store *store;
    const struct catalogue *catalogue;
    struct arena *arena;
    struct change_list *changes;
    struct id_source *ids;
    struct metrics *metrics;
    int64_t now;
};

/* Outcomes that the sender has ready, as changes. */
enum outcome outbox_collect(struct outbox *outbox, const struct outbox_pass *pass, struct error *err) MUST_CHECK;

/* Due texts, marked `sending`; what cannot be sent at all is marked failed, what is too late expired. The requests are built
 * now and leave with outbox_hand_over, after the commit. */
enum outcome outbox_pick(struct outbox *outbox, const struct outbox_pass *pass, struct error *err) MUST_CHECK;
void outbox_hand_over(struct outbox *outbox); /* the commit held */
/* The disk failed: nothing leaves, the outcomes are applied in a later tick again, and nothing is picked for a second. */
void outbox_take_back(struct outbox *outbox);
/* Before outbox_take_back, where the changes were saved one by one: this row's was kept, so its request leaves or its outcome is
 * done with; or the store refused it for good, so neither. */
void outbox_settle(struct outbox *outbox, int64_t row, bool kept);
void outbox_quiesce(struct outbox *outbox);    /* the gateway stops: what is due waits for the next start */
void outbox_look_again(struct outbox *outbox); /* other channels are configured now */

/* A delivery report: kept, and applied to its row. `sent` never overwrites `delivered`. One with an aggregator's id that no text
 * has yet is kept until the answer to a send brings that id; one for no text of ours is a stray. */
enum outcome outbox_report(const struct outbox_pass *pass, const struct channel *channel, const struct inbound *report,
                           unsigned message, struct error *err) MUST_CHECK;

/* When the outbox wants the next tick: UTC ms; 0: not by itself. */
int64_t outbox_next_at(struct outbox *outbox, const struct catalogue *catalogue, struct store *store, int64_t now);

enum outbox_circuit {
    CIRCUIT_CLOSED,
    CIRCUIT_OPEN,   /* it rests after failures in a row */
    CIRCUIT_TRYING, /* the next text tells whether it works again */
};

#define OUTBOX_FAILURE_MAX 160

/* How a channel does, for `helpline channels`. */
struct outbox_flow {
    enum outbox_circuit circuit;
    unsigned failures; /* in a row */
    unsigned in_flight;
    const struct channel_metrics *metrics; /* segments and cost since the start; NULL: none yet */
    int64_t failed_at;                     /* when a send, or the request for its token, went wrong last; 0: never */
    const char *failure;                   /* how: our own words; until the next pass */
};
void outbox_describe_flow(const struct outbox *outbox, struct span channel, int64_t now, struct outbox_flow *out);

/* Pure: the state after a report; the time to wait before try number `attempts` + 1. */
enum outbox_state outbox_state_after(enum outbox_state state, enum delivery delivery);
int64_t outbox_wait_ms(unsigned attempts, uint32_t jitter);
