#include <string.h>
#include "console/page/plural.h"
#include "console/page/words.h"
#include "console/page/words_table.h"
#include "own_arena.h"

/* A language that is offered says everything itself. */
static void every_language_is_whole(void **state)
{
    (void)state;
    unsigned missing = 0;
    for (size_t i = 0; i < words_language_count(); i++) {
        const struct words *words = words_of(words_language(i));
        for (int word = 0; word < WORD_COUNT; word++) {
            if (words_has(words, (enum word)word))
                continue;
            missing++;
            print_message("%.*s lacks %s\n", SPAN_ARG(words_id(words)), words_names[word]);
        }
    }
    assert_true(words_language_count() >= 2);
    assert_int_equal(missing, 0);
}

static void words_are_found_by_name(void **state)
{
    (void)state;
    for (int word = 0; word < WORD_COUNT; word++)
        assert_int_equal(words_named(words_names[word]), word);
    assert_int_equal(words_named("no such word"), WORD_COUNT);
    assert_int_equal(words_named(""), WORD_COUNT);
    assert_int_equal(words_named(NULL), WORD_COUNT);
}

static void an_unknown_language_is_the_first(void **state)
{
    (void)state;
    assert_ptr_equal(words_of(SPAN("zz")), words_of(words_language(0)));
    assert_ptr_equal(words_of(SPAN_NONE), words_of(words_language(0)));
    assert_true(span_equal_text(words_language_name(0), "English"));
}

static void digits(void **state)
{
    (void)state;
    char room[64];
    const struct words *bangla = words_of(SPAN("bn"));
    assert_true(span_equal_text(words_digits(bangla, SPAN("22:05"), room, sizeof room), "২২:০৫"));
    /* What does not fit stays as it is: never half of it. */
    assert_true(span_equal_text(words_digits(bangla, SPAN("22:05"), room, 4), "22:05"));
}

static void plurals(void **state)
{
    (void)state;
    const struct {
        enum plural plural;
        int64_t count;
        size_t form;
    } cases[] = {
        {PLURAL_SAME, 0, 0},
        {PLURAL_SAME, 7, 0},
        {PLURAL_ONE, 0, 1},
        {PLURAL_ONE, 1, 0},
        {PLURAL_ONE, 2, 1},
        {PLURAL_NONE_ONE, 0, 0},
        {PLURAL_NONE_ONE, 1, 0},
        {PLURAL_NONE_ONE, 2, 1},
        {PLURAL_ONE_FEW, 1, 0},
        {PLURAL_ONE_FEW, 21, 0},
        {PLURAL_ONE_FEW, 11, 2},
        {PLURAL_ONE_FEW, 2, 1},
        {PLURAL_ONE_FEW, 4, 1},
        {PLURAL_ONE_FEW, 12, 2},
        {PLURAL_ONE_FEW, 5, 2},
        {PLURAL_ONE_FEW, 0, 2},
        {PLURAL_ONE_FEW, 24, 1},
        {PLURAL_ONE_FEW, 112, 2},
        {PLURAL_ONE_FEW, INT64_MAX, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(plural_form_of(cases[i].plural, cases[i].count), cases[i].form);
    for (enum plural plural = 0; plural < PLURAL_COUNT; plural++)
        for (int64_t count = -3; count < 200; count++)
            assert_true(plural_form_of(plural, count) < plural_form_count(plural));
    assert_null(plural_name(PLURAL_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_language_is_whole),
        cmocka_unit_test(words_are_found_by_name),
        cmocka_unit_test(an_unknown_language_is_the_first),
        cmocka_unit_test(digits),
        cmocka_unit_test(plurals),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
