#include "menu/proof/proof_parts.h"

struct walk {
    const struct service *service;
    uint32_t *keys;
    bool open, changed;
    const struct node *from;
};

bool proof_is_conditional(const struct condition *condition)
{
    return condition->kind != CONDITION_NONE || span_is_present(condition->field);
}

static uint32_t *keys_to(const struct walk *walk, const struct node *node)
{
    return &walk->keys[node - walk->service->nodes];
}

static void relax(const struct proof_edge *edge, void *context)
{
    struct walk *walk = context;
    const struct option *option = edge->option;
    bool hidden = edge->one || (option && (option->hidden || proof_is_conditional(&option->condition)));
    uint32_t far = *keys_to(walk, walk->from), *known = keys_to(walk, edge->target);
    bool pressed = walk->from->kind != NODE_DO && walk->from->kind != NODE_BRANCH;
    if ((walk->open && hidden) || far == PROOF_FAR || far + pressed >= *known)
        return;
    *known = far + pressed;
    walk->changed = true;
}

/* By relaxing until nothing changes: flows are small and this runs once. */
void proof_walk(const struct service *service, bool open, const struct node *const *starts, size_t count,
                uint32_t *keys)
{
    struct walk walk = {.service = service, .keys = keys, .open = open};
    for (size_t i = 0; i < service->node_count; i++)
        keys[i] = PROOF_FAR;
    for (size_t i = 0; i < count; i++)
        *keys_to(&walk, starts[i]) = 0;
    do {
        walk.changed = false;
        for (size_t i = 0; i < service->node_count; i++) {
            walk.from = &service->nodes[i];
            if (keys[i] != PROOF_FAR)
                proof_edges(walk.from, relax, &walk);
        }
    } while (walk.changed);
}
