/*
 * outbox_internal: what the outbox holds; private to outbox.c (what is on its way, and what comes back), pick.c (what
 * leaves) and wake.c (when it is looked at next).
 */
#pragma once
#include "core/outbox/flow.h"
#include "core/outbox/tokens.h"

#define PICK_MAX 64 /* texts a tick: the rest is due in the next one */

/* A text at the sender. */
struct flight {
    int64_t row;
    struct flow *flow;
    unsigned token; /* the serial of the one that it took along */
};

/* A text that leaves when the commit has held. Counted by its flow already. */
struct departure {
    struct send_job job;
    struct flow *flow;
    unsigned token;
};

/* A text that is back, until that is committed. */
struct landing {
    struct flight flight;
    struct send_outcome *outcome; /* NULL: the sender did not take it, */
    enum outcome refusal;         /* and this is why */
    bool is_learned;              /* its flow knows: the commit may fail, and then it is looked at again */
};

struct outbox {
    struct sender *sender;
    struct tokens *tokens;
    struct flow_table flows;
    size_t queue_max, flight_count, landing_count, departure_count;
    struct flight *flights;
    struct landing *landings; /* together with the flights at most queue_max */
    struct departure departures[PICK_MAX];
    int64_t taken_back
        [PICK_MAX]; /* rows that never left, though the commit that failed may stand in the file all the same */
    size_t taken_back_count;
    size_t first_channel; /* whose turn it is to be looked at first */
    bool quiet;           /* nothing is picked any more */
    bool troubled;        /* the last pass could not be saved: it is tried again without waiting for anything to come */
    int64_t now, rest_until; /* of the last pass; after a failure, when the next is worth trying */

    bool look_again;       /* something else than time may have made a text due */
    uint64_t seen_changes; /* store_outbox_changes at the last look */
    bool knows_next;
    int64_t next_at; /* when knows_next: when time makes one due; 0: it does not */
};

/* How many more may be under way. */
size_t outbox_room(const struct outbox *outbox);
/* Nothing leaves by this channel now, and routes may know another. */
bool outbox_must_move(const struct catalogue *catalogue, const struct channel *channel, const struct flow *flow,
                      int64_t now);
/* The flow of this channel, with what is shown of it. */
struct flow *outbox_flow(struct outbox *outbox, struct metrics *metrics, const struct channel *channel);
