#include "menu/authoring/outline.h"

struct outline {
    const struct service *service;
    const struct language *language;
    struct arena *arena;
    const struct outline_reader *reader;
};

/* A text as it was written. */
static struct span outline_words(const struct template *template)
{
    if (span_is_present(template->source))
        return template->source;
    return template->count > 0 ? template->pieces[0].words : SPAN("");
}

void outline_condition(const struct condition *condition, struct buffer *out)
{
    bool both = span_is_present(condition->written) && span_is_present(condition->field);
    if (span_is_present(condition->written))
        buffer_add_format(out, "if %.*s%s", SPAN_ARG(condition->written), both ? ", " : "");
    if (!span_is_present(condition->field))
        return;
    buffer_add_format(out, "when %.*s is ", SPAN_ARG(condition->field));
    for (size_t i = 0; i < condition->value_count; i++)
        buffer_add_format(out, "%s%.*s", i ? " or " : "", SPAN_ARG(condition->values[i]));
}

static void add_condition(const struct condition *condition, struct buffer *out)
{
    if (!span_is_present(condition->written) && !span_is_present(condition->field))
        return;
    buffer_add_text(out, " (");
    outline_condition(condition, out);
    buffer_add_char(out, ')');
}

static void add_words(const struct template *template, struct buffer *out)
{
    if (template->count == 0)
        return;
    buffer_add(out, outline_words(template));
    buffer_add_char(out, '\n');
}

static void add_option(const struct outline *outline, const struct option *option, struct buffer *out)
{
    buffer_add_format(out, "%s %.*s", option->key, SPAN_ARG(outline_words(&option->texts[outline->language->index])));
    if (option->target)
        buffer_add_format(out, " -> %.*s", SPAN_ARG(option->target->id));
    else if (option->ask)
        buffer_add_format(out, " -> question %.*s", SPAN_ARG(option->ask->id));
    if (option->speak)
        buffer_add_format(out, " in %.*s", SPAN_ARG(option->speak->id));
    add_condition(&option->condition, out);
    buffer_add_char(out, '\n');
}

static void add_answer(const struct question *question, struct buffer *out)
{
    if (question->list)
        buffer_add_format(out, "(one of the list %.*s, %zu items)\n", SPAN_ARG(question->list->id),
                          question->list->item_count);
    if (question->lists_requests)
        buffer_add_text(out, "(a line for each request)\n");
    if (question->lists_kept)
        buffer_add_text(out, "(a line for each answer of the registration)\n");
    if (question->type == QUESTION_OFFICE)
        buffer_add_text(out, "(one of the offices)\n");
    if (question->skip)
        buffer_add_text(out, "9 (skip)\n");
    if (question->node->kind == NODE_ASK)
        buffer_add_format(out, "(answered -> %.*s)\n", SPAN_ARG(question->node->then->id));
    if (question->node->ends)
        buffer_add_text(out, "(end)\n");
}

static void hand_out(const struct outline *outline, const struct outlined *outlined, const struct buffer *text)
{
    struct outlined whole = *outlined;
    whole.text = buffer_span(text);
    outline->reader->each(&whole, outline->reader->context);
}

static void read_question(const struct outline *outline, const struct question *question)
{
    const struct node *node = question->node;
    size_t l = outline->language->index;
    struct outlined outlined = {.name = node->id, .node = node, .question = question};
    struct buffer text;
    if (node->kind == NODE_FORM)
        outlined.name = arena_format(outline->arena, "%.*s.%.*s", SPAN_ARG(node->id), SPAN_ARG(question->id));
    buffer_init(&text, outline->arena, OUTLINE_MAX);
    add_words(&question->titles[l], &text);
    add_words(&question->bodies[l], &text);
    for (size_t i = 0; i < question->option_count; i++)
        if (question->options[i].key[0])
            add_option(outline, &question->options[i], &text);
    add_answer(question, &text);
    if (span_is_present(question->condition.written) || span_is_present(question->condition.field)) {
        buffer_add_text(&text, "(asked ");
        outline_condition(&question->condition, &text);
        buffer_add_text(&text, ")\n");
    }
    hand_out(outline, &outlined, &text);
}

static void add_deed(const struct outline *outline, const struct node *node, struct buffer *text)
{
    buffer_add_format(text, "(does %s", node->effect_name);
    if (span_is_present(node->request_kind))
        buffer_add_format(text, " %.*s", SPAN_ARG(node->request_kind));
    if (span_is_present(node->desk))
        buffer_add_format(text, " for %.*s", SPAN_ARG(node->desk));
    if (node->hidden)
        buffer_add_text(text, ", not shown");
    buffer_add_format(text, ") -> %.*s\n", SPAN_ARG(node->then->id));
    if (node->texts)
        add_words(&node->texts[outline->language->index], text);
}

static void add_cases(const struct node *node, struct buffer *text)
{
    for (size_t i = 0; i < node->case_count; i++) {
        outline_condition(&node->cases[i].condition, text);
        buffer_add_format(text, " -> %.*s\n", SPAN_ARG(node->cases[i].target->id));
    }
    buffer_add_format(text, "otherwise -> %.*s\n", SPAN_ARG(node->then->id));
}

/* What a node is besides its questions. */
static void read_rest(const struct outline *outline, const struct node *node)
{
    struct buffer text;
    buffer_init(&text, outline->arena, OUTLINE_MAX);
    if (node->kind == NODE_DO)
        add_deed(outline, node, &text);
    else if (node->kind == NODE_BRANCH)
        add_cases(node, &text);
    else if (node->kind == NODE_FORM)
        buffer_add_format(&text, "(filled -> %.*s)\n", SPAN_ARG(node->then->id));
    else
        return;
    hand_out(outline, &(struct outlined){.name = node->id, .node = node}, &text);
}

static void add_present(struct span words, struct buffer *text)
{
    if (words.len > 0)
        buffer_add_format(text, "%.*s\n", SPAN_ARG(words));
}

static void read_office(const struct outline *outline, const struct office *office)
{
    size_t l = outline->language->index;
    struct span none = SPAN("-");
    struct buffer text;
    buffer_init(&text, outline->arena, OUTLINE_MAX);
    buffer_add_format(&text, "%.*s\n%.*s\n", SPAN_ARG(office->names[l]), SPAN_ARG(office->phone));
    buffer_add_format(&text, "%.*s\n",
                      SPAN_ARG(office->hours && span_is_present(office->hours[l]) ? office->hours[l] : none));
    add_present(office->costs[l], &text);
    add_present(office->papers[l], &text);
    buffer_add_text(&text, "(for");
    for (size_t i = 0; i < office->topic_count; i++)
        buffer_add_format(&text, " %.*s", SPAN_ARG(office->topics[i]));
    buffer_add_format(&text, " in %.*s)\n", SPAN_ARG(span_is_present(office->area) ? office->area : SPAN("*")));
    struct outlined outlined = {.name = arena_format(outline->arena, "office %.*s", SPAN_ARG(office->id))};
    hand_out(outline, &outlined, &text);
}

void outline_read(const struct service *service, const struct language *language, struct arena *arena,
                  const struct outline_reader *reader)
{
    const struct outline outline = {service, language, arena, reader};
    for (size_t i = 0; i < service->node_count; i++) {
        for (size_t q = 0; q < service->nodes[i].question_count; q++)
            read_question(&outline, &service->nodes[i].questions[q]);
        read_rest(&outline, &service->nodes[i]);
    }
    reader->each(&(struct outlined){.name = SPAN("(safety page)"), .text = language->safety}, reader->context);
    for (size_t i = 0; i < service->office_count; i++)
        read_office(&outline, &service->offices[i]);
}
