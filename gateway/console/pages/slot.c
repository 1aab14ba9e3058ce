#include "console/pages/slot.h"

#include "base/clock.h"
#include "base/duration.h"

/* "18:05" in the digits of who looks. */
static struct span slot_clock(const struct html_style *style, int64_t at, struct arena *arena)
{
    struct civil civil = clock_civil(at, style->zone_minutes);
    return html_digits(style, arena_format(arena, "%02d:%02d", civil.hour, civil.minute), arena);
}

struct span slot_window(const struct html_style *style, const struct contact_window *window, struct arena *arena)
{
    struct span ascii = arena_format(arena, "%02d:%02d\xE2\x80\x93%02d:%02d", window->from / 60, window->from % 60,
                                     window->until / 60, window->until % 60);
    return html_digits(style, ascii, arena);
}

static int64_t day_of(const struct html_style *style, int64_t at)
{
    return (at + style->zone_minutes * MINUTE_MS) / DAY_MS;
}

static enum slot_kind kind_of(const struct html_style *style, const struct contact_slot *slot)
{
    if (slot->from <= style->now)
        return SLOT_NOW;
    int64_t days = day_of(style, slot->from) - day_of(style, style->now);
    return days == 0 ? SLOT_TODAY : days == 1 ? SLOT_TOMORROW : SLOT_LATER;
}

void slot_say(const struct html_style *style, const struct contact_rule *rule, const struct contact_slot *slot,
              struct arena *arena, struct slot_view *out)
{
    *out = (struct slot_view){.kind = SLOT_NONE};
    if (rule->has_stopped) {
        out->kind = SLOT_STOPPED;
    } else if (!rule->may_call && !rule->needs_hours) {
        out->kind = rule->may_text ? SLOT_TEXT_ONLY : SLOT_NEVER;
    } else if (slot) {
        *out = (struct slot_view){.kind = kind_of(style, slot),
                                  .at = slot->from,
                                  .from = slot_clock(style, slot->from, arena),
                                  .is_after_hours = slot->is_after_hours};
        if (slot->until - style->now < DAY_MS)
            out->until = slot_clock(style, slot->until, arena);
    }
}

void slot_of(const struct html_style *style, const struct service *service, const struct contact_rule *rule,
             enum request_urgency urgency, struct arena *arena, struct slot_view *out)
{
    struct contact_slot slot;
    bool found = service && rule->may_call && contact_next(service, rule, urgency, style->now, &slot);
    slot_say(style, rule, found ? &slot : NULL, arena, out);
}
