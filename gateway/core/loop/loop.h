/*
 * loop: one epoll over the webhooks, the sender's outcomes, the control socket, signals and timers; private to the core.
 *
 * Never waits while anything is parked or half answered; wakes at least once a second for the housekeeping, the heartbeat and
 * the watchdog. Every descriptor is level-triggered: libmicrohttpd's own epoll descriptor loses edges when nested.
 */
#pragma once
#include <pthread.h>
#include "core/control.h"
#include "core/gateway.h"
#include "core/tick.h"

/* The program's one context. Owned by gateway.c. */
struct gateway {
    struct catalogue *catalogue;
    struct keyring *keyring;
    struct store *store;
    struct sender *sender;
    struct outbox *outbox;
    struct channel_stats_table *stats;
    struct housekeeping *housekeeping;
    struct tick *tick;
    struct listener *listener;
    struct reload *reload;
    struct control *control;
    struct demo *demo;
    struct desk *desk;
    pthread_mutex_t catalogue_lock; /* while the pointer changes, or somebody takes hold of what it points at */
    struct metrics metrics;
    atomic_int_least64_t heartbeat;
    struct {
        int epoll, signals;
        int64_t watchdog_ms, watchdog_at; /* pace, and when it is due next; monotonic */
        bool stopping;
        int64_t stop_by; /* monotonic ms */
    } loop;
};

enum outcome loop_open(struct gateway *gateway, struct error *err) MUST_CHECK;
enum outcome loop_run(struct gateway *gateway, struct error *err) MUST_CHECK;
void loop_close(struct gateway *gateway);
