/*
 * turns: what of a turn stands open and what is sealed. One blob holds all that is sensitive in a turn, led by the turn's
 * number, so that it opens nowhere else.
 */
#pragma once
#include "base/arena.h"
#include "base/sealed.h"
#include "model/turn.h"

/* What stands in its own column; the rest is packed into `secret` (absent: nothing is sensitive). */
struct turn_parts {
    struct span input, meaning, shown;
    struct span secret;
};

struct turn_parts turn_divide(const struct turn *turn, struct arena *arena);

/* Puts turn->input, ->meaning and ->values together again. A secret that is absent though the flags tell of one (its person
 * was forgotten) leaves input, meaning and values absent. False: not ours. */
bool turn_unite(struct turn *turn, const struct turn_parts *parts, struct arena *arena);
