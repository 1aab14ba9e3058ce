#include "menu/drawing/scene.h"
#include <string.h>
#include "base/buffer.h"
#include "menu/drawing/kept.h"
#include "menu/drawing/office.h"
#include "menu/drawing/request_words.h"

/* Lines of a draft while it grows. Room is reckoned before, from the counts of what may be added. */
struct lines {
    struct screen_line *at;
    size_t count;
    size_t breaks[OFFICES_OFFERED / OFFICES_ON_A_PAGE]; /* where another page begins, whatever room there is */
    size_t break_count;
};

static void add_line(struct lines *lines, struct span text, bool keep)
{
    lines->at[lines->count++] = (struct screen_line){.text = text, .keep = keep};
}

static size_t count_newlines(struct span s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++)
        count += s.at[i] == '\n';
    return count;
}

static void add_body(struct lines *lines, struct span body)
{
    while (span_is_present(body))
        add_line(lines, span_cut(&body, '\n'), false);
}

static bool is_shown(const struct scene *scene, const struct option *option)
{
    return option->key[0] && !option->hidden && (scene->unhidden || facts_hold(&scene->facts, &option->condition));
}

static struct span keyed(struct arena *arena, const char *key, struct span words)
{
    return arena_format(arena, "%s %.*s", key, SPAN_ARG(words));
}

static void add_options(const struct scene *scene, const struct template_values *values, struct lines *lines,
                        struct arena *arena, bool *sensitive)
{
    for (size_t i = 0; i < scene->question->option_count; i++) {
        const struct option *option = &scene->question->options[i];
        if (is_shown(scene, option)) {
            struct span words = template_fill(&option->texts[scene->language->index], values, arena, sensitive);
            add_line(lines, keyed(arena, option->key, words), true);
        }
    }
}

static void add_places(const struct scene *scene, struct lines *lines, struct arena *arena)
{
    const struct list_item *items[PLACE_CHOICES];
    size_t count = place_items(scene->question->list, scene->match, items, PLACE_CHOICES);
    for (size_t i = 0; i < count && i < PLACE_CHOICES; i++) {
        const char key[] = {(char)('1' + i), '\0'};
        struct span name = screen_mark_value(items[i]->names[scene->language->index], arena);
        add_line(lines, keyed(arena, key, name), true);
    }
}

static void add_requests(const struct scene *scene, const struct template_values *values, struct lines *lines,
                         struct arena *arena)
{
    const struct person_view *person = scene->facts.person;
    for (size_t i = 0; i < person->request_count && i < REQUESTS_SHOWN; i++)
        add_line(lines, request_line(values, &person->requests[i], arena), true);
    if (person->request_count == 0)
        add_line(lines, scene->language->words.no_requests, true);
}

const struct request *scene_request(const struct facts *facts, size_t number)
{
    for (size_t i = 0; i < facts->person->request_count && number > 0 && number <= REQUESTS_SHOWN; i++)
        if (request_is_open(&facts->person->requests[i]) && --number == 0)
            return &facts->person->requests[i];
    return NULL;
}

static void add_request_choices(const struct scene *scene, const struct template_values *values, struct lines *lines,
                                struct arena *arena)
{
    const struct request *request;
    for (size_t i = 1; i <= REQUESTS_SHOWN && (request = scene_request(&scene->facts, i)) != NULL; i++) {
        const char key[] = {(char)('0' + i), '\0'};
        add_line(lines, keyed(arena, key, request_line(values, request, arena)), true);
    }
    if (lines->count == 0)
        add_line(lines, scene->language->words.no_requests, true);
}

static void add_kept(const struct scene *scene, struct lines *lines, struct arena *arena, bool *sensitive)
{
    for (size_t i = 0; i < scene->kept_count; i++) {
        add_line(lines, kept_line(scene, &scene->kept[i], arena), false);
        *sensitive = *sensitive || scene->kept[i].sensitive;
    }
    if (scene->kept_count == 0)
        add_line(lines, scene->language->words.no_requests, true);
}

static void add_offices(const struct scene *scene, struct lines *lines, struct arena *arena)
{
    const struct office *offices[OFFICES_OFFERED];
    struct span area = facts_answer(&scene->facts, SPAN("area"));
    size_t count = office_list(scene->service, scene->facts.topic, area, offices, OFFICES_OFFERED);
    for (size_t i = 0; i < count && i < OFFICES_OFFERED; i++) {
        struct span name = screen_mark_value(offices[i]->names[scene->language->index], arena);
        if (i > 0 && i % OFFICES_ON_A_PAGE == 0)
            lines->breaks[lines->break_count++] = lines->count;
        add_line(lines, arena_format(arena, "%u %.*s", office_key(i), SPAN_ARG(name)), true);
    }
    if (count == 0)
        add_line(lines, scene->language->words.no_match, true);
}

/* A page that was taken from another language keeps to that one: a foot in a script of its own would divide it. */
static const struct language *language_of_page(const struct scene *scene)
{
    const struct template *title = &scene->question->titles[scene->language->index];
    const struct template *body = &scene->question->bodies[scene->language->index];
    const struct template *shown = title->count > 0 ? title : body;
    return shown->count > 0 ? &scene->service->languages[shown->language] : scene->language;
}

static void add_foot(const struct scene *scene, struct screen_draft *draft)
{
    const struct engine_words *words = &language_of_page(scene)->words;
    draft->more = words->foot_more;
    if (scene->question->foot == FOOT_NONE)
        return;
    draft->foot_inner = words->foot_back;
    draft->foot = scene->question->foot == FOOT_BACK ? words->foot_back : words->foot_back_main;
}

static void add_choices(const struct scene *scene, const struct template_values *values, struct lines *lines,
                        struct arena *arena, bool *sensitive)
{
    const struct question *question = scene->question;
    if (question->lists_requests)
        add_requests(scene, values, lines, arena);
    if (question->lists_kept)
        add_kept(scene, lines, arena, sensitive);
    if (question->type == QUESTION_REQUEST)
        add_request_choices(scene, values, lines, arena);
    if (question->type == QUESTION_OFFICE)
        add_offices(scene, lines, arena);
    if (scene->match.count > 0)
        add_places(scene, lines, arena);
    else
        add_options(scene, values, lines, arena, sensitive);
    if (question->skip)
        add_line(lines, scene->language->words.line_skip, true);
}

/* A title stands on every page. One that is too long for that, with the keys below it and a notice above, becomes the first
 * paragraph: then it may be divided, and stands once. */
static enum outcome lay_out(struct screen_draft *draft, struct lines *lines, const struct carrier *carrier,
                            struct arena *arena, struct drawn *drawn, struct error *err)
{
    draft->lines = lines->at;
    draft->line_count = lines->count;
    enum outcome outcome = screen_layout(draft, carrier, arena, &drawn->pages, &drawn->page_count, err);
    if (outcome == OUTCOME_OK || !span_is_present(draft->title))
        return outcome;
    struct lines all = {.at = ARENA_ARRAY(arena, struct screen_line, lines->count + count_newlines(draft->title) + 1)};
    add_body(&all, draft->title);
    for (size_t i = 0; i < lines->count; i++)
        all.at[all.count++] = lines->at[i];
    struct screen_draft untitled = *draft;
    untitled.title = SPAN_NONE;
    untitled.lines = all.at;
    untitled.line_count = all.count;
    return screen_layout(&untitled, carrier, arena, &drawn->pages, &drawn->page_count, err);
}

/* The lines between two breaks are laid out by themselves; all but the last say that there is more. */
static enum outcome lay_out_parts(const struct screen_draft *draft, const struct lines *lines,
                                  const struct carrier *carrier, struct arena *arena, struct drawn *drawn,
                                  struct error *err)
{
    struct span *pages = NULL;
    size_t count = 0, from = 0;
    enum outcome outcome = OUTCOME_OK;
    for (size_t i = 0; i <= lines->break_count && outcome == OUTCOME_OK; i++) {
        bool last = i == lines->break_count;
        size_t to = last ? lines->count : lines->breaks[i];
        struct screen_draft part = *draft;
        struct lines own = {.at = lines->at + from, .count = to - from};
        part.notice = i == 0 ? draft->notice : SPAN_NONE;
        if (!last)
            part.foot = arena_format(arena, "%.*s%s%.*s", SPAN_ARG(draft->more), draft->foot_inner.len > 0 ? " " : "",
                                     SPAN_ARG(draft->foot_inner));
        outcome = lay_out(&part, &own, carrier, arena, drawn, err);
        if (outcome != OUTCOME_OK)
            break;
        struct span *all = ARENA_ARRAY(arena, struct span, count + drawn->page_count);
        if (count > 0)
            memcpy(all, pages, count * sizeof *all);
        memcpy(all + count, drawn->pages, drawn->page_count * sizeof *all);
        count += drawn->page_count;
        pages = all;
        from = to;
    }
    drawn->pages = pages;
    drawn->page_count = count;
    return outcome;
}

struct template_values scene_values(const struct scene *scene)
{
    return (struct template_values){.service = scene->service,
                                    .language = scene->language,
                                    .facts = &scene->facts,
                                    .reference = scene->reference,
                                    .due_at = scene->due_at,
                                    .office = scene->office,
                                    .airtime = scene->airtime,
                                    .widest = scene->unhidden};
}

/* Lists of what a person has may be more than a text holds: they are divided by SMS as well. */
bool scene_is_paged(const struct question *question, const struct carrier *carrier)
{
    return carrier->paged || question->lists_kept || question->lists_requests || question->type == QUESTION_REQUEST ||
           question->type == QUESTION_OFFICE;
}

enum outcome scene_draw(const struct scene *scene, struct arena *arena, struct drawn *drawn, struct error *err)
{
    const struct question *question = scene->question;
    const struct template *title = &question->titles[scene->language->index];
    const struct template *body = &question->bodies[scene->language->index];
    const struct template_values values = scene_values(scene);
    struct span words = SPAN_NONE;
    struct screen_draft draft = {.notice = scene->notice};
    *drawn = (struct drawn){.page_count = 0};
    if (title->count > 0)
        draft.title = drawn->title = template_fill(title, &values, arena, &drawn->sensitive);
    if (body->count > 0 && scene->match.count == 0)
        words = template_fill(body, &values, arena, &drawn->sensitive);
    size_t room = count_newlines(words) + question->option_count + PLACE_CHOICES + REQUESTS_SHOWN + scene->kept_count +
                  OFFICES_OFFERED + 4;
    struct lines lines = {.at = ARENA_ARRAY(arena, struct screen_line, room)};
    add_body(&lines, words);
    add_choices(scene, &values, &lines, arena, &drawn->sensitive);
    add_foot(scene, &draft);
    struct carrier carrier = *scene->carrier;
    carrier.paged = scene_is_paged(question, scene->carrier);
    return lines.break_count == 0 ? lay_out(&draft, &lines, &carrier, arena, drawn, err)
                                  : lay_out_parts(&draft, &lines, &carrier, arena, drawn, err);
}

bool question_is_still(const struct question *question, size_t language)
{
    if (question->lists_requests || question->lists_kept || question->type == QUESTION_REQUEST ||
        question->type == QUESTION_OFFICE || question->titles[language].filled || question->bodies[language].filled)
        return false;
    for (size_t i = 0; i < question->option_count; i++) {
        const struct option *option = &question->options[i];
        if (option->condition.kind != CONDITION_NONE || span_is_present(option->condition.field) ||
            option->texts[language].filled)
            return false;
    }
    return true;
}
