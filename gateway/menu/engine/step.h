/*
 * step: one step of the engine while it is being taken. For engine.c and its parts, which are named below, and for listed.c,
 * triage.c and leaving.c.
 */
#pragma once
#include "menu/desk.h"
#include "menu/engine.h"
#include "menu/drawing/facts.h"
#include "menu/service/model.h"
#include "menu/drawing/scene.h"

#define STEP_EFFECTS_MAX 12
#define STEP_HOPS_MAX 32 /* branches and deeds between two pages */
#define BAD_ANSWERS_MAX 3

enum notice {
    NOTICE_NONE,
    NOTICE_BAD,
    NOTICE_BAD_TEXT,
    NOTICE_NO_MATCH,
    NOTICE_TOO_MANY,
    NOTICE_MOVED,
    NOTICE_PIN_WRONG,
    NOTICE_PIN_LOCKED
};

struct step {
    const struct service *service;
    const struct engine_input *in;
    struct arena *arena;
    struct engine_result *result;
    struct session_state *state; /* result->state: the one that is being made */
    struct person_view person;   /* as the deeds of this step leave them: the page behind a deed shows what it did */
    struct effect effects[STEP_EFFECTS_MAX];
    size_t effect_count;
    struct answer fresh; /* given in this step */
    bool has_fresh, opened, used_reference;
    bool has_chosen_pin; /* in this step: they know it */
    bool alone;          /* the text was nothing but a keyword */
    bool silent;         /* what was said holds already */
    bool held;           /* replay came to something that only a person may do: it stays where it was */
    bool broken;
    const char *broken_at;
    int64_t due_at;              /* of the request made in this step */
    struct contact_rule contact; /* of the request that is spoken of, once a branch has asked for it */
    bool has_contact;
    bool registered_now, corrected_now; /* so what is kept of the registration holds the answers of the open form */
    enum notice notice;
};

/* step.c: where it stands, what is known */
const struct node *step_node(const struct step *step); /* NULL: nothing shown yet, or gone */
const struct question *step_question(const struct step *step);
const struct language *step_language(const struct step *step);
struct facts step_facts(const struct step *step);
struct scene step_scene(const struct step *step);
bool step_wants_kept(
    const struct step
        *step); /* the page on the screen needs what is held of a registration, and nobody has said it yet */
struct effect *step_add_effect(struct step *step, enum effect_kind kind); /* never NULL; not handed out in a replay */
void step_break(struct step *step, struct span where);                    /* the service lacks what it must have */

/* moves.c: where to */
void step_go(struct step *step, const struct node *target);     /* remembers the way back */
void step_arrive(struct step *step, const struct node *target); /* does not */
void step_back(struct step *step);
void step_main(struct step *step);
void step_advance(struct step *step); /* in a form: to the next question, or out at its end */
/* Saves the answer, opening the form's entry before the first, and advances. */
void step_save_answer(struct step *step, const struct node *node, const struct question *question, struct span value);
void step_bad(struct step *step, enum notice notice);

/* standing.c: what was left before */
/* A new session begins: with what was left, with asking about it, or with the first page. */
void step_return(struct step *step);
void step_resume(struct step *step, bool continues); /* the answer to that question */

/* pins.c: who may go on, and for whom */
bool pin_is_open(const struct step *step);                          /* given in this session, or there is none */
bool pin_is_shut(const struct step *step, const struct node *node); /* guarded, and not open */
void pin_shut(struct step *step); /* nobody stands before what was closed in between */
/* `target`, or the PIN page when it is guarded and not open; then `target` comes after the right PIN. */
const struct node *pin_guard(struct step *step, const struct node *target);
/* A new PIN where the old one was not given. */
bool pin_keeps_from(const struct step *step, const struct question *question);
void pin_close(struct step *step); /* the plain main page: nobody's PIN was given, nobody acts for another */
void pin_choose(struct step *step);
void pin_check(struct step *step, const struct question *question);
void pin_take_reference(struct step *step);
/* Goes on with the earlier session, behind the PIN of whoever has one. */
void pin_continue(struct step *step);
/* What deeds do to people. */
void pin_clear(struct step *step);
void pin_new_person(struct step *step);
void pin_move_here(struct step *step);
void pin_forget(struct step *step);

/* deeds.c, deeds_request.c: what is done to a request that is there */
void step_perform(struct step *step, const struct node *deed);
void deed_cancel(struct step *step);
void deed_urge(struct step *step, const struct node *deed);
void deed_amend(struct step *step);
/* Looks up how the person of the request that is spoken of may be reached; what is not known yet is wanted first. */
void deed_learn_contact(struct step *step);
void deed_join(struct step *step); /* the answer just saved, of a form that `amends` */
/* The caller's requests as they are now, for this step to change: `more` of them at the front. */
struct request *deed_own_requests(struct step *step, size_t more);
/* All that was answered of a request (`given`, as the core told it; NULL: none is there yet), then in the open form, then just now. */
struct deed_answers {
    struct answer *at;
    size_t given, stored, count;
};
struct deed_answers deed_answers(const struct step *step, const struct request *given);
void deed_close_way(struct step *step); /* nobody comes back into what was sent */

/* answers.c: the input as an answer to the question on the screen */
void step_answer(struct step *step, const struct node *node, const struct question *question);
