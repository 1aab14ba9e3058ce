#include "menu/proof/proof_worst.h"
#include "base/buffer.h"
#include "base/duration.h"
#include "menu/drawing/dates.h"
#include "menu/drawing/scene.h"
#include "menu/drawing/template.h"

struct span worst_longer(struct span a, struct span b)
{
    struct measure left = screen_measure(a), right = screen_measure(b);
    bool heavier = right.encoding == left.encoding ? right.units > left.units : right.encoding == ENCODING_UCS2;
    return heavier ? b : a;
}

/* Of a year from `from`, a day at a time, the moment that takes most room at `now`. */
static int64_t widest_moment(const struct round *round, int64_t from, int64_t step_ms)
{
    struct span longest = SPAN("");
    int64_t widest = from;
    for (int64_t at = from, day = 0; day <= 366; day++, at += step_ms) {
        struct span words = date_words(round->service, round->language, at, round->now, round->arena);
        if (worst_longer(longest, words).at == words.at) {
            longest = words;
            widest = at;
        }
    }
    return widest;
}

/* Seen at noon; hours of two digits, as long as any. */
void worst_due(struct round *round)
{
    round->now = DAY_MS / 2 - round->service->zone_minutes * MINUTE_MS;
    round->due_at = widest_moment(round, round->now + DAY_MS / 4, DAY_MS);
    round->past_at = widest_moment(round, round->now - DAY_MS / 12, -DAY_MS);
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

static struct span longest_office(const struct round *round)
{
    struct span id = SPAN(""), name = SPAN("");
    for (size_t i = 0; i < round->service->office_count; i++) {
        const struct office *office = &round->service->offices[i];
        if (worst_longer(name, office->names[round->language->index]).at != office->names[round->language->index].at)
            continue;
        name = office->names[round->language->index];
        id = office->id;
    }
    return id;
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
    case QUESTION_OFFICE:
        return longest_office(round);
    default:
        return longest_place(round, question);
    }
}

static void fill_answer(struct round *round, const struct piece *piece, bool wide)
{
    if (piece->kind != PIECE_ANSWER || round->answer_count == ANSWERS_MAX)
        return;
    round->answers[round->answer_count++] = (struct answer){.field = question_field(piece->question),
                                                            .value = longest_answer(round, piece->question, wide)};
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

void worst_kept(struct round *round, const struct node *form, bool wide)
{
    round->kept_count = 0;
    for (size_t q = 0; q < form->question_count && round->kept_count < ANSWERS_MAX; q++)
        if (question_keeps_answer(&form->questions[q]))
            round->kept[round->kept_count++] =
                (struct answer){.field = question_field(&form->questions[q]),
                                .value = longest_answer(round, &form->questions[q], wide)};
}
