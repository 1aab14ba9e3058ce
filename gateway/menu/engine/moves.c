#include <string.h>
#include "menu/engine/step.h"

static void forget_way(struct session_state *state)
{
    state->history_count = 0;
}

static void remember_way(struct step *step)
{
    struct session_state *state = step->state;
    const struct node *node = step_node(step);
    if (!node || node == step->service->resume.node)
        return;
    if (state->history_count == HISTORY_MAX) {
        memmove(state->history, state->history + 1, (HISTORY_MAX - 1) * sizeof *state->history);
        state->history_count--;
    }
    uint16_t page = node->kind == NODE_FORM ? state->form_step : node->kind == NODE_ASK ? 0 : state->at.page;
    state->history[state->history_count++] = (struct place){node->id, page};
}

static bool keeps_answers(const struct node *node)
{
    return node->kind == NODE_FORM || node->kind == NODE_ASK;
}

/* A form begins: another one that lies on the way back is over, its entry will not take more answers. */
static void begin_form(struct step *step, const struct node *form)
{
    struct session_state *state = step->state;
    uint8_t kept = 0;
    for (uint8_t i = 0; i < state->history_count; i++) {
        const struct node *node = service_find_node(step->service, state->history[i].node);
        if (node && !keeps_answers(node))
            state->history[kept++] = state->history[i];
    }
    state->history_count = kept;
    if (form->questions[0].type == QUESTION_OFFICE)
        return; /* one more answer about what was asked just before: the area */
    if (step->in->earlier)
        step_add_effect(step, EFFECT_RESTART); /* whoever begins another form no longer waits for the earlier one */
    state->entry = 0;
    step->opened = false;
}

/* The first question from `index` on that is to be asked; question_count when there is none. */
static size_t next_asked(const struct step *step, const struct node *form, size_t index)
{
    struct facts facts = step_facts(step);
    while (index < form->question_count &&
           (!facts_hold(&facts, &form->questions[index].condition) || pin_keeps_from(step, &form->questions[index])))
        index++;
    return index;
}

static void stand_at(struct step *step, const struct node *node, uint16_t page)
{
    struct session_state *state = step->state;
    state->at = (struct place){node->id, page};
    state->bad_answers = 0;
    if (span_is_present(node->topic))
        state->topic = node->topic;
}

static const struct node *enter_form(struct step *step, const struct node *form)
{
    if (form == step->service->pin.node) { /* it stands between: what was begun before it goes on behind it */
        stand_at(step, form, 0);
        step->state->form_step = 0;
        return NULL;
    }
    begin_form(step, form);
    size_t first = form->kind == NODE_ASK ? 0 : next_asked(step, form, 0);
    if (first == form->question_count)
        return form->then;
    stand_at(step, form, 0);
    step->state->form_step = (uint8_t)first;
    return NULL;
}

static const struct node *enter_page(struct step *step, const struct node *page)
{
    if (page == step->service->known.node) {
        forget_way(step->state);
        step->state->topic = SPAN_NONE;
        step->state->reference[0] = '\0';
    }
    step->state->form_step = 0;
    stand_at(step, page, 0);
    return NULL;
}

static bool asks_how_to_reach(const struct node *branch)
{
    for (size_t i = 0; i < branch->case_count; i++)
        if (branch->cases[i].condition.kind == CONDITION_CALLS_ALLOWED ||
            branch->cases[i].condition.kind == CONDITION_TEXTS_ALLOWED)
            return true;
    return false;
}

static const struct node *choose_case(struct step *step, const struct node *branch)
{
    if (asks_how_to_reach(branch))
        deed_learn_contact(step);
    struct facts facts = step_facts(step);
    for (size_t i = 0; i < branch->case_count; i++)
        if (facts_hold(&facts, &branch->cases[i].condition))
            return branch->cases[i].target;
    return branch->then;
}

/* A deed done on the way; a replay stops before it. The language alone may be set by a dialled chain. */
static const struct node *do_deed(struct step *step, const struct node *deed)
{
    if (step->in->replay && deed->effect != EFFECT_SET_LANGUAGE) {
        step->held = true;
        return NULL;
    }
    step_perform(step, deed);
    return deed->then;
}

static const struct node *enter(struct step *step, const struct node *node)
{
    if (node == step->service->known.node)
        pin_close(step);
    switch (node->kind) {
    case NODE_MENU:
    case NODE_PAGE:
        return enter_page(step, node);
    case NODE_ASK:
    case NODE_FORM:
        return enter_form(step, node);
    case NODE_DO:
        return do_deed(step, node);
    case NODE_BRANCH:
        return choose_case(step, node);
    }
    return NULL;
}

void step_arrive(struct step *step, const struct node *target)
{
    for (unsigned hops = 0; target; hops++) {
        if (hops == STEP_HOPS_MAX) {
            step_break(step, target->id);
            return;
        }
        target = enter(step, pin_guard(step, target));
    }
}

void step_go(struct step *step, const struct node *target)
{
    if (!target) {
        step_break(step, step->state->at.node);
        return;
    }
    remember_way(step);
    if (step_node(step) != step->service->pin.node)
        step->state->wanted = SPAN_NONE; /* what the PIN page was to lead to is not wanted any more */
    step_arrive(step, target);
}

void step_main(struct step *step)
{
    const struct service *service = step->service;
    forget_way(step->state);
    pin_close(step);
    step->state->topic = SPAN_NONE;
    step_arrive(step, span_is_present(step->state->lang) ? service->known.node : service->first.node);
}

static bool back_within_form(struct step *step, const struct node *form)
{
    struct facts facts = step_facts(step);
    for (size_t i = step->state->form_step; i > 0; i--)
        if (facts_hold(&facts, &form->questions[i - 1].condition) && !pin_keeps_from(step, &form->questions[i - 1])) {
            step->state->form_step = (uint8_t)(i - 1);
            step->state->bad_answers = 0;
            return true;
        }
    return false;
}

static bool back_within_pages(struct step *step, const struct question *question)
{
    struct session_state *state = step->state;
    struct place_match match;
    unsigned page;
    if (!question || state->at.page == 0)
        return false;
    state->bad_answers = 0;
    if (question->type != QUESTION_PLACE)
        state->at.page--;
    else if (!place_unpack(question->list, state->at.page, &match, &page) || page == 0 ||
             !place_pack(match, page - 1, &state->at.page))
        state->at.page = 0;
    return true;
}

static void return_to(struct step *step, const struct node *node, uint16_t page)
{
    struct session_state *state = step->state;
    bool resumes = node->kind == NODE_FORM && state->entry != 0 && page < node->question_count;
    if (keeps_answers(node) && !resumes) {
        step_arrive(step, node);
        return;
    }
    if (node == step->service->known.node)
        pin_close(step);
    state->form_step = resumes ? (uint8_t)page : 0;
    stand_at(step, node, resumes ? 0 : page);
}

void step_back(struct step *step)
{
    struct session_state *state = step->state;
    const struct node *node = step_node(step);
    if (back_within_pages(step, step_question(step)))
        return;
    if (node && node->kind == NODE_FORM && back_within_form(step, node))
        return;
    while (state->history_count > 0) {
        const struct place *place = &state->history[--state->history_count];
        const struct node *earlier = service_find_node(step->service, place->node);
        if (earlier && earlier->question_count > 0) {
            return_to(step, earlier, place->page);
            return;
        }
    }
    if (node && node->parent && node != step->service->first.node && span_is_present(state->lang))
        step_arrive(step, node->parent);
    else
        step_main(step);
}

void step_advance(struct step *step)
{
    const struct node *form = step_node(step);
    size_t next = form->kind == NODE_FORM ? next_asked(step, form, step->state->form_step + 1u) : form->question_count;
    step->state->bad_answers = 0;
    step->state->at.page = 0;
    if (next < form->question_count)
        step->state->form_step = (uint8_t)next;
    else
        step_go(step, form->then);
}

void step_save_answer(struct step *step, const struct node *node, const struct question *question, struct span value)
{
    if (step->state->entry == 0 && !step->opened)
        step_add_effect(step, EFFECT_OPEN_ENTRY)->name = node->id;
    step->opened = true;
    step->fresh = (struct answer){question_field(question), value, question->sensitive};
    step->has_fresh = true;
    step_add_effect(step, EFFECT_SAVE_ANSWER)->answer = step->fresh;
    if (node->amends)
        deed_join(step);
    step->result->meaning = value;
    step_advance(step);
}

void step_bad(struct step *step, enum notice notice)
{
    const struct node *offer = step->service->help_offer.node;
    step->result->bad_input = true;
    step->notice = notice;
    if (++step->state->bad_answers < BAD_ANSWERS_MAX)
        return;
    step->state->bad_answers = 0;
    if (step_node(step) == offer)
        return;
    step->notice = NOTICE_NONE;
    step_go(step, offer);
}
