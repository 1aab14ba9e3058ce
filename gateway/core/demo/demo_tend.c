/* What the program does at the desk by itself, a while ago. */
#include "base/duration.h"
#include "core/demo/demo_parts.h"

#define TEND_MS MINUTE_MS
#define LONGEST_MS (24 * HOUR_MS) /* of a day nothing lies longer; whatever is asked for, it takes no more steps */

struct desk_pass demo_pass(struct demo *demo, const struct catalogue *catalogue, int64_t at)
{
    return (struct desk_pass){.store = demo->store,
                              .keyring = demo->keyring,
                              .catalogue = catalogue,
                              .ids = &demo->ids,
                              .arena = demo->arena,
                              .now = at,
                              .is_local = true};
}

enum outcome demo_tend(struct demo *demo, const struct catalogue *catalogue, int64_t until, struct error *err)
{
    enum outcome outcome = OUTCOME_OK;
    if (!demo->tends_at)
        demo->tends_at = until;
    if (demo->tends_at < until - LONGEST_MS)
        demo->tends_at = until - LONGEST_MS;
    while (outcome == OUTCOME_OK && demo->tends_at <= until) {
        const struct desk_pass pass = demo_pass(demo, catalogue, demo->tends_at);
        int64_t next_at;
        outcome = desk_tend(demo->desk, &pass, &next_at, err);
        demo->tends_at += TEND_MS;
        arena_reset(demo->arena);
    }
    return outcome;
}
