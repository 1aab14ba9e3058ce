/*
 * phases: where in its session a USSD request stands, by the rules of a profile. Pure.
 */
#pragma once
#include "aggregator/door/facts.h"
#include "model/inbound.h"

void phases_compile(struct setting list, struct arena *arena, struct problems *problems, struct shape *out);

/* The meaning of the first rule that fits; PHASE_NONE: none does. */
enum phase phases_find(const struct shape *shape, struct facts *facts);
/* Whether the session is over with it, and why. */
bool phase_ends(enum phase phase, enum end_cause *cause);
