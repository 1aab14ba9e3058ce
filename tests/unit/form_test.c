/* form: the strict decoder against a table of forms, and against every truncation of one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "http/form.h"

static int make_arena(void **state)
{
    *state = arena_create(4096);
    return 0;
}

static int free_arena(void **state)
{
    arena_destroy(*state);
    return 0;
}

static void assert_span(struct span s, const char *text, size_t len)
{
    assert_non_null(s.at);
    assert_int_equal(s.len, len);
    assert_memory_equal(s.at, text, len);
}

struct expected {
    const char *name, *value;
};

static const struct {
    const char *text;
    struct expected pairs[3];
} good[] = {
    {"", {{0}}},
    {"&", {{0}}},
    {"&=&", {{0}}},
    {"=value", {{0}}},
    {"a=1", {{"a", "1"}}},
    {"a", {{"a", ""}}},
    {"a=", {{"a", ""}}},
    {"a&b=2&", {{"a", ""}, {"b", "2"}}},
    {"&&a=1&&b=2", {{"a", "1"}, {"b", "2"}}},
    {"a=b=c", {{"a", "b=c"}}},
    {"a=1&a=2", {{"a", "1"}, {"a", "2"}}},
    {"phoneNumber=%2B8801700000001&text=1*2", {{"phoneNumber", "+8801700000001"}, {"text", "1*2"}}},
    {"text=a+b%20c%2b", {{"text", "a b c+"}}},
    {"text=%e0%a6%B8", {{"text", "\xe0\xa6\xb8"}}},
    {"te%78t=1", {{"text", "1"}}},
    {"a%3Db=%26", {{"a=b", "&"}}},
    {"text=%0A%09", {{"text", "\n\t"}}},
    {"text=\xff", {{"text", "\xff"}}},
};

static void test_good_forms(void **state)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct pair *pairs;
        size_t count;
        struct error err;
        assert_int_equal(form_decode(span_of(good[i].text), *state, &pairs, &count, &err), OUTCOME_OK);
        size_t expected = 0;
        for (; expected < 3 && good[i].pairs[expected].name; expected++) {
            const struct expected *e = &good[i].pairs[expected];
            assert_in_range(expected, 0, count - 1);
            assert_span(pairs[expected].name, e->name, strlen(e->name));
            assert_span(pairs[expected].value, e->value, strlen(e->value));
        }
        assert_int_equal(count, expected);
    }
}

static const struct {
    struct span text;
    const char *why;
} bad[] = {
    {{"a=%", 3}, "bad %-escape at byte 2"},
    {{"a=%4", 4}, "bad %-escape at byte 2"},
    {{"a=%zz", 5}, "bad %-escape at byte 2"},
    {{"a=%4&b=1", 8}, "bad %-escape at byte 2"},
    {{"%g1=1", 5}, "bad %-escape at byte 0"},
    {{"a=%00", 5}, "NUL at byte 2"},
    {{"a=1\0", 4}, "NUL at byte 3"},
    {{"a%00=1", 6}, "NUL at byte 1"},
    {{"=%00", 4}, "NUL at byte 1"},
    {{"a%0a=1", 6}, "control character in a name at byte 1"},
    {{"a\r=1", 4}, "control character in a name at byte 1"},
    {{"a%7f=1", 6}, "control character in a name at byte 1"},
};

static void test_bad_forms_are_refused_by_offset(void **state)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct pair *pairs;
        size_t count;
        struct error err;
        assert_int_equal(form_decode(bad[i].text, *state, &pairs, &count, &err), OUTCOME_REFUSED);
        assert_non_null(strstr(err.text, bad[i].why));
        assert_null(pairs);
        assert_int_equal(count, 0);
    }
}

static void test_words_never_reach_the_error(void **state)
{
    struct pair *pairs;
    size_t count;
    struct error err;
    assert_int_equal(form_decode(SPAN("secret=answer%zz"), *state, &pairs, &count, &err), OUTCOME_REFUSED);
    assert_null(strstr(err.text, "secret"));
    assert_null(strstr(err.text, "answer"));
}

static enum outcome decode_fields(struct arena *arena, size_t fields, const char *field, size_t *count)
{
    struct buffer text;
    buffer_init(&text, arena, 4096);
    for (size_t i = 0; i < fields; i++)
        buffer_add_text(&text, field);
    struct pair *pairs;
    struct error err;
    return form_decode(buffer_span(&text), arena, &pairs, count, &err);
}

static void test_number_of_fields_is_bounded(void **state)
{
    size_t count;
    assert_int_equal(decode_fields(*state, FORM_PAIRS_MAX, "a=1&", &count), OUTCOME_OK);
    assert_int_equal(count, FORM_PAIRS_MAX);
    assert_int_equal(decode_fields(*state, FORM_PAIRS_MAX + 1, "a=1&", &count), OUTCOME_REFUSED);
    assert_int_equal(decode_fields(*state, FORM_PAIRS_MAX * 4, "&=&", &count), OUTCOME_OK);
    assert_int_equal(count, 0);
}

/* Each prefix either decodes to pairs inside its own bytes or is refused; the sanitizers watch the edges. */
static void test_every_truncation(void **state)
{
    const struct span whole =
        SPAN("sessionId=ATUid_1&phoneNumber=%2B8801700000001&text=1%2A+%E0%A6%B8&=&serviceCode=%2A384%23");
    for (size_t len = 0; len <= whole.len; len++) {
        char exact[sizeof "sessionId=ATUid_1&phoneNumber=%2B8801700000001&text=1%2A+%E0%A6%B8&=&serviceCode=%2A384%23"];
        memcpy(exact + sizeof exact - len, whole.at, len);
        struct pair *pairs;
        size_t count;
        struct error err;
        enum outcome outcome =
            form_decode((struct span){exact + sizeof exact - len, len}, *state, &pairs, &count, &err);
        bool cut_escape = (len > 0 && whole.at[len - 1] == '%') || (len > 1 && whole.at[len - 2] == '%');
        assert_int_equal(outcome, cut_escape ? OUTCOME_REFUSED : OUTCOME_OK);
    }
}

static void test_find(void **state)
{
    struct pair *pairs;
    size_t count;
    struct error err;
    assert_int_equal(form_decode(SPAN("Text=1&text=2&empty="), *state, &pairs, &count, &err), OUTCOME_OK);
    assert_span(form_find(pairs, count, SPAN("text")), "1", 1);
    assert_span(form_find(pairs, count, SPAN("EMPTY")), "", 0);
    assert_false(span_is_present(form_find(pairs, count, SPAN("tex"))));
}

/* What form_encode writes, form_decode reads back, for every byte but NUL. */
static void test_encode_and_back(void **state)
{
    char all[255];
    for (size_t i = 0; i < sizeof all; i++)
        all[i] = (char)(i + 1);
    struct buffer text;
    buffer_init(&text, *state, 1024);
    buffer_add_text(&text, "v=");
    form_encode((struct span){all, sizeof all}, &text);
    assert_false(buffer_failed(&text));

    struct pair *pairs;
    size_t count;
    struct error err;
    assert_int_equal(form_decode(buffer_span(&text), *state, &pairs, &count, &err), OUTCOME_OK);
    assert_int_equal(count, 1);
    assert_span(pairs[0].value, all, sizeof all);

    struct buffer plain;
    buffer_init(&plain, *state, 64);
    form_encode(SPAN("aZ0-._~ +\xe0"), &plain);
    assert_span(buffer_span(&plain), "aZ0-._~%20%2B%E0", 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_good_forms, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_bad_forms_are_refused_by_offset, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_words_never_reach_the_error, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_number_of_fields_is_bounded, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_every_truncation, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_find, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_encode_and_back, make_arena, free_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
