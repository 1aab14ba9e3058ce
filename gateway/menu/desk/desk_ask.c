/* What somebody at the desk asks in the place of a form: the questions whose answers say when and how it is safe to reach somebody. */
#include "menu/desk.h"
#include "menu/service/model.h"

static bool names(const struct contact_case *one, struct span field, struct span value)
{
    for (size_t i = 0; span_equal(one->field, field) && i < one->value_count; i++)
        if (span_equal(one->values[i], value))
            return true;
    return false;
}

static bool is_of_texts_only(const struct contact_case *one)
{
    return one->may_call && !one->has_hours && !span_is_present(one->number) && (one->may_text || one->no_texts);
}

/* Whether texts are allowed is asked at the desk in its own words; another number is typed as the number. */
static bool is_offered(const struct desk_data *desk, struct span field, struct span value)
{
    bool has_cases = false, is_named = false;
    for (size_t i = 0; i < desk->case_count; i++) {
        has_cases = has_cases || span_equal(desk->cases[i].field, field);
        if (!names(&desk->cases[i], field, value))
            continue;
        if (span_is_present(desk->cases[i].number) || is_of_texts_only(&desk->cases[i]))
            return false;
        is_named = true;
    }
    for (size_t i = 0; i < desk->said_count && !has_cases; i++)
        is_named = is_named || span_equal(desk->said[i], field);
    return is_named;
}

static bool asks_for(const struct question *question, struct span field)
{
    bool has_choices = question->type == QUESTION_CHOICE || question->type == QUESTION_SEVERAL;
    return has_choices && question_keeps_answer(question) && span_equal(question_field(question), field);
}

/* ---- all that a field may be answered with ---- */

typedef void take_option(void *to, const struct question *question, const struct option *option);

static void each_option(const struct service *service, struct span field, take_option *take, void *to)
{
    for (size_t n = 0; n < service->node_count; n++)
        for (size_t q = 0; q < service->nodes[n].question_count; q++) {
            const struct question *question = &service->nodes[n].questions[q];
            for (size_t i = 0; asks_for(question, field) && i < question->option_count; i++)
                if (is_offered(&service->desk, field, question->options[i].id))
                    take(to, question, &question->options[i]);
        }
}

struct finding {
    struct answer *answer;
    bool is_found;
};

static void compare(void *to, const struct question *question, const struct option *option)
{
    struct finding *finding = to;
    finding->answer->sensitive = finding->answer->sensitive || question->sensitive;
    finding->is_found = finding->is_found || span_equal(option->id, finding->answer->value);
}

bool desk_may_answer(const struct service *service, struct answer *answer)
{
    struct finding finding = {.answer = answer};
    answer->sensitive = false;
    each_option(service, answer->field, compare, &finding);
    return finding.is_found;
}

/* ---- in words ---- */

struct listing {
    const struct service *service;
    struct span lang;
    struct arena *arena;
    struct desk_question *out;
};

static void add_choice(void *to, const struct question *question, const struct option *option)
{
    const struct listing *listing = to;
    struct desk_question *out = listing->out;
    struct answer_words words;
    (void)question;
    for (size_t i = 0; i < out->choice_count; i++)
        if (span_equal(out->choices[i].id, option->id))
            return;
    if (out->choice_count == DESK_CHOICES_MAX)
        return;
    desk_answer_words(listing->service, SPAN_NONE, &(struct answer){.field = out->field, .value = option->id},
                      listing->lang, listing->arena, &words);
    if (out->choice_count == 0)
        out->words = words.question;
    out->choices[out->choice_count++] = (struct desk_choice){option->id, words.answer};
}

static void add_question(struct listing *listing, struct desk_question *questions, size_t *count, struct span field)
{
    for (size_t i = 0; i < *count; i++)
        if (span_equal(questions[i].field, field))
            return;
    if (*count == DESK_QUESTIONS_MAX)
        return;
    listing->out = &questions[*count];
    *listing->out = (struct desk_question){.field = field};
    listing->out->choices = ARENA_ARRAY(listing->arena, struct desk_choice, DESK_CHOICES_MAX);
    each_option(listing->service, field, add_choice, listing);
    if (listing->out->choice_count > 0)
        ++*count;
}

size_t desk_questions(const struct service *service, struct span lang, struct arena *arena, struct desk_question **out)
{
    const struct desk_data *desk = &service->desk;
    struct listing listing = {.service = service, .lang = lang, .arena = arena};
    size_t count = 0;
    *out = ARENA_ARRAY(arena, struct desk_question, DESK_QUESTIONS_MAX);
    for (size_t i = 0; i < desk->case_count; i++)
        add_question(&listing, *out, &count, desk->cases[i].field);
    for (size_t i = 0; i < desk->said_count; i++)
        add_question(&listing, *out, &count, desk->said[i]);
    return count;
}
