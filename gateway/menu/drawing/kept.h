/*
 * kept: what is held of a registration, as its person may see it: a line for each answer. Pure.
 */
#pragma once
#include "menu/drawing/scene.h"

/* "Country: Oman"; marked. */
struct span kept_line(const struct scene *scene, const struct answer *answer, struct arena *arena);
/* Whether the answers of this form become a registration: what follows it at once registers. */
bool kept_comes_of(const struct node *form);
