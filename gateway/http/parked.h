/*
 * parked: a request with the memory that it needs from its first byte to the last byte of its answer. Private to this floor.
 *
 * The memory goes back to a free list and keeps its size, so that a busy gateway reads and answers without malloc.
 */
#pragma once
#include <microhttpd.h>

#include "base/error.h"
#include "http/message.h"

struct listener;
struct visitor;

struct room {
    char *at;
    size_t len, size;
};

enum parked_state {
    PARKED_HEAD,     /* the request line was seen; the headers come next */
    PARKED_BODY,     /* admitted; the body is being read */
    PARKED_REFUSED,  /* the body is swallowed, then `response` leaves */
    PARKED_WAITING,  /* the core has it */
    PARKED_ANSWERED, /* `response` leaves at the next run */
    PARKED_LEAVING,  /* libmicrohttpd has the response */
};

struct parked {
    enum parked_state state;
    struct listener *listener;
    struct MHD_Connection *connection; /* NULL, as `visitor`, when it was lost while the core had the request */
    struct visitor *visitor;
    uint64_t taken_in_run;
    bool suspended;
    struct http_request request;
    struct pair headers[HTTP_HEADERS_MAX];
    struct room target; /* as sent, and behind it the decoded path */
    struct room body, reply;
    size_t max_body, swallowed;
    unsigned status;
    struct MHD_Response *response;
    struct parked *prev, *next; /* in the listener's list of requests under way, or in the pool */
};

bool room_reserve(struct room *room, size_t size) MUST_CHECK; /* false: no memory; what is in it stays */
bool room_add(struct room *room, struct span s) MUST_CHECK;

/* Makes the request independent of its connection, which is about to go. */
void parked_detach(struct parked *parked);

struct parked_pool {
    struct parked *free;
};

struct parked *parked_new(struct parked_pool *pool); /* NULL: no memory */
void parked_release(struct parked_pool *pool, struct parked *parked);
void parked_pool_empty(struct parked_pool *pool);
