/* calendar, dates, plurals: when somebody is there, and how a day, an hour and a number are said. */
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/duration.h"
#include "menu/drawing/dates.h"
#include "menu/drawing/plural.h"

/* "2026-11-21 10:00" in a zone. */
static int64_t at(const char *written, int zone)
{
    int64_t ms = 0;
    assert_true(clock_read(span_of(written), zone, &ms));
    return ms;
}

static const char *shown(int64_t ms, int zone)
{
    static char text[4][32];
    static unsigned turn;
    struct civil civil = clock_civil(ms, zone);
    char *out = text[turn++ % 4];
    snprintf(out, sizeof text[0], "%04d-%02d-%02d %02d:%02d", civil.year, civil.month, civil.day, civil.hour,
             civil.minute);
    return out;
}

/* Spans of a week: days as digits from Sunday, hours; ended by days NULL. */
struct week {
    const char *days;
    int from, to;
};

static struct calendar calendar_of(int zone, const struct week *week, const char *const *holidays, int64_t *days)
{
    struct calendar calendar = {.zone_minutes = zone, .polite = {8 * 60, 20 * 60}, .holidays = days};
    for (; week && week->days; week++)
        for (const char *day = week->days; *day; day++) {
            assert_true(calendar_add_span(&calendar, *day - '0', (struct open_span){week->from, week->to}));
            calendar.given = true;
        }
    for (; holidays && *holidays; holidays++)
        assert_true(calendar_read_day(span_of(*holidays), &days[calendar.holiday_count++]));
    return calendar;
}

static const struct week sun_thu[] = {{"01234", 9 * 60, 17 * 60}, {NULL, 0, 0}};
static const struct week mon_fri[] = {{"12345", 9 * 60, 17 * 60}, {NULL, 0, 0}};
static const struct week halves[] = {
    {"012345", 9 * 60, 13 * 60}, {"01234", 14 * 60, 18 * 60 + 30}, {"6", 10 * 60, 12 * 60}, {NULL, 0, 0}};
static const struct week round_the_clock[] = {{"0123456", 0, 24 * 60}, {NULL, 0, 0}};
static const char *const holidays[] = {"2026-11-24", "2026-11-25", NULL};

static void open_hours_are_counted(void **state)
{
    (void)state;
    const struct {
        const struct week *week;
        const char *const *holidays;
        int zone;
        const char *from, *to;
        int minutes;
    } cases[] = {
        /* 2026-11-21 is a Saturday. Friday and Saturday are the weekend. */
        {sun_thu, NULL, 360, "2026-11-21 10:00", "2026-11-22 17:00", 8 * 60},
        {sun_thu, NULL, 360, "2026-11-22 09:00", "2026-11-22 17:00", 8 * 60},
        {sun_thu, NULL, 360, "2026-11-22 08:59", "2026-11-22 17:00", 8 * 60},
        {sun_thu, NULL, 360, "2026-11-22 16:59", "2026-11-23 16:59", 8 * 60},
        {sun_thu, NULL, 360, "2026-11-22 17:00", "2026-11-23 17:00", 8 * 60},
        {sun_thu, NULL, 360, "2026-11-26 16:59", "2026-11-29 16:59", 8 * 60}, /* Thursday, over the weekend */
        {sun_thu, NULL, 360, "2026-11-27 12:00", "2026-11-29 17:00", 8 * 60}, /* Friday */
        {sun_thu, NULL, 360, "2026-11-22 16:55", "2026-11-22 17:00", 5},
        {sun_thu, NULL, 360, "2026-11-22 16:58", "2026-11-23 09:03", 5},
        /* Saturday and Sunday are. */
        {mon_fri, NULL, 300, "2026-11-20 16:59", "2026-11-23 16:59", 8 * 60},
        {mon_fri, NULL, 300, "2026-11-21 03:00", "2026-11-23 17:00", 8 * 60},
        /* Two holidays in a row, a Tuesday and a Wednesday. */
        {sun_thu, holidays, 360, "2026-11-23 16:59", "2026-11-26 16:59", 8 * 60},
        {sun_thu, holidays, 360, "2026-11-24 12:00", "2026-11-26 17:00", 8 * 60},
        /* Several spans a day, in whatever order they were written; the lunch hour does not count. */
        {halves, NULL, 360, "2026-11-22 12:30", "2026-11-22 14:30", 60},
        {halves, NULL, 360, "2026-11-22 13:15", "2026-11-22 14:20", 20},
        {halves, NULL, 360, "2026-11-27 12:59", "2026-11-28 10:59", 60}, /* Friday's half day, then Saturday's */
        {halves, NULL, 360, "2026-11-22 09:00", "2026-11-22 17:00", 7 * 60},
        /* Zones: half hours, west of UTC, and the day there rather than here. */
        {mon_fri, NULL, 345, "2026-11-23 16:59", "2026-11-23 17:00", 1},
        {mon_fri, NULL, 345, "2026-11-23 16:59", "2026-11-24 09:01", 2},
        {mon_fri, NULL, -300, "2026-11-20 23:30", "2026-11-23 10:00", 60},
        /* Round the clock, and without any calendar. */
        {round_the_clock, NULL, 360, "2026-11-21 22:00", "2026-11-22 06:00", 8 * 60},
        {NULL, NULL, 360, "2026-11-21 22:00", "2026-11-22 06:00", 8 * 60},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t days[4];
        struct calendar calendar = calendar_of(cases[i].zone, cases[i].week, cases[i].holidays, days);
        int64_t ends = calendar_after(&calendar, at(cases[i].from, cases[i].zone), cases[i].minutes * MINUTE_MS);
        if (strcmp(shown(ends, cases[i].zone), cases[i].to) != 0)
            fail_msg("case %zu: %s, expected %s", i, shown(ends, cases[i].zone), cases[i].to);
    }
}

static void open_now_is_true_within_the_hours(void **state)
{
    (void)state;
    const struct {
        const char *when;
        bool open;
    } cases[] = {{"2026-11-22 08:59", false}, {"2026-11-22 09:00", true},  {"2026-11-22 16:59", true},
                 {"2026-11-22 17:00", false}, {"2026-11-20 12:00", false}, {"2026-11-21 12:00", false},
                 {"2026-11-24 12:00", false}, {"2026-11-26 12:00", true}};
    int64_t days[4];
    struct calendar calendar = calendar_of(360, sun_thu, holidays, days);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (calendar_is_open(&calendar, at(cases[i].when, 360)) != cases[i].open)
            fail_msg("%s", cases[i].when);
    const struct calendar none = {.zone_minutes = 360};
    assert_true(calendar_is_open(&none, at("2026-11-20 03:00", 360)));
}

static void spans_do_not_overlap(void **state)
{
    (void)state;
    struct calendar calendar = {.given = true};
    assert_true(calendar_add_span(&calendar, 1, (struct open_span){600, 720}));
    assert_false(calendar_add_span(&calendar, 1, (struct open_span){700, 800}));
    assert_false(calendar_add_span(&calendar, 1, (struct open_span){500, 601}));
    assert_false(calendar_add_span(&calendar, 1, (struct open_span){610, 620}));
    assert_false(calendar_add_span(&calendar, 1, (struct open_span){600, 720}));
    assert_true(calendar_add_span(&calendar, 1, (struct open_span){500, 600}));
    assert_true(calendar_add_span(&calendar, 1, (struct open_span){720, 800}));
    assert_true(calendar_add_span(&calendar, 1, (struct open_span){900, 901}));
    assert_false(calendar_add_span(&calendar, 1, (struct open_span){1000, 1001})); /* the day is full */
}

static void texts_wait_for_the_morning(void **state)
{
    (void)state;
    const struct {
        const char *from, *to;
    } cases[] = {{"2026-11-21 07:59", "2026-11-21 08:00"}, {"2026-11-21 08:00", "2026-11-21 08:00"},
                 {"2026-11-21 19:59", "2026-11-21 19:59"}, {"2026-11-21 20:00", "2026-11-22 08:00"},
                 {"2026-11-21 23:59", "2026-11-22 08:00"}, {"2026-12-31 21:00", "2027-01-01 08:00"}};
    const struct calendar calendar = {.zone_minutes = 360, .polite = {8 * 60, 20 * 60}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(shown(calendar_polite_at(&calendar, at(cases[i].from, 360)), 360), cases[i].to);
    assert_string_equal(shown(calendar_polite_until(&calendar, at("2026-11-21 09:00", 360)), 360), "2026-11-21 20:00");
}

static void months_end_where_they_end(void **state)
{
    (void)state;
    const struct {
        const char *from;
        unsigned months;
        const char *to;
    } cases[] = {{"2026-01-31 10:00", 1, "2026-02-28 10:00"},  {"2028-01-31 10:00", 1, "2028-02-29 10:00"},
                 {"2026-11-30 23:30", 3, "2027-02-28 23:30"},  {"2026-10-31 00:10", 1, "2026-11-30 00:10"},
                 {"2026-11-21 10:00", 12, "2027-11-21 10:00"}, {"2026-12-15 10:00", 1, "2027-01-15 10:00"},
                 {"2028-02-29 10:00", 12, "2029-02-28 10:00"}, {"2026-06-30 10:00", 6, "2026-12-30 10:00"}};
    const struct calendar calendar = {.zone_minutes = 360};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(shown(calendar_add_months(&calendar, at(cases[i].from, 360), cases[i].months), 360),
                            cases[i].to);
}

static void days_are_read_strictly(void **state)
{
    (void)state;
    static const char *const bad[] = {"",           "2026-2-16", "2026-02-30", "2026-13-01", "2026-00-10",
                                      "2026-12-32", "26-12-16",  "2026/12/16", "2026-12-1x", "2026-12-160"};
    int64_t day = 0;
    assert_true(calendar_read_day(SPAN("1970-01-02"), &day));
    assert_int_equal(day, 1);
    assert_true(calendar_read_day(SPAN("2028-02-29"), &day));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (calendar_read_day(span_of(bad[i]), &day))
            fail_msg("%s is a day", bad[i]);
    assert_false(calendar_read_day(SPAN_NONE, &day));
}

static void the_week_is_said_as_people_say_it(void **state)
{
    (void)state;
    static const struct week weekend[] = {{"60", 10 * 60, 14 * 60}, {NULL, 0, 0}};
    static const struct week odd[] = {{"135", 9 * 60, 12 * 60}, {NULL, 0, 0}};
    const struct {
        const struct week *week;
        const char *said;
    } cases[] = {{sun_thu, "Sun-Thu 9-17"},
                 {mon_fri, "Mon-Fri 9-17"},
                 {halves, "Sun-Thu 9-13, 14-18:30, Fri 9-13, Sat 10-12"},
                 {weekend, "Sat-Sun 10-14"},
                 {odd, "Mon 9-12, Wed 9-12, Fri 9-12"},
                 {round_the_clock, "Sun-Sat 0-24"},
                 {NULL, "24/7"}};
    const struct span days[] = {SPAN("Sun"), SPAN("Mon"), SPAN("Tue"), SPAN("Wed"),
                                SPAN("Thu"), SPAN("Fri"), SPAN("Sat")};
    struct arena *arena = arena_create(4096);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct calendar calendar = calendar_of(360, cases[i].week, NULL, NULL);
        assert_string_equal(arena_text(arena, calendar_words(&calendar, days, arena)), cases[i].said);
    }
    arena_destroy(arena);
}

static struct language english(void)
{
    struct language language = {.words = {.today = SPAN("today"),
                                          .tomorrow = SPAN("tomorrow"),
                                          .due_format = SPAN("{day} {time}"),
                                          .date_format = SPAN("{d} {month}")}};
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    for (size_t i = 0; i < WEEKDAYS; i++)
        language.words.days[i] = span_of(days[i]);
    for (size_t i = 0; i < MONTHS; i++)
        language.words.months[i] = span_of(months[i]);
    return language;
}

static void a_day_is_said_from_where_one_stands(void **state)
{
    (void)state;
    const struct {
        const char *when, *now, *said;
    } cases[] = {{"2026-11-21 15:00", "2026-11-21 10:00", "today 15:00"},
                 {"2026-11-21 09:05", "2026-11-21 10:00", "today 9:05"},
                 {"2026-11-22 09:00", "2026-11-21 23:59", "tomorrow 9:00"},
                 {"2026-11-22 00:00", "2026-11-21 00:00", "tomorrow 0:00"},
                 {"2026-11-26 20:00", "2026-11-21 10:00", "Thu 20:00"},
                 {"2026-11-27 20:00", "2026-11-21 10:00", "Fri 20:00"},
                 {"2026-11-28 20:00", "2026-11-21 10:00", "28 Nov"}, /* a week on: not this week's Saturday */
                 {"2026-12-12 20:00", "2026-11-21 10:00", "12 Dec"},
                 {"2026-11-20 20:00", "2026-11-21 10:00", "20 Nov"},
                 {"2027-01-01 00:30", "2026-12-31 23:30", "tomorrow 0:30"}};
    struct service service = {.zone_minutes = 360};
    struct language language = english();
    struct arena *arena = arena_create(4096);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(
            arena_text(arena, date_words(&service, &language, at(cases[i].when, 360), at(cases[i].now, 360), arena)),
            cases[i].said);
    language.words.due_format = SPAN("klo {time}, {day}");
    language.words.date_format = SPAN("{year}/{m}/{d} ({month})");
    assert_string_equal(arena_text(arena, date_words(&service, &language, at("2026-11-21 15:00", 360),
                                                     at("2026-11-21 10:00", 360), arena)),
                        "klo 15:00, today");
    assert_string_equal(arena_text(arena, date_words(&service, &language, at("2026-12-05 15:00", 360),
                                                     at("2026-11-21 10:00", 360), arena)),
                        "2026/12/5 (Dec)");
    arena_destroy(arena);
}

static void formats_hold_all_that_is_said(void **state)
{
    (void)state;
    const struct {
        const char *format;
        bool due, fine;
    } cases[] = {{"{day} {time}", true, true},     {"{time}", true, false},         {"{day}", true, false},
                 {"{day} {tiem}", true, false},    {"{day} {time", true, false},    {"{day} {time} {d}", true, false},
                 {"{d} {month}", false, true},     {"{d}.{m}.{year}", false, true}, {"{month}", false, false},
                 {"{d} {month} {}", false, false}, {"{d}", false, false},           {"", false, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if ((date_format_problem(span_of(cases[i].format), cases[i].due) == NULL) != cases[i].fine)
            fail_msg("%s", cases[i].format);
}

static void numbers_choose_their_form(void **state)
{
    (void)state;
    const struct {
        const char *rule;
        size_t forms;
        const char *chosen; /* for 0 to 25, and then 101, 111, 112, 122 */
    } cases[] = {{"one_other", 2,
                  "10111111111111111111111111"
                  "1111"},
                 {"zero_one_other", 2,
                  "00111111111111111111111111"
                  "1111"},
                 {"slavic", 3,
                  "20111222222222222222201112"
                  "0221"},
                 {"none", 1,
                  "00000000000000000000000000"
                  "0000"}};
    static const int64_t far[] = {101, 111, 112, 122};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum plural_rule rule = plural_rule_named(span_of(cases[i].rule));
        assert_int_equal(plural_forms(rule), cases[i].forms);
        for (int64_t n = 0; n < 30; n++) {
            int64_t number = n < 26 ? n : far[n - 26];
            if (plural_form(rule, number) != (size_t)(cases[i].chosen[n] - '0'))
                fail_msg("%s of %lld", cases[i].rule, (long long)number);
        }
    }
    assert_int_equal(plural_rule_named(SPAN("arabic")), PLURAL_UNKNOWN);
    assert_int_equal(plural_forms(PLURAL_UNKNOWN), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_hours_are_counted),
        cmocka_unit_test(open_now_is_true_within_the_hours),
        cmocka_unit_test(spans_do_not_overlap),
        cmocka_unit_test(texts_wait_for_the_morning),
        cmocka_unit_test(months_end_where_they_end),
        cmocka_unit_test(days_are_read_strictly),
        cmocka_unit_test(the_week_is_said_as_people_say_it),
        cmocka_unit_test(a_day_is_said_from_where_one_stands),
        cmocka_unit_test(formats_hold_all_that_is_said),
        cmocka_unit_test(numbers_choose_their_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
