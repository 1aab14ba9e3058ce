#include "console/door/refused.h"

#include <pthread.h>
#include <stdlib.h>
#include "base/log.h"

struct refused {
    pthread_mutex_t lock;
    struct turned {
        int64_t sign_in, kept_at;
    } places[REFUSED_PLACES];
};

struct refused *refused_create(void)
{
    struct refused *refused = calloc(1, sizeof *refused);
    if (!refused)
        abort();
    pthread_mutex_init(&refused->lock, NULL);
    return refused;
}

void refused_free(struct refused *refused)
{
    if (!refused)
        return;
    pthread_mutex_destroy(&refused->lock);
    free(refused);
}

/* Its own, else the one that was left the longest ago. */
static struct turned *find_place(struct refused *refused, int64_t sign_in)
{
    struct turned *oldest = &refused->places[0];
    for (size_t i = 0; i < REFUSED_PLACES; i++) {
        struct turned *place = &refused->places[i];
        if (place->sign_in == sign_in)
            return place;
        if (place->kept_at < oldest->kept_at)
            oldest = place;
    }
    return oldest;
}

bool refused_is_due(struct refused *refused, int64_t sign_in, int64_t now)
{
    pthread_mutex_lock(&refused->lock);
    struct turned *place = find_place(refused, sign_in);
    bool is_due = now - place->kept_at >= REFUSED_AGAIN_MS;
    if (is_due)
        *place = (struct turned){sign_in, now};
    pthread_mutex_unlock(&refused->lock);
    return is_due;
}

static void keep(const struct visit *visit, struct desk_action *action)
{
    struct desk_result result;
    action->text = visit->request->path;
    if (visit_do(visit, action, &result) == OUTCOME_BROKEN && !desk_is_stopping(visit->site->config->desk))
        log_event(LOG_LEVEL_ERROR, "console", "refusal_not_kept", "why=\"%s\"", result.error.text);
}

void refused_keep(const struct visit *visit)
{
    struct desk_action action = visit_action(visit, DESK_REFUSED);
    keep(visit, &action);
}

void refused_keep_forged(const struct visit *visit)
{
    if (!visit->operator || !refused_is_due(visit->site->refused, visit->sign_in->id, visit->now))
        return;
    struct desk_action action = visit_action(visit, DESK_REFUSED);
    action.flag = true;
    keep(visit, &action);
}
