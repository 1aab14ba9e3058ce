/*
 * simulated: the world that a simulator keeps, for simulator.c and simulated_*.c only. Several phones, the people on them, and
 * what belongs to the people: requests, registrations, answers.
 */
#pragma once
#include "menu/follow_up.h"
#include "menu/simulator.h"

#define REQUESTS_KEPT 64
#define ANSWERS_KEPT 400
#define FOLLOW_UPS_KEPT 40
#define TEXTS_KEPT 12

/* A conversation on one of the two channels. */
struct line {
    struct session_state state;
    bool open, resumable;
    bool invited; /* opened by a text that nobody asked for, and not answered yet */
    int64_t last_at;
    int64_t acting;             /* somebody else than the phone's own, for whom the step at hand acts; 0 */
    const struct line *offered; /* the earlier one that it may go on with, or NULL */
};

struct kept_follow_up {
    struct follow_up_date date;
    int64_t registered_at;
    enum follow_up_state state;
};

/* Wrong PINs in a row. */
struct simulated_tries {
    unsigned count;
    int64_t at;
};

/* From the first answer worth keeping. */
struct simulated_person {
    struct simulated_person *next; /* newest first */
    int64_t id;
    struct span phone; /* the name of the one that they were last on; absent: nobody on it is taken for them any more */
    char pin[8];       /* "": none; in memory, where nobody looks */
    struct simulated_tries tries;
    bool registered;
    char registration[REFERENCE_DIGITS + 1];
    int64_t registered_at, registration_entry;
    bool leaving; /* they asked to be forgotten, and something stays until it is closed */
    struct kept_follow_up follow_ups[FOLLOW_UPS_KEPT];
    size_t follow_up_count;
};

struct simulated_phone {
    struct simulated_phone *next;
    struct span name, lang;
    bool opted_out;
    int64_t last_at; /* when it last dialled or texted anew; 0: never */
    struct simulated_tries tries;
    int64_t person;               /* who answers on it now; 0: nobody yet */
    struct span came[TEXTS_KEPT]; /* by themselves, and not looked at yet */
    size_t came_count;
    struct line *ussd, *sms, *last; /* `last` is what a new call may go on with */
    struct replied replied;
};

struct kept_answer {
    int64_t entry, person;
    struct answer answer;
};

struct simulator {
    const struct service *service;
    struct arena *arena;
    struct simulator_options options;
    int64_t now;
    struct simulated_phone *phones, *phone; /* all of them, and the one in hand */
    struct simulated_person *people;
    struct request requests[REQUESTS_KEPT]; /* of everybody, newest first */
    size_t request_count;
    struct kept_answer answers[ANSWERS_KEPT];
    size_t answer_count;
    int64_t entries, persons;
    unsigned references;
};

/* simulated_world.c */
struct simulated_phone *simulated_add_phone(struct simulator *simulator, struct span name, struct span lang);
struct simulated_person *simulated_find_person(const struct simulator *simulator, int64_t id); /* NULL: none */
/* Whom a conversation is about: who gave reference and PIN in it, else the phone's own; 0: nobody yet. */
int64_t simulated_whose(const struct simulator *simulator, const struct line *line);
/* The same, made when there is nobody: something is worth keeping. */
struct simulated_person *simulated_owner(struct simulator *simulator, const struct line *line);
/* What the engine may know of them. */
struct person_view simulated_view(const struct simulator *simulator, const struct line *line);
void simulated_destroy_person(struct simulator *simulator, int64_t id); /* with all that is theirs */
/* simulated_leaving.c */
/* They asked to be forgotten: with what their service keeps until it is closed, they stay till then. */
void simulated_forget(struct simulator *simulator, struct line *line);
/* After any effect of theirs: the last of that may be over, or there is a reason to stay. */
void simulated_settle_leaving(struct simulator *simulator, struct line *line, enum effect_kind done);

/* simulated_people.c: what the core would know of PINs. */
/* For whom a step acts; nobody any more when they are gone. */
void simulated_settle(const struct simulator *simulator, struct line *line, struct session_state *state);
void simulated_learn(struct simulator *simulator, struct line *line, const struct engine_want *want,
                     struct engine_learned *learned);
void simulated_set_pin(struct simulator *simulator, struct line *line, struct span pin); /* absent: none any more */
void simulated_new_person(struct simulator *simulator);
void simulated_move_here(struct simulator *simulator, struct line *line);
/* Somebody else has the number, after so long a silence. */
void simulated_renew_if_silent(struct simulator *simulator);

/* simulated_cases.c: cancel, urge, amend; correct, withdraw; and what is kept of the registration. */
void simulated_change_request(struct simulator *simulator, struct line *line, const struct effect *effect);
void simulated_correct(struct simulator *simulator, struct line *line);
void simulated_withdraw(struct simulator *simulator, const struct line *line);
void simulated_learn_asked(struct simulator *simulator, const char *reference, struct engine_learned *learned);
void simulated_learn_kept(struct simulator *simulator, const struct line *line, struct engine_learned *learned);

/* simulated_follow_up.c: the schedule of the core. */
void simulated_plan_follow_ups(struct simulator *simulator, struct simulated_person *person);
void simulated_settle_follow_ups(struct simulated_person *person, enum follow_up_state from, enum follow_up_state to);
void simulated_pass_time(struct simulator *simulator, int64_t until);

/* A copy that outlives the service that it came from: another may take its place. */
struct span simulated_keep(struct simulator *simulator, struct span s);

/* simulated_effects.c: does to the world what the core would do. */
void simulated_apply(struct simulator *simulator, struct line *line, const struct effect *effect,
                     struct simulator_view *view);
/* Whether a text is answered, as the core decides; if it is, it is counted. */
bool simulated_answers(struct simulator *simulator, const struct engine_result *result);
