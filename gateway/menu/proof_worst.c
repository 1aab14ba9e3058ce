#include "menu/proof_worst.h"
#include <string.h>
#include "base/buffer.h"
#include "menu/dates.h"
#include "menu/scene.h"
#include "menu/template.h"

struct span worst_longer(struct span a, struct span b)
{
    struct measure left = screen_measure(a), right = screen_measure(b);
    bool heavier = right.encoding == left.encoding ? right.units > left.units : right.encoding == ENCODING_UCS2;
    return heavier ? b : a;
}

static enum request_state longest_state(const struct language *language)
{
    enum request_state longest = REQUEST_WAITING;
    for (enum request_state state = REQUEST_WAITING; state < REQUEST_STATES; state++)
        if (worst_longer(language->words.request_states[longest], language->words.request_states[state]).at ==
            language->words.request_states[state].at)
            longest = state;
    return longest;
}

/* Every request shows the longest kind in the longest state; all but a closed one, which cannot be chosen. */
void worst_person(struct round *round)
{
    struct request *requests = ARENA_ARRAY(round->arena, struct request, REQUESTS_SHOWN);
    size_t longest = 0;
    for (size_t k = 1; k < round->service->request_kind_count; k++)
        if (worst_longer(round->language->request_kinds[longest], round->language->request_kinds[k]).at ==
            round->language->request_kinds[k].at)
            longest = k;
    for (size_t i = 0; i < REQUESTS_SHOWN; i++) {
        requests[i].state = longest_state(round->language);
        requests[i].kind = round->service->request_kind_count ? round->service->request_kinds[longest] : SPAN("-");
        memcpy(requests[i].reference, SAMPLE_REFERENCE, sizeof requests[i].reference);
    }
    round->person = (struct person_view){.person = 1, .requests = requests, .request_count = REQUESTS_SHOWN};
}

/* Of a year from `now` the moment that takes most room: a day of this week or a date, the hour with the most digits. */
void worst_due(struct round *round)
{
    const int64_t day_ms = DAY_MINUTES * 60 * INT64_C(1000);
    struct span longest = SPAN("");
    round->now = day_ms / 2 - round->service->zone_minutes * 60 * INT64_C(1000);
    for (int64_t day = 0; day <= 366; day++) {
        int64_t at = round->now + day * day_ms + day_ms / 4;
        struct span due = date_words(round->service, round->language, at, round->now, round->arena);
        if (worst_longer(longest, due).at == due.at) {
            longest = due;
            round->due_at = at;
        }
    }
}

void worst_airtime(struct round *round)
{
    struct span free = round->language->words.airtime_free;
    struct span cost = template_airtime(round->language, false, round->channel->airtime_cost, round->arena);
    round->airtime = worst_longer(free, cost);
}

static struct span repeat(struct arena *arena, const char *letter, int64_t count)
{
    struct buffer text;
    buffer_init(&text, arena, 4096);
    for (int64_t i = 0; i < count; i++)
        buffer_add_text(&text, letter);
    return buffer_span(&text);
}

static struct span longest_option(const struct round *round, const struct question *question)
{
    struct span id = SPAN(""), words = SPAN("");
    for (size_t i = 0; i < question->option_count; i++) {
        struct span shown = template_answer(question, question->options[i].id, round->language->index, round->arena);
        if (worst_longer(words, shown).at == shown.at) {
            words = shown;
            id = question->options[i].id;
        }
    }
    return id;
}

static struct span longest_place(const struct round *round, const struct question *question)
{
    struct span id = longest_option(round, question), words = SPAN("");
    for (size_t i = 0; question->list && i < question->list->item_count; i++) {
        struct span shown = question->list->items[i].names[round->language->index];
        if (worst_longer(words, shown).at == shown.at) {
            words = shown;
            id = question->list->items[i].id;
        }
    }
    return id;
}

/* As many options as may be chosen, the longest one standing for each. */
static struct span longest_several(const struct round *round, const struct question *question)
{
    struct span id = longest_option(round, question);
    struct buffer all;
    buffer_init(&all, round->arena, 4096);
    for (int64_t i = 0; i < question->max && i < (int64_t)question->option_count; i++) {
        buffer_add_text(&all, i > 0 ? " " : "");
        buffer_add(&all, id);
    }
    return buffer_span(&all);
}

static struct span longest_answer(const struct round *round, const struct question *question, bool wide)
{
    switch (question->type) {
    case QUESTION_TEXT:
        return repeat(round->arena, wide ? "ক" : "W", question->max);
    case QUESTION_DIGITS:
        return repeat(round->arena, "8", question->max);
    case QUESTION_NUMBER:
        return arena_format(round->arena, "%lld", (long long)question->max);
    case QUESTION_DATE:
        return SPAN("2026-12-28");
    case QUESTION_SEVERAL:
        return longest_several(round, question);
    case QUESTION_REQUEST:
        return SPAN(SAMPLE_REFERENCE);
    default:
        return longest_place(round, question);
    }
}

static void fill_answer(struct round *round, const struct piece *piece, bool wide)
{
    if (piece->kind != PIECE_ANSWER || round->answer_count == ANSWERS_MAX)
        return;
    round->answers[round->answer_count++] =
        (struct answer){.field = piece->question->id, .value = longest_answer(round, piece->question, wide)};
}

void worst_answers(struct round *round, const struct template *template, bool wide)
{
    for (size_t i = 0; i < template->count; i++)
        fill_answer(round, &template->pieces[i], wide);
    for (size_t f = 0; f + 1 < template->form_count; f++)
        worst_answers(round, &template->forms[f], wide);
}

void worst_all_answers(struct round *round, const struct question *question, bool wide)
{
    size_t l = round->language->index;
    round->answer_count = 0;
    worst_answers(round, &question->titles[l], wide);
    worst_answers(round, &question->bodies[l], wide);
    for (size_t i = 0; i < question->option_count; i++)
        worst_answers(round, &question->options[i].texts[l], wide);
}
