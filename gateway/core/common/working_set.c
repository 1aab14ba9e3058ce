#include "core/working_set.h"

#include <string.h>

/* uthash inside the tick's arena: what it frees goes with the tick. The keys are keyed hashes already: four bytes of one are
 * as good a bucket number as any, and nobody outside can aim at one bucket. */
#define HASH_NONFATAL_OOM 0
#define uthash_malloc(bytes) arena_alloc(set->arena, (bytes))
#define uthash_free(pointer, bytes) ((void)(pointer))
#define HASH_FUNCTION(key, length, value) memcpy(&(value), (key), sizeof(value))
#include <uthash.h>

struct party_slot {
    struct lookup key;
    struct party party;
    UT_hash_handle hh;
};

struct talk_slot {
    struct lookup key;
    struct talk *talk; /* the newest with this key: an older one may still be its party's latest */
    UT_hash_handle hh;
};

struct person_slot {
    int64_t id;
    struct person *person;
    UT_hash_handle hh;
};

struct part_slot {
    struct lookup key;
    struct part_group group;
    UT_hash_handle hh;
};

struct seen_slot {
    struct lookup key;
    UT_hash_handle hh;
};

struct working_set {
    struct arena *arena;
    struct part_slot *parts;
    struct seen_slot *seen;
    struct seen_slot *forgotten;
    struct party_slot *parties;
    struct person_slot *people;
    struct talk_slot *talks;
};

struct working_set *working_set_create(struct arena *arena)
{
    struct working_set *set = ARENA_NEW(arena, struct working_set);
    set->arena = arena;
    return set;
}

void working_set_name_person(struct working_set *set, struct person *person, int64_t id)
{
    struct person_slot *slot = ARENA_NEW(set->arena, struct person_slot);
    person->row.id = slot->id = id;
    slot->person = person;
    HASH_ADD(hh, set->people, id, sizeof slot->id, slot);
}

struct person *working_set_find_person(const struct working_set *set, int64_t id)
{
    struct person_slot *slot;
    HASH_FIND(hh, set->people, &id, sizeof id, slot);
    return slot ? slot->person : NULL;
}

struct person *working_set_person(struct working_set *set, const struct person *found)
{
    struct person *person = found->row.id ? working_set_find_person(set, found->row.id) : NULL;
    if (person)
        return person;
    person = ARENA_NEW(set->arena, struct person);
    *person = *found;
    if (found->row.id)
        working_set_name_person(set, person, found->row.id);
    return person;
}

void working_set_unlink_person(struct working_set *set, const struct person *person, const struct party *kept)
{
    for (struct party_slot *slot = set->parties; slot; slot = slot->hh.next)
        if (slot->party.person == person && &slot->party != kept) {
            slot->party.person = working_set_person(set, &(struct person){0});
            slot->party.row.person = 0;
        }
}

/* Whoever was found on this phone, unless they have left it, or were forgotten, since the tick looked. */
static struct person *person_of(struct working_set *set, const struct store_found *found)
{
    struct person *person = working_set_person(set, &found->person);
    bool is_there = person->row.id == found->person.row.id && person->row.phone == found->person.row.phone;
    return is_there ? person : working_set_person(set, &(struct person){0});
}

static void fill_party(struct working_set *set, struct party *party, const struct lookup *phone,
                       const struct store_found *found)
{
    party->person = person_of(set, found);
    if (!found->phone) {
        party->row.lookup = *phone;
        party->is_new = true;
        return;
    }
    party->row = *found->phone;
    party->row.person = party->person->row.id;
    party->last = found->last;
}

struct party *working_set_party(struct working_set *set, const struct lookup *phone, const struct store_found *found)
{
    struct party_slot *slot;
    HASH_FIND(hh, set->parties, phone, sizeof *phone, slot);
    if (slot)
        return &slot->party;
    slot = ARENA_NEW(set->arena, struct party_slot);
    slot->key = *phone;
    fill_party(set, &slot->party, phone, found);
    HASH_ADD(hh, set->parties, key, sizeof slot->key, slot);
    return &slot->party;
}

static struct talk_slot *find_slot(const struct working_set *set, const struct lookup *key)
{
    struct talk_slot *slot;
    HASH_FIND(hh, set->talks, key, sizeof *key, slot);
    return slot;
}

static struct talk *put_talk(struct working_set *set, const struct lookup *key, struct party *party)
{
    struct talk_slot *slot = find_slot(set, key);
    if (!slot) {
        slot = ARENA_NEW(set->arena, struct talk_slot);
        slot->key = *key;
        HASH_ADD(hh, set->talks, key, sizeof slot->key, slot);
    }
    slot->talk = ARENA_NEW(set->arena, struct talk);
    slot->talk->party = party;
    slot->talk->person = party ? party->person : NULL;
    return slot->talk;
}

struct talk *working_set_talk(struct working_set *set, const struct lookup *key, struct party *party,
                              const struct store_found *found)
{
    const struct talk_slot *slot = find_slot(set, key);
    if (slot)
        return !party || slot->talk->party == party ? slot->talk : NULL;
    if (!found->session || (party && party->row.id != found->session->phone))
        return NULL;
    if (!party && found->phone)
        party = working_set_party(set, &found->phone->lookup, found);
    struct talk *talk = put_talk(set, key, party);
    talk->row = *found->session;
    if (talk->row.state.entry) {
        talk->answers = found->answers;
        talk->answer_count = found->answer_count;
    }
    if (party && talk->row.id == party->row.last_session)
        party->latest = talk;
    return talk;
}

struct talk *working_set_open(struct working_set *set, const struct lookup *key, struct party *party)
{
    const struct talk_slot *slot = find_slot(set, key);
    bool is_theirs = slot && slot->talk->party == party;
    const struct made_turn *made = is_theirs ? slot->talk->made : NULL; /* a message's id outlives its session */
    struct talk *talk = put_talk(set, key, party);
    talk->is_new = true;
    talk->row.key = *key;
    talk->made = made;
    party->latest = talk;
    return talk;
}

struct part_group *working_set_parts(struct working_set *set, const struct lookup *key)
{
    struct part_slot *slot;
    HASH_FIND(hh, set->parts, key, sizeof *key, slot);
    if (!slot) {
        slot = ARENA_NEW(set->arena, struct part_slot);
        slot->key = *key;
        HASH_ADD(hh, set->parts, key, sizeof slot->key, slot);
    }
    return &slot->group;
}

bool working_set_was_forgotten(const struct working_set *set, const struct lookup *phone)
{
    struct seen_slot *slot;
    HASH_FIND(hh, set->forgotten, phone, sizeof *phone, slot);
    return slot != NULL;
}

void working_set_forget(struct working_set *set, const struct lookup *phone)
{
    for (struct part_slot *slot = set->parts; slot; slot = slot->hh.next)
        if (slot->group.first && memcmp(&slot->group.first->phone, phone, sizeof *phone) == 0)
            slot->group.first = NULL;
    if (working_set_was_forgotten(set, phone))
        return;
    struct seen_slot *slot = ARENA_NEW(set->arena, struct seen_slot);
    slot->key = *phone;
    HASH_ADD(hh, set->forgotten, key, sizeof slot->key, slot);
}

bool working_set_sees_first(struct working_set *set, const struct lookup *message)
{
    struct seen_slot *slot;
    HASH_FIND(hh, set->seen, message, sizeof *message, slot);
    if (slot)
        return false;
    slot = ARENA_NEW(set->arena, struct seen_slot);
    slot->key = *message;
    HASH_ADD(hh, set->seen, key, sizeof slot->key, slot);
    return true;
}
