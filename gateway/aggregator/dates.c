#include "aggregator/dates.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"

#define DATE_TEXT_MAX 64
#define LATEST_SECOND UINT64_C(253402300799) /* the end of the year 9999 */

/* "+03:00" as minutes; false when it is not of that form. */
static bool parse_zone(struct span zone, int *minutes)
{
    struct span rest = span_from(zone, 1);
    uint64_t hour = 0, minute = 0;
    bool holds = zone.len == 6 && zone.at[3] == ':' && (zone.at[0] == '+' || zone.at[0] == '-') &&
                 span_to_u64(span_cut(&rest, ':'), &hour) && span_to_u64(rest, &minute) && hour <= 14 && minute <= 59;
    *minutes = (zone.len > 0 && zone.at[0] == '-' ? -1 : 1) * (int)(60 * hour + minute);
    return holds;
}

static int read_zone(struct layer door, struct problems *problems)
{
    int minutes = 0;
    if (!parse_zone(layer_string(door, "date_zone", "+00:00"), &minutes))
        layer_problem(door, problems, "date_zone must be an offset like \"+03:00\"");
    return minutes;
}

struct dates dates_compile(struct layer door, struct arena *arena, struct problems *problems)
{
    struct setting list = layer_get(door, "dates");
    size_t count = setting_count(list);
    const char **formats = ARENA_ARRAY(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        formats[i] = arena_text(arena, setting_as_string(setting_at(list, i)));
    return (struct dates){formats, count, read_zone(door, problems)};
}

static int64_t read_unix(struct span text, uint64_t per_second)
{
    uint64_t number = 0;
    if (!span_to_u64(text, &number) || number / per_second > LATEST_SECOND)
        return 0;
    return (int64_t)(number * (1000 / per_second));
}

/* A literal Z is a zone, to people if not to strptime. */
static bool ends_with_zulu(const char *format)
{
    size_t len = strlen(format);
    return len > 1 && format[len - 1] == 'Z' && format[len - 2] != '%';
}

static int64_t read_pattern(const char *format, const char *text, int offset_minutes)
{
    struct tm tm = {.tm_mday = 1};
    const char *end = strptime(text, format, &tm);
    if (end == NULL || *end != '\0' || tm.tm_sec > 59)
        return 0;
    if (strstr(format, "%z") != NULL)
        offset_minutes = (int)(tm.tm_gmtoff / 60);
    else if (ends_with_zulu(format))
        offset_minutes = 0;
    struct civil civil = {.year = tm.tm_year + 1900,
                          .month = tm.tm_mon + 1,
                          .day = tm.tm_mday,
                          .hour = tm.tm_hour,
                          .minute = tm.tm_min,
                          .second = tm.tm_sec};
    if (civil.year < 1970 || civil.year > 9999)
        return 0;
    int64_t at = clock_from_civil(&civil, offset_minutes);
    return clock_civil(at, offset_minutes).day == civil.day ? at : 0; /* strptime takes the 31st of February */
}

int64_t dates_read(const struct dates *dates, struct span text)
{
    char copy[DATE_TEXT_MAX];
    text = span_trim(text);
    if (text.len == 0 || text.len >= sizeof copy || memchr(text.at, '\0', text.len) != NULL)
        return 0;
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    int64_t at = 0;
    for (size_t i = 0; i < dates->count && at == 0; i++) {
        const char *format = dates->formats[i];
        if (strcmp(format, "unix") == 0)
            at = read_unix(text, 1);
        else if (strcmp(format, "unix_ms") == 0)
            at = read_unix(text, 1000);
        else
            at = read_pattern(format, copy, dates->offset_minutes);
    }
    return at;
}
