#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LOG_LINE_MAX 1024

static _Atomic(int) threshold = LOG_LEVEL_INFO;

void log_set_level(enum log_level level)
{
    atomic_store_explicit(&threshold, (int)level, memory_order_relaxed);
}

/* A line break inside a value would forge a second event. */
static void flatten(char *line, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7F)
            line[i] = '?';
}

static size_t advance(size_t at, int written)
{
    size_t end = at + (written > 0 ? (size_t)written : 0);
    return end < LOG_LINE_MAX ? end : LOG_LINE_MAX;
}

void log_event(enum log_level level, const char *category, const char *event, const char *format, ...)
{
    if ((int)level > atomic_load_explicit(&threshold, memory_order_relaxed))
        return;
    char line[LOG_LINE_MAX + 1];
    size_t len = advance(0, snprintf(line, sizeof line, "<%d>helpline %s %s", (int)level, category, event));
    if (format && format[0] && len < LOG_LINE_MAX) {
        line[len++] = ' ';
        va_list args;
        va_start(args, format);
        len = advance(len, vsnprintf(line + len, sizeof line - len, format, args));
        va_end(args);
    }
    flatten(line, len);
    line[len++] = '\n';
    /* Nobody is left to tell when standard error is gone. */
    ssize_t written = write(STDERR_FILENO, line, len);
    (void)written;
}
