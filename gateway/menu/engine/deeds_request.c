/* What is done to a request that is there: the one that the session speaks of, else the latest open one. */
#include <string.h>
#include "menu/desk.h"
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

static bool is_asked(const struct step *step, const struct request *request)
{
    return strcmp(step->in->learned.asked, request->reference) == 0;
}

/* What was made in this step is this service's. */
static bool may_be_anothers(const struct step *step, const struct request *request)
{
    bool may_be = step->in->others_served;
    for (size_t i = 0; i < step->effect_count && may_be; i++)
        may_be = step->effects[i].kind != EFFECT_REQUEST || strcmp(step->effects[i].reference, request->reference) != 0;
    return may_be;
}

/* What was answered of it lies in the file, where hours are asked for at all, and whose it is where there is more than one service:
 * the core says it first. It tells of one request in a step; of another, for its service alone, it is not asked. */
static bool knows_hours(struct step *step, const struct request *request)
{
    struct engine_want *want = &step->result->wants;
    const bool is_open_form = request->entry == 0 || request->entry == step->state->entry;
    const bool has_answers = !is_open_form && step->service->desk.case_count > 0;
    const bool has_service = step->in->learned.asked[0] == '\0' && may_be_anothers(step, request);
    if (is_asked(step, request) || (!has_answers && !has_service))
        return true;
    want->kind = WANT_ASKED;
    memcpy(want->reference, request->reference, sizeof want->reference);
    return false;
}

/* Whose calendar and rules say when it is due. */
static const struct service *service_of(const struct step *step, const struct request *request)
{
    const struct service *another = is_asked(step, request) ? step->in->learned.asked_service : NULL;
    return another ? another : step->service;
}

/* The answers of the open form are those of this request: it was made or amended by them in this step, or they join it one by one. */
static bool is_of_open_form(const struct step *step, const struct request *request)
{
    bool is_of = request->entry != 0 && request->entry == step->state->entry;
    for (size_t i = 0; i < step->effect_count && !is_of; i++)
        is_of = (step->effects[i].kind == EFFECT_REQUEST || step->effects[i].kind == EFFECT_AMEND) &&
                strcmp(step->effects[i].reference, request->reference) == 0;
    return is_of;
}

static void rule_of(const struct step *step, const struct request *request, struct contact_rule *rule)
{
    const struct deed_answers answers = deed_answers(step, request);
    contact_rule_of(service_of(step, request), answers.at,
                    is_of_open_form(step, request) ? answers.count : answers.given, rule);
}

void deed_learn_contact(struct step *step)
{
    const struct facts facts = step_facts(step);
    const struct request *request = facts_request(&facts);
    if (!request || !knows_hours(step, request))
        return;
    rule_of(step, request, &step->contact);
    step->has_contact = true;
}

void deed_urge(struct step *step, const struct node *deed)
{
    struct request *request = find_open(step);
    if (!request || !knows_hours(step, request))
        return;
    struct contact_rule rule;
    rule_of(step, request, &rule);
    struct effect *effect = change(step, EFFECT_URGE, request, STEP_URGED);
    effect->urgency = deed->urgency;
    effect->due_at = contact_due(service_of(step, request), &rule, deed->urgency, step->in->now);
    request_urge(request, effect->urgency, effect->due_at, step->in->now);
}

/* When it is due, once what was answered after the first `before` counts as well. 0: by when it was; they may be called as ever. */
static int64_t move_due(struct step *step, struct request *request, const struct deed_answers *answers, size_t before)
{
    const struct service *service = service_of(step, request);
    struct contact_rule had, has;
    contact_rule_of(service, answers->at, before, &had);
    contact_rule_of(service, answers->at, answers->count, &has);
    if (contact_same_hours(&had, &has))
        return 0;
    const int64_t due_at = contact_due_since(service, &has, request->urgency, request->created_at, step->in->now);
    request_move(request, due_at, step->in->now);
    return due_at;
}

/* Without an answer there is nothing to add. What has joined it answer by answer has moved it then. */
void deed_amend(struct step *step)
{
    struct request *request = find_open(step);
    if (!request || (step->state->entry == 0 && !step->opened) || !knows_hours(step, request))
        return;
    const bool has_joined = request->entry != 0 && request->entry == step->state->entry;
    const struct deed_answers answers = deed_answers(step, request);
    struct effect *effect = change(step, EFFECT_AMEND, request, STEP_CHANGED);
    effect->due_at = has_joined ? 0 : move_due(step, request, &answers, answers.given);
}

/* Before the form's end, which a line that drops never comes to: "do not call this phone" must not be lost with it. */
void deed_join(struct step *step)
{
    struct request *request = find_open(step);
    if (!request || !knows_hours(step, request))
        return;
    const struct deed_answers answers = deed_answers(step, request);
    struct effect *effect = step_add_effect(step, EFFECT_JOIN);
    memcpy(effect->reference, request->reference, sizeof effect->reference);
    effect->answer = step->fresh;
    effect->due_at = move_due(step, request, &answers, answers.given + answers.stored);
}
