/* Where a stored session stands in a service that may have been replaced since. */
#include "menu/engine/step.h"

static enum resume_policy policy_of(const struct service *service, const struct node *node)
{
    return node && node->resume != RESUME_AS_SERVICE ? node->resume : service->resume_policy;
}

bool engine_worth_resuming(const struct service *service, const struct session_state *state)
{
    const struct node *node = service_find_node(service, state->at.node);
    if (state->acting) /* it was somebody else's, who is not expected to dial here again */
        return false;
    if (!span_is_present(state->at.node) || policy_of(service, node) == RESUME_RESTART ||
        (node && (node->ends || node->sensitive)))
        return false;
    return !node || (node != service->known.node && node != service->first.node && node != service->resume.node);
}

int64_t engine_resume_ms(const struct service *service, const struct session_state *state)
{
    const struct node *node = service_find_node(service, state->at.node);
    if (!engine_worth_resuming(service, state))
        return 0;
    return node && node->resume_ms ? node->resume_ms : service->resume_ms;
}

void step_resume(struct step *step, bool continues)
{
    const struct session_state *earlier = step->in->earlier;
    if (!earlier || !span_is_present(earlier->at.node)) {
        step_main(step);
    } else if (continues) {
        pin_continue(step);
    } else {
        step_add_effect(step, EFFECT_RESTART);
        step_main(step);
    }
}

/* Whoever has a PIN is asked in any case: the phone may be in other hands. */
void step_return(struct step *step)
{
    const struct session_state *earlier = step->in->earlier;
    if (!earlier || !engine_worth_resuming(step->service, earlier)) {
        step_main(step);
        return;
    }
    const struct node *node = service_find_node(step->service, earlier->at.node);
    if (policy_of(step->service, node) == RESUME_CONTINUE && !step->person.has_pin)
        step_resume(step, true);
    else
        step_arrive(step, step->service->resume.node);
}

/* Where to stand when the stored node is gone: the last place on the way that is left, else the first page. */
static void fall_back(const struct service *service, struct session_state *state)
{
    while (state->history_count > 0) {
        const struct node *node = service_find_node(service, state->history[--state->history_count].node);
        if (node && node->question_count > 0) {
            state->at.node = node->id;
            return;
        }
    }
    bool known = span_is_present(state->lang);
    const struct node *node = known ? service->known.node : service->first.node;
    state->at.node = node->question_count > 0 ? node->id : SPAN_NONE;
}

bool engine_place_holds(const struct service *service, struct session_state *state)
{
    const struct node *node = service_find_node(service, state->at.node);
    bool shown = node && node->question_count > 0;
    size_t index = shown && node->kind == NODE_FORM ? state->form_step : 0;
    if (!span_is_present(state->at.node))
        return true; /* nothing was shown yet */
    if (shown && index < node->question_count && (state->shape == 0 || state->shape == node->questions[index].shape))
        return true;
    if (!shown)
        fall_back(service, state);
    state->at.page = 0;
    state->form_step = 0;
    state->bad_answers = 0;
    state->shape = 0;
    return false;
}
