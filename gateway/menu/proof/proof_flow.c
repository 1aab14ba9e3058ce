#include <stdint.h>
#include "menu/proof/proof_parts.h"
#include "menu/engine/step.h"

static void check_reached(const struct service *service, struct arena *arena, struct problems *problems)
{
    uint32_t *keys = ARENA_ARRAY(arena, uint32_t, service->node_count);
    const struct node **starts =
        ARENA_ARRAY(arena, const struct node *, 6 + service->keyword_count + service->triage_count);
    size_t count = 0;
    starts[count++] = service->first.node;
    starts[count++] = service->known.node;
    starts[count++] = service->resume.node;
    starts[count++] = service->help_offer.node;
    starts[count++] = service->danger.node;
    if (service->invite.node)
        starts[count++] = service->invite.node;
    if (service->pin.node)
        starts[count++] = service->pin.node;
    for (size_t i = 0; i < service->keyword_count; i++)
        if (service->keywords[i].target)
            starts[count++] = service->keywords[i].target;
    for (size_t i = 0; i < service->triage_count; i++)
        starts[count++] = service->triage[i].target;
    proof_walk(service, false, starts, count, keys);
    for (size_t i = 0; i < service->node_count; i++) {
        const struct node *node = &service->nodes[i];
        if (node->texted && keys[i] != PROOF_FAR)
            problems_add(problems, node->origin.file, node->origin.line,
                         "\"%.*s\" is what the desk texts: no caller may come to it", SPAN_ARG(node->id));
        if (!node->texted && keys[i] == PROOF_FAR && !node->inherited)
            problems_add(problems, node->origin.file, node->origin.line, "nothing leads to the node \"%.*s\"",
                         SPAN_ARG(node->id));
    }
}

static bool uses_reference(const struct node *node)
{
    return node->kind == NODE_DO && (node->effect == EFFECT_REQUEST || node->effect == EFFECT_REGISTER);
}

/* Follows what happens within one step: at most STEP_HOPS_MAX branches and deeds, at most one of which takes a reference. */
struct chase {
    struct problems *problems;
    const struct node *start;
    unsigned hops, references;
    bool reported;
};

static void chase_on(const struct proof_edge *edge, void *context)
{
    const struct chase *so_far = context;
    const struct node *node = edge->target;
    struct chase chase = *so_far;
    if (so_far->reported || (node->kind != NODE_DO && node->kind != NODE_BRANCH))
        return;
    chase.references += uses_reference(node);
    if (++chase.hops < STEP_HOPS_MAX / 2 && chase.references < 2)
        proof_edges(node, chase_on, &chase);
    else
        chase.reported = true;
    ((struct chase *)context)->reported = chase.reported;
    ((struct chase *)context)->references = chase.reported ? chase.references : so_far->references;
}

static void check_chain(const struct node *node, struct problems *problems)
{
    struct chase chase = {.problems = problems, .start = node, .references = uses_reference(node)};
    if (node->kind != NODE_DO && node->kind != NODE_BRANCH)
        return;
    proof_edges(node, chase_on, &chase);
    if (chase.reported)
        problems_add(problems, node->origin.file, node->origin.line,
                     chase.references > 1
                         ? "from \"%.*s\" two deeds that give a reference follow each other at once"
                         : "from \"%.*s\" branches and deeds lead on without end, or too many: no page is shown",
                     SPAN_ARG(node->id));
}

static void check_page(const struct node *node, struct problems *problems)
{
    const struct question *question = node->questions;
    bool menu = node->kind == NODE_MENU || node->kind == NODE_PAGE;
    if (menu && node->ends && question->option_count > 0)
        problems_add(problems, node->origin.file, node->origin.line,
                     "\"%.*s\" ends the call: nobody can press its options", SPAN_ARG(node->id));
    if (menu && !node->ends && question->option_count == 0 && question->foot == FOOT_NONE)
        problems_add(problems, node->origin.file, node->origin.line,
                     "\"%.*s\" is a dead end: expected options, a foot, or ends = true", SPAN_ARG(node->id));
}

static void check_nine(const struct service *service, const struct node *node, struct problems *problems)
{
    bool menu = node->kind == NODE_MENU || node->kind == NODE_PAGE;
    for (size_t i = 0; menu && i < node->questions->option_count; i++) {
        const struct option *option = &node->questions->options[i];
        if (option->key[0] == '9' && option->key[1] == '\0' && option->target != service->danger.node)
            problems_add(problems, option->origin.file, option->origin.line,
                         "key 9 means danger on every menu: expected goto = \"%.*s\" or another key",
                         SPAN_ARG(service->danger.name));
    }
}

void proof_flow(const struct service *service, struct problems *problems)
{
    struct arena *arena = arena_create(16 * 1024);
    check_reached(service, arena, problems);
    for (size_t i = 0; i < service->node_count; i++) {
        check_chain(&service->nodes[i], problems);
        check_page(&service->nodes[i], problems);
        check_nine(service, &service->nodes[i], problems);
    }
    arena_destroy(arena);
}
