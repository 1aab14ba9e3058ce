/*
 * demo_day: menus/SERVICE/demo/day.conf: who calls on a day of the demonstration, what they type, and what operators do with what
 * they ask for. Checked as every file of a service is.
 */
#pragma once
#include "base/arena.h"
#include "base/problems.h"
#include "base/span.h"

/* What is typed or done, one after the other; menus/README.md has the words. */
struct demo_words {
    const struct span *at;
    size_t count;
};

struct demo_tongue { /* how callers choose a language on their first page, and how many of them do */
    struct span lang;
    struct demo_words keys;
    unsigned share;
};

struct demo_caller {
    struct span id;
    unsigned times;
    int from, until; /* minutes of the day in which they begin */
    int ago;         /* or so many before the day ends; 0: not so */
    struct demo_words says;
    struct demo_words *desk; /* the first of them who asks for something is treated as the first says, ... */
    size_t desk_count;
};

struct demo_operator {
    struct span name, shown, lang;
    struct demo_words roles, languages;
};

struct demo_day {
    struct demo_tongue *tongues;
    struct demo_caller *callers;
    struct demo_operator *operators;
    size_t tongue_count, caller_count, operator_count;
};

/* Lives in the arena. REFUSED: findings; NOT_FOUND: there is no such file. */
enum outcome demo_day_read(const char *path, struct arena *arena, struct demo_day *out, struct problems *problems,
                           struct error *err) MUST_CHECK;
