/*
 * console: the operators' side of HTTP, on a listener and threads of its own, so that a slow page never holds up a call.
 *
 * It reads and never writes: pages come from read-only connections to the data file, and whatever an operator does is handed to
 * the core (core/desk.h). /healthz ("ok", or 503 and one line why) and /metrics (Prometheus text) are for machines and need no
 * signing in; everything else does. A form has 64 KiB at most, more than the longest text that a box lets one type takes in any script
 * (TYPED_FORM_BYTES); a longer one is a 413, with a page that says what to do for who has signed in. Of 512 connections at most each
 * holds its head, what is made of it (32 KiB each) and its form: 64 MiB, when all send the longest at once. Listens on loopback by default: whoever opens it to others puts nginx with TLS in front.
 */
#pragma once
#include <stdatomic.h>
#include <stdint.h>
#include "base/error.h"
#include "base/metrics.h"
#include "core/catalogue.h"
#include "core/desk.h"

#define CONSOLE_STALE_MS 10000 /* a loop that has not turned for so long is not well */

struct console;

/* How a visit holds what is served now, so that a reload does not take it away under a page. Any thread. */
struct console_catalogue {
    const struct catalogue *(*hold)(void *context); /* NULL: there is none any more */
    void (*let_go)(void *context, const struct catalogue *catalogue);
    void *context;
};

struct console_config {
    const char *address; /* as listener_config's */
    const struct metrics *metrics;
    const atomic_int_least64_t *heartbeat; /* UTC ms of the loop's last turn; 0: it has not turned yet */
    const char *url; /* listen.console_url: how browsers reach it; NULL: as it listens, without TLS */
    /* For the desk; without one (NULL) there are only the machines' pages. */
    struct desk *desk;
    const struct keyring *keyring;
    const char *data_path;
    struct console_catalogue catalogue;
};

/* `config` is copied, what it points to must outlive the console. BROKEN or REFUSED: one clear sentence in err. */
enum outcome console_open(const struct console_config *config, struct console **out, struct error *err) MUST_CHECK;
unsigned console_port(const struct console *console); /* the bound port; for ":0" in tests */
/* Ends the live streams and waits for its threads. Whatever waits in desk_do must have been answered, or be answered soon: after the
 * loop's end desk_do returns at once. NULL is fine. */
void console_close(struct console *console);
