/* Follow-ups on the simulated phone: what the core's schedule would send while time passes. */
#include "menu/simulated.h"

bool simulated_is_asked(const struct simulator *simulator)
{
    for (size_t i = 0; i < simulator->follow_up_count; i++)
        if (simulator->follow_ups[i].state == FOLLOW_UP_ASKED)
            return true;
    return false;
}

void simulated_settle_follow_ups(struct simulator *simulator, enum follow_up_state from, enum follow_up_state to)
{
    for (size_t i = 0; i < simulator->follow_up_count; i++)
        if (simulator->follow_ups[i].state == from)
            simulator->follow_ups[i].state = to;
}

void simulated_follow(struct simulator *simulator)
{
    struct follow_up_date dates[FOLLOW_UPS_MAX];
    size_t count = follow_up_plan(simulator->service, simulator->registered_at, simulator->now, dates);
    simulated_settle_follow_ups(simulator, FOLLOW_UP_WAITING, FOLLOW_UP_STOPPED);
    for (size_t i = 0; simulator->registered && i < count && simulator->follow_up_count < FOLLOW_UPS_KEPT; i++)
        simulator->follow_ups[simulator->follow_up_count++] =
            (struct kept_follow_up){.date = dates[i], .registered_at = simulator->registered_at};
}

/* The text comes, and whoever answers it stands on its page. */
static void ask(struct simulator *simulator, struct kept_follow_up *follow_up)
{
    struct line *line = ARENA_NEW(simulator->arena, struct line);
    struct span text;
    if (!follow_up_invite(simulator->service, simulator->lang, &text, &line->state))
        return;
    line->state.at.node = simulated_keep(simulator, line->state.at.node);
    line->state.lang = simulated_keep(simulator, line->state.lang);
    line->open = line->invited = true;
    line->last_at = follow_up->asked_at = simulator->now;
    simulator->sms = line;
    follow_up->state = FOLLOW_UP_ASKED;
    follow_up->date.due_at = simulator->now + FOLLOW_UP_ANSWER_MS;
    if (simulator->came_count < TEXTS_KEPT)
        simulator->came[simulator->came_count++] = simulated_keep(simulator, text);
}

static void settle(struct simulator *simulator, struct kept_follow_up *follow_up)
{
    const struct line *last = simulator->sms && (!simulator->ussd || simulator->sms->last_at > simulator->ussd->last_at)
                                  ? simulator->sms
                                  : simulator->ussd;
    const struct due_follow_up due = {.row = {.person = 1, .month = follow_up->date.month, .state = follow_up->state},
                                      .registered_at = follow_up->registered_at,
                                      .agreed = simulator->registered,
                                      .phone = 1,
                                      .answers = 1,
                                      .last_at = last ? last->last_at : 0,
                                      .opted_out = simulator->opted_out,
                                      .has_number = !simulator->options.masked};
    int64_t again_at;
    switch (follow_up_judge(simulator->service, &due, simulator->now, &again_at)) {
    case FATE_ASK:
        ask(simulator, follow_up);
        break;
    case FATE_WAIT:
        follow_up->date.due_at = again_at;
        break;
    case FATE_STOP:
        follow_up->state = FOLLOW_UP_STOPPED;
        break;
    case FATE_MISS:
        follow_up->state = FOLLOW_UP_MISSED;
        break;
    }
}

static struct kept_follow_up *next_of(struct simulator *simulator)
{
    struct kept_follow_up *next = NULL;
    for (size_t i = 0; i < simulator->follow_up_count; i++) {
        struct kept_follow_up *one = &simulator->follow_ups[i];
        bool moves = one->state == FOLLOW_UP_WAITING || one->state == FOLLOW_UP_ASKED;
        if (moves && (!next || one->date.due_at < next->date.due_at))
            next = one;
    }
    return next;
}

void simulated_pass_time(struct simulator *simulator, int64_t until)
{
    for (struct kept_follow_up *next; (next = next_of(simulator)) != NULL && next->date.due_at <= until;) {
        if (next->date.due_at > simulator->now)
            simulator->now = next->date.due_at;
        settle(simulator, next);
    }
    simulator->now = until;
}
