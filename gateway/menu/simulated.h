/*
 * simulated: what a simulator keeps, for simulator.c, simulated_effects.c and simulated_words.c only.
 */
#pragma once
#include "menu/follow_up.h"
#include "menu/simulator.h"

#define REQUESTS_KEPT 20
#define ANSWERS_KEPT 400
#define FOLLOW_UPS_KEPT 60
#define TEXTS_KEPT 12

/* A conversation on one of the two channels. */
struct line {
    struct session_state state;
    bool open, resumable;
    bool invited; /* opened by a text that nobody asked for, and not answered yet */
    int64_t last_at;
    const struct line *offered; /* the earlier one that it may go on with, or NULL */
};

struct kept_answer {
    int64_t entry;
    struct answer answer;
};

struct kept_follow_up {
    struct follow_up_date date;
    int64_t registered_at, asked_at;
    enum follow_up_state state;
};

struct simulator {
    const struct service *service;
    struct arena *arena;
    struct simulator_options options;
    int64_t now;
    struct span lang;
    bool opted_out, registered;
    char registration[REFERENCE_DIGITS + 1];
    int64_t registered_at;
    struct line *ussd, *sms, *last; /* `last` is what a new call may go on with */
    struct request requests[REQUESTS_KEPT];
    size_t request_count;
    struct kept_answer answers[ANSWERS_KEPT];
    size_t answer_count;
    struct kept_follow_up follow_ups[FOLLOW_UPS_KEPT];
    size_t follow_up_count;
    struct span came[TEXTS_KEPT]; /* by themselves, and not looked at yet */
    size_t came_count;
    int64_t entries;
    unsigned references;
};

/* Does to the phone what the core would do. */
void simulated_apply(struct simulator *simulator, struct line *line, const struct effect *effect,
                     struct simulator_view *view);
/* simulated_follow_up.c: the schedule of the core, on one phone. */
bool simulated_is_asked(const struct simulator *simulator);
void simulated_follow(struct simulator *simulator);
void simulated_settle_follow_ups(struct simulator *simulator, enum follow_up_state from, enum follow_up_state to);
void simulated_pass_time(struct simulator *simulator, int64_t until);

/* A copy that outlives the service that it came from: another may take its place. */
struct span simulated_keep(struct simulator *simulator, struct span s);
