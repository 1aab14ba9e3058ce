#include "base/error.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Puts "..." at the end of a text that filled its room, without leaving half of a UTF-8 character in front of it. */
static void mark_cut(char *text, size_t room)
{
    size_t end = room - sizeof "...";
    while (end > 0 && ((unsigned char)text[end] & 0xC0) == 0x80)
        end--;
    memcpy(text + end, "...", sizeof "...");
}

static void PRINTF_LIKE(3, 0) put(struct error *err, size_t start, const char *format, va_list args)
{
    size_t room = sizeof err->text - start;
    int len = vsnprintf(err->text + start, room, format, args);
    if (len < 0)
        err->text[start] = '\0';
    else if ((size_t)len >= room)
        mark_cut(err->text, sizeof err->text);
}

enum outcome error_set(struct error *err, enum outcome outcome, const char *format, ...)
{
    if (err) {
        va_list args;
        va_start(args, format);
        err->outcome = outcome;
        err->about_keys = false;
        put(err, 0, format, args);
        va_end(args);
    }
    return outcome;
}

enum outcome error_set_at(struct error *err, enum outcome outcome, const char *file, unsigned line, const char *format,
                          ...)
{
    if (!err)
        return outcome;
    err->outcome = outcome;
    err->about_keys = false;
    int start = line ? snprintf(err->text, sizeof err->text, "%s:%u: ", file, line)
                     : snprintf(err->text, sizeof err->text, "%s: ", file);
    if (start < 0 || (size_t)start >= sizeof err->text) {
        mark_cut(err->text, sizeof err->text);
        return outcome;
    }
    va_list args;
    va_start(args, format);
    put(err, (size_t)start, format, args);
    va_end(args);
    return outcome;
}

const char *outcome_name(enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_OK:
        return "ok";
    case OUTCOME_NOT_FOUND:
        return "not found";
    case OUTCOME_REFUSED:
        return "refused";
    case OUTCOME_CONFLICT:
        return "conflict";
    case OUTCOME_FULL:
        return "full";
    case OUTCOME_BROKEN:
        return "broken";
    }
    return "broken";
}
