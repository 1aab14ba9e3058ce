/* The tick's part of follow-ups: which are due, and one transaction each. */
#include "base/log.h"
#include "core/tick/arrival.h"
#include "core/follow_up.h"

#define A_TICK 16 /* callers wait while these are saved */
#define LOOK_AGAIN_MS (60 * 1000)

/* One alone: what the store refuses of it harms no other. */
static enum outcome settle(struct tick *tick, const struct due_follow_up *due, struct error *err)
{
    struct change_list changes = {.arena = tick->arena};
    const struct conversation conversation = {.store = tick->parts.store,
                                              .keyring = tick->parts.keyring,
                                              .catalogue = tick->catalogue,
                                              .ids = &tick->ids,
                                              .arena = tick->arena,
                                              .metrics = tick->parts.metrics,
                                              .now = tick->now};
    enum outcome outcome = follow_up_settle(&conversation, due, &changes, err);
    if (outcome == OUTCOME_OK)
        outcome = batch_save(tick, changes.at, changes.count, err);
    if (outcome != OUTCOME_OK)
        log_event(LOG_LEVEL_ERROR, "follow_up", "not_settled", "follow_up=%lld what=\"%s\"", (long long)due->row.id,
                  err->text);
    return outcome;
}

/* When to look next. One that was made meanwhile is a month away: a look a minute misses nothing. */
static int64_t next_look(struct tick *tick)
{
    int64_t next = store_next_follow_up(tick->parts.store), latest = tick->now + LOOK_AGAIN_MS;
    return next && next < latest ? next : latest;
}

enum outcome settle_follow_ups(struct tick *tick, struct error *err)
{
    struct due_follow_up *due;
    size_t count;
    if (tick->now < tick->follow_ups_at)
        return OUTCOME_OK;
    tick->follow_ups_at = tick->now + LOOK_AGAIN_MS;
    if (tick->is_cut_off)
        return OUTCOME_OK;
    enum outcome outcome =
        store_load_due_follow_ups(tick->parts.store, tick->now, A_TICK, tick->arena, &due, &count, err);
    bool all = outcome == OUTCOME_OK;
    for (size_t i = 0; outcome == OUTCOME_OK && i < count; i++) {
        enum outcome settled = settle(tick, &due[i], err);
        all = all && settled == OUTCOME_OK;
        outcome = settled == OUTCOME_BROKEN ? settled : OUTCOME_OK;
    }
    if (all) /* else what was refused would be looked at again at once, for ever */
        tick->follow_ups_at = next_look(tick);
    return outcome;
}
