/* desk: when it is safe to call, by what they answered and the desk's hours: a table, and a plain count of minutes. */
#include "cmocka_all.h"

#include <string.h>

#include "base/clock.h"
#include "base/duration.h"
#include "menu/desk.h"
#include "menu/service/model.h"
#include "seeded.h"

#define DHAKA 360

static int64_t at(const char *written, int zone)
{
    int64_t ms = 0;
    assert_true(clock_read(span_of(written), zone, &ms));
    return ms;
}

struct week {
    const char *days; /* digits from Sunday; NULL ends the week */
    int from, to;
};
static const struct week sun_thu[] = {{"01234", 9 * 60, 17 * 60}, {NULL, 0, 0}};
static const struct week late[] = {{"01234", 9 * 60, 21 * 60}, {NULL, 0, 0}};
static const struct week mon_fri[] = {{"12345", 8 * 60, 17 * 60}, {NULL, 0, 0}};
static const struct week halves[] = {{"12345", 9 * 60, 12 * 60}, {"1234", 13 * 60, 18 * 60}, {NULL, 0, 0}};
static const struct week saturday[] = {{"12345", 9 * 60, 13 * 60}, {"6", 18 * 60, 20 * 60}, {NULL, 0, 0}};
static const struct week nights[] = {{"0123456", 20 * 60, 24 * 60}, {"0123456", 0, 6 * 60}, {NULL, 0, 0}};
static const struct week always[] = {{NULL, 0, 0}};

static void build(struct service *service, int64_t *days, int zone, const struct week *week, const char *const *closed)
{
    *service = (struct service){.zone_minutes = zone,
                                .call_within_ms = 8 * HOUR_MS,
                                .danger_within_ms = 5 * MINUTE_MS,
                                .calendar = {.zone_minutes = zone, .holidays = days}};
    struct calendar *calendar = &service->calendar;
    for (; week->days; week++)
        for (const char *day = week->days; *day; day++) {
            assert_true(calendar_add_span(calendar, *day - '0', (struct open_span){week->from, week->to}));
            calendar->given = true;
        }
    for (; closed && *closed; closed++)
        assert_true(calendar_read_day(span_of(*closed), &days[calendar->holiday_count++]));
}

/* 2026-11-22 is a Sunday. */
static const char *const eid[] = {"2026-11-23", "2026-11-24", NULL};
#define MORNING                                                                                                        \
    {                                                                                                                  \
        8 * 60, 11 * 60                                                                                                \
    }
#define MIDDAY                                                                                                         \
    {                                                                                                                  \
        11 * 60, 14 * 60                                                                                               \
    }
#define EVENING                                                                                                        \
    {                                                                                                                  \
        17 * 60, 20 * 60                                                                                               \
    }

static const struct slot_case {
    const char *what;
    const struct week *week;
    const char *const *closed;
    int zone;
    struct contact_window windows[CONTACT_WINDOWS_MAX];
    enum request_urgency urgency;
    const char *now, *from, *until;
    bool after;
    const char *due;
} slot_cases[] = {
    {"no window: the desk's hours",
     sun_thu,
     NULL,
     DHAKA,
     {{0, 0}},
     URGENCY_NORMAL,
     "2026-11-22 10:00",
     "2026-11-22 09:00",
     "2026-11-22 17:00",
     false,
     "2026-11-23 10:00"},
    {"the last minute",
     sun_thu,
     NULL,
     DHAKA,
     {{0, 0}},
     URGENCY_NORMAL,
     "2026-11-22 16:59",
     "2026-11-22 09:00",
     "2026-11-22 17:00",
     false,
     "2026-11-23 16:59"},
    {"the first minute that is closed",
     sun_thu,
     NULL,
     DHAKA,
     {{0, 0}},
     URGENCY_NORMAL,
     "2026-11-22 17:00",
     "2026-11-23 09:00",
     "2026-11-23 17:00",
     false,
     "2026-11-23 17:00"},
    {"Thursday evening: Friday and Saturday are free",
     sun_thu,
     NULL,
     DHAKA,
     {{0, 0}},
     URGENCY_SOON,
     "2026-11-26 17:30",
     "2026-11-29 09:00",
     "2026-11-29 17:00",
     false,
     "2026-11-29 17:00"},
    {"two holidays",
     sun_thu,
     eid,
     DHAKA,
     {{0, 0}},
     URGENCY_NORMAL,
     "2026-11-22 18:00",
     "2026-11-25 09:00",
     "2026-11-25 17:00",
     false,
     "2026-11-25 17:00"},
    {"the morning, as far as the desk is open",
     sun_thu,
     NULL,
     DHAKA,
     {MORNING},
     URGENCY_NORMAL,
     "2026-11-22 08:30",
     "2026-11-22 09:00",
     "2026-11-22 11:00",
     false,
     "2026-11-23 11:00"},
    {"the morning is over",
     sun_thu,
     NULL,
     DHAKA,
     {MORNING},
     URGENCY_NORMAL,
     "2026-11-22 11:00",
     "2026-11-23 09:00",
     "2026-11-23 11:00",
     false,
     "2026-11-24 11:00"},
    {"Thursday's morning is over: Sunday's and Monday's",
     sun_thu,
     NULL,
     DHAKA,
     {MORNING},
     URGENCY_NORMAL,
     "2026-11-26 11:00",
     "2026-11-29 09:00",
     "2026-11-29 11:00",
     false,
     "2026-11-30 11:00"},
    {"a morning that is a holiday's",
     sun_thu,
     eid,
     DHAKA,
     {MORNING},
     URGENCY_NORMAL,
     "2026-11-22 12:00",
     "2026-11-25 09:00",
     "2026-11-25 11:00",
     false,
     "2026-11-26 11:00"},
    {"hours that touch are one",
     sun_thu,
     NULL,
     DHAKA,
     {MIDDAY, MORNING},
     URGENCY_NORMAL,
     "2026-11-22 10:59",
     "2026-11-22 09:00",
     "2026-11-22 14:00",
     false,
     "2026-11-23 13:59"},
    {"hours that overlap are one",
     sun_thu,
     NULL,
     DHAKA,
     {{9 * 60, 12 * 60}, {10 * 60, 11 * 60}, MIDDAY},
     URGENCY_NORMAL,
     "2026-11-22 10:00",
     "2026-11-22 09:00",
     "2026-11-22 14:00",
     false,
     "2026-11-23 13:00"},
    {"the desk's pause",
     halves,
     NULL,
     DHAKA,
     {{11 * 60, 14 * 60}},
     URGENCY_NORMAL,
     "2026-11-23 12:00",
     "2026-11-23 13:00",
     "2026-11-23 14:00",
     false,
     "2026-11-24 12:00"},
    {"Friday has no afternoon there",
     halves,
     NULL,
     DHAKA,
     {{14 * 60, 16 * 60}},
     URGENCY_NORMAL,
     "2026-11-27 09:00",
     "2026-11-30 14:00",
     "2026-11-30 16:00",
     false,
     "2026-12-01 16:00"},
    {"never while the desk is open: a day when it is",
     sun_thu,
     NULL,
     DHAKA,
     {EVENING},
     URGENCY_NORMAL,
     "2026-11-22 10:00",
     "2026-11-22 17:00",
     "2026-11-22 20:00",
     true,
     "2026-11-23 20:00"},
    {"never while it is open, and now is evening",
     sun_thu,
     NULL,
     DHAKA,
     {EVENING},
     URGENCY_NORMAL,
     "2026-11-22 18:00",
     "2026-11-22 17:00",
     "2026-11-22 20:00",
     true,
     "2026-11-23 20:00"},
    {"no Friday evening",
     sun_thu,
     NULL,
     DHAKA,
     {EVENING},
     URGENCY_NORMAL,
     "2026-11-26 20:00",
     "2026-11-29 17:00",
     "2026-11-29 20:00",
     true,
     "2026-11-30 20:00"},
    {"once a week is not never",
     saturday,
     NULL,
     DHAKA,
     {{18 * 60, 21 * 60}},
     URGENCY_NORMAL,
     "2026-11-22 10:00",
     "2026-11-28 18:00",
     "2026-11-28 20:00",
     false,
     "2026-12-05 20:00"},
    {"over midnight",
     nights,
     NULL,
     DHAKA,
     {{22 * 60, 24 * 60}, {0, 5 * 60}},
     URGENCY_NORMAL,
     "2026-11-23 01:00",
     "2026-11-22 22:00",
     "2026-11-23 05:00",
     false,
     "2026-11-24 02:00"},
    {"to midnight and no further",
     nights,
     NULL,
     DHAKA,
     {{22 * 60, 24 * 60}},
     URGENCY_NORMAL,
     "2026-11-23 00:00",
     "2026-11-23 22:00",
     "2026-11-24 00:00",
     false,
     "2026-11-25 00:00"},
    {"danger: at once, at night",
     sun_thu,
     NULL,
     DHAKA,
     {{0, 0}},
     URGENCY_DANGER,
     "2026-11-27 03:00",
     "2026-11-26 00:00",
     "2026-12-04 03:00",
     false,
     "2026-11-27 03:05"},
    {"danger: minutes, though it is safe to call only later",
     sun_thu,
     NULL,
     DHAKA,
     {MORNING},
     URGENCY_DANGER,
     "2026-11-27 03:00",
     "2026-11-27 08:00",
     "2026-11-27 11:00",
     false,
     "2026-11-27 03:05"},
    {"danger: their hours on a holiday",
     sun_thu,
     eid,
     DHAKA,
     {EVENING},
     URGENCY_DANGER,
     "2026-11-23 19:00",
     "2026-11-23 17:00",
     "2026-11-23 20:00",
     false,
     "2026-11-23 19:05"},
    {"another zone",
     mon_fri,
     NULL,
     300,
     {{0, 0}},
     URGENCY_NORMAL,
     "2026-11-22 23:30",
     "2026-11-23 08:00",
     "2026-11-23 17:00",
     false,
     "2026-11-23 16:00"},
    {"west of Greenwich",
     mon_fri,
     NULL,
     -210,
     {MORNING},
     URGENCY_NORMAL,
     "2026-11-20 11:00",
     "2026-11-23 08:00",
     "2026-11-23 11:00",
     false,
     "2026-11-24 11:00"},
    {"half an hour's zone, New Year",
     mon_fri,
     NULL,
     345,
     {MORNING},
     URGENCY_NORMAL,
     "2026-12-31 23:59",
     "2027-01-01 08:00",
     "2027-01-01 11:00",
     false,
     "2027-01-04 11:00"},
    {"a service without a calendar",
     always,
     NULL,
     DHAKA,
     {MORNING},
     URGENCY_NORMAL,
     "2026-11-27 12:00",
     "2026-11-28 08:00",
     "2026-11-28 11:00",
     false,
     "2026-11-29 11:00"},
    {"little of the evening is left: all of tomorrow's",
     late,
     NULL,
     DHAKA,
     {EVENING},
     URGENCY_NORMAL,
     "2026-11-22 19:30",
     "2026-11-22 17:00",
     "2026-11-22 20:00",
     false,
     "2026-11-23 20:00"},
    {"little of the evening is left, and it is soon",
     late,
     NULL,
     DHAKA,
     {EVENING},
     URGENCY_SOON,
     "2026-11-22 19:30",
     "2026-11-22 17:00",
     "2026-11-22 20:00",
     false,
     "2026-11-23 20:00"},
    {"more than half of the evening is left, and it is soon",
     late,
     NULL,
     DHAKA,
     {EVENING},
     URGENCY_SOON,
     "2026-11-22 17:30",
     "2026-11-22 17:00",
     "2026-11-22 20:00",
     false,
     "2026-11-22 20:00"},
    {"little of the evening is left in danger: its minutes",
     late,
     NULL,
     DHAKA,
     {EVENING},
     URGENCY_DANGER,
     "2026-11-22 19:30",
     "2026-11-22 17:00",
     "2026-11-22 20:00",
     false,
     "2026-11-22 19:35"},
    {"the evening is over in danger",
     late,
     NULL,
     DHAKA,
     {EVENING},
     URGENCY_DANGER,
     "2026-11-22 20:00",
     "2026-11-23 17:00",
     "2026-11-23 20:00",
     false,
     "2026-11-22 20:05"},
    {"little of an evening that is never the desk's, and it is soon",
     sun_thu,
     NULL,
     DHAKA,
     {EVENING},
     URGENCY_SOON,
     "2026-11-22 19:30",
     "2026-11-22 17:00",
     "2026-11-22 20:00",
     true,
     "2026-11-23 20:00"},
    {"soon is this morning",
     sun_thu,
     NULL,
     DHAKA,
     {MORNING},
     URGENCY_SOON,
     "2026-11-22 08:30",
     "2026-11-22 09:00",
     "2026-11-22 11:00",
     false,
     "2026-11-22 11:00"},
    {"many short ones: the last before anybody else is called",
     sun_thu,
     NULL,
     DHAKA,
     {{9 * 60, 10 * 60}, {11 * 60, 12 * 60}, {14 * 60, 15 * 60}},
     URGENCY_NORMAL,
     "2026-11-22 08:00",
     "2026-11-22 09:00",
     "2026-11-22 10:00",
     false,
     "2026-11-22 15:00"},
    {"always open, at any time",
     always,
     NULL,
     DHAKA,
     {{0, 0}},
     URGENCY_NORMAL,
     "2026-11-27 12:00",
     "2026-11-26 00:00",
     "2026-12-04 12:00",
     false,
     "2026-11-27 20:00"},
};

static struct contact_rule rule_with(const struct contact_window *windows)
{
    struct contact_rule rule = {.is_known = true, .may_call = true};
    for (size_t i = 0; i < CONTACT_WINDOWS_MAX && windows[i].until > 0; i++)
        rule.windows[rule.window_count++] = windows[i];
    return rule;
}

static void slots_are_exact(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof slot_cases / sizeof *slot_cases; i++) {
        const struct slot_case *one = &slot_cases[i];
        struct service service;
        int64_t days[4];
        struct contact_slot slot;
        build(&service, days, one->zone, one->week, one->closed);
        const struct contact_rule rule = rule_with(one->windows);
        int64_t now = at(one->now, one->zone);
        memset(&slot, 0xaa, sizeof slot);
        if (!contact_next(&service, &rule, one->urgency, now, &slot))
            fail_msg("%s: never", one->what);
        if (slot.from != at(one->from, one->zone) || slot.until != at(one->until, one->zone) ||
            slot.is_after_hours != one->after) {
            char from[CLOCK_ISO_MAX], until[CLOCK_ISO_MAX];
            clock_format_iso(slot.from + one->zone * MINUTE_MS, from);
            clock_format_iso(slot.until + one->zone * MINUTE_MS, until);
            fail_msg("%s: %s to %s%s", one->what, from, until, slot.is_after_hours ? ", after hours" : "");
        }
        int64_t due = contact_due(&service, &rule, one->urgency, now);
        if (due != at(one->due, one->zone)) {
            char shown[CLOCK_ISO_MAX];
            clock_format_iso(due + one->zone * MINUTE_MS, shown);
            fail_msg("%s: due %s", one->what, shown);
        }
    }
}

static void who_said_never_is_never_called(void **state)
{
    (void)state;
    struct service service;
    struct contact_slot slot;
    const struct contact_rule never = {.is_known = true, .may_call = false, .may_text = true};
    build(&service, NULL, DHAKA, sun_thu, NULL);
    int64_t now = at("2026-11-22 10:00", DHAKA);
    assert_false(contact_next(&service, &never, URGENCY_NORMAL, now, &slot));
    assert_false(contact_next(&service, &never, URGENCY_DANGER, now, &slot));
    assert_int_equal(contact_due(&service, &never, URGENCY_DANGER, now), now + 5 * MINUTE_MS);
}

static void whose_hours_are_not_known_is_not_reached_yet(void **state)
{
    (void)state;
    struct service service;
    struct contact_slot slot;
    const struct contact_rule waits = {.is_known = true, .may_text = true, .needs_hours = true};
    build(&service, NULL, DHAKA, sun_thu, NULL);
    int64_t now = at("2026-11-22 10:00", DHAKA);
    assert_false(contact_next(&service, &waits, URGENCY_NORMAL, now, &slot));
    assert_false(contact_next(&service, &waits, URGENCY_DANGER, now, &slot));
    assert_false(contact_next_beep(&service, &waits, URGENCY_NORMAL, now, &slot));
    assert_false(contact_next_text(&service, &waits, URGENCY_NORMAL, now, &slot));
    assert_true(contact_due(&service, &waits, URGENCY_NORMAL, now) > now);
}

static void the_stricter_of_two_is_known(void **state)
{
    (void)state;
    enum { HOUR = 60 };
    const struct contact_rule anytime = {.may_call = true}, never = {.may_call = false}, waits = {.needs_hours = true},
                              stopped = {.may_call = true, .has_stopped = true};
    const struct contact_rule morning = rule_with((struct contact_window[CONTACT_WINDOWS_MAX]){{8 * HOUR, 11 * HOUR}}),
                              day = rule_with((struct contact_window[CONTACT_WINDOWS_MAX]){{8 * HOUR, 9 * HOUR},
                                                                                           {9 * HOUR, 17 * HOUR}});
    const struct {
        const struct contact_rule *rule, *stricter;
        bool is;
    } cases[] = {{&anytime, &never, true},    {&anytime, &waits, true},    {&anytime, &morning, true},
                 {&anytime, &anytime, false}, {&anytime, &stopped, false}, {&never, &anytime, false},
                 {&never, &waits, false},     {&waits, &morning, false},   {&morning, &anytime, false},
                 {&morning, &day, false},     {&day, &morning, true},      {&morning, &never, true},
                 {&stopped, &never, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (contact_goes_beyond(cases[i].rule, cases[i].stricter) != cases[i].is)
            fail_msg("case %zu", i);
}

/* Minute by minute, straight from the sentence: in a window of theirs, and the desk is open. */
static bool is_safe(const struct service *service, const struct contact_rule *rule, int64_t now)
{
    int64_t local = now + service->zone_minutes * MINUTE_MS;
    int minute = (int)(local % DAY_MS / MINUTE_MS);
    bool inside = rule->window_count == 0;
    for (size_t i = 0; i < rule->window_count; i++)
        inside = inside || (minute >= rule->windows[i].from && minute < rule->windows[i].until);
    return inside && calendar_is_open(&service->calendar, now);
}

static void other_hours_move_what_is_due(void **state)
{
    (void)state;
    static const struct {
        struct contact_window windows[2];
        const char *now, *due;
    } rows[] = {
        {{{0, 0}}, "2026-11-22 12:00", "2026-11-23 10:00"},  {{MORNING}, "2026-11-22 12:00", "2026-11-23 11:00"},
        {{MIDDAY}, "2026-11-23 09:30", "2026-11-23 14:00"}, /* not before they can be called */
        {{{0, 0}}, "2026-11-24 10:00", "2026-11-25 10:00"}, /* it could not have been kept any more */
        {{MORNING}, "2026-11-24 12:00", "2026-11-26 11:00"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct service service;
        int64_t days[4];
        build(&service, days, DHAKA, sun_thu, NULL);
        const struct contact_rule rule = rule_with(rows[i].windows), anytime = {.may_call = true};
        const int64_t since = at("2026-11-22 10:00", DHAKA), now = at(rows[i].now, DHAKA);
        if (contact_due_since(&service, &rule, URGENCY_NORMAL, since, now) != at(rows[i].due, DHAKA))
            fail_msg("row %zu", i);
        assert_int_equal(contact_same_hours(&rule, &anytime), rule.window_count == 0);
        assert_true(contact_same_hours(&rule, &rule));
    }
}

static void slots_are_what_a_plain_count_finds(void **state)
{
    (void)state;
    struct seeded seed = {20261122};
    static const struct week *const weeks[] = {sun_thu, mon_fri, halves, saturday, nights};
    static const int zones[] = {360, 300, -210, 345, 0};
    for (int round = 0; round < 400; round++) {
        struct service service;
        int64_t days[4];
        struct contact_rule rule = {.may_call = true};
        struct contact_slot slot;
        build(&service, days, zones[seeded_below(&seed, 5)], weeks[seeded_below(&seed, 5)],
              seeded_below(&seed, 2) ? eid : NULL);
        for (unsigned n = seeded_below(&seed, 3); n > 0; n--) {
            int from = (int)seeded_below(&seed, 48) * 30;
            int most = (24 * 60 - from) / 30;
            int until = from + 30 * (1 + (int)seeded_below(&seed, (unsigned)most));
            rule.windows[rule.window_count++] = (struct contact_window){from, until};
        }
        int64_t now = at("2026-11-20 00:00", 0) + (int64_t)seeded_below(&seed, 10 * 24 * 60) * MINUTE_MS;
        assert_true(contact_next(&service, &rule, URGENCY_NORMAL, now, &slot));
        if (slot.is_after_hours) {
            for (int64_t t = now; t < now + 14 * DAY_MS; t += MINUTE_MS)
                assert_false(is_safe(&service, &rule, t));
            continue;
        }
        int64_t first = now;
        while (!is_safe(&service, &rule, first))
            first += MINUTE_MS;
        assert_true(slot.from <= first && slot.until > first && (slot.from <= now || slot.from == first));
        for (int64_t t = slot.from; t < slot.until; t += MINUTE_MS)
            assert_true(is_safe(&service, &rule, t));
        assert_false(is_safe(&service, &rule, slot.until));
        assert_false(is_safe(&service, &rule, slot.from - MINUTE_MS));
        for (enum request_urgency urgency = URGENCY_NORMAL; urgency < URGENCY_DANGER; urgency++) {
            int64_t due = contact_due(&service, &rule, urgency, now);
            assert_true(due > first && is_safe(&service, &rule, due - MINUTE_MS));
        }
    }
}

/* Asked for on Sunday at ten, by the eighth open hour: Monday at ten. */
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slots_are_exact),
        cmocka_unit_test(who_said_never_is_never_called),
        cmocka_unit_test(whose_hours_are_not_known_is_not_reached_yet),
        cmocka_unit_test(the_stricter_of_two_is_known),
        cmocka_unit_test(other_hours_move_what_is_due),
        cmocka_unit_test(slots_are_what_a_plain_count_finds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
