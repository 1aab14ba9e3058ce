#include "http/parked.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_FIRST = 512, ROOM_KEPT = 16384 };

bool room_reserve(struct room *room, size_t size)
{
    if (size <= room->size)
        return true;
    size_t doubled = room->size ? room->size * 2 : ROOM_FIRST;
    size_t wanted = size > doubled ? size : doubled;
    char *at = realloc(room->at, wanted);
    if (!at)
        return false;
    room->at = at;
    room->size = wanted;
    return true;
}

bool room_add(struct room *room, struct span s)
{
    if (!room_reserve(room, room->len + s.len))
        return false;
    if (s.len > 0)
        memcpy(room->at + room->len, s.at, s.len);
    room->len += s.len;
    return true;
}

static void room_free(struct room *room)
{
    free(room->at);
    *room = (struct room){0};
}

/* One large request must not make the pool large for ever. */
static void room_recycle(struct room *room)
{
    room->len = 0;
    if (room->size > ROOM_KEPT)
        room_free(room);
}

static struct span move_into(struct room *room, struct span s)
{
    struct span moved = {room->at + room->len, s.len};
    if (!span_is_present(s) || !room_add(room, s))
        return SPAN_NONE;
    return moved;
}

/* Method, headers and peer lie in memory of libmicrohttpd and of the visitor. The room for the reply is free: there will be
 * none. Without memory they are gone, which a request that nobody waits for can bear. */
void parked_detach(struct parked *parked)
{
    struct http_request *request = &parked->request;
    struct room *room = &parked->reply;
    size_t size = request->method.len + request->peer.len;
    for (size_t i = 0; i < request->header_count; i++)
        size += parked->headers[i].name.len + parked->headers[i].value.len;
    if (!room_reserve(room, size + 1))
        size = request->header_count = 0;
    request->method = size ? move_into(room, request->method) : SPAN_NONE;
    request->peer = size ? move_into(room, request->peer) : SPAN_NONE;
    for (size_t i = 0; i < request->header_count; i++) {
        parked->headers[i].name = move_into(room, parked->headers[i].name);
        parked->headers[i].value = move_into(room, parked->headers[i].value);
    }
    parked->connection = NULL;
    parked->visitor = NULL;
}

struct parked *parked_new(struct parked_pool *pool)
{
    struct parked *parked = pool->free;
    if (!parked)
        return calloc(1, sizeof *parked);
    pool->free = parked->next;
    parked->next = NULL;
    return parked;
}

void parked_release(struct parked_pool *pool, struct parked *parked)
{
    if (parked->response)
        MHD_destroy_response(parked->response);
    parked->response = NULL;
    parked->state = PARKED_HEAD;
    parked->request = (struct http_request){0};
    parked->swallowed = 0;
    parked->suspended = false;
    room_recycle(&parked->target);
    room_recycle(&parked->body);
    room_recycle(&parked->reply);
    parked->next = pool->free;
    pool->free = parked;
}

void parked_pool_empty(struct parked_pool *pool)
{
    while (pool->free) {
        struct parked *parked = pool->free;
        pool->free = parked->next;
        room_free(&parked->target);
        room_free(&parked->body);
        room_free(&parked->reply);
        free(parked);
    }
}
