#include "menu/simulator/dialogue_shelf.h"
#include <string.h>

struct shelved {
    const char *dir;
    struct service *service;
    struct shelved *next;
};

struct dialogue_shelf {
    struct arena *arena;
    struct shelved *first;
};

struct dialogue_shelf *dialogue_shelf_create(void)
{
    struct arena *arena = arena_create(1024);
    struct dialogue_shelf *shelf = ARENA_NEW(arena, struct dialogue_shelf);
    shelf->arena = arena;
    return shelf;
}

void dialogue_shelf_free(struct dialogue_shelf *shelf)
{
    if (!shelf)
        return;
    for (struct shelved *each = shelf->first; each; each = each->next)
        service_free(each->service);
    arena_destroy(shelf->arena);
}

static void put(struct dialogue_shelf *shelf, const char *dir, struct service *service)
{
    struct shelved *fresh = ARENA_NEW(shelf->arena, struct shelved);
    *fresh = (struct shelved){arena_text(shelf->arena, span_of(dir)), service, shelf->first};
    shelf->first = fresh;
}

enum outcome dialogue_shelf_take(struct dialogue_shelf *shelf, const char *dir, struct service **out,
                                 struct problems *problems, struct error *err)
{
    for (struct shelved *each = shelf ? shelf->first : NULL; each; each = each->next)
        if (strcmp(each->dir, dir) == 0) {
            *out = each->service;
            return OUTCOME_OK;
        }
    enum outcome outcome = service_load(dir, out, problems, err);
    if (outcome == OUTCOME_OK && shelf)
        put(shelf, dir, *out);
    return outcome;
}
