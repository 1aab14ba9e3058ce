/* engine: one step is pure: the same for the same, an answer to any state and input, values that can be told from words. */
#include "sample_phone.h"

static void the_same_step_gives_the_same_result(void **state)
{
    struct fixture *f = *state;
    const struct carrier carrier = {160, 70, true};
    const struct person_view person = {.person = 1};
    struct session_state here = {.at = {SPAN("main"), 0}, .lang = SPAN("en")};
    struct engine_input in = {.state = &here,
                              .carrier = &carrier,
                              .person = &person,
                              .answered = true,
                              .input = SPAN("2"),
                              .now = NOW,
                              .reference = "0000013"};
    struct engine_result first, second;
    assert_int_equal(engine_step(f->service, &in, f->arena, &first, &f->err), OUTCOME_OK);
    assert_int_equal(engine_step(f->service, &in, f->arena, &second, &f->err), OUTCOME_OK);
    assert_true(span_equal(first.screen, second.screen));
    assert_int_equal(first.state.shape, second.state.shape);
    assert_true(span_equal(here.at.node, SPAN("main"))); /* what went in is as it was */
}

/* A step over states and inputs that no conversation makes: it answers, or says what breaks, and never reads beyond. */
static void hostile_states_are_answered(void **state)
{
    struct fixture *f = *state;
    static const char *const nodes[] = {"main", "call",   "reg",  "area", "which",
                                        "mine", "resume", "send", "gone", "long"};
    static const char *const inputs[] = {"", "1", "0", "00", "98", "9", "65535", "na", "\x01\x02", "ক", "1*2*3"};
    const struct carrier carrier = {160, 70, true};
    const struct person_view person = {.person = 1};
    for (size_t n = 0; n < sizeof nodes / sizeof *nodes; n++)
        for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++)
            for (unsigned page = 0; page < 70000; page = page * 3 + 1) {
                struct session_state odd = {.at = {span_of(nodes[n]), (uint16_t)page},
                                            .form_step = (uint8_t)(page * 7),
                                            .bad_answers = (uint8_t)page,
                                            .lang = SPAN("zz"),
                                            .history_count = HISTORY_MAX};
                for (size_t h = 0; h < HISTORY_MAX; h++)
                    odd.history[h] = (struct place){span_of(nodes[(n + h) % 10]), (uint16_t)(page + h)};
                struct engine_input in = {.state = &odd,
                                          .carrier = &carrier,
                                          .person = &person,
                                          .answered = true,
                                          .input = span_of(inputs[i]),
                                          .now = NOW,
                                          .reference = "0000013"};
                struct engine_result result;
                enum outcome outcome = engine_step(f->service, &in, f->arena, &result, &f->err);
                assert_true(outcome == OUTCOME_OK || outcome == OUTCOME_BROKEN);
                if (outcome == OUTCOME_OK)
                    assert_true(screen_fits(result.screen, &carrier));
                arena_reset(f->arena);
            }
}

static void values_stand_between_marks(void **state)
{
    struct fixture *f = *state;
    struct span skeleton, *values;
    size_t count;
    CALLS(f, "2", "1", "1", "1");
    screen_split_values(f->view.result.screen, f->arena, &skeleton, &values, &count);
    assert_int_equal(count, 2);
    assert_true(span_equal_text(values[0], "000 0013"));
    assert_true(span_equal_text(values[1], "tomorrow 16:00"));
    CALLS(f, "1");
    screen_split_values(f->view.result.screen, f->arena, &skeleton, &values, &count);
    assert_int_equal(count, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_PHONE(the_same_step_gives_the_same_result),
        ON_A_PHONE(hostile_states_are_answered),
        ON_A_PHONE(values_stand_between_marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
