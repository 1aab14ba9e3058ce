/*
 * manners: which texts are answered by text. A machine behind an ordinary number answers every text of ours, and we every one of
 * its: the two would go on until one of them has no money left. Private to the core.
 */
#pragma once
#include "core/talk/step.h"

/* Its words are those of a machine: it is kept and never answered. */
bool manners_is_machine(const struct step *step);
/* Whether this step is answered by text; if it is, it is counted. */
bool manners_allow(struct step *step);
/* A new session of the same phone counts on from the one before. */
void manners_go_on(struct step *step, const struct session *before);
