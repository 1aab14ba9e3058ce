/*
 * duration: how many milliseconds there are in what people count. For clock_now and all that is compared with it.
 */
#pragma once
#include <stdint.h>

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
