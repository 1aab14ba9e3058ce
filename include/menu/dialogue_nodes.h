/*
 * dialogue_nodes: which screens of a service dialogues have shown, by language and channel; and so which they have not.
 *
 * A screen is a menu, a page, an `ask`, or one question of a form ("call.safe").
 */
#pragma once
#include "base/buffer.h"
#include "menu/simulator.h"

struct dialogue_nodes;

struct dialogue_nodes *dialogue_nodes_create(void);
void dialogue_nodes_free(struct dialogue_nodes *nodes); /* NULL is fine */

/* What a view shows of `service`, which was read from `dir`. */
void dialogue_nodes_note(struct dialogue_nodes *nodes, const char *dir, const struct service *service,
                         const struct simulator_view *view);

/* "menus/infoline en ussd: 120 of 122 shown; never call.number stopped", a line each. */
void dialogue_nodes_print(const struct dialogue_nodes *nodes, struct buffer *out);
