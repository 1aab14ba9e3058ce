/* Where a stored session stands in a service that may have been replaced since. */
#include "menu/engine.h"
#include "menu/model.h"

bool engine_worth_resuming(const struct service *service, const struct session_state *state)
{
    const struct node *node = service_find_node(service, state->at.node);
    if (state->acting) /* it was somebody else's, who is not expected to dial here again */
        return false;
    if (!span_is_present(state->at.node) || (node && (node->ends || node->sensitive || !node->resume)))
        return false;
    return !node || (node != service->known.node && node != service->first.node && node != service->resume.node);
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
