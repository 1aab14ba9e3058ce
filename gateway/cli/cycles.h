/*
 * cycles: the migration cycle that an answer tells of (complete, incomplete, interrupted), as the services of a configuration
 * say it: derived when a report is made, and kept nowhere.
 */
#pragma once
#include "base/problems.h"
#include "core/config.h"
#include "model/person.h"

struct cycles;

/* Loads every service that an enabled channel names; no profile and no secret is needed. REFUSED: see `problems`. */
enum outcome cycles_load(const struct config *config, struct cycles **out, struct problems *problems,
                         struct error *err) MUST_CHECK;
void cycles_free(struct cycles *cycles); /* NULL is fine */
/* For reader_name_cycles: what an answer that was given on `channel` tells; absent: nothing. */
struct span cycles_of(void *context, struct span channel, const struct answer *answer);
