/* span: absent, empty and the edges of every helper. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/span.h"

static void tells_absent_from_empty(void **state)
{
    (void)state;
    assert_false(span_is_present(SPAN_NONE));
    assert_false(span_is_present(span_of(NULL)));
    assert_true(span_is_present(SPAN("")));
    assert_false(span_equal(SPAN_NONE, SPAN("")));
    assert_true(span_equal(SPAN_NONE, SPAN_NONE));
    assert_true(span_equal_text(SPAN_NONE, NULL));
    assert_false(span_equal_nocase(SPAN_NONE, SPAN("")));
    assert_false(span_is_present(span_from(SPAN_NONE, 3)));
    assert_false(span_is_present(span_first(SPAN_NONE, 3)));
    assert_false(span_is_present(span_trim(SPAN_NONE)));
}

static void compares(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool same, same_nocase, starts;
    } cases[] = {
        {"", "", true, true, true},       {"a", "a", true, true, true},
        {"a", "A", false, true, false},   {"ab", "a", false, false, true},
        {"a", "ab", false, false, false}, {"Content-Type", "content-type", false, true, false},
        {"[", "{", false, false, false}, /* letters only: these differ by the same bit */
        {"@", "`", false, false, false},  {"\xC3\x89", "\xC3\xA9", false, false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct span a = span_of(cases[i].a), b = span_of(cases[i].b);
        assert_int_equal(span_equal(a, b), cases[i].same);
        assert_int_equal(span_equal_nocase(a, b), cases[i].same_nocase);
        assert_int_equal(span_equal_text(a, cases[i].b), cases[i].same);
        assert_int_equal(span_starts_with(a, b), cases[i].starts);
    }
    assert_false(span_equal((struct span){"a\0b", 3}, (struct span){"a\0c", 3}));
}

static void takes_parts(void **state)
{
    (void)state;
    struct span s = SPAN("abc");
    assert_true(span_equal_text(span_from(s, 0), "abc"));
    assert_true(span_equal_text(span_from(s, 2), "c"));
    assert_true(span_equal_text(span_from(s, 3), ""));
    assert_true(span_equal_text(span_from(s, 4), ""));
    assert_true(span_equal_text(span_from(s, SIZE_MAX), ""));
    assert_true(span_equal_text(span_first(s, 0), ""));
    assert_true(span_equal_text(span_first(s, 2), "ab"));
    assert_true(span_equal_text(span_first(s, SIZE_MAX), "abc"));
}

static void trims(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", ""},       {" ", ""}, {" \t\r\n", ""}, {"a", "a"}, {" a b\r\n", "a b"}, {"\xC2\xA0x", "\xC2\xA0x"},
        {"\va", "\va"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct span got = span_trim(span_of(cases[i][0]));
        assert_true(span_is_present(got));
        assert_true(span_equal_text(got, cases[i][1]));
    }
}

static void cuts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t count;
        const char *parts[4];
    } cases[] = {
        {"a*b*c", 3, {"a", "b", "c"}}, {"abc", 1, {"abc"}}, {"", 1, {""}}, {"*", 2, {"", ""}},
        {"1**2", 3, {"1", "", "2"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct span rest = span_of(cases[i].text);
        size_t count = 0;
        while (span_is_present(rest)) {
            struct span part = span_cut(&rest, '*');
            assert_true(count < cases[i].count);
            assert_true(span_equal_text(part, cases[i].parts[count++]));
        }
        assert_int_equal(count, cases[i].count);
    }
    struct span none = SPAN_NONE;
    assert_false(span_is_present(span_cut(&none, '*')));
    assert_false(span_is_present(none));
}

static void reads_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        uint64_t value;
    } cases[] = {
        {"0", true, 0},
        {"007", true, 7},
        {"18446744073709551615", true, UINT64_MAX},
        {"18446744073709551616", false, 0},
        {"99999999999999999999999", false, 0},
        {"", false, 0},
        {"-1", false, 0},
        {"+1", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"1x", false, 0},
        {"\xE0\xA7\xA7", false, 0}, /* Bangla 1: digits of people are read in text/ */
        {"/", false, 0},
        {":", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t value = 4711;
        assert_int_equal(span_to_u64(span_of(cases[i].text), &value), cases[i].good);
        assert_int_equal(value, cases[i].good ? cases[i].value : 4711);
    }
    uint64_t value;
    assert_false(span_to_u64(SPAN_NONE, &value));
    assert_false(span_to_u64((struct span){"1\0", 2}, &value));
}

static void finds_words(void **state)
{
    (void)state;
    static const struct {
        const char *text, *word;
        bool holds;
    } cases[] = {
        {"application/json", "json", true},
        {"Application/JSON; x", "json", true},
        {"jso", "json", false},
        {"jsojson", "json", true},
        {"", "json", false},
        {"application/jso", "json", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(span_holds_nocase(span_of(cases[i].text), span_of(cases[i].word)), cases[i].holds);
    assert_false(span_holds_nocase(SPAN_NONE, SPAN("json")));
}

static void knows_digits(void **state)
{
    (void)state;
    static const char *const digits[] = {"0", "0711082123", "99999999999999999999999999"};
    static const char *const others[] = {"", " 1", "1 ", "+1", "1x", "/", ":", "\xE0\xA7\xA7"};
    for (size_t i = 0; i < sizeof digits / sizeof digits[0]; i++)
        assert_true(span_is_digits(span_of(digits[i])));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(span_is_digits(span_of(others[i])));
    assert_false(span_is_digits(SPAN_NONE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_absent_from_empty),
        cmocka_unit_test(compares),
        cmocka_unit_test(takes_parts),
        cmocka_unit_test(trims),
        cmocka_unit_test(cuts),
        cmocka_unit_test(finds_words),
        cmocka_unit_test(reads_numbers),
        cmocka_unit_test(knows_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
