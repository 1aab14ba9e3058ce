#include <string.h>
#include "cmocka_all.h"
#include "text/reference.h"

static void known_check_digits(void **state)
{
    (void)state;
    assert_int_equal(reference_check_digit("572", 3), '4'); /* Damm's own example */
    assert_int_equal(reference_check_digit("", 0), '0');
    char out[REFERENCE_DIGITS + 1];
    reference_complete("482715", out);
    assert_int_equal(strlen(out), REFERENCE_DIGITS);
    assert_int_equal(reference_check_digit(out, REFERENCE_DIGITS), '0');
}

static void shown_and_read_back(void **state)
{
    (void)state;
    char full[REFERENCE_DIGITS + 1], shown[REFERENCE_SHOWN], read[REFERENCE_DIGITS + 1];
    reference_complete("048271", full);
    reference_show(full, shown);
    assert_int_equal(shown[3], ' ');
    assert_int_equal(strlen(shown), REFERENCE_SHOWN - 1);
    assert_true(reference_read(span_of(shown), read));
    assert_string_equal(read, full);
}

static void ways_to_type(void **state)
{
    (void)state;
    char read[REFERENCE_DIGITS + 1];
    const char *good[] = {"5724000", " 572-4000 ", "572 40 00", "৫৭২৪০০০", "５７２ ４０００", "572\u00A04000"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(reference_read(span_of(good[i]), read));
        assert_string_equal(read, "5724000");
    }
    const char *bad[] = {"", " ", "572400", "57240000", "5724001", "572.4000", "ref 5724000", "5724\x80", "+5724000"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(reference_read(span_of(bad[i]), read));
    assert_false(reference_read(SPAN_NONE, read));
    assert_false(reference_read((struct span){"572\0004000", 8}, read));
}

/* The two promises of Damm's code, for every reference of a sample and every place. */
static void every_slip_is_caught(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 1000000; n += 997) {
        char six[7] = {0}, full[REFERENCE_DIGITS + 1], read[REFERENCE_DIGITS + 1];
        for (unsigned i = 0, rest = n; i < 6; i++, rest /= 10)
            six[i] = (char)('0' + rest % 10);
        reference_complete(six, full);
        assert_true(reference_read(span_of(full), read));
        for (size_t at = 0; at < REFERENCE_DIGITS; at++) {
            char right = full[at];
            for (int wrong = '0'; wrong <= '9'; wrong++) {
                full[at] = (char)wrong;
                assert_int_equal(reference_read(span_of(full), read), wrong == right);
            }
            full[at] = right;
        }
        for (size_t at = 0; at + 1 < REFERENCE_DIGITS; at++) {
            if (full[at] == full[at + 1])
                continue;
            char swapped[REFERENCE_DIGITS + 1];
            memcpy(swapped, full, sizeof swapped);
            swapped[at] = full[at + 1];
            swapped[at + 1] = full[at];
            assert_false(reference_read(span_of(swapped), read));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_check_digits),
        cmocka_unit_test(shown_and_read_back),
        cmocka_unit_test(ways_to_type),
        cmocka_unit_test(every_slip_is_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
