/*
 * kept: what is held of a registration, as its person may see it: a line for each answer. Pure.
 */
#pragma once
#include "menu/scene.h"
#include "menu/step.h"

/* The answers as this step leaves them: the registration's own, under those that it has just brought. */
const struct answer *kept_answers(const struct step *step, size_t *count);
/* Whether the page on the screen needs them, and nobody has said them yet. */
bool kept_are_wanted(const struct step *step);
/* "Country: Oman"; marked. */
struct span kept_line(const struct scene *scene, const struct answer *answer, struct arena *arena);
/* Whether the answers of this form become a registration: what follows it at once registers. */
bool kept_comes_of(const struct node *form);
