#include "base/clock.h"
#include "base/duration.h"
#include "console/page/html.h"

static struct civil civil_of(const struct html *html, int64_t at)
{
    return clock_civil(at, html->style.zone_minutes);
}

static void add_day_part(struct html *html, struct span part, const struct civil *civil)
{
    if (span_equal_text(part, "day"))
        html_number(html, civil->day);
    else if (span_equal_text(part, "month"))
        html_span(html, words_month(html->style.words, civil->month));
    else if (span_equal_text(part, "year"))
        html_number(html, civil->year);
}

/* As the language writes it: "{day} {month} {year}". */
static void add_day(struct html *html, const struct civil *civil)
{
    struct span rest = words_date(html->style.words);
    while (span_is_present(rest)) {
        html_span(html, span_cut(&rest, '{'));
        if (span_is_present(rest))
            add_day_part(html, span_cut(&rest, '}'), civil);
    }
}

/* "14:05", with seconds unless they are negative. */
static struct span clock_words(struct html *html, int hour, int minute, int second)
{
    struct arena *arena = html->text.arena;
    struct span ascii = second < 0 ? arena_format(arena, "%02d:%02d", hour, minute)
                                   : arena_format(arena, "%02d:%02d:%02d", hour, minute, second);
    return html_digits(&html->style, ascii, arena);
}

static void open_time(struct html *html, int64_t at, const char *attributes)
{
    char iso[CLOCK_ISO_MAX];
    clock_format_iso(at, iso);
    buffer_add_format(&html->text, "<time datetime=\"%s\"%s>", iso, attributes);
}

static void close_time(struct html *html)
{
    buffer_add_text(&html->text, "</time>");
}

static bool is_same_day(const struct civil *a, const struct civil *b)
{
    return a->year == b->year && a->month == b->month && a->day == b->day;
}

void html_time(struct html *html, int64_t at)
{
    if (at == 0)
        return;
    struct civil then = civil_of(html, at), today = civil_of(html, html->style.now);
    open_time(html, at, "");
    if (!is_same_day(&then, &today)) {
        add_day(html, &then);
        html_literal(html, SPAN(", "));
    }
    html_span(html, clock_words(html, then.hour, then.minute, -1));
    close_time(html);
}

void html_date(struct html *html, int64_t at)
{
    if (at == 0)
        return;
    struct civil then = civil_of(html, at);
    open_time(html, at, "");
    add_day(html, &then);
    close_time(html);
}

void html_clock(struct html *html, int64_t at)
{
    if (at == 0)
        return;
    struct civil then = civil_of(html, at);
    open_time(html, at, "");
    html_span(html, clock_words(html, then.hour, then.minute, then.second));
    close_time(html);
}

void html_moment(struct html *html, int64_t at)
{
    if (at == 0)
        return;
    struct civil then = civil_of(html, at);
    open_time(html, at, "");
    add_day(html, &then);
    html_literal(html, SPAN(", "));
    html_span(html, clock_words(html, then.hour, then.minute, -1));
    close_time(html);
}

/* assets/app.js says it in the same steps as time goes by. */
void html_ago(struct html *html, int64_t at)
{
    if (at == 0) {
        html_word(html, WORD_NEVER);
        return;
    }
    bool is_past = at <= html->style.now;
    int64_t ms = is_past ? html->style.now - at : at - html->style.now;
    open_time(html, at, " data-ago");
    if (ms < MINUTE_MS)
        html_word(html, WORD_NOW);
    else if (ms < HOUR_MS)
        html_word_count(html, is_past ? WORD_AGO_MINUTES : WORD_IN_MINUTES, ms / MINUTE_MS);
    else if (ms < 2 * DAY_MS)
        html_word_count(html, is_past ? WORD_AGO_HOURS : WORD_IN_HOURS, ms / HOUR_MS);
    else
        html_word_count(html, is_past ? WORD_AGO_DAYS : WORD_IN_DAYS, ms / DAY_MS);
    close_time(html);
}

void html_span_ms(struct html *html, int64_t ms)
{
    int64_t seconds = ms / 1000;
    if (seconds < 60)
        html_word_with(html, WORD_LENGTH_SECONDS, html_value_number(html, seconds), SPAN_NONE);
    else if (seconds < 3600)
        html_word_with(html, WORD_LENGTH_MINUTES, html_value_number(html, seconds / 60),
                       html_value_number(html, seconds % 60));
    else
        html_word_with(html, WORD_LENGTH_HOURS, html_value_number(html, seconds / 3600),
                       html_value_number(html, seconds / 60 % 60));
}
