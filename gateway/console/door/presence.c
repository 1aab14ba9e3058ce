#include "console/door/presence.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES = 256 };

struct place {
    int64_t operator, request, seen_at;
    char name[OPERATOR_SHOWN_MAX];
    size_t name_len;
};

struct presence {
    pthread_mutex_t lock;
    struct place places[PLACES];
};

struct presence *presence_create(void)
{
    struct presence *presence = calloc(1, sizeof *presence);
    if (!presence)
        abort();
    pthread_mutex_init(&presence->lock, NULL);
    return presence;
}

void presence_free(struct presence *presence)
{
    if (!presence)
        return;
    pthread_mutex_destroy(&presence->lock);
    free(presence);
}

/* The place of this operator at this request, else the one that was left the longest ago. */
static struct place *find_place(struct presence *presence, int64_t operator, int64_t request)
{
    struct place *oldest = &presence->places[0];
    for (size_t i = 0; i < PLACES; i++) {
        struct place *place = &presence->places[i];
        if (place->operator == operator && place->request == request)
            return place;
        if (place->seen_at < oldest->seen_at)
            oldest = place;
    }
    return oldest;
}

void presence_note(struct presence *presence, const struct operator *operator, int64_t request, int64_t now)
{
    struct span name = span_first(operator->shown, OPERATOR_SHOWN_MAX);
    pthread_mutex_lock(&presence->lock);
    struct place *place = find_place(presence, operator->id, request);
    *place = (struct place){operator->id, request, now, .name_len = name.len};
    if (name.len > 0)
        memcpy(place->name, name.at, name.len);
    pthread_mutex_unlock(&presence->lock);
}

size_t presence_others(struct presence *presence, int64_t request, int64_t operator, int64_t now, struct arena *arena,
                       struct span *names, size_t max)
{
    size_t count = 0;
    pthread_mutex_lock(&presence->lock);
    for (size_t i = 0; i < PLACES && count < max; i++) {
        const struct place *place = &presence->places[i];
        if (place->request == request && place->operator != operator && now - place->seen_at < PRESENCE_MS)
            names[count++] = arena_copy(arena, (struct span){place->name, place->name_len});
    }
    pthread_mutex_unlock(&presence->lock);
    return count;
}
