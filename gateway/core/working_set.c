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
    struct talk talk;
    UT_hash_handle hh;
};

struct working_set {
    struct arena *arena;
    struct party_slot *parties;
    struct talk_slot *talks;
};

struct working_set *working_set_create(struct arena *arena)
{
    struct working_set *set = ARENA_NEW(arena, struct working_set);
    set->arena = arena;
    return set;
}

static void fill_party(struct party *party, const struct lookup *phone, const struct store_found *found)
{
    if (!found->phone) {
        party->row.lookup = *phone;
        party->is_new = true;
        return;
    }
    party->row = *found->phone;
    party->is_registered = found->registered;
    party->requests = found->requests;
    party->request_count = found->request_count;
    party->last = found->last;
    if (!found->session) {
        party->last_answers = found->answers;
        party->last_answer_count = found->answer_count;
    }
}

struct party *working_set_party(struct working_set *set, const struct lookup *phone, const struct store_found *found)
{
    struct party_slot *slot;
    HASH_FIND(hh, set->parties, phone, sizeof *phone, slot);
    if (slot)
        return &slot->party;
    slot = ARENA_NEW(set->arena, struct party_slot);
    slot->key = *phone;
    fill_party(&slot->party, phone, found);
    HASH_ADD(hh, set->parties, key, sizeof slot->key, slot);
    return &slot->party;
}

static struct talk *add_talk(struct working_set *set, const struct lookup *key, struct party *party)
{
    struct talk_slot *slot = ARENA_NEW(set->arena, struct talk_slot);
    slot->key = *key;
    slot->talk.party = party;
    HASH_ADD(hh, set->talks, key, sizeof slot->key, slot);
    return &slot->talk;
}

struct talk *working_set_talk(struct working_set *set, const struct lookup *key, struct party *party,
                              const struct store_found *found)
{
    struct talk_slot *slot;
    HASH_FIND(hh, set->talks, key, sizeof *key, slot);
    if (slot)
        return &slot->talk;
    if (!found->session)
        return NULL;
    if (!party && found->phone)
        party = working_set_party(set, &found->phone->lookup, found);
    struct talk *talk = add_talk(set, key, party);
    talk->row = *found->session;
    talk->answers = found->answers;
    talk->answer_count = found->answer_count;
    return talk;
}

struct talk *working_set_open(struct working_set *set, const struct lookup *key, struct party *party)
{
    struct talk_slot *slot;
    HASH_FIND(hh, set->talks, key, sizeof *key, slot);
    struct talk *talk = slot ? &slot->talk : add_talk(set, key, party);
    memset(talk, 0, sizeof *talk);
    talk->party = party;
    talk->is_new = true;
    talk->row.key = *key;
    return talk;
}
