#include <string.h>
#include "menu/step.h"
#include "menu/template.h"

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

static void request(struct step *step, const struct node *deed)
{
    const struct service *service = step->service;
    struct effect *effect = step_add_effect(step, EFFECT_REQUEST);
    bool danger = deed->urgency == URGENCY_DANGER;
    effect->request_kind = deed->request_kind;
    effect->topic = step->state->topic;
    effect->urgency = deed->urgency;
    effect->due_ms = danger ? service->danger_within_ms : service->call_within_ms;
    step->due_at = step->in->now + effect->due_ms;
    use_reference(step, effect);
    close_way(step);
}

static void register_person(struct step *step, const struct node *deed)
{
    struct effect *effect = step_add_effect(step, EFFECT_REGISTER);
    effect->consent_version = deed->consent_version;
    use_reference(step, effect);
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
    close_way(step);
}

static void text_me(struct step *step, const struct node *deed)
{
    struct scene scene = step_scene(step);
    const struct template_values values = {.service = step->service,
                                           .language = scene.language,
                                           .facts = &scene.facts,
                                           .reference = scene.reference,
                                           .due_at = scene.due_at,
                                           .office = scene.office};
    bool sensitive = false;
    struct span text = template_fill(&deed->texts[scene.language->index], &values, step->arena, &sensitive);
    step_add_effect(step, EFFECT_TEXT_ME)->text = screen_plain(text, step->arena);
}

static void forget(struct step *step)
{
    step_add_effect(step, EFFECT_FORGET);
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
    default:
        step_add_effect(step, deed->effect);
        break;
    }
}
