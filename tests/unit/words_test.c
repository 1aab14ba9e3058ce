#include <string.h>
#include "menu/drawing/plural.h"
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

/* {n} chooses the form, by the rule that the language names. */
static void the_form_goes_with_the_count(void **state)
{
    (void)state;
    const struct words *english = words_of(SPAN("en"));
    struct span one = words_get_count(english, WORD_DEMONSTRATION, 1),
                many = words_get_count(english, WORD_DEMONSTRATION, 2);
    assert_false(span_equal(one, many));
    assert_true(span_equal(words_get_count(english, WORD_DEMONSTRATION, 0), many));
    assert_true(span_equal(words_get_count(english, WORD_NOW, 0), words_get_count(english, WORD_NOW, 7)));
    assert_false(span_is_present(words_get(english, WORD_COUNT)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_language_is_whole),          cmocka_unit_test(words_are_found_by_name),
        cmocka_unit_test(an_unknown_language_is_the_first), cmocka_unit_test(digits),
        cmocka_unit_test(the_form_goes_with_the_count),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
