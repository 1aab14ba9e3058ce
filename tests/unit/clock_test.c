/* clock: civil time agrees with the C library's gmtime over ten thousand years, and goes there and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "base/clock.h"

static void agrees_with_the_c_library(void **state)
{
    (void)state;
    const int64_t first = -62135596800, last = 253402300799; /* the years 1 to 9999, in seconds */
    for (int64_t seconds = first; seconds <= last; seconds += 86400 * 13 + 3671) {
        time_t when = (time_t)seconds;
        struct tm tm;
        assert_non_null(gmtime_r(&when, &tm));
        struct civil c = clock_civil(seconds * 1000 + 7, 0);
        assert_int_equal(c.year, tm.tm_year + 1900);
        assert_int_equal(c.month, tm.tm_mon + 1);
        assert_int_equal(c.day, tm.tm_mday);
        assert_int_equal(c.hour, tm.tm_hour);
        assert_int_equal(c.minute, tm.tm_min);
        assert_int_equal(c.second, tm.tm_sec);
        assert_int_equal(c.millisecond, 7);
        assert_int_equal(c.weekday, tm.tm_wday);
        assert_int_equal(clock_from_civil(&c, 0), seconds * 1000 + 7);
    }
}

static void knows_offsets(void **state)
{
    (void)state;
    static const struct {
        int64_t at;
        int offset, year, month, day, hour, minute, weekday;
    } cases[] = {
        {0, 0, 1970, 1, 1, 0, 0, 4},
        {0, 360, 1970, 1, 1, 6, 0, 4},    /* Dhaka */
        {0, 345, 1970, 1, 1, 5, 45, 4},   /* Kathmandu */
        {0, -60, 1969, 12, 31, 23, 0, 3}, /* over the year's edge */
        {-1, 0, 1969, 12, 31, 23, 59, 3},
        {1709164800000, 0, 2024, 2, 29, 0, 0, 4},
        {1709229600000, 360, 2024, 3, 1, 0, 0, 5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct civil c = clock_civil(cases[i].at, cases[i].offset);
        assert_int_equal(c.year, cases[i].year);
        assert_int_equal(c.month, cases[i].month);
        assert_int_equal(c.day, cases[i].day);
        assert_int_equal(c.hour, cases[i].hour);
        assert_int_equal(c.minute, cases[i].minute);
        assert_int_equal(c.weekday, cases[i].weekday);
        assert_int_equal(clock_from_civil(&c, cases[i].offset), cases[i].at);
    }
}

static void reads_what_people_write(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        int offset;
        bool fine;
        int64_t at;
    } cases[] = {
        {"1970-01-01", 0, true, 0},
        {"2024-03-01 00:00", 360, true, 1709229600000},
        {"2024-03-01T00:00", 360, true, 1709229600000},
        {"2024-02-29", 0, true, 1709164800000},
        {"2000-02-29", 0, true, 951782400000},
        {"1970-01-01 23:59", 0, true, 86340000},
        {"2023-02-29", 0, false, 0},
        {"2100-02-29", 0, false, 0},
        {"2024-13-01", 0, false, 0},
        {"2024-00-01", 0, false, 0},
        {"2024-04-31", 0, false, 0},
        {"2024-04-00", 0, false, 0},
        {"1969-12-31", 0, false, 0},
        {"2024-1-1", 0, false, 0},
        {"2024-01-01 24:00", 0, false, 0},
        {"2024-01-01 10:60", 0, false, 0},
        {"2024-01-01 1:00", 0, false, 0},
        {"2024-01-01 10:00:00", 0, false, 0},
        {"2024-01-01 10:00 x", 0, false, 0},
        {"2024-01-01 ", 0, false, 0},
        {"2024/01/01", 0, false, 0},
        {"+024-01-01", 0, false, 0},
        {"tomorrow", 0, false, 0},
        {"", 0, false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t at = 0;
        assert_int_equal(clock_read(span_of(cases[i].words), cases[i].offset, &at), cases[i].fine);
        assert_int_equal(at, cases[i].at);
    }
    int64_t at;
    assert_false(clock_read(SPAN_NONE, 0, &at));
}

static void writes_iso(void **state)
{
    (void)state;
    static const struct {
        int64_t at;
        const char *text;
    } cases[] = {
        {1795255200000, "2026-11-21T10:00:00.000Z"},
        {0, "1970-01-01T00:00:00.000Z"},
        {-1, "1969-12-31T23:59:59.999Z"},
        {253402300799999, "9999-12-31T23:59:59.999Z"},
        {253402300800000, "9999-12-31T23:59:59.999Z"},
        {INT64_MAX, "9999-12-31T23:59:59.999Z"},
        {INT64_MIN, "0000-01-01T00:00:00.000Z"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[CLOCK_ISO_MAX];
        memset(out, 'x', sizeof out);
        clock_format_iso(cases[i].at, out);
        assert_string_equal(out, cases[i].text);
    }
}

static void never_goes_backwards(void **state)
{
    (void)state;
    int64_t before = clock_monotonic_us();
    for (int i = 0; i < 1000; i++) {
        int64_t now = clock_monotonic_us();
        assert_true(now >= before);
        before = now;
    }
    const int64_t ms = clock_monotonic_ms(); /* the same clock */
    assert_true(ms >= before / 1000 && ms <= clock_monotonic_us() / 1000);
    assert_true(clock_utc_ms() > 1577836800000); /* after 2020 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_c_library), cmocka_unit_test(knows_offsets),
        cmocka_unit_test(reads_what_people_write),   cmocka_unit_test(writes_iso),
        cmocka_unit_test(never_goes_backwards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
