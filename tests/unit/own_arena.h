/* An arena of its own for each test of a file that needs nothing else: give setup and teardown to cmocka. */
#pragma once
#include "base/arena.h"
#include "cmocka_all.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_create(65536);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}
