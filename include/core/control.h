/*
 * control: the unix socket (listen.control, mode 0600) through which verbs talk to a running gateway.
 *
 * One JSON object a line in, one or more lines out; the last one has "done":true, or "error" and "outcome". Whoever may open
 * the socket is the service's own user or root. At most CONTROL_CLIENTS at a time; a client that sends more than CONTROL_LINE_MAX
 * bytes without a line end is dropped. The loop's thread only; never blocks.
 *
 *   {"verb":"status"}                 uptime, sessions, sizes
 *   {"verb":"channels"}               a line a channel: id, enabled, kind, last_at, last_error, last_error_at, last_refused,
 *                                     auth_failures, received, per_minute, answer_us_p50, answer_us_p99; last_refused is
 *                                     the shape of the request that last_error is about: its names, no value; texts: null, or
 *                                     circuit (closed, open, trying), failures, in_flight, and since the start
 *                                     gsm7_segments, ucs2_segments, cost_micros, currency
 *   {"verb":"backup","path":"..."}    progress lines {"left":n,"total":n}
 *   {"verb":"demo", ...}              core/demo.h
 *   {"verb":"users"}                  a line a person who works at the desk: id, name, shown, roles, topics, languages, disabled,
 *                                     second_factor, must_change, last_at
 *   {"verb":"user-add","name":...,"shown":...,"roles":[...],"topics":"...","languages":"...","password":HASH}
 *   {"verb":"user-disable"|"user-enable","name":...}
 *   {"verb":"user-reset","name":...,"password":HASH}
 *   {"verb":"reload"}                 answered when the new menus are served, or refused with the reason
 */
#pragma once
#include "core/catalogue.h"
#include "core/channel_stats.h"
#include "core/demo.h"
#include "core/housekeeping.h"
#include "core/outbox.h"
#include "core/reload.h"
#include "core/tick.h"

#define CONTROL_CLIENTS 8
#define CONTROL_LINE_MAX 4096
#define CONTROL_COMMANDS_A_TURN 64

struct control;

struct control_parts {
    const struct metrics *metrics;
    struct channel_stats_table *stats;
    const struct outbox *outbox;
    struct housekeeping *housekeeping;
    struct reload *reload;
    struct demo *demo;
    struct tick *tick;   /* through which who works here is said; NULL: that cannot be asked */
    struct store *store; /* who works here */
};

/* BROKEN: the path is too long or its folder cannot be written. A socket left by a dead gateway is replaced. */
enum outcome control_open(const char *path, const struct control_parts *parts, struct control **out,
                          struct error *err) MUST_CHECK;
void control_close(struct control *control);        /* NULL is fine; removes the socket */
int control_poll_fd(const struct control *control); /* an epoll descriptor: readable when a turn is wanted */
void control_run(struct control *control, const struct catalogue *catalogue, int64_t now);
/* A reload has ended: whoever asked is told. `why` NULL: it is served now. */
void control_reloaded(struct control *control, const struct error *why);
