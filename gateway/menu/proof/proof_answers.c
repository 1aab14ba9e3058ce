/* Questions and their answers: each can be asked, each can be answered, and what was answered is kept by something. */
#include <string.h>
#include "menu/proof/proof_parts.h"

static bool has_key(const struct question *question, const char *key)
{
    for (size_t i = 0; i < question->option_count; i++)
        if (strcmp(question->options[i].key, key) == 0)
            return true;
    return false;
}

/* The engine's own keys on a page: 9 skips, 1 to 7 are requests. */
static void check_doubled(const struct question *question, struct problems *problems)
{
    if (question->skip && has_key(question, "9"))
        problems_add(problems, question->origin.file, question->origin.line,
                     "key 9 of \"%.*s\" is an option and skips the question: expected another key in its list",
                     SPAN_ARG(question->id));
    for (size_t i = 0; question->type == QUESTION_REQUEST && i < question->option_count; i++) {
        const struct option *option = &question->options[i];
        if (option->key[1] == '\0' && option->key[0] >= '1' && option->key[0] <= '7')
            problems_add(problems, option->origin.file, option->origin.line,
                         "key %s of \"%.*s\" is a request's: expected 8", option->key, SPAN_ARG(question->id));
    }
}

static bool is_for_everybody(const struct option *option)
{
    return !option->hidden && !proof_is_conditional(&option->condition);
}

/* Somebody for whom every option is hidden has no key to press. */
static void check_way_on(const struct question *question, struct problems *problems)
{
    bool chosen = question->type == QUESTION_CHOICE || question->type == QUESTION_SEVERAL;
    bool closed = question->type == QUESTION_MENU && question->foot == FOOT_NONE && !question->node->ends;
    bool open = question->skip || question->option_count == 0;
    for (size_t i = 0; i < question->option_count; i++)
        open = open || is_for_everybody(&question->options[i]);
    if ((chosen || closed) && !open)
        problems_add(problems, question->origin.file, question->origin.line,
                     "every option of \"%.*s\" is hidden from somebody: expected one without `if` and `when`",
                     SPAN_ARG(question->id));
}

/* A question of the same form that comes later has no answer yet. */
static void check_asked_before(const struct question *question, const struct condition *condition, struct origin origin,
                               struct problems *problems)
{
    if (!span_is_present(condition->field) || condition->of != OF_ANSWER)
        return;
    const struct question *asked = node_find_question(question->node, condition->field);
    if (asked && asked->index >= question->index && question->node->kind == NODE_FORM)
        problems_add(problems, origin.file, origin.line,
                     "\"%.*s\" depends on \"%.*s\", which is asked later: expected an earlier question",
                     SPAN_ARG(question->id), SPAN_ARG(condition->field));
}

static void check_shown(const struct question *question, const struct template *template, struct problems *problems)
{
    for (size_t i = 0; i < template->count; i++) {
        const struct piece *piece = &template->pieces[i];
        if (piece->kind != PIECE_ANSWER || piece->question->node != question->node ||
            question->node->kind != NODE_FORM || piece->question->index < question->index)
            continue;
        problems_add(problems, template->origin.file, template->origin.line,
                     "\"%.*s\" shows {answer.%.*s}, which is asked later", SPAN_ARG(question->id),
                     SPAN_ARG(piece->question->id));
    }
}

static void check_question(const struct question *question, size_t languages, struct problems *problems,
                           struct proof_counts *counts)
{
    check_doubled(question, problems);
    check_way_on(question, problems);
    check_asked_before(question, &question->condition, question->origin, problems);
    for (size_t i = 0; i < question->option_count; i++)
        check_asked_before(question, &question->options[i].condition, question->options[i].origin, problems);
    for (size_t l = 0; l < languages; l++) {
        check_shown(question, &question->titles[l], problems);
        check_shown(question, &question->bodies[l], problems);
    }
    counts->questions += question->type != QUESTION_MENU;
    counts->keys += question->option_count;
}

static void count_way(const struct proof_edge *edge, void *context)
{
    (void)edge;
    ((struct proof_counts *)context)->ways++;
}

void proof_answers(const struct service *service, struct problems *problems, struct proof_counts *counts)
{
    for (size_t i = 0; i < service->node_count; i++) {
        const struct node *node = &service->nodes[i];
        for (size_t q = 0; q < node->question_count; q++)
            check_question(&node->questions[q], service->language_count, problems, counts);
        proof_edges(node, count_way, counts);
        counts->forms += node->kind == NODE_FORM;
    }
}
