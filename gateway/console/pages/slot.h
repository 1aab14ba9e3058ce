/*
 * slot: the words for the time when it is safe to call. Pure.
 */
#pragma once
#include "base/arena.h"
#include "console/page/html.h"
#include "console/pages/slot_view.h"
#include "menu/desk.h"

/* "17:00-20:00" of a window of the day. */
struct span slot_window(const struct html_style *style, const struct contact_window *window, struct arena *arena);
/* `slot` NULL: there is none ahead. */
void slot_say(const struct html_style *style, const struct contact_rule *rule, const struct contact_slot *slot,
              struct arena *arena, struct slot_view *out);
/* The same of a request. Without a service nothing is known of its rule: out is SLOT_NONE. */
void slot_of(const struct html_style *style, const struct service *service, const struct contact_rule *rule,
             enum request_urgency urgency, struct arena *arena, struct slot_view *out);
