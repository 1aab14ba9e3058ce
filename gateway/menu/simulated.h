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
    int64_t registered_at, registration_entry;
    struct line *ussd, *sms, *last; /* `last` is what a new call may go on with */
    struct request requests[REQUESTS_KEPT];
    size_t request_count;
    struct kept_answer answers[ANSWERS_KEPT];
    size_t answer_count;
    int64_t entries;
    unsigned references;
};

/* Does to the phone what the core would do. */
void simulated_apply(struct simulator *simulator, struct line *line, const struct effect *effect,
                     struct simulator_view *view);
/* simulated_cases.c: cancel, urge, amend; correct, withdraw; and what is kept of the registration. */
void simulated_change_request(struct simulator *simulator, struct line *line, const struct effect *effect);
void simulated_correct(struct simulator *simulator, struct line *line);
void simulated_withdraw(struct simulator *simulator);
void simulated_learn_kept(struct simulator *simulator, struct engine_learned *learned);
/* A copy that outlives the service that it came from: another may take its place. */
struct span simulated_keep(struct simulator *simulator, struct span s);
