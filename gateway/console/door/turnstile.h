/*
 * turnstile: lets a few through at a time. For what takes much memory and time (hashing a password): so many at once, a few more wait,
 * and whoever comes then is told to come back, so that a flood of tries leaves threads for everybody else.
 *
 * A flood comes from somewhere, and whoever else comes must find a place: of each (`who`) one is inside, so many more wait behind it, and
 * strangers together leave some places to who is none. Whoever waits goes in before all that came later: nobody waits for longer than
 * those who were there. Any thread.
 */
#pragma once
#include <stdbool.h>
#include "base/error.h"
#include "base/sealed.h"

struct turnstile;

struct turnstile_size {
    unsigned at_once;   /* so many are inside */
    unsigned waiting;   /* and so many more wait */
    unsigned each;      /* of these places, inside or waiting, one has at most so many */
    unsigned strangers; /* and all strangers together so many */
};

struct turnstile *turnstile_create(const struct turnstile_size *size);
void turnstile_free(struct turnstile *turnstile); /* NULL is fine */
/* Waits for its turn. False: there is no place for it, and it is told so at once. */
bool turnstile_enter(struct turnstile *turnstile, const struct lookup *who, bool is_stranger) MUST_CHECK;
void turnstile_leave(struct turnstile *turnstile, const struct lookup *who); /* once for each that entered */
