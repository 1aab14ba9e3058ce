#include <stdlib.h>
#include <string.h>
#include "own_arena.h"
#include "text/digits.h"

static void every_script(void **state)
{
    (void)state;
    const char *scripts[] = {"০১২৩৪৫৬৭৮৯", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९",           "០១២៣៤៥៦៧៨៩",
                             "၀၁၂၃၄၅၆၇၈၉", "໐໑໒໓໔໕໖໗໘໙", "๐๑๒๓๔๕๖๗๘๙", "０１２３４５６７８９", "0123456789"};
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++)
        assert_true(span_equal_text(digits_to_ascii(span_of(scripts[i]), arena), "0123456789"));
    assert_true(span_equal_text(digits_to_ascii(span_of("ক২b½²"), arena), "ক2b½²"));
    assert_int_equal(digits_to_ascii(span_of(""), arena).len, 0);
    assert_false(span_is_present(digits_to_ascii(SPAN_NONE, arena)));
}

/* Each in memory of its own, so that the sanitizers see a byte read too many. */
static void what_is_no_utf8_stays(void **state)
{
    (void)state;
    const char *typed[] = {"\xF0",     "1\xF0\x9F", "\xE0\xA7", "\xE0\xA7\xA7\xE0", "\xFF",
                           "\x80\x80", "12\xC3",    "\xC3(",    "\xED\xA0\x80",     "\xF4\x90\x80\x80"};
    const char *ascii[] = {"\xF0",     "1\xF0\x9F", "\xE0\xA7", "1\xE0",        "\xFF",
                           "\x80\x80", "12\xC3",    "\xC3(",    "\xED\xA0\x80", "\xF4\x90\x80\x80"};
    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
        size_t count, len = strlen(typed[i]);
        char *alone = malloc(len), found[4];
        assert_non_null(alone);
        memcpy(alone, typed[i], len);
        const struct span text = {alone, len};
        assert_true(span_equal_text(digits_to_ascii(text, arena), ascii[i]));
        assert_false(span_is_present(digits_key(text, arena)));
        assert_false(digits_several(text, found, sizeof found, &count));
        free(alone);
    }
}

static void keys(void **state)
{
    (void)state;
    const struct {
        const char *typed, *key;
    } cases[] = {
        {"1", "1"},    {" 1 ", "1"},  {"1.", "1"},   {"1)", "1"}, {"#1", "1"},    {"(1)", "1"},  {"১", "1"},
        {"１", "1"},   {"98", "98"},  {"00", "00"},  {"1#", "1"}, {"*1#", "1"},   {"৯৮.", "98"}, {"\u00A01\u3000", "1"},
        {"1 2", NULL}, {"one", NULL}, {"", NULL},    {" ", NULL}, {"1a", NULL},   {"#", NULL},   {"1.2", NULL},
        {"-1", NULL},  {"+1", NULL},  {"1*2", NULL}, {"½", NULL}, {"1\n2", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct span key = digits_key(span_of(cases[i].typed), arena);
        if (cases[i].key)
            assert_true(span_equal_text(key, cases[i].key));
        else
            assert_false(span_is_present(key));
    }
    assert_false(span_is_present(digits_key(SPAN_NONE, arena)));
}

static void several(void **state)
{
    (void)state;
    const struct {
        const char *typed, *keys; /* NULL: refused */
    } cases[] = {
        {"135", "135"},   {"1 3 5", "135"},    {"1,3,5", "135"},  {"1, 3 & 5.", "135"}, {"1133", "13"},
        {"১৩৫", "135"},   {"9", "9"},          {"531", "531"},    {"1-3", NULL},        {"1a", NULL},
        {"", NULL},       {" , ", NULL},       {"1 এবং 3", NULL}, {"1234", "1234"},     {"12345", NULL},
        {"123451", NULL}, {"4444444444", "4"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char found[4];
        size_t count = 99;
        bool ok = digits_several(span_of(cases[i].typed), found, sizeof found, &count);
        assert_int_equal(ok, cases[i].keys != NULL);
        if (ok)
            assert_true(span_equal_text((struct span){found, count}, cases[i].keys));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_script),
        cmocka_unit_test(what_is_no_utf8_stays),
        cmocka_unit_test(keys),
        cmocka_unit_test(several),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
