/* The sample service as a test changes it, and what loading it found. */
#pragma once
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "sample_service.h"

struct fixture {
    struct arena *arena;
    struct problems problems;
    struct service *service;
    struct error err;
};

static inline int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = arena_create(4096);
    problems_init(&f->problems, f->arena);
    *state = f;
    return 0;
}

static inline int tear_down(void **state)
{
    struct fixture *f = *state;
    service_free(f->service);
    arena_destroy(f->arena);
    free(f);
    return 0;
}
