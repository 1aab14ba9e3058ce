#include "console/door/turnstile.h"

#include <pthread.h>
#include <stdlib.h>

struct turnstile {
    pthread_mutex_t lock;
    pthread_cond_t left;
    unsigned inside, at_once, waiting, waiting_max;
};

struct turnstile *turnstile_create(unsigned at_once, unsigned waiting)
{
    struct turnstile *turnstile = calloc(1, sizeof *turnstile);
    if (!turnstile)
        abort();
    pthread_mutex_init(&turnstile->lock, NULL);
    pthread_cond_init(&turnstile->left, NULL);
    turnstile->at_once = at_once;
    turnstile->waiting_max = waiting;
    return turnstile;
}

void turnstile_free(struct turnstile *turnstile)
{
    if (!turnstile)
        return;
    pthread_cond_destroy(&turnstile->left);
    pthread_mutex_destroy(&turnstile->lock);
    free(turnstile);
}

bool turnstile_enter(struct turnstile *turnstile)
{
    pthread_mutex_lock(&turnstile->lock);
    bool enters = turnstile->inside < turnstile->at_once || turnstile->waiting < turnstile->waiting_max;
    if (enters) {
        turnstile->waiting++;
        while (turnstile->inside == turnstile->at_once)
            pthread_cond_wait(&turnstile->left, &turnstile->lock);
        turnstile->waiting--;
        turnstile->inside++;
    }
    pthread_mutex_unlock(&turnstile->lock);
    return enters;
}

void turnstile_leave(struct turnstile *turnstile)
{
    pthread_mutex_lock(&turnstile->lock);
    turnstile->inside--;
    pthread_cond_signal(&turnstile->left);
    pthread_mutex_unlock(&turnstile->lock);
}
