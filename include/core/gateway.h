/*
 * gateway: the whole running program but its command line and its operators' pages: opens everything, runs the loop, closes
 * everything. One thread runs the loop and owns all that changes (core/tick.h); the sender has a thread, a reload has one for
 * as long as it takes.
 *
 * SIGTERM and SIGINT drain and stop, SIGHUP reloads menus, profiles and channels. Signals are blocked by gateway_open before any
 * thread starts, so that only the loop hears them.
 */
#pragma once
#include <stdatomic.h>
#include "base/metrics.h"
#include "base/problems.h"
#include "core/catalogue.h"
#include "core/desk.h"

struct gateway;

struct gateway_options {
    const char *version; /* for the metrics */
    const char *config_path;
    const char *const *overrides; /* must outlive the gateway: a reload applies them again */
    size_t override_count;
};

/* What was being done when it failed: an exit code depends on it. */
enum gateway_stage { GATEWAY_CONFIG, GATEWAY_KEYS, GATEWAY_DATA, GATEWAY_NETWORK };

/* Anything but OK: *stage says at what, err in one sentence; what is wrong with the configuration stands in `problems`, with
 * file:line. Nothing is left open then. */
enum outcome gateway_open(const struct gateway_options *options, struct gateway **out, enum gateway_stage *stage,
                          struct problems *problems, struct error *err) MUST_CHECK;
/* Returns when a signal said so and everything was answered; BROKEN when the loop could not go on. */
enum outcome gateway_run(struct gateway *gateway, struct error *err) MUST_CHECK;
void gateway_close(struct gateway *gateway); /* NULL is fine */

const struct metrics *gateway_metrics(const struct gateway *gateway); /* for the console's threads */
/* For the console's threads, as long as the gateway is open. */
struct desk *gateway_desk(struct gateway *gateway);
const struct keyring *gateway_keyring(const struct gateway *gateway);
/* What is served now, until catalogue_let_go. Any thread. */
const struct catalogue *gateway_hold_catalogue(struct gateway *gateway);
const atomic_int_least64_t *gateway_heartbeat(const struct gateway *gateway); /* UTC ms of the loop's last turn */
