/*
 * turnstile: lets a few through at a time. For what takes much memory and time (hashing a password): so many at once, a few more wait,
 * and whoever comes then is told to come back, so that a flood of tries leaves threads for everybody else. Any thread.
 */
#pragma once
#include <stdbool.h>
#include "base/error.h"

struct turnstile;

struct turnstile *turnstile_create(unsigned at_once, unsigned waiting);
void turnstile_free(struct turnstile *turnstile);             /* NULL is fine */
bool turnstile_enter(struct turnstile *turnstile) MUST_CHECK; /* false: too many wait already */
void turnstile_leave(struct turnstile *turnstile);
