/* A phone of a simulator that dials, types and texts, and what is seen on it; whatever the service. */
#pragma once
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "menu/engine.h"
#include "menu/simulator.h"

#define NOW INT64_C(1795255200000) /* Sat 2026-11-21 10:00 UTC, 16:00 in the zone of the services that are tried */

struct fixture {
    struct arena *arena;
    struct problems problems;
    struct service *service;
    struct simulator *simulator;
    struct simulator_view view; /* of the last step */
    struct error err;
};

static inline struct fixture *fixture_create(void)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = arena_create(4096);
    problems_init(&f->problems, f->arena);
    return f;
}

static inline int tear_down(void **state)
{
    struct fixture *f = *state;
    simulator_free(f->simulator);
    service_free(f->service);
    arena_destroy(f->arena);
    free(f);
    return 0;
}

static inline void assert_parsed(struct fixture *f, enum outcome outcome)
{
    for (size_t i = 0; i < f->problems.count; i++)
        print_error("%s\n", f->problems.lines[i]);
    assert_int_equal(outcome, OUTCOME_OK);
}

/* A new phone, of somebody who speaks `lang`; NULL: the service does not know. */
static inline void phone(struct fixture *f, const char *lang)
{
    const struct simulator_options options = {
        .lang = span_of(lang), .ussd = {160, 70, true}, .sms = {459, 201, false}, .start_at = NOW};
    simulator_free(f->simulator);
    f->simulator = simulator_create(f->service, &options);
}

/* ---- what is done on it ---- */

static inline void dial(struct fixture *f)
{
    simulator_drop(f->simulator);
    assert_int_equal(simulator_dial(f->simulator, &f->view, &f->err), OUTCOME_OK);
}

static inline void type(struct fixture *f, const char *keys)
{
    assert_int_equal(simulator_type(f->simulator, span_of(keys), &f->view, &f->err), OUTCOME_OK);
}

static inline void text(struct fixture *f, const char *words)
{
    assert_int_equal(simulator_text(f->simulator, span_of(words), &f->view, &f->err), OUTCOME_OK);
}

static inline void types(struct fixture *f, const char *const *keys)
{
    for (; *keys; keys++)
        type(f, *keys);
}
#define TYPES(f, ...) types(f, (const char *const[]){__VA_ARGS__, NULL})

/* A new call of somebody who left the last one on the main page: nothing is offered. */
static inline void calls(struct fixture *f, const char *const *keys)
{
    if (simulator_is_calling(f->simulator))
        type(f, "00");
    dial(f);
    types(f, keys);
}
#define CALLS(f, ...) calls(f, (const char *const[]){__VA_ARGS__, NULL})

/* ---- what is seen ---- */

static inline const char *screen(struct fixture *f)
{
    return arena_text(f->arena, f->view.screen);
}

static inline void expect_at(struct fixture *f, const char *node, int line)
{
    if (!span_equal_text(f->view.result.state.at.node, node))
        fail_msg("line %d: at %.*s, not %s:\n%s", line, SPAN_ARG(f->view.result.state.at.node), node, screen(f));
}
#define AT(f, node) expect_at(f, node, __LINE__)

static inline void expect_words(struct fixture *f, const char *words, bool wanted, int line)
{
    if ((strstr(screen(f), words) != NULL) != wanted)
        fail_msg("line %d: %s\"%s\" in:\n%s", line, wanted ? "no " : "", words, screen(f));
}
#define SHOWS(f, words) expect_words(f, words, true, __LINE__)
#define SHOWS_NOT(f, words) expect_words(f, words, false, __LINE__)

/* What the last step did, each as the simulator describes it, and nothing else. */
static inline void expect_done(struct fixture *f, const char *const *lines, int line)
{
    const struct engine_result *result = &f->view.result;
    size_t i = 0;
    for (; lines[i] && i < result->effect_count; i++) {
        struct span words = simulator_describe(f->simulator, &result->effects[i], f->arena);
        if (!span_equal_text(words, lines[i]))
            fail_msg("line %d: did \"%.*s\", not \"%s\"", line, SPAN_ARG(words), lines[i]);
    }
    if (lines[i] || i < result->effect_count)
        fail_msg("line %d: did %zu things", line, result->effect_count);
}
#define DOES(f, ...) expect_done(f, (const char *const[]){__VA_ARGS__, NULL}, __LINE__)
#define DOES_NOTHING(f) expect_done(f, (const char *const[]){NULL}, __LINE__)
