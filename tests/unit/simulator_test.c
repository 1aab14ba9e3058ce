/* The world of a simulator: several phones, the people on them, and what is theirs. */
#include "sample_phone.h"

#include "menu/dialogue.h"

static void perform(struct fixture *f, const char *const *lines)
{
    bool shown;
    for (; *lines; lines++)
        assert_int_equal(dialogue_perform(f->simulator, span_of(*lines), false, &f->view, &shown, &f->err), OUTCOME_OK);
}
#define DO(...) perform(f, (const char *const[]){__VA_ARGS__, NULL})

static void requests_belong_to_the_person_of_one_phone(void **state)
{
    struct fixture *f = *state;
    DO(":dial", "9", "1", ":redial", "4");
    SHOWS(f, "Yours (1)");
    DO(":phone sister", ":dial", "1", "4");
    SHOWS(f, "Yours (0)");
    DO("00", "9", "1", ":redial", "4");
    SHOWS(f, "000 0021"); /* references are the world's */
    SHOWS(f, "Yours (1)");
    DO(":phone first", "00", "4");
    SHOWS(f, "000 0013");
    SHOWS_NOT(f, "000 0021");
}

static void each_phone_has_its_own_call_and_language(void **state)
{
    struct fixture *f = *state;
    DO(":dial", "5", ":phone sister");
    assert_false(simulator_is_calling(f->simulator));
    DO(":dial");
    SHOWS(f, "Language");
    DO("2");
    SHOWS(f, "নমুনা");
    DO(":phone first");
    assert_true(span_equal(simulator_phone(f->simulator), SIMULATOR_FIRST_PHONE));
    assert_true(simulator_is_calling(f->simulator));
    DO("0");
    SHOWS(f, "Sample");
    DO(":sms hello", ":phone sister", ":sms hello");
    SHOWS(f, "নমুনা");
}

static void forgetting_one_leaves_the_others(void **state)
{
    struct fixture *f = *state;
    DO(":dial", "9", "1", ":phone sister", ":dial", "1", "9", "1");
    DO(":redial", "5", "3", "00", "4");
    SHOWS(f, "Yours (0)");
    DO(":phone first", ":redial", "4");
    SHOWS(f, "Yours (1)");
}

static void a_new_phone_knows_nothing(void **state)
{
    struct fixture *f = *state;
    DO(":dial", "9", "1", ":lang bn", ":dial", "4");
    SHOWS(f, "Yours (0)");
    DO(":lang", ":dial");
    SHOWS(f, "Language");
}

static void back_is_a_key_on_both_channels(void **state)
{
    struct fixture *f = *state;
    DO(":dial", "5", ":back");
    SHOWS(f, "Sample");
    bool shown;
    DO(":sms hi", ":sms 5");
    SHOWS(f, "Settings");
    assert_int_equal(dialogue_perform(f->simulator, SPAN(":back"), true, &f->view, &shown, &f->err), OUTCOME_OK);
    SHOWS(f, "Sample");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_PHONE(requests_belong_to_the_person_of_one_phone),
        ON_A_PHONE(each_phone_has_its_own_call_and_language),
        ON_A_PHONE(forgetting_one_leaves_the_others),
        ON_A_PHONE(a_new_phone_knows_nothing),
        ON_A_PHONE(back_is_a_key_on_both_channels),
        ON_A_PHONE(a_phone_needs_one_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
