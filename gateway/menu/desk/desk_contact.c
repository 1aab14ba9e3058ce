/* When and how it is safe to reach somebody, by what they answered. */
#include <stdlib.h>
#include "base/duration.h"
#include "menu/desk.h"
#include "menu/service/model.h"

#define WEEK_MS (7 * DAY_MS)
#define DAYS_AHEAD (5 * 366)                          /* nobody lists more holidays in a row */
#define SPANS_MAX (CONTACT_WINDOWS_MAX + SPANS_A_DAY) /* where so many windows and hours meet */

/* ---- what the answers allow ---- */

static const struct answer *find_answer(const struct answer *answers, size_t count, struct span field)
{
    for (size_t i = count; i > 0; i--) /* the last one counts */
        if (span_equal(answers[i - 1].field, field))
            return &answers[i - 1];
    return NULL;
}

/* Several options are joined by ' '. */
static bool names_value(const struct contact_case *one, struct span value)
{
    while (span_is_present(value)) {
        struct span part = span_cut(&value, ' ');
        for (size_t i = 0; i < one->value_count; i++)
            if (span_equal(one->values[i], part))
                return true;
    }
    return false;
}

static void take_case(const struct contact_case *one, const struct answer *answers, size_t count,
                      struct contact_rule *rule)
{
    rule->is_known = true;
    rule->may_call = rule->may_call && one->may_call;
    rule->no_texts = rule->no_texts || one->no_texts;
    rule->may_text = (rule->may_text || one->may_text) && !rule->no_texts;
    if (one->has_hours && rule->window_count < CONTACT_WINDOWS_MAX)
        rule->windows[rule->window_count++] = (struct contact_window){one->from, one->to};
    const struct answer *number = span_is_present(one->number) ? find_answer(answers, count, one->number) : NULL;
    if (number)
        rule->number = number->value;
}

struct span desk_hours_field(const struct service *service)
{
    const struct desk_data *desk = &service->desk;
    for (size_t i = 0; i < desk->case_count; i++)
        if (desk->cases[i].has_hours)
            return desk->cases[i].field;
    return SPAN_NONE;
}

/* "At any time" is an answer, too: they were asked. */
void contact_rule_of(const struct service *service, const struct answer *answers, size_t count,
                     struct contact_rule *rule)
{
    const struct desk_data *desk = &service->desk;
    const struct span hours = desk_hours_field(service);
    bool gave_hours = false;
    *rule = (struct contact_rule){.may_call = true};
    for (size_t i = 0; i < desk->case_count; i++) {
        const struct contact_case *one = &desk->cases[i];
        const struct answer *answer = find_answer(answers, count, one->field);
        if (!answer || !names_value(one, answer->value))
            continue;
        take_case(one, answers, count, rule);
        rule->needs_hours = rule->needs_hours || one->needs_hours;
        gave_hours = gave_hours || span_equal(one->field, hours);
    }
    rule->needs_hours = rule->needs_hours && rule->may_call && !gave_hours;
    rule->may_call = rule->may_call && !rule->needs_hours;
}

bool desk_tells_how(const struct service *service, struct span field)
{
    const struct desk_data *desk = &service->desk;
    bool tells = false;
    if (!span_is_present(field))
        return false;
    for (size_t i = 0; i < desk->case_count && !tells; i++)
        tells = span_equal(desk->cases[i].field, field) || span_equal(desk->cases[i].number, field);
    for (size_t i = 0; i < desk->said_count && !tells; i++)
        tells = span_equal(desk->said[i], field);
    return tells;
}

bool desk_is_number(const struct service *service, struct span field)
{
    const struct desk_data *desk = &service->desk;
    bool is_number = false;
    for (size_t i = 0; span_is_present(field) && i < desk->case_count && !is_number; i++)
        is_number = span_equal(desk->cases[i].number, field);
    return is_number;
}

/* ---- when ---- */

struct search {
    const struct calendar *calendar;
    struct open_span windows[CONTACT_WINDOWS_MAX]; /* theirs, in order, none touching the next; all day without any */
    size_t window_count;
    bool by_desk;   /* within the desk's hours */
    bool open_days; /* any hour, of the days on which the desk is open */
};

static int compare_spans(const void *a, const void *b)
{
    const struct open_span *left = a, *right = b;
    return (left->from > right->from) - (left->from < right->from);
}

static void take_windows(struct search *search, const struct contact_rule *rule)
{
    struct open_span *windows = search->windows;
    size_t count = 0;
    for (size_t i = 0; i < rule->window_count; i++)
        if (rule->windows[i].until > rule->windows[i].from)
            windows[count++] = (struct open_span){rule->windows[i].from, rule->windows[i].until};
    qsort(windows, count, sizeof *windows, compare_spans);
    for (size_t i = 0; i < count; i++) {
        struct open_span *last = search->window_count ? &windows[search->window_count - 1] : NULL;
        if (!last || windows[i].from > last->to)
            windows[search->window_count++] = windows[i];
        else if (windows[i].to > last->to)
            last->to = windows[i].to;
    }
    if (search->window_count == 0)
        windows[search->window_count++] = (struct open_span){0, DAY_MINUTES};
}

/* Where their windows and some hours of the desk meet, in order. */
static size_t meet(const struct search *search, const struct open_span *hours, size_t count,
                   struct open_span met[SPANS_MAX])
{
    size_t found = 0;
    for (size_t h = 0, w = 0; h < count && w < search->window_count;) {
        struct open_span hour = hours[h], window = search->windows[w];
        struct open_span both = {hour.from > window.from ? hour.from : window.from,
                                 hour.to < window.to ? hour.to : window.to};
        if (both.from < both.to)
            met[found++] = both;
        if (hour.to < window.to)
            h++;
        else
            w++;
    }
    return found;
}

static bool ever_meet(const struct search *search)
{
    struct open_span met[SPANS_MAX];
    const struct calendar *calendar = search->calendar;
    for (size_t day = 0; day < WEEKDAYS; day++)
        if (meet(search, calendar->spans[day], calendar->span_count[day], met) > 0)
            return true;
    return !calendar->given;
}

static size_t spans_on(const struct search *search, int64_t day, struct open_span spans[SPANS_MAX])
{
    static const struct open_span whole_day = {0, DAY_MINUTES};
    const struct open_span *hours = &whole_day;
    size_t count = 1;
    if (search->by_desk || search->open_days)
        count = calendar_spans(search->calendar, day, &hours);
    if (search->open_days && count > 0) {
        hours = &whole_day;
        count = 1;
    }
    return meet(search, hours, count, spans);
}

/* Joins `next` to the slot when it goes on where that ends, or takes its place when that is past. True: the slot is complete. */
static bool extend(struct contact_slot *slot, struct contact_slot next, int64_t now)
{
    if (slot->until == next.from)
        slot->until = next.until;
    else if (slot->until > now)
        return true;
    else {
        slot->from = next.from;
        slot->until = next.until;
    }
    int64_t latest = (slot->from > now ? slot->from : now) + WEEK_MS;
    if (slot->until < latest)
        return false;
    slot->until = latest;
    return true;
}

/* From the day before, for what goes on past midnight. */
static bool find_slot(const struct search *search, int64_t now, struct contact_slot *slot)
{
    int64_t today = calendar_day(now, search->calendar->zone_minutes);
    struct open_span spans[SPANS_MAX];
    slot->from = slot->until = INT64_MIN;
    for (int64_t day = today - 1; day < today + DAYS_AHEAD; day++) {
        int64_t start = calendar_day_start(search->calendar, day);
        size_t count = spans_on(search, day, spans);
        for (size_t i = 0; i < count; i++) {
            struct contact_slot next = {.from = start + spans[i].from * MINUTE_MS,
                                        .until = start + spans[i].to * MINUTE_MS};
            if (extend(slot, next, now))
                return true;
        }
    }
    return slot->until > now;
}

bool contact_next(const struct service *service, const struct contact_rule *rule, enum request_urgency urgency,
                  int64_t now, struct contact_slot *slot)
{
    struct search search = {.calendar = &service->calendar, .by_desk = urgency != URGENCY_DANGER};
    *slot = (struct contact_slot){.from = 0};
    if (!rule->may_call || rule->has_stopped || rule->needs_hours)
        return false;
    take_windows(&search, rule);
    if (search.by_desk && !ever_meet(&search)) {
        search.by_desk = false;
        search.open_days = slot->is_after_hours = true;
    }
    return find_slot(&search, now, slot);
}

bool contact_next_beep(const struct service *service, const struct contact_rule *rule, enum request_urgency urgency,
                       int64_t now, struct contact_slot *slot)
{
    struct contact_rule either = *rule;
    either.may_call = true;
    either.has_stopped = false;
    return contact_next(service, &either, urgency, now, slot);
}

bool contact_next_text(const struct service *service, const struct contact_rule *rule, enum request_urgency urgency,
                       int64_t now, struct contact_slot *slot)
{
    *slot = (struct contact_slot){.from = now, .until = now + WEEK_MS};
    return (rule->window_count == 0 && !rule->needs_hours) || contact_next_beep(service, rule, urgency, now, slot);
}

int64_t contact_due(const struct service *service, const struct contact_rule *rule, enum request_urgency urgency,
                    int64_t now)
{
    return contact_due_since(service, rule, urgency, now, now);
}

bool contact_same_hours(const struct contact_rule *a, const struct contact_rule *b)
{
    bool same = a->may_call == b->may_call && a->window_count == b->window_count;
    for (size_t i = 0; same && i < a->window_count; i++)
        same = a->windows[i].from == b->windows[i].from && a->windows[i].until == b->windows[i].until;
    return same;
}

static bool allows_at(const struct contact_rule *rule, int minute)
{
    bool allows = rule->window_count == 0;
    for (size_t i = 0; i < rule->window_count && !allows; i++)
        allows = minute >= rule->windows[i].from && minute < rule->windows[i].until;
    return allows && rule->may_call;
}

bool contact_goes_beyond(const struct contact_rule *rule, const struct contact_rule *stricter)
{
    bool beyond = false;
    for (int minute = 0; minute < DAY_MINUTES && !beyond && !rule->has_stopped; minute++)
        beyond = allows_at(rule, minute) && !allows_at(stricter, minute);
    return beyond;
}

/* The clock of the service runs in their windows alone: until it is over, or until so many of them are and none begins before the
 * service would have called anybody else. Of a window that is open little may be left: that is none for what is soon. */
static int64_t due_in_windows(const struct service *service, const struct contact_rule *rule,
                              enum request_urgency urgency, int64_t from)
{
    const int64_t anybody_by = service_call_by(service, urgency, from);
    const int wanted = urgency == URGENCY_SOON ? 1 : 2;
    struct contact_slot slot;
    int64_t left = service->call_within_ms;
    int seen = 0;
    for (int64_t at = from; contact_next(service, rule, urgency, at, &slot); at = slot.until) {
        const int64_t begin = slot.from > at ? slot.from : at, room = slot.until - begin;
        if (seen >= wanted && slot.from > anybody_by)
            return at;
        if (left <= room)
            return begin + left;
        left -= room;
        seen += urgency == URGENCY_NORMAL || 2 * room >= slot.until - slot.from;
    }
    return anybody_by;
}

static int64_t due_from(const struct service *service, const struct contact_rule *rule, enum request_urgency urgency,
                        int64_t from)
{
    if (urgency == URGENCY_DANGER || rule->window_count == 0)
        return service_call_by(service, urgency, from);
    return due_in_windows(service, rule, urgency, from);
}

/* What would be past by now had their hours been these at first could not be kept: it begins anew. */
int64_t contact_due_since(const struct service *service, const struct contact_rule *rule, enum request_urgency urgency,
                          int64_t since, int64_t now)
{
    const int64_t due = due_from(service, rule, urgency, since);
    return due < now ? due_from(service, rule, urgency, now) : due;
}

/* ---- the desk's hours ---- */

int64_t service_opens_at(const struct service *service, int64_t now)
{
    return calendar_opens_at(&service->calendar, now);
}

int64_t service_after_open_ms(const struct service *service, int64_t from, int64_t open_ms)
{
    return calendar_after(&service->calendar, from, open_ms);
}
