/*
 * settings_lint: what libconfig 1.5 accepts in silence, or refuses without saying why, found before it parses.
 *
 * Walks the tokens of the file as libconfig's scanner cuts them. Includes are refused: libconfig resolves them against the
 * working directory, never against the file that includes.
 */
#pragma once
#include "base/arena.h"
#include "base/problems.h"
#include "base/span.h"

/*
 * libconfig gives a string in a list the line of the token behind it. These are the true lines of such strings, in the
 * order of the file.
 */
struct string_lines {
    unsigned *at;
    size_t count, room;
    struct arena *arena;
};

/* False when something was found; it is in `problems` then. `lines` holds its arena and is filled. */
bool settings_lint(struct span text, const char *file, struct string_lines *lines, struct problems *problems);
