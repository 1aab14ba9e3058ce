/* Whether a PIN is right, and how often it may be tried. Four digits are protected by the key that hashes them and by being tried
 * no more than five times an hour: on this phone, and against each person, from wherever. */
#include <string.h>

#include "base/sealed.h"
#include "core/effects.h"
#include "core/talk/people.h"

static unsigned tries_now(unsigned tries, int64_t at, int64_t now)
{
    return now - at < PIN_TRIES_MS ? tries : 0;
}

static bool person_is_locked(const struct person_row *row, int64_t now)
{
    return tries_now(row->tries, row->tries_at, now) >= PIN_TRIES_MAX;
}

static bool phone_is_locked(const struct phone_row *row, int64_t now)
{
    return tries_now(row->tries, row->tries_at, now) >= PIN_TRIES_MAX;
}

/* A right one takes nothing back here: whoever has a PIN of their own could give it after every four tries at others'. */
static void count_on_phone(const struct step *step)
{
    struct party *party = step->talk->party;
    const int64_t now = step->conversation->now;
    party->row.tries = tries_now(party->row.tries, party->row.tries_at, now) + 1;
    party->row.tries_at = now;
    party->changed = true;
}

static void count_on_person(const struct step *step, struct person_row *row, bool was_right)
{
    struct conversation *conversation = step->conversation;
    if (was_right && !row->tries)
        return;
    row->tries = was_right ? 0 : tries_now(row->tries, row->tries_at, conversation->now) + 1;
    row->tries_at = was_right ? 0 : conversation->now;
    struct change *change = change_list_add(conversation->changes, CHANGE_PIN_TRIES, step->message->index);
    change->tries.person = row->id;
    change->tries.count = row->tries;
    change->tries.at = row->tries_at;
}

static bool is_theirs(const struct step *step, const struct person_row *row, struct span pin)
{
    unsigned char typed[PIN_HASH_BYTES];
    pin_hash(step->conversation->keyring, row->id, pin, typed);
    const bool same = secret_equal((struct span){(const char *)typed, sizeof typed},
                                   (struct span){(const char *)row->pin, sizeof row->pin});
    explicit_bzero(typed, sizeof typed);
    return row->has_pin && same;
}

static void let_in(const struct step *step, struct person *person, struct engine_learned *learned)
{
    count_on_person(step, &person->row, true);
    learned->verdict = VERDICT_RIGHT;
    learned->person = person->row.id;
    step->talk->person = person;
}

/* ---- somebody of this phone ---- */

/* Who may be meant: the one for whom the talk acts, the phone's own, and everybody else who was on it, newest first. */
struct candidates {
    struct person *at[24];
    size_t count;
};

static void add_candidate(struct candidates *candidates, struct person *person)
{
    for (size_t i = 0; i < candidates->count; i++)
        if (candidates->at[i] == person)
            return;
    if (person->row.id && person->row.has_pin && candidates->count < sizeof candidates->at / sizeof *candidates->at)
        candidates->at[candidates->count++] = person;
}

static enum outcome find_candidates(const struct step *step, struct candidates *candidates, struct error *err)
{
    struct conversation *conversation = step->conversation;
    const struct party *party = step->talk->party;
    struct person_row *rows;
    size_t count;
    add_candidate(candidates, step->talk->person);
    add_candidate(candidates, party->person);
    enum outcome outcome =
        store_load_people(conversation->store, party->row.id, conversation->arena, &rows, &count, err);
    for (size_t i = 0; outcome == OUTCOME_OK && i < count; i++) {
        struct person *person;
        outcome = people_find(conversation, rows[i].id, &person, err);
        if (outcome == OUTCOME_OK && person->row.phone == party->row.id)
            add_candidate(candidates, person);
        if (outcome == OUTCOME_NOT_FOUND)
            outcome = OUTCOME_OK;
    }
    return outcome;
}

/* Where nobody has a PIN, tries count all the same: it looks no different. */
static void judge_candidates(const struct step *step, const struct candidates *candidates, struct span pin,
                             struct engine_learned *learned)
{
    const int64_t now = step->conversation->now;
    for (size_t i = 0; i < candidates->count; i++) {
        struct person *person = candidates->at[i];
        if (!person_is_locked(&person->row, now) && is_theirs(step, &person->row, pin)) {
            let_in(step, person, learned);
            return;
        }
    }
    learned->verdict = VERDICT_LOCKED;
    for (size_t i = 0; i < candidates->count; i++)
        if (!person_is_locked(&candidates->at[i]->row, now)) {
            count_on_person(step, &candidates->at[i]->row, false);
            if (!person_is_locked(&candidates->at[i]->row, now))
                learned->verdict = VERDICT_WRONG;
        }
}

static void judge_nobody(const struct step *step, struct engine_learned *learned)
{
    const int64_t now = step->conversation->now;
    if (!phone_is_locked(&step->talk->party->row, now))
        count_on_phone(step);
    learned->verdict = phone_is_locked(&step->talk->party->row, now) ? VERDICT_LOCKED : VERDICT_WRONG;
}

static enum outcome judge_pin(const struct step *step, struct span pin, struct engine_learned *learned,
                              struct error *err)
{
    struct candidates candidates = {.count = 0};
    enum outcome outcome = find_candidates(step, &candidates, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (candidates.count)
        judge_candidates(step, &candidates, pin, learned);
    else
        judge_nobody(step, learned);
    return OUTCOME_OK;
}

/* ---- a case, from whatever phone ---- */

/* Requests and registrations that this very tick has made are in nobody's file yet: they are their own phone's to ask for. */
static enum outcome find_case(const struct step *step, const char *reference, struct person **person, struct error *err)
{
    struct conversation *conversation = step->conversation;
    int64_t id = 0;
    *person = NULL;
    enum outcome outcome = store_find_case(conversation->store, reference, &id, err);
    if (outcome == OUTCOME_OK)
        outcome = people_find(conversation, id, person, err);
    return outcome == OUTCOME_NOT_FOUND ? OUTCOME_OK : outcome;
}

/* That somebody locked a person from another phone is nobody's business here: it is wrong like everything else. */
static enum outcome judge_case(const struct step *step, const struct engine_want *want, struct engine_learned *learned,
                               struct error *err)
{
    const int64_t now = step->conversation->now;
    const struct phone_row *phone = &step->talk->party->row;
    struct person *person;
    learned->verdict = VERDICT_LOCKED;
    if (phone_is_locked(phone, now))
        return OUTCOME_OK;
    enum outcome outcome = find_case(step, want->reference, &person, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    const bool may_try = person && person->row.has_pin && !person_is_locked(&person->row, now);
    if (may_try && is_theirs(step, &person->row, want->pin)) {
        let_in(step, person, learned);
        return OUTCOME_OK;
    }
    if (may_try)
        count_on_person(step, &person->row, false);
    count_on_phone(step);
    learned->verdict = phone_is_locked(phone, now) ? VERDICT_LOCKED : VERDICT_WRONG;
    return OUTCOME_OK;
}

enum outcome pins_judge(const struct step *step, const struct engine_want *want, struct engine_learned *learned,
                        struct error *err)
{
    return want->kind == WANT_CASE ? judge_case(step, want, learned, err) : judge_pin(step, want->pin, learned, err);
}

/* ---- a new one, or none ---- */

/* The engine asks for a new one only where the old one was given: who cannot give that changes nothing. */
static bool may_change(const struct talk *talk)
{
    return !talk->person->row.has_pin || talk->row.state.opened == talk->person->row.id;
}

void pins_set(struct conversation *conversation, const struct message *message, struct talk *talk, struct span pin,
              struct change_list *pending)
{
    if (!may_change(talk))
        return;
    struct person_row *row = &talk->person->row;
    effects_need_person(conversation, message, talk, pending);
    pin_hash(conversation->keyring, row->id, pin, row->pin);
    row->has_pin = true;
    row->tries = 0;
    talk->row.state.opened = row->id;
    struct change *change = change_list_add(pending, CHANGE_PIN, message->index);
    change->pin.person = row->id;
    memcpy(change->pin.hash, row->pin, sizeof change->pin.hash);
}

void pins_clear(const struct message *message, struct talk *talk, struct change_list *pending)
{
    struct person_row *row = &talk->person->row;
    if (!row->has_pin || !may_change(talk))
        return;
    row->has_pin = false;
    row->tries = 0;
    struct change *change = change_list_add(pending, CHANGE_PIN, message->index);
    change->pin.person = row->id;
    change->pin.is_cleared = true;
}
