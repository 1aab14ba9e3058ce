/* calendar and follow_up of service.conf. */
#include <stdlib.h>
#include <string.h>
#include "menu/loading/loader.h"

#define HOLIDAYS_MAX 400
#define FOLLOW_UP_MONTHS_MAX 60

static const char *const danger_names[] = {"always", "week", NULL};
static const struct setting_rule calendar_rules[] = {
    {.name = "week", .type = SETTING_LIST, .required = true, .help = "days and hours when somebody is there"},
    {.name = "holidays", .type = SETTING_STRING, .help = "a list whose items have dates: closed on these; none"},
    {.name = "polite", .type = SETTING_GROUP, .help = "when people may be texted unasked; 08:00 to 20:00"},
    {.name = "danger",
     .type = SETTING_STRING,
     .choices = danger_names,
     .help = "whether danger_within_minutes counts always, or in open hours only; always"},
    {.name = NULL},
};
static const struct setting_rule week_rules[] = {
    {.name = "days", .type = SETTING_STRINGS, .required = true, .help = "sun, mon, tue, wed, thu, fri, sat"},
    {.name = "from", .type = SETTING_STRING, .required = true, .help = "\"09:00\""},
    {.name = "to", .type = SETTING_STRING, .required = true, .help = "\"17:00\", at most \"24:00\""},
    {.name = NULL},
};
static const struct setting_rule polite_rules[] = {
    {.name = "from", .type = SETTING_STRING, .required = true, .help = "\"08:00\""},
    {.name = "to", .type = SETTING_STRING, .required = true, .help = "\"20:00\""},
    {.name = NULL},
};
static const struct setting_rule follow_up_rules[] = {
    {.name = "invite", .type = SETTING_STRING, .required = true, .help = "a page: its body is the text that is sent"},
    {.name = "months", .type = SETTING_LIST, .required = true, .help = "after the registration: [ 1, 3, 6, 12 ]"},
    {.name = NULL},
};

/* "09:00" as minutes of the day; -1: it is no time. */
static int read_minutes(struct span text)
{
    uint64_t hours, minutes;
    if (text.len != 5 || text.at[2] != ':' || !span_to_u64(span_first(text, 2), &hours) ||
        !span_to_u64(span_from(text, 3), &minutes) || minutes > 59 || hours * 60 + minutes > DAY_MINUTES)
        return -1;
    return (int)(hours * 60 + minutes);
}

bool load_hours(struct loader *loader, struct setting group, struct open_span *span)
{
    *span = (struct open_span){read_minutes(setting_string(group, "from", NULL)),
                               read_minutes(setting_string(group, "to", NULL))};
    if (span->from >= 0 && span->to > span->from)
        return true;
    setting_problem(group, loader->problems,
                    "expected from = \"09:00\"; to = \"17:00\"; within one day: what goes on past midnight are two");
    return false;
}

static int weekday_named(struct span name)
{
    static const char *const names[WEEKDAYS] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    for (int i = 0; i < WEEKDAYS; i++)
        if (span_equal_text(name, names[i]))
            return i;
    return -1;
}

static void load_days(struct loader *loader, struct setting group)
{
    struct calendar *calendar = &loader->service->calendar;
    struct setting days = setting_get(group, "days");
    struct open_span span;
    settings_check(group, week_rules, loader->problems);
    if (!load_hours(loader, group, &span))
        return;
    for (size_t i = 0; i < setting_count(days); i++) {
        int weekday = weekday_named(setting_as_string(setting_at(days, i)));
        if (weekday < 0)
            setting_problem(days, loader->problems, "expected days as [ \"sun\", \"mon\", ... \"sat\" ]");
        else if (!calendar_add_span(calendar, weekday, span))
            setting_problem(group, loader->problems, "these hours overlap others of the same day, or are its %dth",
                            SPANS_A_DAY + 1);
        else
            calendar->given = true;
    }
}

static int compare_days(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static void load_holidays(struct loader *loader, struct setting member)
{
    struct calendar *calendar = &loader->service->calendar;
    const struct list *list = service_find_list(loader->service, setting_as_string(member));
    if (!setting_is_present(member))
        return;
    if (!list || list->item_count > HOLIDAYS_MAX) {
        setting_problem(member, loader->problems, "expected a list in lists/ of at most %d items with dates",
                        HOLIDAYS_MAX);
        return;
    }
    int64_t *days = ARENA_ARRAY(loader->arena, int64_t, list->item_count);
    for (size_t i = 0; i < list->item_count; i++) {
        const struct list_item *item = &list->items[i];
        if (!calendar_read_day(item->date, &days[i]))
            problems_add(loader->problems, item->origin.file, item->origin.line,
                         "expected the day of this holiday as date = \"2026-12-16\"");
    }
    qsort(days, list->item_count, sizeof *days, compare_days);
    calendar->holidays = days;
    calendar->holiday_count = list->item_count;
}

static void load_open_hours(struct loader *loader, struct setting group)
{
    struct calendar *calendar = &loader->service->calendar;
    struct setting week = setting_get(group, "week"), polite = setting_get(group, "polite");
    settings_check(group, calendar_rules, loader->problems);
    for (size_t i = 0; i < setting_count(week); i++)
        load_days(loader, setting_at(week, i));
    if (!calendar->given)
        setting_problem(group, loader->problems, "expected a day with hours in `week`");
    load_holidays(loader, setting_get(group, "holidays"));
    calendar->danger_by_week = span_equal_text(setting_string(group, "danger", "always"), "week");
    if (setting_is_present(polite)) {
        settings_check(polite, polite_rules, loader->problems);
        (void)load_hours(loader, polite, &calendar->polite);
    }
}

static void load_follow_up(struct loader *loader, struct setting group)
{
    struct service *service = loader->service;
    struct setting months = setting_get(group, "months");
    settings_check(group, follow_up_rules, loader->problems);
    service->invite.name = load_string(loader, group, "invite");
    service->invite.origin = load_origin(loader, setting_get(group, "invite"));
    int64_t before = 0;
    for (size_t i = 0; i < setting_count(months); i++) {
        int64_t month = setting_as_integer(setting_at(months, i), 0);
        if (month <= before || month > FOLLOW_UP_MONTHS_MAX || i == FOLLOW_UPS_MAX) {
            setting_problem(months, loader->problems,
                            "expected at most %d months from 1 to %d, each after the one before", FOLLOW_UPS_MAX,
                            FOLLOW_UP_MONTHS_MAX);
            return;
        }
        service->follow_up_months[service->follow_up_count++] = (unsigned)month;
        before = month;
    }
}

void load_calendar(struct loader *loader)
{
    struct service *service = loader->service;
    struct setting root;
    size_t at = 0;
    service->calendar.zone_minutes = service->zone_minutes;
    service->calendar.polite = (struct open_span){8 * 60, 20 * 60};
    if (!load_next(loader, SOURCE_SERVICE, &at, &root))
        return;
    struct setting calendar = setting_get(root, "calendar"), follow_up = load_part(loader, "follow_up");
    if (setting_is_present(calendar))
        load_open_hours(loader, calendar);
    if (setting_is_present(follow_up))
        load_follow_up(loader, follow_up);
    for (size_t i = 0; i < service->language_count; i++)
        service->languages[i].open =
            calendar_words(&service->calendar, service->languages[i].words.days, loader->arena);
}

/* What is sent is one fixed text: nothing of its person may stand on a screen that others see. */
static bool is_an_invite(const struct service *service, const struct node *node)
{
    if (node->kind != NODE_MENU && node->kind != NODE_PAGE)
        return false;
    for (size_t l = 0; l < service->language_count; l++) {
        const struct template *body = &node->questions->bodies[l];
        if (body->count != 1 || body->filled)
            return false;
    }
    return true;
}

void check_follow_ups(struct loader *loader)
{
    const struct service *service = loader->service;
    const struct entry *invite = &service->invite;
    if (invite->node && !is_an_invite(service, invite->node))
        problems_add(loader->problems, invite->origin.file, invite->origin.line,
                     "\"%.*s\" is what follow-ups send: expected a page with a body, without { }",
                     SPAN_ARG(invite->name));
    for (size_t i = 0; i < service->node_count; i++) {
        const struct node *node = &service->nodes[i];
        if (node->kind == NODE_DO && node->effect == EFFECT_FOLLOW && !follow_up_is_offered(service))
            problems_add(loader->problems, node->origin.file, node->origin.line,
                         "service.conf says no follow_up: expected its invite and months");
    }
}
