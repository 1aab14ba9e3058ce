/* random: every value of a range comes up, shapes are kept, and ids only ever grow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/random.h"

static void reaches_every_value(void **state)
{
    (void)state;
    for (uint32_t bound = 1; bound < 20; bound++) {
        unsigned seen[20] = {0};
        for (int i = 0; i < 2000; i++) {
            uint32_t value = random_below(bound);
            assert_true(value < bound);
            seen[value]++;
        }
        for (uint32_t value = 0; value < bound; value++) {
            assert_true(seen[value] > 0); /* missed by chance once in 10^44 */
        }
    }
    for (int i = 0; i < 100; i++) {
        assert_true(random_below(UINT32_C(0x80000001)) <= UINT32_C(0x80000000));
    }
}

static void fills_all_bytes(void **state)
{
    (void)state;
    unsigned char bytes[700], any[700] = {0};
    for (int round = 0; round < 20; round++) {
        memset(bytes, 0, sizeof bytes);
        random_bytes(bytes, sizeof bytes - 1);
        assert_int_equal(bytes[sizeof bytes - 1], 0);
        for (size_t i = 0; i < sizeof bytes - 1; i++) {
            any[i] |= bytes[i];
        }
    }
    for (size_t i = 0; i < sizeof any - 1; i++) {
        assert_int_not_equal(any[i], 0);
    }
}

static void keeps_to_the_alphabet(void **state)
{
    (void)state;
    for (size_t count = 0; count < 64; count++) {
        char text[66];
        memset(text, '!', sizeof text);
        random_digits(text, count);
        assert_int_equal(strspn(text, "0123456789"), count);
        assert_int_equal(text[count], '\0');
        assert_int_equal(text[count + 1], '!');
        memset(text, '!', sizeof text);
        random_hex(text, count);
        assert_int_equal(strspn(text, "0123456789abcdef"), count);
        assert_int_equal(text[count], '\0');
        assert_int_equal(text[count + 1], '!');
    }
}

static void ids_grow_whatever_the_clock_does(void **state)
{
    (void)state;
    static const int64_t clocks[] = {1795255200000, 1795255200000, 1795255200001, 1795255100000, 0,
                                     INT64_MIN,     1577836800000, 1795255200002, INT64_MAX,     1795255200003};
    struct id_source source = {0};
    int64_t before = 0;
    for (size_t i = 0; i < sizeof clocks / sizeof clocks[0]; i++) {
        int64_t id = id_next(&source, clocks[i]);
        assert_true(id > before);
        before = id;
    }
}

static void ids_start_positive(void **state)
{
    (void)state;
    static const int64_t lasts[] = {0, -1, INT64_MIN};
    for (size_t i = 0; i < sizeof lasts / sizeof lasts[0]; i++) {
        struct id_source source = {lasts[i]};
        assert_int_equal(id_next(&source, 0), 1);
        assert_int_equal(id_next(&source, 1577836800000), 2);
    }
}

static void ids_tell_their_time(void **state)
{
    (void)state;
    struct id_source source = {0};
    assert_int_equal(id_time(id_next(&source, 1795255200123)), 1795255200123);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(id_time(id_next(&source, 1795255200123)), 1795255200123);
    }
    struct id_source reopened = {source.last};
    assert_true(id_next(&reopened, 1795255200123) > source.last);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reaches_every_value),   cmocka_unit_test(fills_all_bytes),
        cmocka_unit_test(keeps_to_the_alphabet), cmocka_unit_test(ids_grow_whatever_the_clock_does),
        cmocka_unit_test(ids_start_positive),    cmocka_unit_test(ids_tell_their_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
