/* The sample service on a simulated phone. */
#pragma once
#include "sample_service.h"
#include "simulated_phone.h"

/* The sample with one piece of a file changed (NULL: none), and a new phone that speaks its first language. */
static inline void begin(struct fixture *f, const char *file, const char *from, const char *to)
{
    service_free(f->service);
    f->service = NULL;
    assert_parsed(f, sample_parse_changed(file, from, to, f->arena, &f->service, &f->problems, &f->err));
    phone(f, "en");
}

static inline int set_up(void **state)
{
    struct fixture *f = fixture_create();
    *state = f;
    begin(f, NULL, NULL, NULL);
    return 0;
}

#define ON_A_PHONE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
