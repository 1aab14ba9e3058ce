/*
 * change_list: what a tick is going to save, in order. Grows in the tick's arena.
 */
#pragma once
#include "base/arena.h"
#include "store/store.h"

struct change_list {
    struct arena *arena;
    struct change *at;
    size_t count, room;
};

#define NO_MESSAGE (~0u) /* a change that no inbound message caused: an outcome of a send, housekeeping */

/* A zeroed change at the end of the list, of this kind and cause. Valid until the next call. */
struct change *change_list_add(struct change_list *list, enum change_kind kind, unsigned message);
void change_list_append(struct change_list *list, const struct change_list *more);
