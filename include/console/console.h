/*
 * console: the operators' side of HTTP, on a listener and threads of its own, so that a slow page never holds up a call.
 *
 * It reads and never writes: what it shows comes from atomics and, later, from read-only connections. Served today:
 * GET and HEAD of /healthz ("ok", or 503 and one line why) and /metrics (Prometheus text); everything else is 404.
 * Listens on loopback by default: whoever opens it to others puts nginx with TLS in front.
 */
#pragma once
#include <stdatomic.h>
#include <stdint.h>
#include "base/error.h"
#include "base/metrics.h"

#define CONSOLE_STALE_MS 10000 /* a loop that has not turned for so long is not well */

struct console;

struct console_config {
    const char *address; /* as listener_config's */
    const struct metrics *metrics;
    const atomic_int_least64_t *heartbeat; /* UTC ms of the loop's last turn; 0: it has not turned yet */
};

/* `config` is copied, what it points to must outlive the console. BROKEN or REFUSED: one clear sentence in err. */
enum outcome console_open(const struct console_config *config, struct console **out, struct error *err) MUST_CHECK;
unsigned console_port(const struct console *console); /* the bound port; for ":0" in tests */
void console_close(struct console *console);          /* waits for its threads; NULL is fine */
