/* What is done to a request that is there: the one that the session speaks of, else the latest open one. */
#include <string.h>
#include "menu/engine/step.h"

/* The request that the deed is about, for this step to change; NULL: there is none that is open. */
static struct request *find_open(struct step *step)
{
    struct facts facts = step_facts(step);
    const struct request *request = facts_request(&facts);
    if (!request || !request_is_open(request))
        return NULL;
    size_t index = (size_t)(request - step->person.requests);
    return &deed_own_requests(step, 0)[index];
}

static struct effect *change(struct step *step, enum effect_kind kind, struct request *request, enum request_step last)
{
    struct effect *effect = step_add_effect(step, kind);
    memcpy(effect->reference, request->reference, sizeof effect->reference);
    memcpy(step->state->reference, request->reference, sizeof step->state->reference);
    request->step = last;
    request->changed_at = step->in->now;
    deed_close_way(step);
    return effect;
}

void deed_cancel(struct step *step)
{
    struct request *request = find_open(step);
    if (!request)
        return;
    change(step, EFFECT_CANCEL, request, STEP_CANCELLED);
    request->state = REQUEST_CANCELLED;
}

void deed_urge(struct step *step, const struct node *deed)
{
    struct request *request = find_open(step);
    if (!request)
        return;
    struct effect *effect = change(step, EFFECT_URGE, request, STEP_URGED);
    effect->urgency = deed->urgency;
    effect->due_at = deed_due_at(step, deed->urgency);
    request_urge(request, effect->urgency, effect->due_at, step->in->now);
}

/* Without an answer there is nothing to add. */
void deed_amend(struct step *step)
{
    struct request *request = find_open(step);
    if (request && (step->state->entry != 0 || step->opened))
        change(step, EFFECT_AMEND, request, STEP_CHANGED);
}

/* Before the form's end, which a line that drops never comes to: "do not call this phone" must not be lost with it. */
void deed_join(struct step *step)
{
    const struct request *request = find_open(step);
    if (!request)
        return;
    struct effect *effect = step_add_effect(step, EFFECT_JOIN);
    memcpy(effect->reference, request->reference, sizeof effect->reference);
    effect->answer = step->fresh;
}
