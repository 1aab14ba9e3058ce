#include "menu/graph.h"
#include <string.h>
#include "menu/authoring/outline.h"

struct graph {
    const struct service *service;
    struct buffer *out;
    const char *file; /* whose frame is being drawn */
};

static void add_quoted(struct buffer *out, struct span s)
{
    buffer_add_char(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '\n') {
            buffer_add_text(out, "\\l");
            continue;
        }
        if (s.at[i] == '"' || s.at[i] == '\\')
            buffer_add_char(out, '\\');
        buffer_add_char(out, s.at[i]);
    }
    buffer_add_char(out, '"');
}

/* --- screens ------------------------------------------------------------------------------------------------------ */

static const char *looks_of(const struct service *service, const struct node *node)
{
    if (node == service->danger.node)
        return ", color=\"#b00020\", penwidth=3";
    if (node->careful)
        return ", color=\"#1a5fb4\", penwidth=3";
    if (node->kind == NODE_BRANCH)
        return ", shape=diamond";
    if (node->kind == NODE_DO)
        return ", shape=cds, fillcolor=\"#e8f0fe\"";
    return "";
}

static const char *entry_of(const struct service *service, const struct node *node)
{
    const struct {
        const struct entry *entry;
        const char *says;
    } entries[] = {{&service->first, "first call"},
                   {&service->known, "every other call"},
                   {&service->resume, "after a drop"},
                   {&service->help_offer, "after bad answers"},
                   {&service->danger, "danger"}};
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        if (entries[i].entry->node == node)
            return entries[i].says;
    return NULL;
}

static void draw_screen(const struct outlined *outlined, void *context)
{
    const struct graph *graph = context;
    const struct node *node = outlined->node;
    struct buffer label;
    if (!node || strcmp(node->origin.file, graph->file) != 0)
        return;
    const char *entry = entry_of(graph->service, node);
    bool sealed = node->sensitive || (outlined->question && outlined->question->sensitive);
    buffer_init(&label, graph->out->arena, OUTLINE_MAX + 4096);
    buffer_add_format(&label, "[%.*s]%s%s%s\n", SPAN_ARG(outlined->name), entry ? " " : "", entry ? entry : "",
                      node->guarded ? " (behind the PIN)" : "");
    buffer_add(&label, outlined->text);
    buffer_add_text(graph->out, "    ");
    add_quoted(graph->out, outlined->name);
    buffer_add_text(graph->out, " [label=");
    add_quoted(graph->out, buffer_span(&label));
    buffer_add_format(graph->out, "%s%s%s];\n", looks_of(graph->service, node), sealed ? ", fillcolor=\"#d8d8d8\"" : "",
                      entry ? ", peripheries=2" : "");
}

static bool is_drawn_before(const struct service *service, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(service->nodes[i].origin.file, service->nodes[index].origin.file) == 0)
            return true;
    return false;
}

static void draw_frames(struct graph *graph, const struct language *language, struct arena *arena)
{
    const struct service *service = graph->service;
    for (size_t i = 0; i < service->node_count; i++) {
        if (is_drawn_before(service, i))
            continue;
        graph->file = service->nodes[i].origin.file;
        const char *slash = strrchr(graph->file, '/');
        struct span name = span_of(slash ? slash + 1 : graph->file);
        buffer_add_format(graph->out, "  subgraph cluster_%zu {\n    label=", i);
        add_quoted(graph->out, name);
        buffer_add_text(graph->out, ";\n");
        outline_read(service, language, arena, &(struct outline_reader){draw_screen, graph});
        buffer_add_text(graph->out, "  }\n");
    }
}

/* --- ways --------------------------------------------------------------------------------------------------------- */

static struct span name_of(const struct node *node, const struct question *question, struct arena *arena)
{
    if (!question || node->kind != NODE_FORM)
        return node->id;
    return arena_format(arena, "%.*s.%.*s", SPAN_ARG(node->id), SPAN_ARG(question->id));
}

static void draw_way(struct buffer *out, struct span from, struct span to, const char *key,
                     const struct condition *condition)
{
    struct buffer label;
    buffer_init(&label, out->arena, OUTLINE_MAX);
    buffer_add_text(&label, key);
    bool some = condition && (span_is_present(condition->written) || span_is_present(condition->field));
    if (some) {
        buffer_add_text(&label, key[0] ? " " : "");
        outline_condition(condition, &label);
    }
    buffer_add_text(out, "  ");
    add_quoted(out, from);
    buffer_add_text(out, " -> ");
    add_quoted(out, to);
    buffer_add_text(out, " [label=");
    add_quoted(out, buffer_span(&label));
    buffer_add_format(out, "%s];\n", some ? ", style=dashed" : "");
}

static void draw_options(const struct node *node, const struct question *question, struct buffer *out,
                         struct arena *arena)
{
    struct span from = name_of(node, question, arena);
    for (size_t i = 0; i < question->option_count; i++) {
        const struct option *option = &question->options[i];
        if (option->target)
            draw_way(out, from, option->target->id, option->key, &option->condition);
        if (option->ask)
            draw_way(out, from, name_of(node, option->ask, arena), option->key, &option->condition);
    }
}

/* From the form to its first question, from each to the next, from the last to what follows. */
static void draw_form(const struct node *node, struct buffer *out, struct arena *arena)
{
    struct span before = node->id;
    for (size_t q = 0; q < node->question_count; q++) {
        struct span name = name_of(node, &node->questions[q], arena);
        draw_way(out, before, name, "", &node->questions[q].condition);
        before = name;
    }
    draw_way(out, before, node->then->id, "", NULL);
}

static void draw_ways(const struct node *node, struct buffer *out, struct arena *arena)
{
    for (size_t q = 0; q < node->question_count; q++)
        draw_options(node, &node->questions[q], out, arena);
    for (size_t i = 0; i < node->case_count; i++)
        draw_way(out, node->id, node->cases[i].target->id, "", &node->cases[i].condition);
    if (node->kind == NODE_FORM)
        draw_form(node, out, arena);
    else if (node->then)
        draw_way(out, node->id, node->then->id, "", NULL);
}

static void draw_keywords(const struct service *service, struct buffer *out)
{
    if (service->keyword_count + service->triage_count > 0)
        buffer_add_text(out, "  \"(texts)\" [label=\"words of texts\", shape=oval];\n");
    for (size_t i = 0; i < service->keyword_count; i++)
        if (service->keywords[i].target)
            draw_way(out, SPAN("(texts)"), service->keywords[i].target->id, "", NULL);
    for (size_t i = 0; i < service->triage_count; i++)
        draw_way(out, SPAN("(texts)"), service->triage[i].target->id, "", NULL);
}

void graph_draw(const struct service *service, struct span lang, struct buffer *out)
{
    const struct language *language = service_find_language(service, lang);
    struct arena *arena = arena_create(256 * 1024);
    struct graph graph = {.service = service, .out = out};
    if (!language)
        language = &service->languages[0];
    buffer_add_text(out, "digraph ");
    add_quoted(out, service->name);
    buffer_add_text(
        out, " {\n  graph [rankdir=LR, newrank=true, fontname=\"sans-serif\", ranksep=1];\n"
             "  node [shape=box, style=\"filled,rounded\", fillcolor=white, fontname=\"sans-serif\", fontsize=10];\n"
             "  edge [fontname=\"sans-serif\", fontsize=9];\n");
    draw_frames(&graph, language, arena);
    for (size_t i = 0; i < service->node_count; i++)
        draw_ways(&service->nodes[i], out, arena);
    draw_keywords(service, out);
    buffer_add_text(out, "}\n");
    arena_destroy(arena);
}
