/*
 * desk_screen: a screen that somebody was shown, found again in the service as it is now: for a transcript, which says of how many
 * pages it was one and what it says in another language. Only what the service's words alone make is found, as it was shown; never
 * what holds somebody's values. Pure.
 */
#pragma once
#include "base/arena.h"
#include "menu/service.h"
#include "text/screen.h"

struct desk_screen {
    unsigned page, pages; /* which it was, from 1, of how many; 0: not known */
    struct span place;    /* "main", "call.when": whose words these are, or begin like these; absent: not known */
    struct span text;     /* the same in the other language; absent: it is not known to be the same */
};
/* What somebody was shown, and in which language it is wanted now. */
struct desk_shown {
    struct span node;
    struct span text;              /* plain, with or without a line above */
    const struct carrier *carrier; /* of the channel that it was shown on; NULL: it carries anything */
    struct span from, to;          /* languages; `to` may be absent */
};
void desk_screen_find(const struct service *service, const struct desk_shown *shown, struct arena *arena,
                      struct desk_screen *out);

/* Whether whoever comes to this node is taken to be in danger: it is where the service says so, or it asks for help at once. */
bool desk_is_danger(const struct service *service, struct span node);
