#include "menu/proof/proof_parts.h"

void proof_edges(const struct node *node, void (*each)(const struct proof_edge *edge, void *context), void *context)
{
    for (size_t q = 0; q < node->question_count; q++)
        for (size_t i = 0; i < node->questions[q].option_count; i++) {
            const struct option *option = &node->questions[q].options[i];
            if (option->target)
                each(&(struct proof_edge){.target = option->target, .option = option}, context);
        }
    for (size_t i = 0; i < node->case_count; i++)
        each(&(struct proof_edge){.target = node->cases[i].target, .one = &node->cases[i]}, context);
    if (node->then)
        each(&(struct proof_edge){.target = node->then}, context);
}
