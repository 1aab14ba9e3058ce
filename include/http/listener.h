/*
 * listener: the webhooks' side of HTTP: libmicrohttpd without a thread of its own, inside the loop.
 *
 * A request is admitted by its head, read whole under a cap, then handed over and parked until listener_answer (with
 * MHD_suspend_connection when that is not within the same turn). Its client may be gone by then: nobody has to care. Nothing
 * here knows aggregators or sessions. One thread only: the loop's.
 *
 * Refused here, before anyone else sees it: more than one Content-Length, Content-Length beside Transfer-Encoding, any
 * Transfer-Encoding but "chunked", header names with blanks or control characters, a POST without a length, NUL in the path,
 * a body over the cap (413). libmicrohttpd 0.9.75 lets all of these through.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/error.h"
#include "http/message.h"

struct listener;
struct parked; /* a request that waits for its answer; owned by the listener until it is answered */

struct listener_hooks {
    void *context;
    /* By the head alone (method, target, path, headers; no body yet). 0: go on. Otherwise the status to answer at once:
     * 404, 405, 503 (with Retry-After: 1). `*max_body` may be lowered or raised from the listener's own. */
    unsigned (*admit)(void *context, const struct http_request *head, size_t *max_body);
    /* Read whole. The request's memory stays until answered. */
    void (*take)(void *context, struct parked *parked, const struct http_request *request);
};

struct listener_config {
    const char *address; /* "127.0.0.1:8080", "[::1]:8080", "unix:/run/helpline/webhooks.sock", "fd:3" (systemd) */
    size_t max_body;     /* bytes */
    unsigned
        max_connections; /* from three quarters of them on, an answer closes its connection: idle ones keep nobody out */
    unsigned idle_seconds; /* a connection that sends nothing */
};

/* BROKEN: port in use, no permission, bad address: one clear sentence in err. */
enum outcome listener_open(const struct listener_config *config, const struct listener_hooks *hooks,
                           struct listener **out, struct error *err) MUST_CHECK;
int listener_poll_fd(const struct listener *listener);   /* level-triggered, for the loop's epoll */
int listener_wait_ms(struct listener *listener);         /* how long the loop may wait: 0 now, -1 no limit */
void listener_run(struct listener *listener);            /* reads, admits, takes, writes; never blocks */
unsigned listener_port(const struct listener *listener); /* the bound port; for ":0" in tests */

/* Answers a parked request: queues the response and resumes the connection; `parked` and its request are gone afterwards but
 * for the spans of `response`, which are copied. The loop must call listener_run again before it waits. */
void listener_answer(struct listener *listener, struct parked *parked, const struct http_response *response);
size_t listener_parked(const struct listener *listener);

/* No new connections; `Connection: close` on every reply from now on. */
void listener_quiesce(struct listener *listener);
bool listener_is_quiet(struct listener *listener); /* nothing parked, nothing half read, nothing half written */
void listener_close(struct listener *listener);    /* everything must have been answered; NULL is fine */
