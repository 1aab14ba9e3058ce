#include "menu/engine/triage.h"

#include "menu/service/wording.h"
#include "model/turn.h"

static const struct listed_word *find_word(const struct triage_rule *rule, struct span folded)
{
    for (size_t w = 0; w < rule->word_count; w++)
        if (wording_holds(folded, rule->words[w].folded))
            return &rule->words[w];
    return NULL;
}

struct triage_hit triage_find(const struct service *service, struct span text, struct arena *arena)
{
    struct triage_hit hit = {NULL, NULL};
    struct span folded = service->triage_count ? wording_fold(text, arena) : SPAN_NONE;
    for (size_t i = 0; span_is_present(folded) && i < service->triage_count; i++) {
        const struct triage_rule *rule = &service->triage[i];
        const struct listed_word *word =
            !hit.rule || rule->urgency > hit.rule->urgency ? find_word(rule, folded) : NULL;
        if (word)
            hit = (struct triage_hit){rule, word};
    }
    return hit;
}

void triage_note(struct step *step, const struct triage_hit *hit)
{
    struct effect *effect = step_add_effect(step, EFFECT_TRIAGE);
    effect->name = hit->rule->id;
    effect->text = hit->word->written;
    effect->urgency = hit->rule->urgency;
    if (hit->rule->urgency > step->state->urgency)
        step->state->urgency = (uint8_t)hit->rule->urgency;
    step->result->turn_flags |= TURN_SENSITIVE_INPUT;
}

void triage_lead(struct step *step, const struct triage_hit *hit)
{
    if (step->held)
        return;
    step->notice = NOTICE_NONE;
    step->result->bad_input = false;
    step->state->bad_answers = 0;
    if (step_node(step) != hit->rule->target)
        step_go(step, hit->rule->target);
}

enum request_urgency triage_use(struct step *step, enum request_urgency least)
{
    enum request_urgency raised = (enum request_urgency)step->state->urgency;
    step->state->urgency = URGENCY_NORMAL;
    return raised > least ? raised : least;
}
