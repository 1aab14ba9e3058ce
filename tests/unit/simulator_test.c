/* The world of a simulator: several phones, the people on them, and what is theirs. */
#include "sample_phone.h"

#include <stdlib.h>
#include <string.h>

#include "menu/dialogue.h"

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = arena_create(4096);
    problems_init(&f->problems, f->arena);
    assert_int_equal(sample_parse_changed(NULL, NULL, NULL, f->arena, &f->service, &f->problems, &f->err), OUTCOME_OK);
    struct simulator_options options = dialogue_usual_options();
    options.lang = SPAN("en");
    options.start_at = INT64_C(1763697600000);
    f->simulator = simulator_create(f->service, &options);
    *state = f;
    return 0;
}

static void perform(struct fixture *f, const char *const *lines)
{
    bool shown;
    for (; *lines; lines++)
        assert_int_equal(dialogue_perform(f->simulator, span_of(*lines), false, &f->view, &shown, &f->err), OUTCOME_OK);
}
#define DO(...) perform(f, (const char *const[]){__VA_ARGS__, NULL})

static bool shows(const struct fixture *f, const char *words)
{
    return span_is_present(f->view.screen) && memmem(f->view.screen.at, f->view.screen.len, words, strlen(words));
}

static void requests_belong_to_the_person_of_one_phone(void **state)
{
    struct fixture *f = *state;
    DO(":dial", "9", "1", ":redial", "4");
    assert_true(shows(f, "Yours (1)"));
    DO(":phone sister", ":dial", "1", "4");
    assert_true(shows(f, "Yours (0)"));
    DO("00", "9", "1", ":redial", "4");
    assert_true(shows(f, "000 0021")); /* references are the world's */
    assert_true(shows(f, "Yours (1)"));
    DO(":phone first", "00", "4");
    assert_true(shows(f, "000 0013"));
    assert_false(shows(f, "000 0021"));
}

static void each_phone_has_its_own_call_and_language(void **state)
{
    struct fixture *f = *state;
    DO(":dial", "5", ":phone sister");
    assert_false(simulator_is_calling(f->simulator));
    DO(":dial");
    assert_true(shows(f, "Language"));
    DO("2");
    assert_true(shows(f, "নমুনা"));
    DO(":phone first");
    assert_true(span_equal(simulator_phone(f->simulator), SIMULATOR_FIRST_PHONE));
    assert_true(simulator_is_calling(f->simulator));
    DO("0");
    assert_true(shows(f, "Sample"));
    DO(":sms hello", ":phone sister", ":sms hello");
    assert_true(shows(f, "নমুনা"));
}

static void forgetting_one_leaves_the_others(void **state)
{
    struct fixture *f = *state;
    DO(":dial", "9", "1", ":phone sister", ":dial", "1", "9", "1");
    DO(":redial", "5", "3", "00", "4");
    assert_true(shows(f, "Yours (0)"));
    DO(":phone first", ":redial", "4");
    assert_true(shows(f, "Yours (1)"));
}

static void a_new_phone_knows_nothing(void **state)
{
    struct fixture *f = *state;
    DO(":dial", "9", "1", ":lang bn", ":dial", "4");
    assert_true(shows(f, "Yours (0)"));
    DO(":lang", ":dial");
    assert_true(shows(f, "Language"));
}

static void back_is_a_key_on_both_channels(void **state)
{
    struct fixture *f = *state;
    DO(":dial", "5", ":back");
    assert_true(shows(f, "Sample"));
    bool shown;
    DO(":sms hi", ":sms 5");
    assert_true(shows(f, "Settings"));
    assert_int_equal(dialogue_perform(f->simulator, SPAN(":back"), true, &f->view, &shown, &f->err), OUTCOME_OK);
    assert_true(shows(f, "Sample"));
}

static void a_phone_needs_one_word(void **state)
{
    static const char *const lines[] = {":phone", ":phone ", ":phone my sister"};
    struct fixture *f = *state;
    bool shown;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        assert_int_equal(dialogue_perform(f->simulator, span_of(lines[i]), false, &f->view, &shown, &f->err),
                         OUTCOME_REFUSED);
        assert_true(span_equal(simulator_phone(f->simulator), SIMULATOR_FIRST_PHONE));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(requests_belong_to_the_person_of_one_phone),
        TEST(each_phone_has_its_own_call_and_language),
        TEST(forgetting_one_leaves_the_others),
        TEST(a_new_phone_knows_nothing),
        TEST(back_is_a_key_on_both_channels),
        TEST(a_phone_needs_one_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
