/*
 * proof_parts: what proof.c is put together from. Each part looks at one thing and adds what does not hold.
 */
#pragma once
#include "menu/service/model.h"
#include "menu/proof.h"

void proof_flow(const struct service *service, struct problems *problems); /* what leads where */
void proof_promises(const struct service *service, struct problems *problems, struct proof_counts *counts);
void proof_answers(const struct service *service, struct problems *problems, struct proof_counts *counts);
void proof_topics(const struct service *service, struct problems *problems); /* pages with offices have an office */
void proof_screens(const struct service *service, const struct proof_channel *channels, size_t channel_count,
                   struct problems *problems, struct proof_counts *counts);

/* Calls `each` for every node that may follow `node` at once. */
struct proof_edge {
    const struct node *target;
    const struct option *option;   /* the key that leads there, or NULL */
    const struct branch_case *one; /* or the case */
};
void proof_edges(const struct node *node, void (*each)(const struct proof_edge *edge, void *context), void *context);

/* How many keys it takes to come to each node from the nearest of `starts`; PROOF_FAR: no way leads there. `open`: only what
 * everybody is shown counts. */
#define PROOF_FAR UINT32_MAX
void proof_walk(const struct service *service, bool open, const struct node *const *starts, size_t count,
                uint32_t *keys);
bool proof_is_conditional(const struct condition *condition);
