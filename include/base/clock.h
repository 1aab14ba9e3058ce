/*
 * clock: the only place that asks the system what time it is.
 *
 * Times are UTC milliseconds since 1970 (int64_t, names end in _at or _ms). Deadlines use the monotonic clock, which never
 * jumps. The engine and the profiles never call this module: they are handed `now`.
 * Zones are fixed offsets in minutes east of UTC, from configuration: TZ is process-global and its readers are not thread-safe.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/span.h"

int64_t clock_utc_ms(void);
int64_t clock_monotonic_ms(void);
int64_t clock_monotonic_us(void);

struct civil {
    int year, month, day; /* month and day from 1 */
    int hour, minute, second, millisecond;
    int weekday; /* 0 Sunday .. 6 Saturday */
};

struct civil clock_civil(int64_t utc_ms, int offset_minutes);
int64_t clock_from_civil(const struct civil *civil,
                         int offset_minutes); /* weekday is ignored; fields must be in range */

/* "2026-11-21 10:00", or with a T between; a day alone is its beginning. False: it is no such time. */
bool clock_read(struct span words, int offset_minutes, int64_t *utc_ms);

#define CLOCK_ISO_MAX 25
void clock_format_iso(int64_t utc_ms, char out[CLOCK_ISO_MAX]); /* 2026-11-21T10:00:00.000Z */
