/*
 * presence: who has which request before them, as far as the console knows: in memory alone, gone with a restart, and over two
 * minutes after the page was last asked for or its live stream last spoke. Any thread.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/duration.h"
#include "model/desk.h"

#define PRESENCE_MS (2 * MINUTE_MS)

struct presence;

struct presence *presence_create(void);
void presence_free(struct presence *presence); /* NULL is fine */
void presence_note(struct presence *presence, const struct operator *operator, int64_t request, int64_t now);
/* The names of the others who have it before them, in the arena: at most `max`. */
size_t presence_others(struct presence *presence, int64_t request, int64_t operator, int64_t now, struct arena *arena,
                       struct span *names, size_t max);
