#include "aggregator/language/dates.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"

#define DATE_TEXT_MAX 64
#define PATTERN_MAX 64
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
    for (size_t i = 0; i < count; i++) {
        formats[i] = arena_text(arena, setting_as_string(setting_at(list, i)));
        if (formats[i] != NULL && strlen(formats[i]) >= PATTERN_MAX)
            setting_problem(setting_at(list, i), problems, "a pattern of a date is shorter than %d characters",
                            PATTERN_MAX);
    }
    return (struct dates){formats, count, read_zone(door, problems)};
}

/* "220" behind the dot is 220 ms, "2" is 200; what is finer than a millisecond is left. */
static unsigned fraction_ms(struct span digits)
{
    unsigned ms = 0;
    for (size_t i = 0; i < 3; i++)
        ms = 10 * ms + (i < digits.len ? (unsigned)(digits.at[i] - '0') : 0);
    return ms;
}

static size_t count_digits(const char *text)
{
    return strspn(text, "0123456789");
}

static int64_t read_unix(const char *text, uint64_t per_second)
{
    uint64_t number = 0;
    size_t len = count_digits(text), more = text[len] == '.' ? count_digits(text + len + 1) : 0;
    bool whole = text[len] == '\0' || (per_second == 1 && more > 0 && text[len + 1 + more] == '\0');
    if (!whole || !span_to_u64((struct span){text, len}, &number) || number / per_second > LATEST_SECOND)
        return 0;
    return (int64_t)(number * (1000 / per_second) + fraction_ms((struct span){text + len + 1, more}));
}

/* A literal Z is a zone, to people if not to strptime. */
static bool ends_with_zulu(const char *format)
{
    size_t len = strlen(format);
    return len > 1 && format[len - 1] == 'Z' && format[len - 2] != '%';
}

/* strptime, with %f for the digits of a fraction. NULL: the text is not of that form. */
static const char *read_parts(const char *text, const char *format, struct tm *tm, unsigned *ms)
{
    const char *fraction = strstr(format, "%f");
    if (fraction == NULL)
        return strptime(text, format, tm);
    char before[PATTERN_MAX];
    size_t len = (size_t)(fraction - format);
    memcpy(before, format, len);
    before[len] = '\0';
    text = strptime(text, before, tm);
    size_t digits = text != NULL ? count_digits(text) : 0;
    if (digits == 0)
        return NULL;
    *ms = fraction_ms((struct span){text, digits});
    return strptime(text + digits, fraction + 2, tm);
}

/* "(UTC)", as some put behind the offset that says it already. */
static bool is_comment(const char *text)
{
    text += strspn(text, " ");
    size_t len = strlen(text);
    return len == 0 || (text[0] == '(' && strchr(text, ')') == text + len - 1);
}

static int64_t read_pattern(const char *format, const char *text, int offset_minutes)
{
    struct tm tm = {.tm_mday = 1};
    unsigned ms = 0;
    const char *end = read_parts(text, format, &tm, &ms);
    if (end == NULL || !is_comment(end) || tm.tm_sec > 59)
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
                          .second = tm.tm_sec,
                          .millisecond = (int)ms};
    if (civil.year < 1970 || civil.year > 9999)
        return 0;
    int64_t at = clock_from_civil(&civil, offset_minutes);
    bool stands = at >= 0 && clock_civil(at, offset_minutes).day == civil.day; /* strptime takes the 31st of February */
    return stands ? at : 0;
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
            at = read_unix(copy, 1);
        else if (strcmp(format, "unix_ms") == 0)
            at = read_unix(copy, 1000);
        else
            at = read_pattern(format, copy, dates->offset_minutes);
    }
    return at;
}
