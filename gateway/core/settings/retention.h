/*
 * retention: how long what is kept stays, as the configuration says, and the small steps in which the rest goes;
 * private to the core.
 */
#pragma once
#include "base/metrics.h"
#include "base/settings.h"
#include "menu/service.h"
#include "store/store.h"

void retention_read(struct setting group, struct retention *out); /* all but the complaints, which services name */
/* The kinds that these services keep until they are closed, in the arena. */
void retention_add_complaints(struct retention *retention, struct service *const *services, size_t count,
                              struct arena *arena);

struct retaining {
    int64_t next_at;
    bool is_passing;
};
void retention_run(struct retaining *retaining, struct store *store, const struct retention *retention,
                   struct metrics *metrics, int64_t now, bool idle);
int retention_wait_ms(const struct retaining *retaining, bool idle);
