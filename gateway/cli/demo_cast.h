/*
 * demo_cast: who acts on the day of the demonstration, and when: callers at hours of their own, and an operator for each request as
 * soon as it is made. The same seed gives the same day.
 */
#pragma once
#include "cli/demo_day.h"
#include "text/phone.h"

struct demo_actor {
    const struct demo_caller *caller;
    struct demo_words words;
    size_t next; /* of the words */
    int64_t at;  /* when */
    char phone[PHONE_OF_NOBODY_MAX];
    struct span session; /* of the call; absent: none is going on */
    unsigned calls;
    const char *fate; /* of texts that are sent from now on */
    int64_t request;  /* of an operator; 0: a caller */
    size_t operator;  /* whose hand it is */
};

struct demo_cast {
    const struct demo_day *day;
    struct arena *arena;
    uint64_t seed, random;
    int64_t from, until; /* UTC ms */
    int zone_minutes;
    struct demo_actor *actors;
    size_t count, room;
    size_t *asked; /* by caller of the day: how many of them have asked for something */
    size_t turn;   /* of the counsellors */
};

void demo_cast_make(struct demo_cast *cast, const struct demo_day *day, uint64_t seed, int64_t now, int zone_minutes,
                    struct arena *arena);
/* Who is to act next; NULL: the day is over. */
struct demo_actor *demo_cast_next(struct demo_cast *cast);
size_t demo_cast_words(const struct demo_cast *cast); /* of all callers: about as much as there is to do */

/* A request was made by `caller` at `at`: somebody at the desk will see to it, or nobody. */
void demo_cast_ask(struct demo_cast *cast, const struct demo_actor *caller, int64_t request, int64_t at);

uint32_t demo_below(struct demo_cast *cast, uint32_t bound); /* drawn anew; 0 when nothing is below it */
