/* Follow-ups in the simulated world: what the core's schedule would send while time passes. */
#include "menu/simulator/simulated.h"

void simulated_settle_follow_ups(struct simulated_person *person, enum follow_up_state from, enum follow_up_state to)
{
    for (size_t i = 0; i < person->follow_up_count; i++)
        if (person->follow_ups[i].state == from)
            person->follow_ups[i].state = to;
}

void simulated_plan_follow_ups(struct simulator *simulator, struct simulated_person *person)
{
    struct follow_up_date dates[FOLLOW_UPS_MAX];
    size_t count = follow_up_plan(simulator->service, person->registered_at, simulator->now, dates);
    simulated_settle_follow_ups(person, FOLLOW_UP_WAITING, FOLLOW_UP_STOPPED);
    for (size_t i = 0; person->registered && i < count && person->follow_up_count < FOLLOW_UPS_KEPT; i++)
        person->follow_ups[person->follow_up_count++] =
            (struct kept_follow_up){.date = dates[i], .registered_at = person->registered_at};
}

static struct simulated_phone *phone_of(const struct simulator *simulator, const struct simulated_person *person)
{
    struct simulated_phone *phone = simulator->phones;
    while (phone && !span_equal(phone->name, person->phone))
        phone = phone->next;
    return phone;
}

/* The text comes, and whoever answers it stands on its page. */
static void ask(struct simulator *simulator, struct simulated_phone *phone, struct kept_follow_up *follow_up)
{
    struct line *line = ARENA_NEW(simulator->arena, struct line);
    struct span text;
    if (!phone || !follow_up_invite(simulator->service, phone->lang, &text, &line->state)) {
        follow_up->state = FOLLOW_UP_STOPPED; /* nobody to ask, or nothing: it must not come up again for ever */
        return;
    }
    line->state.at.node = simulated_keep(simulator, line->state.at.node);
    line->state.lang = simulated_keep(simulator, line->state.lang);
    line->open = line->invited = true;
    line->last_at = simulator->now;
    phone->sms = line;
    follow_up->state = FOLLOW_UP_ASKED;
    follow_up->date.due_at = simulator->now + FOLLOW_UP_ANSWER_MS;
    if (phone->came_count < TEXTS_KEPT)
        phone->came[phone->came_count++] = simulated_keep(simulator, text);
}

/* When the phone was last heard of: an invite that nobody answered is not its word. */
static int64_t heard_at(const struct simulated_phone *phone)
{
    const struct line *lines[] = {phone->ussd, phone->sms, phone->last};
    int64_t last_at = 0;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i] && !lines[i]->invited && lines[i]->last_at > last_at)
            last_at = lines[i]->last_at;
    return last_at;
}

static void settle(struct simulator *simulator, const struct simulated_person *person, struct kept_follow_up *follow_up)
{
    struct simulated_phone *phone = phone_of(simulator, person);
    const struct due_follow_up due = {
        .row = {.person = person->id, .month = follow_up->date.month, .state = follow_up->state},
        .registered_at = follow_up->registered_at,
        .agreed = person->registered,
        .phone = phone ? 1 : 0,
        .answers = phone ? phone->person : 0,
        .last_at = phone ? heard_at(phone) : 0,
        .opted_out = phone && phone->opted_out,
        .has_number = !simulator->options.masked};
    int64_t again_at;
    switch (follow_up_judge(simulator->service, &due, simulator->now, &again_at)) {
    case FATE_ASK:
        if (phone) /* who is on none is never asked */
            ask(simulator, phone, follow_up);
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

static struct kept_follow_up *next_of(const struct simulator *simulator, const struct simulated_person **whose)
{
    struct kept_follow_up *next = NULL;
    for (struct simulated_person *person = simulator->people; person; person = person->next)
        for (size_t i = 0; i < person->follow_up_count; i++) {
            struct kept_follow_up *one = &person->follow_ups[i];
            bool moves = one->state == FOLLOW_UP_WAITING || one->state == FOLLOW_UP_ASKED;
            if (!moves || (next && one->date.due_at >= next->date.due_at))
                continue;
            next = one;
            *whose = person;
        }
    return next;
}

void simulated_pass_time(struct simulator *simulator, int64_t until)
{
    const struct simulated_person *whose = NULL;
    for (struct kept_follow_up *next; (next = next_of(simulator, &whose)) != NULL && next->date.due_at <= until;) {
        if (next->date.due_at > simulator->now)
            simulator->now = next->date.due_at;
        settle(simulator, whose, next);
    }
    simulator->now = until;
}
