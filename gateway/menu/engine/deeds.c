#include <string.h>
#include "menu/desk.h"
#include "menu/engine/leaving.h"
#include "menu/engine/step.h"
#include "menu/engine/triage.h"

void deed_close_way(struct step *step)
{
    step->state->history_count = 0;
}

static void use_reference(struct step *step, struct effect *effect)
{
    if (step->used_reference) /* one step, one reference: two deeds that need one cannot follow each other */
        step_break(step, effect->request_kind);
    step->used_reference = true;
    memcpy(effect->reference, step->in->reference, sizeof effect->reference);
}

struct request *deed_own_requests(struct step *step, size_t more)
{
    struct person_view *person = &step->person;
    struct request *requests = ARENA_ARRAY(step->arena, struct request, person->request_count + more);
    if (person->request_count > 0)
        memcpy(requests + more, person->requests, person->request_count * sizeof *requests);
    person->requests = requests;
    person->request_count += more;
    return requests;
}

struct deed_answers deed_answers(const struct step *step, const struct request *given)
{
    const struct facts facts = step_facts(step);
    const struct engine_learned *learned = &step->in->learned;
    const bool is_learned = given && given->entry != 0 && given->entry != step->state->entry &&
                            strcmp(learned->asked, given->reference) == 0;
    struct deed_answers out = {.given = is_learned ? learned->given_count : 0, .stored = facts.stored_count};
    out.count = out.given + out.stored + facts.fresh_count;
    out.at = ARENA_ARRAY(step->arena, struct answer, out.count);
    if (out.given > 0)
        memcpy(out.at, learned->given, out.given * sizeof *out.at);
    if (out.stored > 0)
        memcpy(out.at + out.given, facts.stored, out.stored * sizeof *out.at);
    if (facts.fresh_count > 0)
        memcpy(out.at + out.given + out.stored, facts.fresh, facts.fresh_count * sizeof *out.at);
    return out;
}

/* What they answered in the form that is open says when they may be called: nobody is promised a call before that. */
static int64_t deed_due_at(const struct step *step, enum request_urgency urgency)
{
    const struct deed_answers answers = deed_answers(step, NULL);
    struct contact_rule rule;
    contact_rule_of(step->service, answers.at, answers.count, &rule);
    return contact_due(step->service, &rule, urgency, step->in->now);
}

/* It is the one that is spoken of from here on, unless its person is not to know of it. */
static void show_request(struct step *step, const struct effect *effect)
{
    step->due_at = effect->due_at;
    struct request *made = deed_own_requests(step, 1);
    *made = (struct request){.kind = effect->request_kind,
                             .topic = effect->topic,
                             .urgency = effect->urgency,
                             .created_at = step->in->now,
                             .changed_at = step->in->now,
                             .due_at = effect->due_at};
    memcpy(made->reference, effect->reference, sizeof made->reference);
    memcpy(step->state->reference, effect->reference, sizeof made->reference);
}

/* Whoever asks once more while help is on its way (the line dropped, and they dial again) has one red request, not three. */
static bool take_up_red(struct step *step, const struct node *deed)
{
    if (deed->hidden || deed->urgency != URGENCY_DANGER)
        return false;
    for (size_t i = 0; i < step->person.request_count; i++) {
        const struct request *red = &step->person.requests[i];
        if (!request_is_open(red) || red->urgency != URGENCY_DANGER || !span_equal(red->kind, deed->request_kind))
            continue;
        memcpy(step->state->reference, red->reference, sizeof step->state->reference);
        deed_amend(step);
        deed_urge(step, deed);
        return true;
    }
    return false;
}

static void request(struct step *step, const struct node *deed)
{
    if (take_up_red(step, deed))
        return;
    struct effect *effect = step_add_effect(step, EFFECT_REQUEST);
    effect->request_kind = deed->request_kind;
    effect->topic = step->state->topic;
    effect->urgency = deed->hidden ? deed->urgency : triage_use(step, deed->urgency);
    effect->desk = deed->desk;
    effect->hidden = deed->hidden;
    effect->due_at = deed_due_at(step, effect->urgency);
    use_reference(step, effect);
    if (!deed->hidden)
        show_request(step, effect);
    deed_close_way(step);
}

static void register_person(struct step *step, const struct node *deed)
{
    struct effect *effect = step_add_effect(step, EFFECT_REGISTER);
    effect->consent_version = deed->consent_version;
    use_reference(step, effect);
    step->person.registered = true;
    step->registered_now = true;
    deed_close_way(step);
}

static void correct(struct step *step)
{
    if (!step->person.registered || (step->state->entry == 0 && !step->opened))
        return;
    step_add_effect(step, EFFECT_CORRECT);
    step->corrected_now = true;
    deed_close_way(step);
}

static void withdraw(struct step *step)
{
    if (!step->person.registered)
        return;
    step_add_effect(step, EFFECT_WITHDRAW);
    step->person.registered = false;
    step->person.registration = NULL;
    deed_close_way(step);
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
    if (leaving_keeps_something(step->service, &step->person))
        leaving_keep(step);
    else
        pin_forget(step);
    step->state->topic = SPAN_NONE;
    step->state->reference[0] = '\0';
    deed_close_way(step);
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
        deed_cancel(step);
        break;
    case EFFECT_URGE:
        deed_urge(step, deed);
        break;
    case EFFECT_AMEND:
        deed_amend(step);
        break;
    case EFFECT_CORRECT:
        correct(step);
        break;
    case EFFECT_WITHDRAW:
        withdraw(step);
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
