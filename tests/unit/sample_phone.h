/* The sample service, and a phone of a simulator that dials and types in it. */
#pragma once
#include "cmocka_all.h"

#include <stdlib.h>

#include "menu/simulator.h"
#include "sample_service.h"

struct fixture {
    struct arena *arena;
    struct problems problems;
    struct service *service;
    struct simulator *simulator;
    struct simulator_view view;
    struct error err;
};

static inline int tear_down(void **state)
{
    struct fixture *f = *state;
    simulator_free(f->simulator);
    service_free(f->service);
    arena_destroy(f->arena);
    free(f);
    return 0;
}

static inline void dial(struct fixture *f)
{
    simulator_drop(f->simulator);
    assert_int_equal(simulator_dial(f->simulator, &f->view, &f->err), OUTCOME_OK);
}

static inline void type(struct fixture *f, const char *keys)
{
    assert_int_equal(simulator_type(f->simulator, span_of(keys), &f->view, &f->err), OUTCOME_OK);
}
