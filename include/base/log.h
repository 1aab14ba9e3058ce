/*
 * log: one event, one line on standard error, with journald's <N> priority prefix.
 *
 *     <4>helpline tick commit_failed code=13 batch=12
 *
 * Category and event are fixed words that people grep and tools parse: treat them as an interface. No line ever holds a
 * number, a name, an answer or a body: callers pass counts, our own ids, channel names and codes only. Thread-safe (one
 * write(2) a line). The threshold is the single process-wide variable of this program: it belongs to the stream, which is
 * process-wide as well.
 */
#pragma once
#include "base/error.h"

enum log_level {
    LOG_LEVEL_ERROR = 3,
    LOG_LEVEL_WARNING = 4,
    LOG_LEVEL_NOTICE = 5,
    LOG_LEVEL_INFO = 6,
    LOG_LEVEL_DEBUG = 7
};

void log_set_level(enum log_level level);
void log_event(enum log_level level, const char *category, const char *event, const char *format, ...)
    PRINTF_LIKE(4, 5);
