/*
 * simulated: what a simulator keeps, for simulator.c, simulated_effects.c and simulated_words.c only.
 */
#pragma once
#include "menu/simulator.h"

#define REQUESTS_KEPT 20
#define ANSWERS_KEPT 400

/* A conversation on one of the two channels. */
struct line {
    struct session_state state;
    bool open, resumable;
    int64_t last_at;
    const struct line *offered; /* the earlier one that it may go on with, or NULL */
};

struct kept_answer {
    int64_t entry;
    struct answer answer;
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
    int64_t entries;
    unsigned references;
    unsigned replies; /* texts that answered within the window that began at `replies_since` */
    int64_t replies_since;
};

/* Does to the phone what the core would do. */
void simulated_apply(struct simulator *simulator, struct line *line, const struct effect *effect,
                     struct simulator_view *view);
/* Whether a text is answered, as the core decides; if it is, it is counted. */
bool simulated_answers(struct simulator *simulator, const struct engine_result *result);
/* A copy that outlives the service that it came from: another may take its place. */
struct span simulated_keep(struct simulator *simulator, struct span s);
