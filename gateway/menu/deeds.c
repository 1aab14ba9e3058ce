#include <string.h>
#include "menu/step.h"

/* Nobody comes back into what was sent: the way behind it is closed. */
static void close_way(struct step *step)
{
    step->state->history_count = 0;
}

static void use_reference(struct step *step, struct effect *effect)
{
    if (step->used_reference)
        step_break(
            step, effect->request_kind); /* one step, one reference: two deeds that need one cannot follow each other */
    step->used_reference = true;
    memcpy(effect->reference, step->in->reference, sizeof effect->reference);
}

/* The caller's requests as they are now, for this step to change: `more` of them at the front. */
static struct request *own_requests(struct step *step, size_t more)
{
    struct person_view *person = &step->person;
    struct request *requests = ARENA_ARRAY(step->arena, struct request, person->request_count + more);
    if (person->request_count > 0)
        memcpy(requests + more, person->requests, person->request_count * sizeof *requests);
    person->requests = requests;
    person->request_count += more;
    return requests;
}

static void request(struct step *step, const struct node *deed)
{
    const struct service *service = step->service;
    struct effect *effect = step_add_effect(step, EFFECT_REQUEST);
    effect->request_kind = deed->request_kind;
    effect->topic = step->state->topic;
    effect->urgency = deed->urgency;
    effect->due_at = service_call_by(service, deed->urgency, step->in->now);
    step->due_at = effect->due_at;
    use_reference(step, effect);
    struct request *made = own_requests(step, 1);
    *made = (struct request){.kind = effect->request_kind, .topic = effect->topic, .due_at = step->due_at};
    memcpy(made->reference, effect->reference, sizeof made->reference);
    close_way(step);
}

static void register_person(struct step *step, const struct node *deed)
{
    struct effect *effect = step_add_effect(step, EFFECT_REGISTER);
    effect->consent_version = deed->consent_version;
    use_reference(step, effect);
    step->person.registered = true;
    close_way(step);
}

static void cancel(struct step *step, const struct node *deed)
{
    struct facts facts = step_facts(step);
    struct span reference = facts_answer(&facts, deed->cancel_field);
    if (reference.len != REFERENCE_DIGITS)
        return;
    struct effect *effect = step_add_effect(step, EFFECT_CANCEL);
    memcpy(effect->reference, reference.at, REFERENCE_DIGITS);
    struct request *requests = own_requests(step, 0);
    for (size_t i = 0; i < step->person.request_count; i++)
        if (strcmp(requests[i].reference, effect->reference) == 0)
            requests[i].state = REQUEST_CANCELLED;
    close_way(step);
}

static void text_me(struct step *step, const struct node *deed)
{
    struct scene scene = step_scene(step);
    const struct template_values values = scene_values(&scene);
    bool sensitive = false;
    struct span text = template_fill(&deed->texts[scene.language->index], &values, step->arena, &sensitive);
    step_add_effect(step, EFFECT_TEXT_ME)->text = screen_plain(text, step->arena);
}

static void forget(struct step *step)
{
    step_add_effect(step, EFFECT_FORGET);
    pin_forget(step);
    step->state->topic = SPAN_NONE;
    close_way(step);
}

void step_perform(struct step *step, const struct node *deed)
{
    switch (deed->effect) {
    case EFFECT_REQUEST:
        request(step, deed);
        break;
    case EFFECT_REGISTER:
        register_person(step, deed);
        break;
    case EFFECT_CANCEL:
        cancel(step, deed);
        break;
    case EFFECT_SET_LANGUAGE:
        step->state->lang = deed->speak->id;
        step_add_effect(step, EFFECT_SET_LANGUAGE);
        break;
    case EFFECT_TEXT_ME:
        text_me(step, deed);
        break;
    case EFFECT_FORGET:
        forget(step);
        break;
    case EFFECT_FOLLOW:
    case EFFECT_UNFOLLOW:
    case EFFECT_FOLLOWED:
        step->person.follow_up_due = step->person.follow_up_due && deed->effect == EFFECT_FOLLOW;
        step_add_effect(step, deed->effect);
        break;
    case EFFECT_CLEAR_PIN:
        pin_clear(step);
        break;
    case EFFECT_NEW_PERSON:
        pin_new_person(step);
        break;
    case EFFECT_MOVE_HERE:
        pin_move_here(step);
        break;
    case EFFECT_OPT_OUT:
    case EFFECT_OPT_IN:
        step->person.opted_out = deed->effect == EFFECT_OPT_OUT;
        step_add_effect(step, deed->effect);
        break;
    default:
        break; /* no deed that an author can write */
    }
}
