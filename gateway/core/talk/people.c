#include "core/talk/people.h"

#include "core/effects.h"

enum outcome people_find(struct conversation *conversation, int64_t id, struct person **person, struct error *err)
{
    struct person found;
    *person = working_set_find_person(conversation->set, id);
    if (*person)
        return (*person)->row.id ? OUTCOME_OK : error_set(err, OUTCOME_NOT_FOUND, "they were forgotten in this tick");
    enum outcome outcome = store_load_person(conversation->store, id, conversation->arena, &found, err);
    if (outcome == OUTCOME_OK)
        *person = working_set_person(conversation->set, &found);
    return outcome;
}

enum outcome people_settle(const struct step *step, struct session_state *state, struct error *err)
{
    struct talk *talk = step->talk;
    talk->person = talk->party->person;
    if (!state->acting || state->acting == talk->person->row.id)
        return OUTCOME_OK;
    struct person *other;
    enum outcome outcome = people_find(step->conversation, state->acting, &other, err);
    if (outcome == OUTCOME_OK)
        talk->person = other;
    if (outcome == OUTCOME_NOT_FOUND)
        state->acting = state->opened = 0;
    return outcome == OUTCOME_NOT_FOUND ? OUTCOME_OK : outcome;
}

struct person_view people_view(const struct step *step, const struct person *person)
{
    const struct phone *from = &step->message->inbound->from;
    const bool is_number = from->kind == PHONE_NUMBER && from->text.len;
    return (struct person_view){
        .person = person->row.id,
        .opted_out = step->talk->party->row.opted_out,
        .can_be_called = is_number,
        .can_be_texted = is_number && effects_texting_channel(step->conversation, step->message) != NULL,
        .is_elsewhere = person->row.id && person->row.phone != step->talk->party->row.id,
        .registered = person->is_registered,
        .registration = person->is_registered ? person->registration : NULL,
        .registered_at = person->registered_at,
        .has_pin = person->row.has_pin,
        .follow_up_due = person->follow_up_due,
        .requests = person->requests,
        .request_count = person->request_count,
    };
}

void people_close_way_back(struct party *party)
{
    party->row.last_session = 0;
    party->last = NULL;
    party->latest = NULL;
    party->changed = true;
}

static void leave(struct conversation *conversation, struct party *party)
{
    party->row.person = 0;
    party->person = working_set_person(conversation->set, &(struct person){0});
    people_close_way_back(party);
}

void people_renew_if_silent(const struct step *step, struct party *party)
{
    struct conversation *conversation = step->conversation;
    if (!party->row.id || conversation->now - party->row.last_at <= service_number_ms(step->service))
        return;
    leave(conversation, party);
    party->row.lang = SPAN_NONE;
    party->row.renewed_at = conversation->now;
}

/* The session goes on, as the new one's. */
static void keep_session(struct talk *talk)
{
    struct party *party = talk->party;
    people_close_way_back(party);
    party->row.last_session = talk->row.id;
    party->latest = talk;
    talk->row.continues = 0;
    talk->earlier = NULL;
}

void people_begin_anew(struct conversation *conversation, struct talk *talk)
{
    leave(conversation, talk->party);
    keep_session(talk);
    talk->person = talk->party->person;
}

void people_move_here(struct conversation *conversation, const struct message *message, struct talk *talk,
                      struct change_list *pending)
{
    struct party *party = talk->party;
    struct person *person = talk->person;
    if (person == party->person)
        return;
    party->person = person;
    party->row.person = person->row.id;
    person->row.phone = party->row.id;
    working_set_unlink_person(conversation->set, person, party);
    keep_session(talk);
    effects_keep_number(message, party); /* they are called here from now on */
    for (size_t i = 0; i < person->request_count; i++)
        person->requests[i].phone = party->row.id;
    struct change *change = change_list_add(pending, CHANGE_PERSON_MOVED, message->index);
    change->person.id = person->row.id;
    change->person.phone = party->row.id;
    change->person.at = conversation->now;
}
