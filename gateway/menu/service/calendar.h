/*
 * calendar: when a service is open, and what follows from that: by when somebody is called, when a text disturbs nobody. Pure.
 *
 * Days and hours are those of the calendar's zone. A service without a calendar is always open, and polite from eight to eight.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/span.h"

#define WEEKDAYS 7
#define SPANS_A_DAY 4
#define DAY_MINUTES (24 * 60)

struct open_span { /* minutes of the day; `to` is the first one that is closed again, at most DAY_MINUTES */
    int from, to;
};

struct calendar {
    int zone_minutes;
    bool given;                                    /* false: always open */
    struct open_span spans[WEEKDAYS][SPANS_A_DAY]; /* from Sunday; in order, without overlap */
    size_t span_count[WEEKDAYS];
    const int64_t *holidays; /* days since 1970, sorted */
    size_t holiday_count;
    struct open_span polite; /* when people may be texted unasked */
    bool danger_by_week;     /* somebody in danger is called within the open hours only */
};

/* False: the day is full, or the span overlaps another one. */
bool calendar_add_span(struct calendar *calendar, int weekday, struct open_span span);

bool calendar_is_open(const struct calendar *calendar, int64_t at);
/* The open hours of a day counted from 1970, in order: none on a holiday, all of it without a calendar. And when it begins. */
size_t calendar_spans(const struct calendar *calendar, int64_t day, const struct open_span **spans);
int64_t calendar_day_start(const struct calendar *calendar, int64_t day);
int64_t calendar_opens_at(const struct calendar *calendar, int64_t at); /* `at` when it is open */
/* When it has been open for `open_ms` since `from`: 8 hours may end on the next working day. */
int64_t calendar_after(const struct calendar *calendar, int64_t from, int64_t open_ms);

int64_t calendar_polite_at(const struct calendar *calendar, int64_t at); /* `at`, or when people may next be texted */
int64_t calendar_polite_until(const struct calendar *calendar,
                              int64_t at); /* the end of the polite hours `at` lies in */

/* The same day and hour so many months later; the last day of a shorter month: 31 January and 1 are the last of February. */
int64_t calendar_add_months(const struct calendar *calendar, int64_t at, unsigned months);

/* The opening hours in words: "Sun-Thu 9-17", "Mon-Fri 9-13, 14-18, Sat 10-12". `days`: seven names, from Sunday. */
struct span calendar_words(const struct calendar *calendar, const struct span *days, struct arena *arena);

/* The day that `at` lies in, in the zone, counted from 1970. */
int64_t calendar_day(int64_t at, int zone_minutes);
/* "2026-12-16" as such a day; false: it is none. */
bool calendar_read_day(struct span text, int64_t *day);
