/*
 * arrival: the requests that a tick has in its hands; private to the tick, which is told in six files: collect.c (requests read
 * by their channel's profile), overdue.c (long texts whose parts do not all come), batch.c (load, step and save some of them in
 * one transaction), respond.c (what each is answered), tick_desk.c (what operators do), tick.c (the order of these, and what
 * becomes of a batch that does not hold).
 */
#pragma once
#include "core/conversation.h"
#include "core/tick.h"

#define REST_MS 1000 /* after a failing disk, before parts are looked at again */

/* One HTTP request that waits for its answer. */
struct arrival {
    struct parked *parked; /* NULL: nobody waits, it is the tick's own (overdue.c) */
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
    int64_t overdue_at;         /* when the next long text is waited for no longer; 0: none is */
    bool parts_changed;         /* overdue_at is to be asked for again */
    int64_t overdue_not_before; /* after a failing disk */
    int64_t follow_ups_at;      /* when follow-ups are looked at next */
    int64_t tends_at;           /* when the program looks at the desk next */
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

/* Long texts that are waited for no longer, as arrivals that nobody waits for; at most `room`. */
#define OVERDUE_A_TICK 64
size_t collect_overdue(struct tick *tick, struct arrival *arrivals, size_t room, unsigned *next_index);
/* One that cannot be taken in, not even alone: its parts are kept as strays. BROKEN: they are still where they were. */
enum outcome overdue_give_up(struct tick *tick, const struct arrival *arrival, struct error *err);

/* Asks the follow-ups that are due, and gives up those that nobody answered. Saves by itself. */
enum outcome settle_follow_ups(struct tick *tick,
                               struct error *err) MUST_CHECK; /* BROKEN: the store has to be reopened */

/* What operators handed in, and what the program does at the desk by itself. Saves by itself. */
enum outcome run_desk(struct tick *tick, struct error *err) MUST_CHECK; /* BROKEN: the store has to be reopened */

enum outcome act_here(struct tick *tick, const struct desk_action *action, struct arena *arena,
                      struct desk_result *result) MUST_CHECK;

/* Load, step and save. `changes` may hold some already (the outbox's). OK: durable, or nothing to save. */
enum outcome batch_run(struct tick *tick, struct batch *batch);
/* These changes alone: saved, and counted when they are. */
enum outcome batch_save(struct tick *tick, const struct change *changes, size_t count, struct error *err);
struct outbox_pass batch_outbox_pass(struct tick *tick, struct change_list *changes);

void respond_with(struct tick *tick, struct arrival *arrival, const struct http_response *response);
void respond_kept(struct tick *tick, struct arrival *arrival); /* the commit held */
/* Nothing could be saved. A person on the line gets the emergency numbers, a machine is asked to come again. */
void respond_lost(struct tick *tick, struct arrival *arrival);
void respond_full(struct tick *tick, struct parked *parked); /* there is no room to wait in */
