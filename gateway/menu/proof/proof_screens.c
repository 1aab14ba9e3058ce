#include <string.h>
#include "menu/drawing/kept.h"
#include "menu/drawing/office.h"
#include "menu/proof/proof_parts.h"
#include "menu/proof/proof_worst.h"
#include "menu/drawing/scene.h"
#include "menu/drawing/template.h"

static struct origin where(const struct round *round, const struct question *question)
{
    size_t l = round->language->index;
    if (question->bodies[l].count > 0)
        return question->bodies[l].origin;
    return question->titles[l].count > 0 ? question->titles[l].origin : question->origin;
}

static size_t count_keys(const struct question *question, struct span page)
{
    size_t count = 0;
    for (struct span rest = page; span_is_present(rest);) {
        struct span line = span_cut(&rest, '\n');
        bool key = false;
        for (size_t i = 0; i < question->option_count && !key; i++) {
            size_t len = strlen(question->options[i].key);
            key =
                len > 0 && line.len > len && memcmp(line.at, question->options[i].key, len) == 0 && line.at[len] == ' ';
        }
        count += key;
    }
    return count;
}

static void measure_page(struct round *round, const struct question *question, struct span page)
{
    struct measure measure = screen_measure(page);
    struct origin at = where(round, question);
    size_t *longest = measure.encoding == ENCODING_GSM7 ? &round->counts->longest_gsm7 : &round->counts->longest_ucs2;
    if (measure.units > *longest && round->channel->carrier.paged)
        *longest = measure.units;
    size_t keys = count_keys(question, page);
    if (keys > round->counts->most_keys && round->channel->carrier.paged)
        round->counts->most_keys = keys;
    if (keys > OPTIONS_ON_A_PAGE && round->channel->carrier.paged)
        problems_add(round->problems, at.file, at.line, "\"%.*s\" shows %zu options on one page; at most %d are read",
                     SPAN_ARG(question->id), keys, OPTIONS_ON_A_PAGE);
    round->counts->pages++;
}

static void prove_scene(struct round *round, struct scene *scene)
{
    const struct question *question = scene->question;
    struct origin at = where(round, question);
    struct drawn drawn;
    struct error err;
    if (round->problems->count > round->findings)
        return;
    enum outcome outcome = scene_draw(scene, round->scratch, &drawn, &err);
    round->counts->screens++;
    if (outcome != OUTCOME_OK)
        problems_add(round->problems, at.file, at.line, "\"%.*s\" in \"%.*s\" on %s: %s", SPAN_ARG(question->id),
                     SPAN_ARG(round->language->id), round->channel->name, err.text);
    else if (question->node->ends && drawn.page_count > 1)
        problems_add(round->problems, at.file, at.line,
                     "\"%.*s\" in \"%.*s\" takes %zu pages on %s: a page that ends the call has to be one",
                     SPAN_ARG(question->id), SPAN_ARG(round->language->id), drawn.page_count, round->channel->name);
    for (size_t i = 0; outcome == OUTCOME_OK && i < drawn.page_count && round->problems->count == round->findings; i++)
        measure_page(round, question, drawn.pages[i]);
    arena_reset(round->scratch);
}

static struct scene scene_of(const struct round *round, const struct question *question)
{
    return (struct scene){.service = round->service,
                          .language = round->language,
                          .question = question,
                          .carrier = &round->channel->carrier,
                          .facts = {.service = round->service,
                                    .person = &round->person,
                                    .now = round->now,
                                    .reference = SAMPLE_REFERENCE,
                                    .stored = round->answers,
                                    .stored_count = round->answer_count,
                                    .channel = round->channel->carrier.paged ? CHANNEL_USSD : CHANNEL_SMS},
                          .reference = SAMPLE_REFERENCE,
                          .due_at = round->due_at,
                          .airtime = round->airtime,
                          .unhidden = true};
}

/* As drawn for the first time, and below the longest line that may stand above it. */
static void prove_with_notices(struct round *round, struct scene *scene)
{
    const struct engine_words *words = &round->language->words;
    struct span notice = worst_longer(
        words->bad,
        worst_longer(words->bad_text, worst_longer(words->moved, worst_longer(words->no_match, words->too_many))));
    if (scene->question->type == QUESTION_CHECK_PIN)
        notice = worst_longer(notice, worst_longer(words->pin_wrong, words->pin_locked));
    scene->notice = SPAN_NONE;
    prove_scene(round, scene);
    if (scene->question->node->ends)
        return;
    scene->notice = notice;
    prove_scene(round, scene);
}

static bool question_shows_request(const struct question *question, size_t language)
{
    bool shows =
        template_shows_request(&question->titles[language]) || template_shows_request(&question->bodies[language]);
    for (size_t i = 0; i < question->option_count; i++)
        shows = shows || template_shows_request(&question->options[i].texts[language]);
    return shows;
}

/* A page that speaks of one request, for every way in which that may stand. */
static void prove_requests(struct round *round, struct scene *scene)
{
    if (!question_shows_request(scene->question, round->language->index)) {
        prove_with_notices(round, scene);
        return;
    }
    for (size_t way = 0; worst_request(round, way); way++)
        prove_with_notices(round, scene);
}

static bool question_shows_office(const struct question *question, size_t language)
{
    return template_shows_office(&question->titles[language]) || template_shows_office(&question->bodies[language]);
}

static void prove_offices(struct round *round, struct scene *scene)
{
    struct span topic = scene->question->node->topic;
    for (size_t i = 0; i < round->service->office_count; i++) {
        const struct office *office = &round->service->offices[i];
        if (span_is_present(topic) && !office_is_about(office, topic))
            continue;
        scene->office = office;
        prove_requests(round, scene);
    }
}

/* Whatever is typed, what is found stands side by side in the index: so each six that stand together are drawn. */
static void prove_places(struct round *round, struct scene *scene)
{
    const struct list *list = scene->question->list;
    for (size_t start = 0; start < list->index_count; start++) {
        size_t left = list->index_count - start;
        scene->match = (struct place_match){start, left < PLACE_CHOICES ? left : PLACE_CHOICES};
        prove_with_notices(round, scene);
    }
    scene->match = (struct place_match){0, 0};
}

static void prove_office_list(struct round *round, struct scene *scene, const struct office *one)
{
    const struct office *offices[OFFICES_OFFERED];
    const struct origin at = one->origin;
    struct answer area = {.field = SPAN("area"), .value = one->area};
    scene->facts.fresh = &area;
    scene->facts.fresh_count = span_is_present(one->area);
    size_t count = office_list(round->service, scene->facts.topic, one->area, offices, OFFICES_OFFERED);
    if (count > OFFICES_OFFERED && round->problems->count == round->findings)
        problems_add(round->problems, at.file, at.line,
                     "%zu offices are about \"%.*s\" here: a question of type office offers at most %d", count,
                     SPAN_ARG(scene->facts.topic), OFFICES_OFFERED);
    prove_with_notices(round, scene);
    scene->facts.fresh_count = 0;
}

/* What is offered for each topic in each area. */
static void prove_office_lists(struct round *round, struct scene *scene)
{
    struct span topic = scene->question->node->topic;
    for (size_t i = 0; i < round->service->office_count; i++) {
        const struct office *office = &round->service->offices[i];
        for (size_t t = 0; t < office->topic_count; t++) {
            scene->facts.topic = office->topics[t];
            if (!span_is_present(topic) || span_equal(topic, office->topics[t]))
                prove_office_list(round, scene, office);
        }
    }
}

static void prove_kept(struct round *round, struct scene *scene, bool wide)
{
    for (size_t i = 0; i < round->service->node_count; i++) {
        if (!kept_comes_of(&round->service->nodes[i]))
            continue;
        worst_kept(round, &round->service->nodes[i], wide);
        scene->kept = round->kept;
        scene->kept_count = round->kept_count;
        prove_with_notices(round, scene);
    }
}

static void prove_question(struct round *round, const struct question *question)
{
    round->findings = round->problems->count;
    worst_person(round, question->type == QUESTION_REQUEST);
    for (int wide = 0; wide <= 1; wide++) {
        worst_all_answers(round, question, wide);
        struct scene scene = scene_of(round, question);
        if (question_shows_office(question, round->language->index))
            prove_offices(round, &scene);
        else
            prove_requests(round, &scene);
        if (question->type == QUESTION_PLACE)
            prove_places(round, &scene);
        if (question->type == QUESTION_OFFICE)
            prove_office_lists(round, &scene);
        if (question->lists_kept)
            prove_kept(round, &scene, wide);
        if (round->answer_count == 0 && !question->lists_kept)
            break;
    }
}

/* A text that is asked for goes out by itself: it has to fit where texts go. */
static void prove_text_me(struct round *round, const struct node *node)
{
    const struct template *template = &node->texts[round->language->index];
    bool sensitive = false;
    round->answer_count = 0;
    worst_answers(round, template, false);
    const struct question blank = {.node = (struct node *)node};
    struct scene scene = scene_of(round, &blank);
    struct template_values values = scene_values(&scene);
    for (size_t i = 0; i < (round->service->office_count ? round->service->office_count : 1); i++) {
        values.office = round->service->office_count ? &round->service->offices[i] : NULL;
        struct span text = template_fill(template, &values, round->scratch, &sensitive);
        if (!screen_fits(text, &round->channel->carrier)) {
            problems_add(round->problems, template->origin.file, template->origin.line,
                         "the text of \"%.*s\" in \"%.*s\" is too long for %s", SPAN_ARG(node->id),
                         SPAN_ARG(round->language->id), round->channel->name);
            break;
        }
        arena_reset(round->scratch);
    }
}

static void prove_invite(struct round *round)
{
    const struct node *node = round->service->invite.node;
    const struct template *body = node ? &node->questions->bodies[round->language->index] : NULL;
    if (body && !round->channel->carrier.paged && !screen_fits(body->pieces[0].words, &round->channel->carrier))
        problems_add(round->problems, body->origin.file, body->origin.line,
                     "the text of \"%.*s\" in \"%.*s\" is too long for %s", SPAN_ARG(node->id),
                     SPAN_ARG(round->language->id), round->channel->name);
}

static void prove_safety(struct round *round)
{
    const struct language *language = round->language;
    if (!screen_fits(language->safety, &round->channel->carrier))
        problems_add(round->problems, language->origin.file, language->origin.line,
                     "the safety page in \"%.*s\" does not fit one page of %s", SPAN_ARG(language->id),
                     round->channel->name);
}

static void prove_round(struct round *round)
{
    const struct service *service = round->service;
    worst_due(round);
    worst_airtime(round);
    worst_person(round, false);
    prove_safety(round);
    prove_invite(round);
    for (size_t i = 0; i < service->node_count; i++) {
        const struct node *node = &service->nodes[i];
        for (size_t q = 0; q < node->question_count; q++)
            prove_question(round, &node->questions[q]);
        if (node->texts && !round->channel->carrier.paged)
            prove_text_me(round, node);
    }
}

void proof_screens(const struct service *service, const struct proof_channel *channels, size_t channel_count,
                   struct problems *problems, struct proof_counts *counts)
{
    struct arena *arena = arena_create(64 * 1024), *scratch = arena_create(64 * 1024);
    for (size_t c = 0; c < channel_count; c++)
        for (size_t l = 0; l < service->language_count; l++) {
            struct round *round = ARENA_NEW(arena, struct round);
            *round = (struct round){.service = service,
                                    .language = &service->languages[l],
                                    .channel = &channels[c],
                                    .problems = problems,
                                    .counts = counts,
                                    .arena = arena,
                                    .scratch = scratch};
            prove_round(round);
            arena_reset(arena);
        }
    arena_destroy(scratch);
    arena_destroy(arena);
}
