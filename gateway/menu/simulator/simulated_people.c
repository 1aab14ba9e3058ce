/* Whose PIN is right in a simulated world, and how often it may be tried: by the rules of the core. */
#include <string.h>
#include "menu/service/model.h"
#include "menu/simulator/simulated.h"

void simulated_settle(const struct simulator *simulator, struct line *line, struct session_state *state)
{
    if (state->acting && !simulated_find_person(simulator, state->acting))
        state->acting = state->opened = 0;
    line->acting = state->acting;
}

static bool is_locked(const struct simulator *simulator, const struct simulated_tries *tries)
{
    return tries->count >= PIN_TRIES_MAX && simulator->now - tries->at < PIN_TRIES_MS;
}

static void count_wrong(const struct simulator *simulator, struct simulated_tries *tries)
{
    tries->count = simulator->now - tries->at < PIN_TRIES_MS ? tries->count + 1 : 1;
    tries->at = simulator->now;
}

static void let_in(struct simulator *simulator, struct line *line, struct simulated_person *person,
                   struct engine_learned *learned)
{
    person->tries = (struct simulated_tries){0, 0};
    learned->verdict = VERDICT_RIGHT;
    learned->person = person->id;
    line->acting = person->id != simulator->phone->person ? person->id : 0;
}

static bool is_on_this_phone(const struct simulator *simulator, const struct line *line,
                             const struct simulated_person *person)
{
    bool meant = person->id == line->acting || person->id == simulator->phone->person ||
                 (span_is_present(person->phone) && span_equal(person->phone, simulator->phone->name));
    return meant && person->pin[0] != '\0';
}

/* The one whom it is about comes first, then the phone's own, then the others, newest first. */
static struct simulated_person *whose_pin(struct simulator *simulator, const struct line *line, struct span pin)
{
    struct simulated_person *found = NULL;
    for (struct simulated_person *person = simulator->people; person; person = person->next) {
        bool fits = is_on_this_phone(simulator, line, person) && !is_locked(simulator, &person->tries) &&
                    span_equal_text(pin, person->pin);
        bool first = person->id == line->acting || (person->id == simulator->phone->person && !line->acting);
        if (fits && (!found || first))
            found = person;
    }
    return found;
}

static void judge_pin(struct simulator *simulator, struct line *line, struct span pin, struct engine_learned *learned)
{
    struct simulated_person *right = whose_pin(simulator, line, pin);
    if (right) {
        let_in(simulator, line, right, learned);
        return;
    }
    size_t tried = 0, open = 0;
    for (struct simulated_person *person = simulator->people; person; person = person->next) {
        if (!is_on_this_phone(simulator, line, person))
            continue;
        tried++;
        if (!is_locked(simulator, &person->tries))
            count_wrong(simulator, &person->tries);
        open += !is_locked(simulator, &person->tries);
    }
    if (tried == 0 && !is_locked(simulator, &simulator->phone->tries))
        count_wrong(simulator, &simulator->phone->tries);
    if (tried == 0)
        open = !is_locked(simulator, &simulator->phone->tries);
    learned->verdict = open > 0 ? VERDICT_WRONG : VERDICT_LOCKED;
}

static struct simulated_person *whose_case(const struct simulator *simulator, const char *reference)
{
    for (size_t i = 0; i < simulator->request_count; i++)
        if (strcmp(simulator->requests[i].reference, reference) == 0 && !simulator->requests[i].hidden)
            return simulated_find_person(simulator, simulator->requests[i].person);
    for (struct simulated_person *person = simulator->people; person; person = person->next)
        if (person->registered && strcmp(person->registration, reference) == 0)
            return person;
    return NULL;
}

static void judge_case(struct simulator *simulator, struct line *line, const struct engine_want *want,
                       struct engine_learned *learned)
{
    struct simulated_tries *here = &simulator->phone->tries;
    struct simulated_person *person = whose_case(simulator, want->reference);
    bool may_try = person && person->pin[0] != '\0' && !is_locked(simulator, &person->tries);
    if (!is_locked(simulator, here) && may_try && span_equal_text(want->pin, person->pin)) {
        let_in(simulator, line, person, learned);
        return;
    }
    if (!is_locked(simulator, here)) {
        if (may_try)
            count_wrong(simulator, &person->tries);
        count_wrong(simulator, here);
    }
    learned->verdict = is_locked(simulator, here) ? VERDICT_LOCKED : VERDICT_WRONG;
}

void simulated_learn(struct simulator *simulator, struct line *line, const struct engine_want *want,
                     struct engine_learned *learned)
{
    learned->times++;
    if (want->kind == WANT_CASE)
        judge_case(simulator, line, want, learned);
    else if (want->kind == WANT_PIN)
        judge_pin(simulator, line, want->pin, learned);
    else if (want->kind == WANT_ASKED)
        simulated_learn_asked(simulator, want->reference, learned);
    else
        simulated_learn_kept(simulator, line, learned);
}

void simulated_set_pin(struct simulator *simulator, struct line *line, struct span pin)
{
    struct simulated_person *person = simulated_owner(simulator, line);
    memset(person->pin, 0, sizeof person->pin);
    if (span_is_present(pin) && pin.len < sizeof person->pin)
        memcpy(person->pin, pin.at, pin.len);
    person->tries = (struct simulated_tries){0, 0};
    if (span_is_present(pin))
        line->state.opened = person->id;
}

void simulated_new_person(struct simulator *simulator)
{
    simulator->phone->person = 0;
}

void simulated_move_here(struct simulator *simulator, struct line *line)
{
    struct simulated_person *person = simulated_find_person(simulator, line->acting);
    if (!person)
        return;
    for (struct simulated_phone *phone = simulator->phones; phone; phone = phone->next)
        if (phone->person == person->id)
            phone->person = 0;
    simulator->phone->person = person->id;
    person->phone = simulator->phone->name;
    line->acting = 0;
}

static void leave_number(struct simulator *simulator)
{
    struct simulated_phone *phone = simulator->phone;
    for (struct simulated_person *person = simulator->people; person; person = person->next)
        if (span_is_present(person->phone) && span_equal(person->phone, phone->name))
            person->phone = SPAN_NONE;
    phone->person = 0;
    phone->lang = SPAN_NONE;
    phone->last = NULL;
}

void simulated_renew_if_silent(struct simulator *simulator)
{
    struct simulated_phone *phone = simulator->phone;
    if (phone->last_at != 0 && simulator->now - phone->last_at > service_number_ms(simulator->service))
        leave_number(simulator);
    phone->last_at = simulator->now;
}
