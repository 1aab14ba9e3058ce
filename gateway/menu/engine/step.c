#include "menu/engine/leaving.h"
#include "menu/engine/step.h"
#include "menu/drawing/office.h"

const struct node *step_node(const struct step *step)
{
    return service_find_node(step->service, step->state->at.node);
}

const struct question *step_question(const struct step *step)
{
    const struct node *node = step_node(step);
    if (!node || node->question_count == 0)
        return NULL;
    size_t index = node->kind == NODE_FORM ? step->state->form_step : 0;
    return &node->questions[index < node->question_count ? index : 0];
}

const struct language *step_language(const struct step *step)
{
    const struct language *language = service_find_language(step->service, step->state->lang);
    return language ? language : step->service->languages;
}

/* Answers count while their entry is open; those of an earlier session only once it is continued. */
struct facts step_facts(const struct step *step)
{
    return (struct facts){.service = step->service,
                          .person = &step->person,
                          .now = step->in->now,
                          .reference = step->state->reference,
                          .channel = step->in->channel,
                          .topic = step->state->topic,
                          .pin_open = pin_is_open(step),
                          .acting = step->state->acting != 0,
                          .keeps_something = leaving_keeps_something(step->service, &step->person),
                          .stored = step->in->answers,
                          .stored_count = step->state->entry ? step->in->answer_count : 0,
                          .fresh = &step->fresh,
                          .fresh_count = step->has_fresh,
                          .contact = step->has_contact ? &step->contact : NULL};
}

static struct span notice_words(const struct engine_words *words, enum notice notice)
{
    switch (notice) {
    case NOTICE_NONE:
        break;
    case NOTICE_BAD:
        return words->bad;
    case NOTICE_BAD_TEXT:
        return words->bad_text;
    case NOTICE_NO_MATCH:
        return words->no_match;
    case NOTICE_TOO_MANY:
        return words->too_many;
    case NOTICE_MOVED:
        return words->moved;
    case NOTICE_PIN_WRONG:
        return words->pin_wrong;
    case NOTICE_PIN_LOCKED:
        return words->pin_locked;
    }
    return SPAN_NONE;
}

/* A promise that was missed has another in its place. */
static int64_t promised_at(const struct request *request)
{
    return request->next_at > request->due_at ? request->next_at : request->due_at;
}

static void put_answer(struct answer *answers, size_t *count, const struct answer *answer)
{
    for (size_t i = 0; i < *count; i++)
        if (span_equal(answers[i].field, answer->field)) {
            answers[i] = *answer;
            return;
        }
    answers[(*count)++] = *answer;
}

/* What is held of the registration as this step leaves it: its own answers, under those that it has just brought. */
static const struct answer *kept_answers(const struct step *step, size_t *count)
{
    const struct engine_learned *learned = &step->in->learned;
    bool brought = step->registered_now || step->corrected_now;
    const struct facts open = step_facts(step);
    size_t room = learned->kept_count + open.stored_count + open.fresh_count;
    struct answer *answers = ARENA_ARRAY(step->arena, struct answer, room);
    *count = 0;
    for (size_t i = 0; step->person.registered && !step->registered_now && i < learned->kept_count; i++)
        put_answer(answers, count, &learned->kept[i]);
    for (size_t i = 0; brought && i < open.stored_count; i++)
        put_answer(answers, count, &open.stored[i]);
    for (size_t i = 0; brought && i < open.fresh_count; i++)
        put_answer(answers, count, &open.fresh[i]);
    return answers;
}

bool step_wants_kept(const struct step *step)
{
    const struct question *question = step_question(step);
    return question && question->lists_kept && step->person.registered && !step->registered_now &&
           !step->in->learned.has_kept;
}

struct scene step_scene(const struct step *step)
{
    const struct person_view *person = &step->person;
    const struct facts facts = step_facts(step);
    const struct request *spoken = step->state->reference[0] ? facts_request(&facts) : NULL;
    const struct request *latest = spoken ? spoken : person->request_count > 0 ? person->requests : NULL;
    bool registered_last = person->registration && (!latest || person->registered_at > latest->created_at);
    const struct language *language = step_language(step);
    struct scene scene = {.service = step->service,
                          .language = language,
                          .question = step_question(step),
                          .carrier = step->in->carrier,
                          .facts = facts,
                          .reference = latest ? latest->reference : "",
                          .due_at = latest ? promised_at(latest) : 0,
                          .airtime =
                              template_airtime(language, step->in->airtime_free, step->in->airtime_cost, step->arena)};
    if (registered_last)
        scene.reference = person->registration;
    if (step->used_reference)
        scene.reference = step->in->reference;
    if (step->due_at)
        scene.due_at = step->due_at;
    if (scene.question && scene.question->lists_kept)
        scene.kept = kept_answers(step, &scene.kept_count);
    scene.notice = notice_words(&scene.language->words, step->notice);
    scene.office = office_meant(step->service, &scene.facts);
    return scene;
}

struct effect *step_add_effect(struct step *step, enum effect_kind kind)
{
    if (step->effect_count == STEP_EFFECTS_MAX) {
        step_break(step, step->state->at.node);
        step->effect_count--;
    }
    struct effect *effect = &step->effects[step->effect_count++];
    *effect = (struct effect){.kind = kind};
    return effect;
}

void step_break(struct step *step, struct span where)
{
    if (step->broken)
        return;
    step->broken = true;
    step->broken_at = span_is_present(where) ? arena_text(step->arena, where) : "the first page";
}
