#include <string.h>
#include "own_arena.h"
#include "text/phone.h"

static const struct phone_rules bangladesh = {SPAN("880"), SPAN("0"), 8, 10};
static const struct phone_rules tajikistan = {SPAN("992"), SPAN_NONE, 9, 9};
static const struct phone_rules kazakhstan = {SPAN("7"), SPAN("8"), 10, 10};
static const struct phone_rules anywhere = {SPAN_NONE, SPAN_NONE, 0, 0};

static void one_form(void **state)
{
    (void)state;
    const struct {
        const struct phone_rules *rules;
        const char *raw;
        enum phone_kind kind;
        const char *text;
    } cases[] = {
        {&bangladesh, "+8801712345678", PHONE_NUMBER, "+8801712345678"},
        {&bangladesh, "+880 1712-345678", PHONE_NUMBER, "+8801712345678"},
        {&bangladesh, "+880 (0)1712 345678", PHONE_NUMBER, "+8801712345678"},
        {&bangladesh, "8801712345678", PHONE_NUMBER, "+8801712345678"},
        {&bangladesh, "01712345678", PHONE_NUMBER, "+8801712345678"},
        {&bangladesh, "1712345678", PHONE_NUMBER, "+8801712345678"},
        {&bangladesh, "008801712345678", PHONE_NUMBER, "+8801712345678"},
        {&bangladesh, " 8801712345678", PHONE_NUMBER, "+8801712345678"},
        {&bangladesh, "tel:+8801712345678", PHONE_NUMBER, "+8801712345678"},
        {&bangladesh, "TEL:01712345678;phone-context=+880", PHONE_NUMBER, "+8801712345678"},
        {&bangladesh, "০১৭১২৩৪৫৬৭৮", PHONE_NUMBER, "+8801712345678"},
        {&bangladesh, "  +8801712345678\r\n", PHONE_NUMBER, "+8801712345678"},
        {&bangladesh, "+966501234567", PHONE_NUMBER, "+966501234567"},
        {&bangladesh, "966501234567", PHONE_NUMBER, "+966501234567"},
        {&bangladesh, "16263", PHONE_SHORT, "16263"},
        {&bangladesh, "333", PHONE_SHORT, "333"},
        {&bangladesh, "12345678", PHONE_SHORT, "12345678"},
        {&bangladesh, "33", PHONE_OPAQUE, "33"},
        {&bangladesh, "+33", PHONE_OPAQUE, "+33"},
        {&bangladesh, "0000000000", PHONE_OPAQUE, "0000000000"},
        {&bangladesh, "+12345678901234567", PHONE_OPAQUE, "+12345678901234567"},
        {&bangladesh, "MTN", PHONE_ALPHA, "MTN"},
        {&bangladesh, "Dutch Bangl", PHONE_ALPHA, "Dutch Bangl"},
        {&bangladesh, "8801712****78", PHONE_OPAQUE, "8801712****78"},
        {&bangladesh, "b7c1f0a9d2e34455b7c1f0a9d2e34455", PHONE_OPAQUE, "b7c1f0a9d2e34455b7c1f0a9d2e34455"},
        {&bangladesh, "-", PHONE_OPAQUE, "-"},
        {&tajikistan, "901234567", PHONE_NUMBER, "+992901234567"},
        {&tajikistan, "992901234567", PHONE_NUMBER, "+992901234567"},
        {&tajikistan, "1234", PHONE_SHORT, "1234"},
        {&kazakhstan, "79161234567", PHONE_NUMBER, "+79161234567"},
        {&kazakhstan, "89161234567", PHONE_NUMBER, "+79161234567"},
        {&kazakhstan, "9161234567", PHONE_NUMBER, "+79161234567"},
        {&anywhere, "+254711082123", PHONE_NUMBER, "+254711082123"},
        {&anywhere, "254711082123", PHONE_NUMBER, "+254711082123"},
        {&anywhere, "00254711082123", PHONE_NUMBER, "+254711082123"},
        {&anywhere, "0711082123", PHONE_NUMBER, "0711082123"},
        {&anywhere, "0711 082-123", PHONE_NUMBER, "0711082123"},
        {&anywhere, "0711082", PHONE_SHORT, "0711082"},
        {&anywhere, "+071108", PHONE_OPAQUE, "+071108"},
        {&anywhere, "+0712345678", PHONE_NUMBER, "+0712345678"},
        {&anywhere, "0712345678901234", PHONE_OPAQUE, "0712345678901234"},
        {&bangladesh, "+0712345678", PHONE_NUMBER, "+0712345678"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct phone phone;
        assert_int_equal(phone_read(span_of(cases[i].raw), cases[i].rules, arena, &phone), OUTCOME_OK);
        if (phone.kind != cases[i].kind || !span_equal_text(phone.text, cases[i].text))
            fail_msg("%s: kind %d, \"%.*s\"", cases[i].raw, (int)phone.kind, SPAN_ARG(phone.text));
    }
}

/* What came out goes in again and stays itself: numbers are looked up by this form. */
static void reading_twice_changes_nothing(void **state)
{
    (void)state;
    const char *raws[] = {"01712345678",   "16263",      "MTN",        "+966 50 123 4567",
                          "8801712****78", "0000000000", "+0712345678"};
    for (size_t i = 0; i < sizeof raws / sizeof raws[0]; i++) {
        struct phone once, twice;
        assert_int_equal(phone_read(span_of(raws[i]), &bangladesh, arena, &once), OUTCOME_OK);
        assert_int_equal(phone_read(once.text, &bangladesh, arena, &twice), OUTCOME_OK);
        assert_int_equal(once.kind, twice.kind);
        assert_true(span_equal(once.text, twice.text));
    }
}

static void refused(void **state)
{
    (void)state;
    struct phone phone;
    char bytes[129];
    memset(bytes, '1', sizeof bytes);
    assert_int_equal(phone_read(SPAN_NONE, &bangladesh, arena, &phone), OUTCOME_REFUSED);
    assert_int_equal(phone_read(SPAN(""), &bangladesh, arena, &phone), OUTCOME_REFUSED);
    assert_int_equal(phone_read(SPAN("  \t"), &bangladesh, arena, &phone), OUTCOME_REFUSED);
    assert_int_equal(phone_read(SPAN("\xC3"), &bangladesh, arena, &phone), OUTCOME_REFUSED);
    assert_int_equal(phone_read(SPAN("017\0001"), &bangladesh, arena, &phone), OUTCOME_REFUSED);
    assert_int_equal(phone_read((struct span){bytes, 129}, &bangladesh, arena, &phone), OUTCOME_REFUSED);
    assert_int_equal(phone_read((struct span){bytes, 128}, &bangladesh, arena, &phone), OUTCOME_OK);
    assert_int_equal(phone.kind, PHONE_OPAQUE);
}

static void every_truncation_is_answered(void **state)
{
    (void)state;
    const char *raw = "tel:+880 (0)17\xE0\xA7\xA7"
                      "2-345678;x=y";
    for (size_t len = 1; len <= strlen(raw); len++) {
        struct phone phone = {PHONE_NUMBER, SPAN_NONE};
        if (phone_read((struct span){raw, len}, &bangladesh, arena, &phone) == OUTCOME_OK)
            assert_true(phone.text.len > 0);
    }
}

static void nobodys_numbers_are_known(void **state)
{
    (void)state;
    char first[PHONE_OF_NOBODY_MAX], other[PHONE_OF_NOBODY_MAX];
    phone_make_of_nobody(0, first);
    phone_make_of_nobody(99999999, other);
    assert_string_not_equal(first, other);
    const struct {
        const char *text;
        bool nobodys;
    } cases[] = {{first, true},   {other, true},          {"+8801712345678", false}, {"+99", false},
                 {"+999", false}, {"99900000001", false}, {"+9989", false},          {"", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (phone_is_of_nobody(span_of(cases[i].text)) != cases[i].nobodys)
            fail_msg("%s", cases[i].text);
    assert_false(phone_is_of_nobody(SPAN_NONE));
    struct phone phone;
    assert_int_equal(phone_read(span_of(first), &bangladesh, arena, &phone), OUTCOME_OK);
    assert_true(phone.kind == PHONE_NUMBER && span_equal_text(phone.text, first));
}

static void two_digits_of_a_number_are_seen(void **state)
{
    (void)state;
    const struct {
        const char *number, *seen;
    } cases[] = {{"+8801712345678", "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2 78"},
                 {"123", "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2 23"},
                 {"12", NULL},
                 {"", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (!span_equal(phone_masked(span_of(cases[i].number), arena), span_of(cases[i].seen)))
            fail_msg("%s", cases[i].number);
}

#define DOTS4 "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2"

/* Behind the keys that were dialled with it, in other digits, among words. */
static void a_typed_number_is_masked_where_it_stands(void **state)
{
    (void)state;
    const struct {
        const char *typed, *seen;
    } cases[] = {{"01712345678", DOTS4 " 78"},
                 {" \xe0\xa7\xa7\xe0\xa7\xa8\xe0\xa7\xa9\xe0\xa7\xaa ", DOTS4 " 34"},
                 {"2*01234", "\xe2\x80\xa2*\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2"
                             "34"},
                 {"12-34 5, my aunt's", "\xe2\x80\xa2\xe2\x80\xa2-\xe2\x80\xa2"
                                        "4 5, my aunt's"},
                 {"call 12", NULL},
                 {"", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (!span_equal(phone_masked_typed(span_of(cases[i].typed), arena), span_of(cases[i].seen)))
            fail_msg("%s", cases[i].typed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_form),
        cmocka_unit_test(reading_twice_changes_nothing),
        cmocka_unit_test(refused),
        cmocka_unit_test(every_truncation_is_answered),
        cmocka_unit_test(nobodys_numbers_are_known),
        cmocka_unit_test(two_digits_of_a_number_are_seen),
        cmocka_unit_test(a_typed_number_is_masked_where_it_stands),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
