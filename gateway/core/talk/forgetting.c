#include "core/talk/forgetting.h"

#include "core/talk/people.h"
#include "menu/request.h"

static const struct service *service_of(const struct conversation *conversation, const struct message *message)
{
    return conversation->catalogue->service_of[message->channel->index];
}

/* What stays of them: their requests that outlast the wish, and nothing else. How many. `services`: whose each of them is; NULL: `all`
 * are of this one. */
static size_t keep_requests(const struct service *all, const struct service *const *services, struct person *person,
                            int64_t *ids)
{
    size_t kept = 0;
    for (size_t i = 0; i < person->request_count; i++) {
        if (!request_outlasts_wish(services ? services[i] : all, &person->requests[i]))
            continue;
        ids[kept] = person->requests[i].id;
        person->requests[kept++] = person->requests[i];
    }
    return kept;
}

static void drop_person(struct conversation *conversation, struct talk *talk)
{
    struct person *gone = talk->person;
    working_set_unlink_person(conversation->set, gone, NULL);
    *gone = (struct person){0};
    talk->person = talk->party->person;
}

/* With who acts here by reference and PIN, nothing of this phone goes: it is another's. */
static void begin(struct conversation *conversation, struct talk *talk, struct change *change)
{
    struct party *party = talk->party;
    const bool own = talk->person == party->person;
    change->forget.person = talk->person->row.id;
    change->forget.phone = own ? party->row.id : talk->person->row.phone;
    change->forget.at = conversation->now;
    change->forget.session = talk->row.id;
    if (!own)
        return;
    change->forget.lookup = party->row.lookup;
    working_set_forget(conversation->set, &party->row.lookup);
    people_close_way_back(party);
}

static void forget_whole(struct conversation *conversation, const struct message *message, struct talk *talk,
                         struct change_list *pending)
{
    struct party *party = talk->party;
    const bool own = talk->person == party->person;
    begin(conversation, talk, change_list_add(pending, CHANGE_FORGET, message->index));
    drop_person(conversation, talk);
    if (!own)
        return;
    party->row.has_number = false;
    party->number = SPAN_NONE;
}

void forgetting_ask(struct conversation *conversation, const struct message *message, struct talk *talk,
                    struct change_list *pending)
{
    struct person *person = talk->person;
    int64_t *ids = ARENA_ARRAY(conversation->arena, int64_t, person->request_count);
    const size_t kept = keep_requests(service_of(conversation, message), NULL, person, ids);
    if (!kept) {
        forget_whole(conversation, message, talk, pending);
        return;
    }
    struct change *change = change_list_add(pending, CHANGE_FORGET, message->index);
    begin(conversation, talk, change);
    change->forget.kept = ids;
    change->forget.kept_count = kept;
    person->request_count = kept;
    person->is_registered = false;
    person->row.leaving_at = conversation->now;
}

void forgetting_add(const struct service *const *services, struct person *person, const struct phone_row *phone,
                    int64_t now, struct change_list *changes)
{
    int64_t *ids = ARENA_ARRAY(changes->arena, int64_t, person->request_count + 1);
    struct change *change = change_list_add(changes, CHANGE_FORGET, NO_MESSAGE);
    change->forget.person = person->row.id;
    change->forget.phone = phone->id;
    change->forget.at = now;
    if (phone->person == person->row.id)
        change->forget.lookup = phone->lookup;
    change->forget.kept = ids;
    change->forget.kept_count = keep_requests(NULL, services, person, ids);
}

static bool has_open_request(const struct person *person)
{
    for (size_t i = 0; i < person->request_count; i++)
        if (request_is_open(&person->requests[i]))
            return true;
    return false;
}

void forgetting_follow(struct conversation *conversation, const struct message *message, struct talk *talk,
                       enum effect_kind done, struct change_list *pending)
{
    struct person *person = talk->person;
    if (!person->row.leaving_at)
        return;
    if (done == EFFECT_REQUEST || done == EFFECT_REGISTER) {
        person->row.leaving_at = 0;
        change_list_add(pending, CHANGE_PERSON_STAYS, message->index)->person.id = person->row.id;
    } else if (done == EFFECT_CANCEL && !has_open_request(person)) {
        forget_whole(conversation, message, talk, pending);
    }
}
