/* The tick's part of the desk: after the requests, in transactions of its own. */
#include "core/tick/arrival.h"
#include "core/desk_run.h"

static struct desk_pass desk_pass_of(struct tick *tick, struct arena *arena)
{
    return (struct desk_pass){.store = tick->parts.store,
                              .keyring = tick->parts.keyring,
                              .catalogue = tick->catalogue,
                              .ids = &tick->ids,
                              .arena = arena,
                              .now = tick->now};
}

enum outcome run_desk(struct tick *tick, struct error *err)
{
    struct desk *desk = tick->parts.desk;
    if (!desk)
        return OUTCOME_OK;
    if (tick->is_cut_off) {
        desk_turn_away(desk);
        return OUTCOME_OK;
    }
    const struct desk_pass pass = desk_pass_of(tick, tick->arena);
    enum outcome outcome = desk_run(desk, &pass, err);
    if (outcome == OUTCOME_OK && tick->now >= tick->tends_at)
        outcome = desk_tend(desk, &pass, &tick->tends_at, err);
    return outcome;
}

int64_t tick_tends_at(const struct tick *tick)
{
    return tick->parts.desk ? tick->tends_at : 0;
}

void tick_tend_later(struct tick *tick, int64_t at)
{
    if (tick->tends_at < at)
        tick->tends_at = at;
}

enum outcome act_here(struct tick *tick, const struct desk_action *action, struct arena *arena,
                      struct desk_result *result)
{
    struct desk_pass pass = desk_pass_of(tick, arena);
    pass.is_local = true;
    enum outcome outcome = desk_act(&pass, action, result);
    if (tick->parts.desk)
        desk_done(tick->parts.desk, action, result);
    return outcome;
}
