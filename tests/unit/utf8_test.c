#include <string.h>
#include "cmocka_all.h"
#include "text/utf8.h"

static void valid_and_not(void **state)
{
    (void)state;
    const char *good[] = {"", "a", "é", "সাহায্য", "😀", "\x7F", "\u07FF\u0800\uFFFD\U0010FFFF"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(utf8_is_valid(span_of(good[i])));
    const char *bad[] = {"\x80",         "\xC3",         "\xC0\x80", "\xC1\xBF",         "\xE0\x80\x80",
                         "\xED\xA0\x80", "\xED\xBF\xBF", "\xE0\xA6", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80",
                         "\xFF",         "a\xFE"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(utf8_is_valid(span_of(bad[i])));
    assert_false(utf8_is_valid((struct span){"a\0b", 3}));
    assert_true(utf8_is_valid(SPAN_NONE));
}

static void every_truncation_is_noticed(void **state)
{
    (void)state;
    const char *text = "a\u00E9\u09B8\U0001F600";
    const size_t whole[] = {0, 1, 3, 6, 10};
    for (size_t len = 0; len <= strlen(text); len++) {
        bool at_boundary = false;
        for (size_t i = 0; i < 5; i++)
            at_boundary = at_boundary || whole[i] == len;
        assert_int_equal(utf8_is_valid((struct span){text, len}), at_boundary);
    }
}

static void next_gives_every_character(void **state)
{
    (void)state;
    const uint32_t expected[] = {'a', 0x7F, 0x80, 0x7FF, 0x800, 0xFFFF, 0x10000, 0x10FFFF};
    struct span rest = span_of("a\x7F\xC2\x80\u07FF\u0800\uFFFF\U00010000\U0010FFFF");
    uint32_t character;
    assert_int_equal(utf8_count(rest), sizeof expected / sizeof expected[0]);
    assert_int_equal(utf8_count(SPAN_NONE), 0);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_true(utf8_next(&rest, &character));
        assert_int_equal(character, expected[i]);
    }
    assert_false(utf8_next(&rest, &character));
    rest = SPAN_NONE;
    assert_false(utf8_next(&rest, &character));
}

static void units_are_those_of_a_browser(void **state)
{
    (void)state;
    assert_int_equal(utf8_units(SPAN_NONE), 0);
    assert_int_equal(utf8_units(span_of("a\u00E9\n")), 3);
    assert_int_equal(utf8_units(span_of("\u0995\u09CD\u09B7\uFFFF")), 4);
    assert_int_equal(utf8_units(span_of("\U00010000a\U0001F600")), 5);
}

static void composes(void **state)
{
    (void)state;
    struct arena *arena = arena_create(4096);
    assert_true(span_equal_text(utf8_compose(span_of("e\u0301"), arena), "é"));
    assert_true(span_equal_text(utf8_compose(span_of("plain"), arena), "plain"));
    /* U+09DF is excluded from composition: NFC takes it apart, three bytes become six. */
    assert_true(span_equal_text(utf8_compose(span_of("\u09DF"), arena), "\u09AF\u09BC"));
    /* The worst growth of all in UTF-8: U+1D160, four bytes to twelve. */
    assert_int_equal(utf8_compose(span_of("\U0001D160"), arena).len, 12);
    assert_int_equal(utf8_compose(span_of(""), arena).len, 0);
    assert_false(span_is_present(utf8_compose(SPAN_NONE, arena)));
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_and_not),
        cmocka_unit_test(every_truncation_is_noticed),
        cmocka_unit_test(next_gives_every_character),
        cmocka_unit_test(units_are_those_of_a_browser),
        cmocka_unit_test(composes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
