#include <string.h>
#include "base/buffer.h"
#include "menu/drawing/office.h"
#include "menu/engine/typed_answers.h"
#include "menu/service/wording.h"
#include "text/digits.h"

#define JOINED_MAX 1024

static void leave_menu(struct step *step, const struct node *node, const struct option *option)
{
    if (node == step->service->resume.node && !option->target)
        step_resume(step, span_equal_text(option->id, "continue"));
    else
        step_go(step, option->target);
}

static void choose(struct step *step, const struct node *node, const struct question *question,
                   const struct option *option)
{
    step->result->meaning = option->id;
    if (span_is_present(option->topic))
        step->state->topic = option->topic;
    if (option->speak) {
        step->state->lang = option->speak->id;
        step_add_effect(step, EFFECT_SET_LANGUAGE);
    }
    if (question->type == QUESTION_MENU)
        leave_menu(step, node, option);
    else if (option->target)
        step_go(step, option->target);
    else if (option->ask) {
        step->state->form_step = option->ask->index;
        step->state->at.page = 0;
        step->state->bad_answers = 0;
    } else
        step_save_answer(step, node, question, option->id);
}

static const struct option *find_key(const struct step *step, const struct question *question, struct span key)
{
    struct facts facts = step_facts(step);
    for (size_t i = 0; i < question->option_count && key.len > 0; i++) {
        const struct option *option = &question->options[i];
        if (span_equal_text(key, option->key) && !option->hidden && facts_hold(&facts, &option->condition))
            return option;
    }
    return NULL;
}

static void take_several(struct step *step, const struct node *node, const struct question *question)
{
    char keys[16];
    size_t count = 0;
    struct buffer joined;
    if (question->max > (int64_t)sizeof keys || !digits_several(step->in->input, keys, (size_t)question->max, &count) ||
        count < (size_t)question->min) {
        step_bad(step, NOTICE_BAD);
        return;
    }
    buffer_init(&joined, step->arena, JOINED_MAX);
    for (size_t i = 0; i < count; i++) {
        const struct option *option = find_key(step, question, (struct span){&keys[i], 1});
        if (!option || ((option->alone || option->target || option->ask) && count > 1)) {
            step_bad(step, NOTICE_BAD);
            return;
        }
        if (option->target || option->ask) {
            choose(step, node, question, option);
            return;
        }
        buffer_add_text(&joined, i > 0 ? " " : "");
        buffer_add(&joined, option->id);
    }
    step_save_answer(step, node, question, buffer_span(&joined));
}

/* Which request is spoken of from here on. It is no answer: nothing of it is kept but where the session stands. */
static void take_request(struct step *step, struct span key)
{
    struct facts facts = step_facts(step);
    size_t number = key.len == 1 ? (size_t)(key.at[0] - '0') : 0;
    const struct request *request = scene_request(&facts, number);
    if (!request) {
        step_bad(step, NOTICE_BAD);
        return;
    }
    memcpy(step->state->reference, request->reference, sizeof step->state->reference);
    step->result->meaning = arena_copy(step->arena, span_of(request->reference));
    step_advance(step);
}

static void take_office(struct step *step, const struct node *node, const struct question *question, struct span key)
{
    struct facts facts = step_facts(step);
    const struct office *office = office_of_key(step->service, &facts, key);
    if (office)
        step_save_answer(step, node, question, office->id);
    else
        step_bad(step, NOTICE_BAD);
}

static void look_up_place(struct step *step, const struct node *node, const struct question *question)
{
    const struct list_item *items[PLACE_CHOICES];
    struct span folded = wording_fold_case(step->in->input, step->arena);
    struct place_match match = {0, 0};
    if (span_is_present(folded))
        match = place_find(question->list, folded);
    const struct list_item *exact = match.count ? place_exact(question->list, match, folded) : NULL;
    size_t found = place_items(question->list, match, items, PLACE_CHOICES);
    if (exact && found == 1)
        step_save_answer(step, node, question, exact->id);
    else if (found == 0)
        step_bad(step, NOTICE_NO_MATCH);
    else if (found > PLACE_CHOICES || !place_pack(match, 0, &step->state->at.page))
        step_bad(step, NOTICE_TOO_MANY);
    else
        step->state->bad_answers = 0;
}

static void take_place(struct step *step, const struct node *node, const struct question *question, struct span key)
{
    const struct list_item *items[PLACE_CHOICES];
    struct place_match match;
    unsigned page;
    bool chosen = key.len == 1 && place_unpack(question->list, step->state->at.page, &match, &page);
    size_t count = chosen ? place_items(question->list, match, items, PLACE_CHOICES) : 0;
    size_t number = key.len == 1 ? (size_t)(key.at[0] - '0') : 0;
    if (key.len == 0)
        look_up_place(step, node, question);
    else if (number > 0 && number <= count && number <= PLACE_CHOICES)
        step_save_answer(step, node, question, items[number - 1]->id);
    else
        step_bad(step, NOTICE_BAD);
}

static void take_typed(struct step *step, const struct node *node, const struct question *question, struct span key)
{
    switch (question->type) {
    case QUESTION_MENU:
    case QUESTION_CHOICE:
        step_bad(step, NOTICE_BAD);
        break;
    case QUESTION_SEVERAL:
        take_several(step, node, question);
        break;
    case QUESTION_NUMBER:
        answer_take_number(step, node, question);
        break;
    case QUESTION_DIGITS:
        answer_take_digits(step, node, question);
        break;
    case QUESTION_TEXT:
        answer_take_text(step, node, question);
        break;
    case QUESTION_DATE:
        answer_take_date(step, node, question);
        break;
    case QUESTION_PIN:
        pin_choose(step);
        break;
    case QUESTION_CHECK_PIN:
        pin_check(step, question);
        break;
    case QUESTION_REFERENCE:
        pin_take_reference(step);
        break;
    case QUESTION_PLACE:
        take_place(step, node, question, key);
        break;
    case QUESTION_REQUEST:
        take_request(step, key);
        break;
    case QUESTION_OFFICE:
        take_office(step, node, question, key);
        break;
    }
}

void step_answer(struct step *step, const struct node *node, const struct question *question)
{
    struct span key = digits_key(step->in->input, step->arena);
    bool choosing_place = question->type == QUESTION_PLACE && step->state->at.page != 0;
    const struct option *option = choosing_place ? NULL : find_key(step, question, key);
    if (question->skip && span_equal_text(key, "9"))
        step_advance(step);
    else if (option && question->type != QUESTION_SEVERAL)
        choose(step, node, question, option);
    else
        take_typed(step, node, question, key);
}
