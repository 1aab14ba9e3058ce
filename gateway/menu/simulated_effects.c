#include <string.h>
#include "menu/simulated.h"

struct span simulated_keep(struct simulator *simulator, struct span s)
{
    return arena_copy(simulator->arena, s);
}

static void keep_answer(struct simulator *simulator, int64_t entry, const struct answer *answer)
{
    if (simulator->answer_count == ANSWERS_KEPT) {
        memmove(simulator->answers, simulator->answers + 1, (ANSWERS_KEPT - 1) * sizeof *simulator->answers);
        simulator->answer_count--;
    }
    simulator->answers[simulator->answer_count++] = (struct kept_answer){
        entry, {simulated_keep(simulator, answer->field), simulated_keep(simulator, answer->value), answer->sensitive}};
}

static void keep_request(struct simulator *simulator, const struct effect *effect)
{
    size_t kept = simulator->request_count < REQUESTS_KEPT ? simulator->request_count : REQUESTS_KEPT - 1;
    memmove(simulator->requests + 1, simulator->requests, kept * sizeof *simulator->requests);
    simulator->requests[0] = (struct request){.kind = simulated_keep(simulator, effect->request_kind),
                                              .topic = simulated_keep(simulator, effect->topic),
                                              .urgency = effect->urgency,
                                              .state = REQUEST_WAITING,
                                              .created_at = simulator->now,
                                              .due_at = effect->due_at};
    memcpy(simulator->requests[0].reference, effect->reference, sizeof effect->reference);
    simulator->request_count = kept + 1;
}

static void cancel_request(struct simulator *simulator, const char *reference)
{
    for (size_t i = 0; i < simulator->request_count; i++)
        if (strcmp(simulator->requests[i].reference, reference) == 0)
            simulator->requests[i].state = REQUEST_CANCELLED;
}

static void forget(struct simulator *simulator)
{
    simulator->request_count = 0;
    simulator->answer_count = 0;
    simulator->registered = false;
    simulator->follow_up_count = 0;
}

static void apply_to_phone(struct simulator *simulator, const struct effect *effect, struct simulator_view *view)
{
    switch (effect->kind) {
    case EFFECT_CANCEL:
        cancel_request(simulator, effect->reference);
        break;
    case EFFECT_FOLLOW:
        simulated_follow(simulator);
        break;
    case EFFECT_UNFOLLOW:
        simulated_settle_follow_ups(simulator, FOLLOW_UP_WAITING, FOLLOW_UP_STOPPED);
        simulated_settle_follow_ups(simulator, FOLLOW_UP_ASKED, FOLLOW_UP_STOPPED);
        break;
    case EFFECT_OPT_OUT:
    case EFFECT_OPT_IN:
        simulator->opted_out = effect->kind == EFFECT_OPT_OUT;
        break;
    case EFFECT_FORGET:
        forget(simulator);
        break;
    case EFFECT_TEXT_ME:
        if (view->text_count < sizeof view->texts / sizeof *view->texts)
            view->texts[view->text_count++] = effect->text;
        break;
    default: /* a PIN is never kept; the rest belongs to the conversation */
        break;
    }
}

void simulated_apply(struct simulator *simulator, struct line *line, const struct effect *effect,
                     struct simulator_view *view)
{
    switch (effect->kind) {
    case EFFECT_OPEN_ENTRY:
        line->state.entry = ++simulator->entries;
        break;
    case EFFECT_SAVE_ANSWER:
        keep_answer(simulator, line->state.entry, &effect->answer);
        break;
    case EFFECT_REQUEST:
        keep_request(simulator, effect);
        line->state.entry = 0;
        break;
    case EFFECT_REGISTER:
        simulator->registered = true;
        simulator->registered_at = simulator->now;
        memcpy(simulator->registration, effect->reference, sizeof simulator->registration);
        line->state.entry = 0;
        break;
    case EFFECT_FOLLOWED:
        simulated_settle_follow_ups(simulator, FOLLOW_UP_ASKED, FOLLOW_UP_ANSWERED);
        line->state.entry = 0;
        break;
    case EFFECT_SET_LANGUAGE:
        simulator->lang = line->state.lang;
        break;
    case EFFECT_CONTINUE:
    case EFFECT_RESTART:
        line->offered = NULL;
        break;
    default:
        apply_to_phone(simulator, effect, view);
        break;
    }
}
