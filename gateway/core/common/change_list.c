#include "core/change_list.h"

#include <string.h>

static void reserve(struct change_list *list, size_t more)
{
    if (list->count + more <= list->room)
        return;
    size_t room = list->room ? list->room * 2 : 64;
    while (room < list->count + more)
        room *= 2;
    struct change *wider = ARENA_ARRAY(list->arena, struct change, room);
    if (list->count)
        memcpy(wider, list->at, list->count * sizeof *wider);
    list->at = wider;
    list->room = room;
}

struct change *change_list_add(struct change_list *list, enum change_kind kind, unsigned message)
{
    reserve(list, 1);
    struct change *change = &list->at[list->count++];
    memset(change, 0, sizeof *change);
    change->kind = kind;
    change->message = message;
    return change;
}

void change_list_append(struct change_list *list, const struct change_list *more)
{
    if (!more->count)
        return;
    reserve(list, more->count);
    memcpy(list->at + list->count, more->at, more->count * sizeof *more->at);
    list->count += more->count;
}
