/*
 * triage: words that a programme has listed, found in what somebody wrote freely. Nothing is guessed.
 */
#pragma once
#include "menu/engine/step.h"

struct triage_hit {
    const struct triage_rule *rule; /* NULL: none */
    const struct listed_word *word;
};

/* The most urgent rule that has a word in the text; of equals the first. */
struct triage_hit triage_find(const struct service *service, struct span text, struct arena *arena);

/* What the hit does before the text is taken as an answer: it is recorded, and the next request is as urgent at least. */
void triage_note(struct step *step, const struct triage_hit *hit);
/* And after: its node is shown, with the way back to where the text was written. */
void triage_lead(struct step *step, const struct triage_hit *hit);

/* The urgency of a request that an author wrote down as `least`. What words have raised is used up by it. */
enum request_urgency triage_use(struct step *step, enum request_urgency least);
