/*
 * visitor: one connection of the webhooks' listener: who it is, and how long it has been sending one request.
 *
 * libmicrohttpd's timeout starts anew with every byte, so a client that sends one byte a second would hold its connection
 * for ever. A visitor that has not sent a whole request within the limit is cut off. Private to this floor.
 */
#pragma once
#include <microhttpd.h>
#include <stdint.h>

#include "base/span.h"

struct visitor {
    char peer[48];
    size_t peer_len;
    int fd;
    bool waiting; /* the core has its request: not its fault when that takes long */
    int64_t since_ms;
    struct visitor *prev, *next;
};

struct visitor_list {
    struct visitor *oldest;
    size_t count;
    int64_t looked_ms;
};

struct visitor *visitor_new(struct visitor_list *list, struct MHD_Connection *connection, int64_t now_ms);
void visitor_free(struct visitor_list *list, struct visitor *visitor);
struct span visitor_peer(const struct visitor *visitor); /* absent for a unix socket */
/* A request of it was read whole, or answered: its time starts again. */
void visitor_moved(struct visitor_list *list, struct visitor *visitor, int64_t now_ms);
/* Shuts the sockets of those that have been at it for more than `limit_ms`; libmicrohttpd then closes them. */
void visitor_cut_slow(struct visitor_list *list, int64_t now_ms, int64_t limit_ms);
