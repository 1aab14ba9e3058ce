#include "menu/drawing/dates.h"
#include <string.h>
#include "base/buffer.h"
#include "base/clock.h"

#define DATE_ROOM 400
#define DAYS_BY_NAME 6 /* further on, a weekday would be taken for this week's */

/* Writes what stands between braces in a format; false: nothing is called so. */
typedef bool write_part(struct buffer *out, struct span name, const void *context);

static bool write_format(struct buffer *out, struct span format, write_part *write, const void *context)
{
    for (struct span rest = format; span_is_present(rest) && rest.len > 0;) {
        struct span words = span_cut(&rest, '{');
        buffer_add(out, words);
        if (!span_is_present(rest))
            break;
        struct span name = span_cut(&rest, '}');
        if (!span_is_present(rest) || !write(out, name, context))
            return false;
    }
    return true;
}

struct moment {
    const struct engine_words *words;
    struct civil civil;
    struct span day; /* "today", "Thu" */
};

static bool write_due(struct buffer *out, struct span name, const void *context)
{
    const struct moment *moment = context;
    if (span_equal_text(name, "day"))
        buffer_add(out, moment->day);
    else if (span_equal_text(name, "time"))
        buffer_add_format(out, "%d:%02d", moment->civil.hour, moment->civil.minute);
    else
        return false;
    return true;
}

static bool write_date(struct buffer *out, struct span name, const void *context)
{
    const struct moment *moment = context;
    const struct civil *civil = &moment->civil;
    if (span_equal_text(name, "d"))
        buffer_add_format(out, "%d", civil->day);
    else if (span_equal_text(name, "m"))
        buffer_add_format(out, "%d", civil->month);
    else if (span_equal_text(name, "month"))
        buffer_add(out, moment->words->months[civil->month - 1]);
    else if (span_equal_text(name, "year"))
        buffer_add_format(out, "%d", civil->year);
    else
        return false;
    return true;
}

struct span date_words(const struct service *service, const struct language *language, int64_t at, int64_t now,
                       struct arena *arena)
{
    const struct engine_words *words = &language->words;
    struct moment moment = {.words = words, .civil = clock_civil(at, service->zone_minutes)};
    int64_t ahead = calendar_day(at, service->zone_minutes) - calendar_day(now, service->zone_minutes);
    bool due = ahead >= 0 && ahead <= DAYS_BY_NAME;
    struct buffer shown;
    buffer_init(&shown, arena, DATE_ROOM);
    moment.day = ahead == 0   ? words->today
                 : ahead == 1 ? words->tomorrow
                              : words->days[moment.civil.weekday % WEEKDAYS];
    (void)write_format(&shown, due ? words->due_format : words->date_format, due ? write_due : write_date, &moment);
    return buffer_span(&shown);
}

static bool holds(struct span format, const char *part)
{
    return memmem(format.at, format.len, part, strlen(part)) != NULL;
}

const char *date_format_problem(struct span format, bool due)
{
    static const struct engine_words words;
    const struct moment moment = {.words = &words, .civil = {.month = 1}};
    struct arena *arena = arena_create(1024);
    struct buffer scratch;
    buffer_init(&scratch, arena, DATE_ROOM);
    bool fine = write_format(&scratch, format, due ? write_due : write_date, &moment);
    arena_destroy(arena);
    if (due)
        return fine && holds(format, "{day}") && holds(format, "{time}")
                   ? NULL
                   : "expected {day} and {time}, and no other { }";
    bool complete = holds(format, "{d}") && (holds(format, "{month}") || holds(format, "{m}"));
    return fine && complete ? NULL : "expected {d} and {month} or {m}, perhaps {year}, and no other { }";
}
