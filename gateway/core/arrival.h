/*
 * arrival: the requests that a tick has in its hands; private to the tick, which is told in four files: collect.c (requests read
 * by their channel's profile), batch.c (load, step and save some of them in one transaction), respond.c (what each is answered),
 * tick.c (the order of these, and what becomes of a batch that does not hold).
 */
#pragma once
#include "core/conversation.h"
#include "core/tick.h"

/* One HTTP request that waits for its answer. */
struct arrival {
    struct parked *parked;
    const struct http_request *request;
    int64_t taken_us;
    const struct channel *channel; /* set by collect, valid within the tick */
    struct inbound *list;
    size_t count;
    struct message *messages; /* one an inbound */
    bool is_answered;
};

struct tick {
    struct tick_parts parts;
    struct listener *listener;
    const struct catalogue *catalogue;
    struct id_source ids;
    struct arena *arena;
    int64_t now;             /* one a tick, never going backwards */
    bool is_cut_off;         /* the store could not be opened anew yet */
    struct arrival *waiting; /* ring of parts.max_parked */
    size_t first, count;
};

struct batch {
    struct arrival *arrivals; /* those already answered are passed over */
    size_t count;
    struct change_list changes;
    struct conversation conversation;
    struct error error;
};

/* Reads one request; what cannot be used is answered at once. Numbers its messages from *next_index. */
void collect_arrival(struct tick *tick, struct arrival *arrival, unsigned *next_index);

/* Load, step and save. `changes` may hold some already (the outbox's). OK: durable, or nothing to save. */
enum outcome batch_run(struct tick *tick, struct batch *batch);
/* These changes alone: saved, and counted when they are. */
enum outcome batch_save(const struct tick *tick, const struct change *changes, size_t count, struct error *err);
struct outbox_pass batch_outbox_pass(struct tick *tick, struct change_list *changes);

void respond_with(struct tick *tick, struct arrival *arrival, const struct http_response *response);
void respond_kept(struct tick *tick, struct arrival *arrival); /* the commit held */
/* Nothing could be saved. A person on the line gets the emergency numbers, a machine is asked to come again. */
void respond_lost(struct tick *tick, struct arrival *arrival);
void respond_full(struct tick *tick, struct parked *parked); /* there is no room to wait in */
