/*
 * listed: what the words that a service lists do within a step: keywords and triage.
 */
#pragma once
#include "menu/engine/triage.h"

struct listed_hit {
    const struct keyword *keyword; /* NULL: none */
    struct triage_hit triage;
    bool answers; /* the input may still be the answer to the question */
};

/* What the input means besides being an answer to `question`, or as the first text of all (NULL). */
struct listed_hit listed_find(struct step *step, const struct question *question);
/* Does what the keyword says. */
void listed_follow(struct step *step, const struct keyword *keyword);
/* How the answer is to reach its sender, at the end of the step. */
enum answer_manner listed_manner(const struct step *step);
