#include "menu/drawing/kept.h"
#include <string.h>
#include "base/buffer.h"
#include "menu/drawing/template.h"

#define LINE_MAX (16 * 1024)
#define DEEDS_MAX 8 /* between the last answer and the deed that registers */

static bool leads_to_register(const struct node *node, unsigned hops)
{
    if (!node || hops == DEEDS_MAX || (node->kind != NODE_DO && node->kind != NODE_BRANCH))
        return false;
    if (node->kind == NODE_DO && node->effect == EFFECT_REGISTER)
        return true;
    for (size_t i = 0; i < node->case_count; i++)
        if (leads_to_register(node->cases[i].target, hops + 1))
            return true;
    return leads_to_register(node->then, hops + 1);
}

bool kept_comes_of(const struct node *form)
{
    return (form->kind == NODE_FORM || form->kind == NODE_ASK) && leads_to_register(form->then, 0);
}

static const struct question *find_field(const struct node *node, struct span field)
{
    for (size_t i = 0; i < node->question_count; i++)
        if (question_keeps_answer(&node->questions[i]) && span_equal(question_field(&node->questions[i]), field))
            return &node->questions[i];
    return NULL;
}

/* The question that was answered: of a form that registers, else of any: a correction may have one of its own. */
static const struct question *find_question(const struct service *service, struct span field)
{
    const struct question *other = NULL;
    for (size_t i = 0; i < service->node_count; i++) {
        const struct node *node = &service->nodes[i];
        const struct question *found =
            node->kind == NODE_FORM || node->kind == NODE_ASK ? find_field(node, field) : NULL;
        if (found && kept_comes_of(node))
            return found;
        other = other ? other : found;
    }
    return other;
}

static struct span name_of(const struct scene *scene, const struct question *question, struct arena *arena)
{
    const struct template_values values = {
        .service = scene->service, .language = scene->language, .facts = &scene->facts, .reference = ""};
    size_t l = scene->language->index;
    bool ignored = false;
    const struct template *words = question->shorts[l].count > 0 ? &question->shorts[l] : &question->titles[l];
    if (words->count == 0)
        return question->id;
    struct span name = screen_plain(template_fill(words, &values, arena, &ignored), arena);
    while (name.len > 0 && strchr("?:. ", name.at[name.len - 1]))
        name.len--;
    return name;
}

struct span kept_line(const struct scene *scene, const struct answer *answer, struct arena *arena)
{
    const struct question *question = find_question(scene->service, answer->field);
    struct span name = question ? name_of(scene, question, arena) : answer->field;
    struct span words =
        question ? template_answer(question, answer->value, scene->language->index, arena) : answer->value;
    struct buffer line;
    buffer_init(&line, arena, LINE_MAX);
    for (size_t i = 0; i < name.len; i++)
        buffer_add_char(&line, name.at[i] == '\n' ? ' ' : name.at[i]);
    buffer_add_text(&line, ": ");
    buffer_add(&line, words);
    return screen_mark_value(buffer_span(&line), arena);
}
