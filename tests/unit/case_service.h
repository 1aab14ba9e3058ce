/* The small service of requests, registrations and offices that the dialogues play, for unit tests that look closer. */
#pragma once
#include "cmocka_all.h"

#include "menu/service.h"

#define CASE_SERVICE "tests/dialogues/services/case"

static inline struct service *case_service(struct arena *arena)
{
    struct problems problems;
    struct service *service = NULL;
    struct error err;
    problems_init(&problems, arena);
    enum outcome outcome = service_load(CASE_SERVICE, &service, &problems, &err);
    for (size_t i = 0; i < problems.count; i++)
        print_error("%s\n", problems.lines[i]);
    assert_int_equal(outcome, OUTCOME_OK);
    return service;
}
