/*
 * working_set: the phones, people and sessions that one tick has in its hands, so that the second message of a person in a
 * tick sees what the first one changed. Filled from what store_load found; lives in the tick's arena; nothing of it outlives
 * the tick.
 */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "core/identity.h"
#include "model/reply.h"
#include "store/store.h"

struct working_set;

/* One phone. */
struct party {
    struct phone_row row;
    bool is_new, changed;
    struct span number;    /* to be sealed and kept with the next save, or absent */
    struct person *person; /* who answers on it, never NULL; of whom nothing is kept yet while row.id is 0 */
    struct talk *latest;   /* its newest session, when this tick has it in its hands */
    struct session *last;  /* its newest session, when it is only in the store */
};

/* One turn that this tick has made, for repeats within the tick. */
struct made_turn {
    const struct made_turn *before;
    int64_t session;
    uint64_t repeat;
    struct lookup message;
    struct reply reply;
};

/* One session. */
struct talk {
    struct session row;
    bool is_new;
    struct party *party;
    struct person *person;  /* for whom this step acts: the phone's own, or who gave reference and PIN (people.h) */
    struct answer *answers; /* of the open entry; of the earlier session's while that is offered */
    size_t answer_count;
    const struct session *earlier; /* the dropped session that is offered, once this tick has it in its hands */
    const struct made_turn *made;
};

struct working_set *working_set_create(struct arena *arena);

/* A long text that comes in parts. */
struct part_group {
    struct part *first; /* by number */
    bool is_loaded;     /* false: the store was not asked yet */
};
struct part_group *working_set_parts(struct working_set *set, const struct lookup *key);

/* Whoever has this phone was forgotten in this tick: what came of a long text before that goes, here and in the store. */
void working_set_forget(struct working_set *set, const struct lookup *phone);
bool working_set_was_forgotten(const struct working_set *set, const struct lookup *phone);

/* Whether this tick sees this message's key for the first time; for what leaves no session behind. */
bool working_set_sees_first(struct working_set *set, const struct lookup *message);

/* The party of this phone: as the tick left it, else as found, else new (id 0). */
struct party *working_set_party(struct working_set *set, const struct lookup *phone, const struct store_found *found);

/* This person, as the tick left them, else as found. Somebody new (row.id 0) is known once there is an id. */
struct person *working_set_person(struct working_set *set, const struct person *found);
struct person *working_set_find_person(const struct working_set *set, int64_t id); /* NULL: not in the tick's hands */
void working_set_name_person(struct working_set *set, struct person *person, int64_t id);
/* From now on nobody is taken for this person but on `kept`, or on no phone when that is NULL. */
void working_set_unlink_person(struct working_set *set, const struct person *person, const struct party *kept);

/* The session with this key: as the tick left it, else as found; NULL when there is none. `party` NULL: that of the session.
 * NULL too when it is somebody else's: aggregators use short session ids again, for other callers. */
struct talk *working_set_talk(struct working_set *set, const struct lookup *key, struct party *party,
                              const struct store_found *found);

/* A new session under this key, in place of an older one that had the same, and now the party's latest. */
struct talk *working_set_open(struct working_set *set, const struct lookup *key, struct party *party);
