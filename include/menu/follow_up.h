/*
 * follow_up: the few questions some months after a registration: when they are asked, and in what words. Pure.
 *
 * The invite is a page of the service: its body is the one text that is sent, and whoever answers it stands on that page.
 * Months are counted by the calendar of the service, and moved into its polite hours.
 */
#pragma once
#include <stdbool.h>
#include "base/duration.h"
#include "menu/service.h"
#include "model/follow_up.h"
#include "model/session.h"

#define FOLLOW_UPS_MAX 12                /* of one registration */
#define FOLLOW_UP_ANSWER_MS (7 * DAY_MS) /* so long it may be asked late, and so long answered */

bool follow_up_is_offered(const struct service *service);

struct follow_up_date {
    unsigned month;
    int64_t due_at;
};
/* Those of a registration that are still to come at `now`, the soonest first; how many. */
size_t follow_up_plan(const struct service *service, int64_t registered_at, int64_t now,
                      struct follow_up_date dates[FOLLOW_UPS_MAX]);

enum follow_up_fate {
    FATE_ASK,
    FATE_WAIT, /* until *again_at */
    FATE_STOP, /* they do not want it, or it would reach somebody else */
    FATE_MISS, /* too late, or asked and never answered */
};
enum follow_up_fate follow_up_judge(const struct service *service, const struct due_follow_up *due, int64_t now,
                                    int64_t *again_at);

/* The text, in the language or what the service speaks first, and the session that stands on its page. False: the service asks
 * none, or its page is gone. */
bool follow_up_invite(const struct service *service, struct span lang, struct span *text, struct session_state *state);
/* Nobody is texted unasked after this, on the day of `at`. */
int64_t follow_up_polite_until(const struct service *service, int64_t at);
