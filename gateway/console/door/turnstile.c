#include "console/door/turnstile.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct place {
    struct lookup who;
    uint64_t came; /* which in order, from 1; 0: the place is free */
    bool is_stranger, is_inside;
};

struct turnstile {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* somebody went in or left */
    struct turnstile_size size;
    uint64_t came;
    size_t place_count;
    struct place places[];
};

struct turnstile *turnstile_create(const struct turnstile_size *size)
{
    size_t count = size->at_once + size->waiting;
    struct turnstile *turnstile = calloc(1, sizeof *turnstile + count * sizeof turnstile->places[0]);
    if (!turnstile)
        abort();
    pthread_mutex_init(&turnstile->lock, NULL);
    pthread_cond_init(&turnstile->changed, NULL);
    turnstile->size = *size;
    turnstile->place_count = count;
    return turnstile;
}

void turnstile_free(struct turnstile *turnstile)
{
    if (!turnstile)
        return;
    pthread_cond_destroy(&turnstile->changed);
    pthread_mutex_destroy(&turnstile->lock);
    free(turnstile);
}

static bool is_same(const struct lookup *one, const struct lookup *other)
{
    return memcmp(one, other, sizeof *one) == 0;
}

/* NULL: all are taken, or as many as it may have. */
static struct place *take_place(struct turnstile *turnstile, const struct lookup *who, bool is_stranger)
{
    struct place *found = NULL;
    unsigned same = 0, strangers = 0;
    for (size_t i = 0; i < turnstile->place_count; i++) {
        struct place *place = &turnstile->places[i];
        if (place->came == 0) {
            found = place;
            continue;
        }
        same += is_same(&place->who, who);
        strangers += place->is_stranger;
    }
    if (!found || same >= turnstile->size.each || (is_stranger && strangers >= turnstile->size.strangers))
        return NULL;
    *found = (struct place){.who = *who, .came = ++turnstile->came, .is_stranger = is_stranger};
    return found;
}

static struct place *find_inside(struct turnstile *turnstile, const struct lookup *who)
{
    for (size_t i = 0; i < turnstile->place_count; i++)
        if (turnstile->places[i].is_inside && is_same(&turnstile->places[i].who, who))
            return &turnstile->places[i];
    return NULL;
}

/* The one that came first, of those that wait for nobody of their own. */
static bool is_next(struct turnstile *turnstile, const struct place *place)
{
    unsigned inside = 0;
    for (size_t i = 0; i < turnstile->place_count; i++) {
        const struct place *other = &turnstile->places[i];
        inside += other->is_inside;
        bool is_before = other->came > 0 && !other->is_inside && other->came < place->came;
        if (is_before && !find_inside(turnstile, &other->who))
            return false;
    }
    return inside < turnstile->size.at_once && !find_inside(turnstile, &place->who);
}

bool turnstile_enter(struct turnstile *turnstile, const struct lookup *who, bool is_stranger)
{
    pthread_mutex_lock(&turnstile->lock);
    struct place *place = take_place(turnstile, who, is_stranger);
    while (place && !is_next(turnstile, place))
        pthread_cond_wait(&turnstile->changed, &turnstile->lock);
    if (place)
        place->is_inside = true;
    pthread_cond_broadcast(&turnstile->changed);
    pthread_mutex_unlock(&turnstile->lock);
    return place != NULL;
}

void turnstile_leave(struct turnstile *turnstile, const struct lookup *who)
{
    pthread_mutex_lock(&turnstile->lock);
    struct place *place = find_inside(turnstile, who);
    if (place)
        *place = (struct place){0};
    pthread_cond_broadcast(&turnstile->changed);
    pthread_mutex_unlock(&turnstile->lock);
}
