/*
 * dates: when the aggregator says that something happened. Pure.
 *
 * A format is "unix" (seconds, and a fraction of one), "unix_ms", or a pattern of strptime(3) with %f for the digits of a fraction
 * of a second; a time without a zone is in the zone that the profile names. The name of a zone in brackets may follow: "(UTC)".
 */
#pragma once
#include <stdint.h>
#include "aggregator/language/layer.h"
#include "base/arena.h"

struct dates {
    const char *const *formats;
    size_t count;
    int offset_minutes;
};

/* Reads `dates` (strings) and `date_zone` ("+03:00") of a door. */
struct dates dates_compile(struct layer door, struct arena *arena, struct problems *problems);
int64_t dates_read(const struct dates *dates, struct span text); /* UTC ms; 0: in none of the formats */
