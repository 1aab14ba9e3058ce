/* Days and times as people write them in files and on command lines. */
#include "base/clock.h"

/* Exactly `width` digits. */
static bool take_number(struct span *rest, size_t width, int *out)
{
    uint64_t number;
    if (rest->len < width || !span_to_u64(span_first(*rest, width), &number))
        return false;
    *out = (int)number;
    *rest = span_from(*rest, width);
    return true;
}

static bool take_mark(struct span *rest, const char *marks)
{
    for (const char *mark = marks; rest->len > 0 && *mark; mark++)
        if (rest->at[0] == *mark) {
            *rest = span_from(*rest, 1);
            return true;
        }
    return false;
}

static bool day_exists(const struct civil *civil)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (civil->year < 1970 || civil->month < 1 || civil->month > 12 || civil->day < 1)
        return false;
    bool leap = civil->month == 2 && civil->year % 4 == 0 && (civil->year % 100 != 0 || civil->year % 400 == 0);
    return civil->day <= lengths[civil->month - 1] + leap;
}

static bool take_day(struct span *rest, struct civil *civil)
{
    return take_number(rest, 4, &civil->year) && take_mark(rest, "-") && take_number(rest, 2, &civil->month) &&
           take_mark(rest, "-") && take_number(rest, 2, &civil->day) && day_exists(civil);
}

static bool take_time(struct span *rest, struct civil *civil)
{
    return take_mark(rest, " T") && take_number(rest, 2, &civil->hour) && take_mark(rest, ":") &&
           take_number(rest, 2, &civil->minute) && civil->hour < 24 && civil->minute < 60;
}

bool clock_read(struct span words, int offset_minutes, int64_t *utc_ms)
{
    struct civil civil = {0};
    struct span rest = words;
    if (!span_is_present(words) || !take_day(&rest, &civil) || (rest.len > 0 && !take_time(&rest, &civil)) ||
        rest.len > 0)
        return false;
    *utc_ms = clock_from_civil(&civil, offset_minutes);
    return true;
}
