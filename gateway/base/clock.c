#include "base/clock.h"

#include <stdio.h>
#include <time.h>
#include "base/duration.h"

static int64_t microseconds(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now); /* cannot fail for these two clocks */
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_utc_ms(void)
{
    return microseconds(CLOCK_REALTIME) / 1000;
}

int64_t clock_monotonic_ms(void)
{
    return microseconds(CLOCK_MONOTONIC) / 1000;
}

int64_t clock_monotonic_us(void)
{
    return microseconds(CLOCK_MONOTONIC);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/*
 * Days since 1970-01-01 from a date of the proleptic Gregorian calendar, and back: Howard Hinnant's algorithms. Years are
 * counted from March, so that the leap day is the last of its year, in eras of 400 years (146097 days).
 */
static int64_t days_from_date(int year, int month, int day)
{
    int64_t y = (int64_t)year - (month <= 2);
    int64_t era = floor_div(y, 400);
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static void date_from_days(int64_t days, struct civil *out)
{
    int64_t z = days + 719468;
    int64_t era = floor_div(z, 146097);
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * day_of_year + 2) / 153;
    out->day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1);
    out->month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
    out->year = (int)(year_of_era + era * 400 + (out->month <= 2));
}

struct civil clock_civil(int64_t utc_ms, int offset_minutes)
{
    int64_t local = utc_ms + offset_minutes * MINUTE_MS;
    int64_t days = floor_div(local, DAY_MS);
    int ms = (int)(local - days * DAY_MS);
    struct civil civil = {
        .hour = ms / 3600000,
        .minute = ms / 60000 % 60,
        .second = ms / 1000 % 60,
        .millisecond = ms % 1000,
        .weekday = (int)((days % 7 + 7 + 4) % 7), /* 1970-01-01 was a Thursday */
    };
    date_from_days(days, &civil);
    return civil;
}

int64_t clock_from_civil(const struct civil *civil, int offset_minutes)
{
    int64_t days = days_from_date(civil->year, civil->month, civil->day);
    int64_t ms = ((civil->hour * 60 + civil->minute) * INT64_C(60) + civil->second) * 1000 + civil->millisecond;
    return days * DAY_MS + ms - offset_minutes * MINUTE_MS;
}

/* Years of four digits only: a time outside of them is shown as the nearest that can be written. */
static int64_t writable(int64_t utc_ms)
{
    const int64_t first = INT64_C(-62167219200000), last = INT64_C(253402300799999);
    return utc_ms < first ? first : utc_ms > last ? last : utc_ms;
}

void clock_format_iso(int64_t utc_ms, char out[CLOCK_ISO_MAX])
{
    struct civil c = clock_civil(writable(utc_ms), 0);
    snprintf(out, CLOCK_ISO_MAX, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", (unsigned)c.year % 10000,
             (unsigned)c.month % 100, (unsigned)c.day % 100, (unsigned)c.hour % 100, (unsigned)c.minute % 100,
             (unsigned)c.second % 100, (unsigned)c.millisecond % 1000);
}
