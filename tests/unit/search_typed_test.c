/* What somebody types into the search box. */
#include <string.h>
#include "console/pages/search_typed.h"
#include "own_arena.h"

static void references(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *digits;
    } cases[] = {
        {"4827153", "4827153"},      {" 482 7153 ", "4827153"},
        {"48-27-15-3", "4827153"},   {"482715", "482715"},
        {"482 715", "482715"},       {"৪৮২ ৭১৫৩", "4827153"},
        {"(482) 7153", "4827153"},   {"4 8 2 7 1 5", "482715"},
        {"ref 008 9217", "0089217"}, {"Ref: 008-9217, please", "0089217"},
        {"নং ০০৮ ৯২১৭", "0089217"},  {"#0089217", "0089217"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct search_typed typed;
        search_typed_read(span_of(cases[i].typed), arena, &typed);
        assert_int_equal(typed.kind, SEARCH_REFERENCE);
        assert_string_equal(arena_text(arena, typed.text), cases[i].digits);
    }
}

static void numbers(void **state)
{
    (void)state;
    const char *const cases[] = {"01712345678", "+880 1712-345678", "০১৭১২৩৪৫৬৭৮", "+8801712345678", "(02) 1234 5678"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct search_typed typed;
        search_typed_read(span_of(cases[i]), arena, &typed);
        assert_int_equal(typed.kind, SEARCH_PHONE);
    }
}

static void neither(void **state)
{
    (void)state;
    char longest[400];
    memset(longest, '1', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    const char *const cases[] = {
        "12345",       "+1234567",         "Rahim",        "482715a",       "1234567890123456", "+",
        "--",          "' OR 1=1",         longest,        "482_7153",      "\xff\xfe",         "ref 482 7154",
        "ref 482 715", "room 48 on 27153", "tel +0089217", "00 meet 89217", "met in 2026-11-22"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct search_typed typed;
        search_typed_read(span_of(cases[i]), arena, &typed);
        assert_int_equal(typed.kind, SEARCH_OTHER);
    }
    struct search_typed typed;
    search_typed_read(SPAN("  "), arena, &typed);
    assert_int_equal(typed.kind, SEARCH_NOTHING);
    search_typed_read(SPAN_NONE, arena, &typed);
    assert_int_equal(typed.kind, SEARCH_NOTHING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(references, setup, teardown),
        cmocka_unit_test_setup_teardown(numbers, setup, teardown),
        cmocka_unit_test_setup_teardown(neither, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
