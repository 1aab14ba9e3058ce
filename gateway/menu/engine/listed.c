#include "menu/engine/listed.h"

#include "menu/engine/keyword.h"
#include "menu/service/wording.h"

/* Where words are the answer, only a text that is nothing but a keyword is one. */
static bool asks_for_words(const struct question *question)
{
    return question && (question->type == QUESTION_TEXT || question->type == QUESTION_PLACE);
}

/* Words that nobody asked to be one of a few: of a text whatever is no key, of a call an answer in words. */
static bool is_free(const struct step *step, const struct question *question)
{
    if (question && question_is_secret(question)) /* what looks like a PIN or a reference is kept nowhere */
        return false;
    return step->in->channel == CHANNEL_SMS || (question && question->type == QUESTION_TEXT);
}

struct listed_hit listed_find(struct step *step, const struct question *question)
{
    const struct engine_input *in = step->in;
    struct listed_hit hit = {.keyword = NULL};
    if (in->channel == CHANNEL_SMS)
        hit.keyword = keyword_find(step->service, in->input, asks_for_words(question), step->arena, &step->alone);
    if (!step->alone && is_free(step, question))
        hit.triage = triage_find(step->service, in->input, step->arena);
    if (hit.triage.rule) /* "help he is hurting me" is no question about help */
        hit.keyword = NULL;
    hit.answers = !hit.keyword && (!hit.triage.rule || asks_for_words(question));
    return hit;
}

/* Whether what a keyword would do is done already. */
static bool holds(const struct step *step, const struct node *deed)
{
    switch (deed->effect) {
    case EFFECT_OPT_OUT:
        return step->person.opted_out;
    case EFFECT_OPT_IN:
        return !step->person.opted_out;
    default:
        return deed->speak && span_equal(step->state->lang, deed->speak->id);
    }
}

void listed_follow(struct step *step, const struct keyword *keyword)
{
    step->result->by_keyword = true;
    step->silent = keyword->once && holds(step, keyword->target);
    if (keyword->continues && (step->in->earlier || !step_node(step)))
        step_resume(step, true);
    else if (keyword->continues)
        step->notice = NOTICE_NONE; /* there is nothing else to go on with than the page at hand */
    else if (!step->silent)
        step_go(step, keyword->target);
    else if (!step_node(step)) /* nothing is sent, but whatever comes next has a page to answer */
        step_main(step);
}

static bool leads_to_danger(const struct step *step)
{
    if (step_node(step) == step->service->danger.node)
        return true;
    for (size_t i = 0; i < step->effect_count; i++)
        if (step->effects[i].urgency == URGENCY_DANGER)
            return true;
    return false;
}

enum answer_manner listed_manner(const struct step *step)
{
    struct span folded = step->in->answered ? wording_fold(step->in->input, step->arena) : SPAN_NONE;
    if (step->silent)
        return ANSWER_NOT;
    bool keyed = span_is_present(folded) && wording_is_digits(folded) && !step->result->bad_input;
    bool urgent = leads_to_danger(step);
    if (urgent && (keyed || step->alone)) /* no echo of ours is nothing but the word */
        return ANSWER_FREELY;
    if (keyed)
        return ANSWER_KEYED;
    return urgent ? ANSWER_URGENT : ANSWER_COUNTED;
}
