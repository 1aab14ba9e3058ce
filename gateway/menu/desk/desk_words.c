/* What was asked and answered, in the service's own words, for who reads another language than the person did. */
#include "menu/desk/desk_words.h"

#include <string.h>
#include "menu/desk.h"
#include "menu/drawing/template.h"

#define FIRST_WORDS_MAX 60 /* of a page without a title */

const struct language *desk_language(const struct service *service, struct span lang)
{
    const struct language *language = service_find_language(service, lang);
    return language ? language : service->languages;
}

struct span desk_text(const struct service *service, const struct language *language, const struct template *texts,
                      struct arena *arena)
{
    static const struct person_view nobody;
    const struct facts facts = {.service = service, .person = &nobody};
    const struct template_values values = {.service = service, .language = language, .facts = &facts, .reference = ""};
    bool sensitive = false;
    if (!texts || texts[language->index].count == 0)
        return SPAN_NONE;
    return screen_plain(template_fill(&texts[language->index], &values, arena, &sensitive), arena);
}

/* ---- a node, a question ---- */

/* "call" or "call.safe"; *question absent where none is named. */
static const struct node *find_place(const struct service *service, struct span place, struct span *question)
{
    *question = place;
    struct span node = span_is_present(place) ? span_cut(question, '.') : SPAN_NONE;
    return service_find_node(service, node);
}

static struct span question_words(const struct service *service, const struct language *language,
                                  const struct question *question, struct arena *arena)
{
    struct span words = desk_text(service, language, question->shorts, arena);
    if (!span_is_present(words))
        words = desk_text(service, language, question->titles, arena);
    return span_is_present(words) ? words : desk_text(service, language, question->bodies, arena);
}

/* Its first line, and of that as many whole words as fit. */
static struct span first_words(struct span body)
{
    struct span line = span_cut(&body, '\n');
    if (line.len <= FIRST_WORDS_MAX)
        return line;
    size_t end = FIRST_WORDS_MAX;
    while (end > 0 && line.at[end] != ' ')
        end--;
    return end > 0 ? span_first(line, end) : line;
}

/* What stands before the first value of somebody's, in whole sentences where there are any: "Sent." of "Sent. Ref {ref}". */
static struct span body_words(const struct service *service, const struct language *language,
                              const struct question *question, struct arena *arena)
{
    const struct template *body = question->bodies ? &question->bodies[language->index] : NULL;
    if (!body || body->count == 0)
        return SPAN_NONE;
    if (body->count == 1 || body->pieces[0].kind != PIECE_WORDS)
        return first_words(desk_text(service, language, question->bodies, arena));
    struct span words = span_trim(screen_plain(body->pieces[0].words, arena));
    size_t end = words.len;
    while (end > 0 && !strchr(".!?", words.at[end - 1]))
        end--;
    return first_words(end > 0 ? span_first(words, end) : words);
}

struct span desk_node_words(const struct service *service, struct span node, struct span lang, struct arena *arena)
{
    struct span name;
    const struct language *language = desk_language(service, lang);
    const struct node *found = find_place(service, node, &name);
    if (!found || found->question_count == 0)
        return node;
    const struct question *question = span_is_present(name) ? node_find_question(found, name) : NULL;
    if (!question)
        question = found->questions;
    struct span title = desk_text(service, language, question->titles, arena);
    if (!span_is_present(title))
        title = body_words(service, language, question, arena);
    return span_is_present(title) ? title : node;
}

/* ---- an answer ---- */

static const struct question *find_in_node(const struct node *node, struct span field)
{
    for (size_t i = 0; i < node->question_count; i++)
        if (question_keeps_answer(&node->questions[i]) && span_equal(question_field(&node->questions[i]), field))
            return &node->questions[i];
    return NULL;
}

static bool knows_value(const struct question *question, struct span value)
{
    return question->type != QUESTION_CHOICE || question_find_option(question, value);
}

/* In the form, else in any: rather one that offers this answer than one that once did. */
static const struct question *find_asked(const struct service *service, struct span form, const struct answer *answer)
{
    struct span name;
    const struct node *node = find_place(service, form, &name);
    const struct question *found = node ? find_in_node(node, answer->field) : NULL;
    for (size_t i = 0; i < service->node_count && (!found || !knows_value(found, answer->value)); i++) {
        const struct question *other = find_in_node(&service->nodes[i], answer->field);
        if (other && (!found || knows_value(other, answer->value)))
            found = other;
    }
    return found;
}

static struct span office_words(const struct service *service, const struct language *language, struct span id)
{
    for (size_t i = 0; i < service->office_count; i++)
        if (span_equal(service->offices[i].id, id))
            return service->offices[i].names[language->index];
    return id;
}

void desk_answer_words(const struct service *service, struct span form, const struct answer *answer, struct span lang,
                       struct arena *arena, struct answer_words *out)
{
    const struct language *language = desk_language(service, lang);
    const struct question *question = find_asked(service, form, answer);
    *out = (struct answer_words){answer->field, answer->value};
    if (!question)
        return;
    struct span words = question_words(service, language, question, arena);
    if (span_is_present(words))
        out->question = words;
    out->answer = question->type == QUESTION_OFFICE ? office_words(service, language, answer->value)
                                                    : template_answer(question, answer->value, language->index, arena);
}

/* What one question makes of a key; absent: it has no such option. */
static struct span meant_by(const struct service *service, const struct language *language,
                            const struct question *question, struct span meaning, struct arena *arena)
{
    const struct option *option = question_find_option(question, meaning);
    struct span words = option ? desk_text(service, language, option->texts, arena) : SPAN_NONE;
    if (!span_is_present(words) && question_keeps_answer(question))
        words = template_answer(question, meaning, language->index, arena);
    return span_is_present(words) && !span_equal(words, meaning) ? words : SPAN_NONE;
}

struct span desk_meaning_words(const struct service *service, struct span node, struct span meaning, struct span lang,
                               struct arena *arena)
{
    struct span name, words = SPAN_NONE;
    const struct language *language = desk_language(service, lang);
    const struct node *found = find_place(service, node, &name);
    for (size_t i = 0; found && span_is_present(meaning) && i < found->question_count && !span_is_present(words); i++)
        if (!span_is_present(name) || span_equal(found->questions[i].id, name))
            words = meant_by(service, language, &found->questions[i], meaning, arena);
    return words;
}

/* ---- topics, kinds, districts ---- */

static struct span chosen_name(const struct desk_choices *choices, struct span id, const struct language *language)
{
    for (size_t i = 0; i < choices->count; i++)
        if (span_equal(choices->ids[i], id) && choices->names[i])
            return choices->names[i][language->index];
    return SPAN_NONE;
}

/* The option of that name that leads there: "Work or business". */
static const struct option *topic_option(const struct service *service, struct span topic)
{
    for (size_t i = 0; i < service->node_count; i++)
        for (size_t q = 0; q < service->nodes[i].question_count; q++) {
            const struct option *option = question_find_option(&service->nodes[i].questions[q], topic);
            bool leads = option && option->target && span_equal(option->target->topic, topic);
            if (leads || (option && span_equal(option->topic, topic)))
                return option;
        }
    return NULL;
}

static struct span title_of_topic(const struct service *service, const struct language *language, struct span topic,
                                  struct arena *arena)
{
    const struct node *named = service_find_node(service, topic);
    struct span title =
        named && named->question_count ? desk_text(service, language, named->questions->titles, arena) : SPAN_NONE;
    for (size_t i = 0; i < service->node_count && !span_is_present(title); i++) {
        const struct node *node = &service->nodes[i];
        if (span_equal(node->topic, topic) && node->question_count)
            title = desk_text(service, language, node->questions->titles, arena);
    }
    return title;
}

struct span desk_topic_words(const struct service *service, struct span topic, struct span lang, struct arena *arena)
{
    const struct language *language = desk_language(service, lang);
    struct span words = chosen_name(&service->desk.topics, topic, language);
    const struct option *option = span_is_present(words) ? NULL : topic_option(service, topic);
    if (option)
        words = desk_text(service, language, option->texts, arena);
    if (!span_is_present(words))
        words = title_of_topic(service, language, topic, arena);
    return span_is_present(words) ? words : topic;
}

struct span desk_kind_words(const struct service *service, struct span kind, struct span lang, struct arena *arena)
{
    const struct language *language = desk_language(service, lang);
    struct span words = chosen_name(&service->desk.kinds, kind, language);
    (void)arena;
    for (size_t i = 0; i < service->request_kind_count && !span_is_present(words); i++)
        if (span_equal(service->request_kinds[i], kind))
            words = language->request_kinds[i];
    return span_is_present(words) ? words : kind;
}

struct span desk_area_words(const struct service *service, struct span area, struct span lang, struct arena *arena)
{
    struct span words = chosen_name(&service->desk.areas, area, desk_language(service, lang));
    (void)arena;
    return span_is_present(words) ? words : area;
}

const struct span *desk_topics(const struct service *service, size_t *count)
{
    *count = service->desk.topics.count;
    return service->desk.topics.ids;
}

const struct span *desk_kinds(const struct service *service, size_t *count)
{
    *count = service->desk.kinds.count;
    return service->desk.kinds.ids;
}

const struct span *desk_areas(const struct service *service, size_t *count)
{
    *count = service->desk.areas.count;
    return service->desk.areas.ids;
}

struct span desk_area_field(const struct service *service)
{
    return service->desk.area;
}

struct span desk_for_kind(const struct service *service, struct span kind)
{
    for (size_t i = 0; i < service->node_count && span_is_present(kind); i++)
        if (span_equal(service->nodes[i].request_kind, kind) && span_is_present(service->nodes[i].desk))
            return service->nodes[i].desk;
    return SPAN_NONE;
}
