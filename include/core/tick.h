/*
 * tick: the heart of the gateway: collect, load, step, save, answer. One thread, the loop's.
 *
 *   collect  what the listener handed over since the last tick is read by its channel's profile; and long texts of which a part
 *            is missing, once they were waited for long enough
 *   load     one pass fetches the sessions, phones and earlier turns that the batch needs
 *   step     conversation_step for each message, in order of arrival, on one working set
 *   save     one transaction, one COMMIT, one sync
 *   answer   each parked request gets its reply; due texts go to the sender
 *   desk     what operators do, in a transaction of its own (core/desk.h)
 *
 * Several messages in one request are kept all or none, and the request is answered once. No reply leaves before the COMMIT that
 * holds it returned. A statement that fails rolls the tick back and reruns it one request
 * a transaction, so that one bad message harms nobody else. A COMMIT that fails: the store is opened anew, SMS gets 503, a person
 * on USSD the service's safety page, which needs no disk.
 */
#pragma once
#include "base/metrics.h"
#include "base/random.h"
#include "core/catalogue.h"
#include "core/channel_stats.h"
#include "core/desk.h"
#include "core/outbox.h"
#include "http/listener.h"

#define TICK_MESSAGES_MAX 512

struct tick;

struct tick_parts {
    struct store *store;
    const struct keyring *keyring;
    struct outbox *outbox;
    struct channel_stats_table *stats;
    struct metrics *metrics;
    struct desk *desk; /* operators' actions, carried out after the requests; NULL: there are none */
    size_t max_parked; /* requests waiting; past it the listener is told 503 */
};

struct tick *tick_create(const struct tick_parts *parts, int64_t last_id);
void tick_free(struct tick *tick); /* every request must have been answered */

/* The listener, for the answers; and its hooks: tick_admit and tick_take with the tick as context. */
void tick_use_listener(struct tick *tick, struct listener *listener);
unsigned tick_admit(void *tick, const struct http_request *head, size_t *max_body);
void tick_take(void *tick, struct parked *parked, const struct http_request *request);

/* What to serve from the next tick on. The caller frees the old one after this returned. */
void tick_use_catalogue(struct tick *tick, const struct catalogue *catalogue);

size_t tick_waiting(const struct tick *tick); /* requests that the next tick finds */

/* When the tick has something to do by itself: UTC ms; 0: never. */
int64_t tick_next_at(struct tick *tick);

int64_t tick_asks_at(const struct tick *tick); /* the same for follow-ups */

int64_t tick_tends_at(const struct tick *tick); /* and for what the program does at the desk; 0: never */
void tick_tend_later(struct tick *tick,
                     int64_t at); /* not before: a demonstration writes into the past of the audit meanwhile */

/* One action at the desk, asked for on this machine: by listen.control. Between two ticks. */
enum outcome tick_act(struct tick *tick, const struct desk_action *action, struct arena *arena,
                      struct desk_result *result) MUST_CHECK;

/* One tick: at most TICK_MESSAGES_MAX requests. Does nothing when nothing waits, no outcome came, no text and no
 * part of one is due. */
void tick_run(struct tick *tick);
