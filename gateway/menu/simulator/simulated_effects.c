#include <string.h>
#include "menu/simulator/simulated.h"

static void keep_answer(struct simulator *simulator, const struct line *line, const struct answer *answer)
{
    if (simulator->answer_count == ANSWERS_KEPT) {
        memmove(simulator->answers, simulator->answers + 1, (ANSWERS_KEPT - 1) * sizeof *simulator->answers);
        simulator->answer_count--;
    }
    simulator->answers[simulator->answer_count++] = (struct kept_answer){
        line->state.entry,
        simulated_owner(simulator, line)->id,
        {simulated_keep(simulator, answer->field), simulated_keep(simulator, answer->value), answer->sensitive}};
}

static void keep_request(struct simulator *simulator, const struct line *line, const struct effect *effect)
{
    if (effect->hidden)
        return; /* for the desk alone */
    size_t kept = simulator->request_count < REQUESTS_KEPT ? simulator->request_count : REQUESTS_KEPT - 1;
    memmove(simulator->requests + 1, simulator->requests, kept * sizeof *simulator->requests);
    simulator->requests[0] = (struct request){.person = simulated_owner(simulator, line)->id,
                                              .kind = simulated_keep(simulator, effect->request_kind),
                                              .topic = simulated_keep(simulator, effect->topic),
                                              .urgency = effect->urgency,
                                              .state = REQUEST_WAITING,
                                              .entry = line->state.entry,
                                              .created_at = simulator->now,
                                              .changed_at = simulator->now,
                                              .due_at = effect->due_at};
    memcpy(simulator->requests[0].reference, effect->reference, sizeof effect->reference);
    simulator->request_count = kept + 1;
}

static void keep_registration(struct simulator *simulator, const struct line *line, const struct effect *effect)
{
    struct simulated_person *person = simulated_owner(simulator, line);
    person->registered = true;
    person->registered_at = simulator->now;
    person->registration_entry = line->state.entry;
    memcpy(person->registration, effect->reference, sizeof person->registration);
}

static void apply_to_phone(struct simulator *simulator, struct line *line, const struct effect *effect,
                           struct simulator_view *view)
{
    switch (effect->kind) {
    case EFFECT_FOLLOW:
        simulated_plan_follow_ups(simulator, simulated_owner(simulator, line));
        break;
    case EFFECT_UNFOLLOW:
        simulated_settle_follow_ups(simulated_owner(simulator, line), FOLLOW_UP_WAITING, FOLLOW_UP_STOPPED);
        simulated_settle_follow_ups(simulated_owner(simulator, line), FOLLOW_UP_ASKED, FOLLOW_UP_STOPPED);
        break;
    case EFFECT_OPT_OUT:
    case EFFECT_OPT_IN:
        simulator->phone->opted_out = effect->kind == EFFECT_OPT_OUT;
        break;
    case EFFECT_FORGET:
        simulated_forget(simulator, line);
        break;
    case EFFECT_TEXT_ME:
        if (view->text_count < sizeof view->texts / sizeof *view->texts)
            view->texts[view->text_count++] = effect->text;
        break;
    case EFFECT_SET_PIN:
        simulated_set_pin(simulator, line, effect->pin);
        break;
    case EFFECT_CLEAR_PIN:
        simulated_set_pin(simulator, line, SPAN_NONE);
        break;
    case EFFECT_NEW_PERSON:
        line->acting = 0;
        line->offered = NULL;
        simulated_new_person(simulator);
        break;
    case EFFECT_MOVE_HERE:
        line->offered = NULL;
        simulated_move_here(simulator, line);
        break;
    default: /* the rest belongs to the conversation */
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
        keep_answer(simulator, line, &effect->answer);
        break;
    case EFFECT_REQUEST:
        keep_request(simulator, line, effect);
        line->state.entry = 0;
        break;
    case EFFECT_REGISTER:
        keep_registration(simulator, line, effect);
        line->state.entry = 0;
        break;
    case EFFECT_FOLLOWED:
        simulated_settle_follow_ups(simulated_owner(simulator, line), FOLLOW_UP_ASKED, FOLLOW_UP_ANSWERED);
        line->state.entry = 0;
        break;
    case EFFECT_CANCEL:
    case EFFECT_URGE:
    case EFFECT_AMEND:
    case EFFECT_JOIN:
        simulated_change_request(simulator, line, effect);
        break;
    case EFFECT_CORRECT:
        simulated_correct(simulator, line);
        break;
    case EFFECT_WITHDRAW:
        simulated_withdraw(simulator, line);
        break;
    case EFFECT_SET_LANGUAGE:
        simulator->phone->lang = line->state.lang;
        break;
    case EFFECT_CONTINUE:
    case EFFECT_RESTART:
        line->offered = NULL;
        break;
    default:
        apply_to_phone(simulator, line, effect, view);
        break;
    }
    simulated_settle_leaving(simulator, line, effect->kind);
}

bool simulated_answers(struct simulator *simulator, const struct engine_result *result)
{
    struct simulated_phone *phone = simulator->phone;
    if (result->manner != ANSWER_COUNTED && result->manner != ANSWER_KEYED)
        return result->manner != ANSWER_NOT;
    return service_may_reply(simulator->service, result->manner == ANSWER_KEYED ? REPLY_TO_KEY : REPLY_TO_WORDS,
                             simulator->now, &phone->replied);
}
