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
