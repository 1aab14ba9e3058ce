#include "menu/service/calendar.h"
#include <stdlib.h>
#include "base/buffer.h"
#include "base/clock.h"
#include "base/duration.h"

#define WORDS_ROOM 1024
#define FIRST_WEEKDAY 4      /* 1 January 1970 was a Thursday */
#define DAYS_AHEAD (5 * 366) /* nobody lists more holidays in a row */

int64_t calendar_day(int64_t at, int zone_minutes)
{
    int64_t local = at + zone_minutes * MINUTE_MS;
    return local / DAY_MS - (local % DAY_MS < 0);
}

int64_t calendar_day_start(const struct calendar *calendar, int64_t day)
{
    return day * DAY_MS - calendar->zone_minutes * MINUTE_MS;
}

static int weekday_of(int64_t day)
{
    int64_t weekday = (day + FIRST_WEEKDAY) % WEEKDAYS;
    return (int)(weekday < 0 ? weekday + WEEKDAYS : weekday);
}

/* ---- open hours ---- */

bool calendar_add_span(struct calendar *calendar, int weekday, struct open_span span)
{
    struct open_span *spans = calendar->spans[weekday];
    size_t count = calendar->span_count[weekday], at = count;
    if (count == SPANS_A_DAY)
        return false;
    while (at > 0 && spans[at - 1].from >= span.from)
        at--;
    if ((at > 0 && spans[at - 1].to > span.from) || (at < count && spans[at].from < span.to))
        return false;
    for (size_t i = count; i > at; i--)
        spans[i] = spans[i - 1];
    spans[at] = span;
    calendar->span_count[weekday]++;
    return true;
}

static int compare_days(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

size_t calendar_spans(const struct calendar *calendar, int64_t day, const struct open_span **spans)
{
    static const struct open_span whole_day = {0, DAY_MINUTES};
    if (!calendar->given) {
        *spans = &whole_day;
        return 1;
    }
    bool holiday = calendar->holiday_count > 0 &&
                   bsearch(&day, calendar->holidays, calendar->holiday_count, sizeof day, compare_days) != NULL;
    *spans = calendar->spans[weekday_of(day)];
    return holiday ? 0 : calendar->span_count[weekday_of(day)];
}

bool calendar_is_open(const struct calendar *calendar, int64_t at)
{
    const struct open_span *spans;
    int64_t day = calendar_day(at, calendar->zone_minutes), since = at - calendar_day_start(calendar, day);
    size_t count = calendar_spans(calendar, day, &spans);
    for (size_t i = 0; i < count; i++)
        if (since >= spans[i].from * MINUTE_MS && since < spans[i].to * MINUTE_MS)
            return true;
    return false;
}

int64_t calendar_opens_at(const struct calendar *calendar, int64_t at)
{
    int64_t first = calendar_day(at, calendar->zone_minutes);
    for (int64_t day = first; day < first + DAYS_AHEAD; day++) {
        const struct open_span *spans;
        size_t count = calendar_spans(calendar, day, &spans);
        for (size_t i = 0; i < count; i++) {
            int64_t opens = calendar_day_start(calendar, day) + spans[i].from * MINUTE_MS;
            int64_t closes = calendar_day_start(calendar, day) + spans[i].to * MINUTE_MS;
            if (at < closes)
                return at > opens ? at : opens;
        }
    }
    return at;
}

/* Takes what `day` gives of the open time that is left. True: it ends in this day, at *ends. */
static bool ends_within(const struct calendar *calendar, int64_t day, int64_t from, int64_t *left, int64_t *ends)
{
    const struct open_span *spans;
    size_t count = calendar_spans(calendar, day, &spans);
    for (size_t i = 0; i < count; i++) {
        int64_t opens = calendar_day_start(calendar, day) + spans[i].from * MINUTE_MS;
        int64_t closes = calendar_day_start(calendar, day) + spans[i].to * MINUTE_MS;
        int64_t begins = from > opens ? from : opens;
        if (begins >= closes)
            continue;
        if (*left <= closes - begins) {
            *ends = begins + *left;
            return true;
        }
        *left -= closes - begins;
    }
    return false;
}

int64_t calendar_after(const struct calendar *calendar, int64_t from, int64_t open_ms)
{
    int64_t first = calendar_day(from, calendar->zone_minutes), left = open_ms, ends = from + open_ms;
    for (int64_t day = first; calendar->given && day < first + DAYS_AHEAD; day++)
        if (ends_within(calendar, day, from, &left, &ends))
            break;
    return ends;
}

/* ---- polite hours ---- */

int64_t calendar_polite_at(const struct calendar *calendar, int64_t at)
{
    int64_t start = calendar_day_start(calendar, calendar_day(at, calendar->zone_minutes));
    if (at < start + calendar->polite.from * MINUTE_MS)
        return start + calendar->polite.from * MINUTE_MS;
    return at < start + calendar->polite.to * MINUTE_MS ? at : start + DAY_MS + calendar->polite.from * MINUTE_MS;
}

int64_t calendar_polite_until(const struct calendar *calendar, int64_t at)
{
    return calendar_day_start(calendar, calendar_day(at, calendar->zone_minutes)) + calendar->polite.to * MINUTE_MS;
}

/* ---- months and days ---- */

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

int64_t calendar_add_months(const struct calendar *calendar, int64_t at, unsigned months)
{
    struct civil civil = clock_civil(at, calendar->zone_minutes);
    int month = civil.month - 1 + (int)months;
    civil.year += month / 12;
    civil.month = month % 12 + 1;
    if (civil.day > days_in(civil.year, civil.month))
        civil.day = days_in(civil.year, civil.month);
    return clock_from_civil(&civil, calendar->zone_minutes);
}

static bool read_digits(struct span text, size_t from, size_t count, int *out)
{
    *out = 0;
    for (size_t i = from; i < from + count; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        *out = *out * 10 + (text.at[i] - '0');
    }
    return true;
}

bool calendar_read_day(struct span text, int64_t *day)
{
    struct civil civil = {0};
    if (text.len != 10 || text.at[4] != '-' || text.at[7] != '-' || !read_digits(text, 0, 4, &civil.year) ||
        !read_digits(text, 5, 2, &civil.month) || !read_digits(text, 8, 2, &civil.day))
        return false;
    if (civil.year < 1970 || civil.month < 1 || civil.month > 12 || civil.day < 1 ||
        civil.day > days_in(civil.year, civil.month))
        return false;
    *day = calendar_day(clock_from_civil(&civil, 0), 0);
    return true;
}

/* ---- in words ---- */

static bool same_hours(const struct calendar *calendar, int a, int b)
{
    if (calendar->span_count[a] != calendar->span_count[b])
        return false;
    for (size_t i = 0; i < calendar->span_count[a]; i++)
        if (calendar->spans[a][i].from != calendar->spans[b][i].from ||
            calendar->spans[a][i].to != calendar->spans[b][i].to)
            return false;
    return true;
}

/* The week as people say it begins behind its weekend: behind the longest row of closed days. */
static int begins_with(const struct calendar *calendar)
{
    int longest = 0, first = 0;
    for (int day = 0; day < WEEKDAYS; day++) {
        int closed = 0;
        while (closed < WEEKDAYS && calendar->span_count[(day + WEEKDAYS - 1 - closed) % WEEKDAYS] == 0)
            closed++;
        if (calendar->span_count[day] > 0 && closed > longest) {
            longest = closed;
            first = day;
        }
    }
    return first;
}

static void add_time(struct buffer *words, int minutes)
{
    buffer_add_format(words, minutes % 60 ? "%d:%02d" : "%d", minutes / 60, minutes % 60);
}

static void add_hours(struct buffer *words, const struct calendar *calendar, int weekday)
{
    for (size_t i = 0; i < calendar->span_count[weekday]; i++) {
        buffer_add_text(words, i > 0 ? ", " : " ");
        add_time(words, calendar->spans[weekday][i].from);
        buffer_add_text(words, "-");
        add_time(words, calendar->spans[weekday][i].to);
    }
}

struct span calendar_words(const struct calendar *calendar, const struct span *days, struct arena *arena)
{
    struct buffer words;
    int first = begins_with(calendar);
    buffer_init(&words, arena, WORDS_ROOM);
    for (int i = 0, until; i < WEEKDAYS; i = until) {
        int day = (first + i) % WEEKDAYS;
        for (until = i + 1; until < WEEKDAYS && same_hours(calendar, day, (first + until) % WEEKDAYS);)
            until++;
        if (calendar->span_count[day] == 0)
            continue;
        if (words.len > 0)
            buffer_add_text(&words, ", ");
        buffer_add(&words, days[day]);
        if (until - i > 1)
            buffer_add_format(&words, "-%.*s", SPAN_ARG(days[(first + until - 1) % WEEKDAYS]));
        add_hours(&words, calendar, day);
    }
    return calendar->given ? buffer_span(&words) : SPAN("24/7");
}
