/*
 * listener_internal: the listener's parts, for the two files that make it up: listener.c (opening, running, closing) and
 * intake.c (what libmicrohttpd calls for each request). Private to this floor.
 */
#pragma once
#include <microhttpd.h>

#include "http/listener.h"
#include "http/parked.h"
#include "http/visitor.h"

struct listener {
    struct MHD_Daemon *daemon;
    struct listener_hooks hooks;
    char *address;
    int fd; /* the listening socket; -1 once quiesced */
    unsigned port;
    size_t max_body;
    size_t crowd;            /* from so many connections on, each is closed behind its answer */
    int64_t slow_ms, now_ms; /* now: of this run */
    struct parked_pool pool;
    struct parked *under_way; /* every request from its first line to the last byte of its answer */
    struct visitor_list visitors;
    size_t parked_count;
    uint64_t runs, ended; /* ended: requests that are over, their answers written out */
    bool resumed;         /* libmicrohttpd does not ask to be run after a resume: we have to remember */
    bool draining;
};

bool listener_closes(const struct listener *listener); /* `Connection: close` on the answer that is made now */
void listener_forget(struct listener *listener, struct parked *parked); /* its memory goes back to the pool */

/* The callbacks, as libmicrohttpd wants them; their first argument is the listener. */
void *intake_begin(void *listener, const char *target, struct MHD_Connection *connection);
enum MHD_Result intake_continue(void *listener, struct MHD_Connection *connection, const char *url, const char *method,
                                const char *version, const char *upload_data, size_t *upload_data_size, void **request);
void intake_end(void *listener, struct MHD_Connection *connection, void **request, enum MHD_RequestTerminationCode how);
void intake_visitor(void *listener, struct MHD_Connection *connection, void **visitor,
                    enum MHD_ConnectionNotificationCode what);
