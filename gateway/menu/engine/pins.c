/* PINs: who may go on, and for whom. The engine asks whether a PIN is right (WANT_PIN, WANT_CASE); it never learns one. */
#include <string.h>
#include "menu/engine/typed_answers.h"
#include "text/digits.h"

bool pin_is_open(const struct step *step)
{
    return !step->person.has_pin || step->has_chosen_pin || step->state->opened == step->person.person;
}

bool pin_is_shut(const struct step *step, const struct node *node)
{
    return node->guarded && step->service->pin.node && !pin_is_open(step);
}

void pin_shut(struct step *step)
{
    const struct node *node = step_node(step);
    if (node && pin_is_shut(step, node))
        step_arrive(step, node);
}

const struct node *pin_guard(struct step *step, const struct node *target)
{
    if (!pin_is_shut(step, target))
        return target;
    step->state->wanted = target->id;
    return step->service->pin.node;
}

bool pin_keeps_from(const struct step *step, const struct question *question)
{
    return question->type == QUESTION_PIN && !pin_is_open(step);
}

static void be_oneself(struct step *step)
{
    if (step->state->acting && step->in->own)
        step->person = *step->in->own;
    step->state->acting = 0;
}

void pin_close(struct step *step)
{
    struct session_state *state = step->state;
    be_oneself(step);
    step->has_chosen_pin = false;
    state->opened = 0;
    state->wanted = SPAN_NONE;
    state->reference[0] = '\0';
}

/* ---- what is typed ---- */

static struct span typed_pin(struct step *step)
{
    struct span digits = typed_digits(step);
    return digits.len == PIN_DIGITS ? digits : SPAN_NONE;
}

void pin_choose(struct step *step)
{
    struct span digits = typed_pin(step);
    if (!span_is_present(digits) || !pin_is_open(step)) {
        step_bad(step, NOTICE_BAD_TEXT);
        return;
    }
    step_add_effect(step, EFFECT_SET_PIN)->pin = digits;
    step->person.has_pin = step->has_chosen_pin = true;
    step_advance(step);
}

void pin_take_reference(struct step *step)
{
    struct span typed = digits_to_ascii(span_trim(step->in->input), step->arena);
    char reference[REFERENCE_DIGITS + 1];
    if (!reference_read(typed, reference)) {
        step_bad(step, NOTICE_BAD_TEXT);
        return;
    }
    memcpy(step->state->reference, reference, sizeof reference);
    step_advance(step);
}

/* A reference that was asked for earlier in the same form: whose it is decides whose PIN it must be. */
static bool is_about_a_case(const struct step *step, const struct question *question)
{
    const struct node *form = question->node;
    for (size_t i = 0; i < question->index; i++)
        if (form->questions[i].type == QUESTION_REFERENCE)
            return step->state->reference[0] != '\0';
    return false;
}

/* An answer that somebody else began to give is not theirs to finish. */
static void change_person(struct step *step, int64_t person, bool about_a_case)
{
    struct session_state *state = step->state;
    bool is_another = person != (state->acting ? state->acting : step->in->own ? step->in->own->person : person);
    state->opened = person;
    state->acting = step->in->own ? person : 0;
    if (!is_another)
        return;
    state->entry = 0;
    if (!about_a_case)
        state->reference[0] = '\0';
}

/* It may have gone on since it was offered, and where it stands now be nothing to be led back to. */
static void resume_earlier(struct step *step)
{
    const struct session_state *earlier = step->in->earlier;
    int64_t opened = step->state->opened;
    if (!earlier || !engine_worth_resuming(step->service, earlier) || step->state->acting) {
        step_main(step);
        return;
    }
    step_add_effect(step, EFFECT_CONTINUE);
    *step->state = *earlier;
    step->state->bad_answers = 0;
    step->state->opened = opened;
    step->state->wanted = SPAN_NONE;
    if (!engine_place_holds(step->service, step->state))
        step->notice = NOTICE_MOVED;
}

void pin_continue(struct step *step)
{
    const struct service *service = step->service;
    if (!service->pin.node || pin_is_open(step)) {
        resume_earlier(step);
        return;
    }
    step->state->wanted = service->resume.node->id;
    step_arrive(step, service->pin.node);
}

static void go_on(struct step *step)
{
    struct span wanted = step->state->wanted;
    const struct node *node = service_find_node(step->service, wanted);
    step->state->wanted = SPAN_NONE;
    step->state->bad_answers = 0;
    if (!node)
        step_advance(step);
    else if (node == step->service->resume.node)
        resume_earlier(step);
    else
        step_arrive(step, node);
}

void pin_check(struct step *step, const struct question *question)
{
    const struct engine_learned *learned = &step->in->learned;
    bool about_a_case = is_about_a_case(step, question);
    struct span digits = typed_pin(step);
    if (!span_is_present(digits)) {
        step_bad(step, NOTICE_BAD_TEXT);
        return;
    }
    switch (learned->verdict) {
    case VERDICT_NONE:
        step->result->wants.kind = about_a_case ? WANT_CASE : WANT_PIN;
        step->result->wants.pin = digits;
        memcpy(step->result->wants.reference, step->state->reference, sizeof step->state->reference);
        break;
    case VERDICT_RIGHT:
        change_person(step, learned->person, about_a_case);
        go_on(step);
        break;
    case VERDICT_WRONG:
        step_bad(step, NOTICE_PIN_WRONG);
        break;
    case VERDICT_LOCKED:
        step_bad(step, NOTICE_PIN_LOCKED);
        break;
    }
}

/* ---- what deeds do to people ---- */

void pin_clear(struct step *step)
{
    if (!step->person.has_pin || !pin_is_open(step))
        return;
    step_add_effect(step, EFFECT_CLEAR_PIN);
    step->person.has_pin = false;
}

/* Nothing is known of them but what their phone can do. */
static void be_nobody(struct step *step)
{
    const struct person_view *was = &step->person;
    step->person = (struct person_view){
        .opted_out = was->opted_out, .can_be_called = was->can_be_called, .can_be_texted = was->can_be_texted};
}

void pin_new_person(struct step *step)
{
    step_add_effect(step, EFFECT_NEW_PERSON);
    pin_close(step);
    be_nobody(step);
    step->state->history_count = 0;
    step->state->topic = SPAN_NONE;
    step->state->entry = 0;
    step->has_fresh = false;
}

void pin_move_here(struct step *step)
{
    if (!step->state->acting)
        return;
    step_add_effect(step, EFFECT_MOVE_HERE);
    step->state->acting = 0;
    step->person.is_elsewhere = false;
}

void pin_forget(struct step *step)
{
    if (step->state->acting && step->in->own)
        be_oneself(step);
    else
        be_nobody(step);
    step->state->opened = 0;
}
