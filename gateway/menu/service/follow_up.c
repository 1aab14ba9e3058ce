#include "menu/follow_up.h"
#include "base/duration.h"
#include "menu/service/model.h"

bool follow_up_is_offered(const struct service *service)
{
    return service->invite.node && service->follow_up_count > 0;
}

static int64_t date_of(const struct service *service, int64_t registered_at, unsigned month)
{
    return calendar_polite_at(&service->calendar, calendar_add_months(&service->calendar, registered_at, month));
}

size_t follow_up_plan(const struct service *service, int64_t registered_at, int64_t now,
                      struct follow_up_date dates[FOLLOW_UPS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; follow_up_is_offered(service) && i < service->follow_up_count; i++) {
        unsigned month = service->follow_up_months[i];
        int64_t due_at = date_of(service, registered_at, month);
        if (due_at > now)
            dates[count++] = (struct follow_up_date){month, due_at};
    }
    return count;
}

/* Or it may reach a stranger: a number that was silent for so long counts as somebody else's. */
static bool is_unwanted(const struct service *service, const struct due_follow_up *due, int64_t now)
{
    return !due->agreed || due->opted_out || !due->phone || !due->has_number || now - due->last_at > service->number_ms;
}

static bool is_too_late(const struct service *service, const struct due_follow_up *due, int64_t now)
{
    return due->row.state == FOLLOW_UP_ASKED || !follow_up_is_offered(service) ||
           now - date_of(service, due->registered_at, due->row.month) > FOLLOW_UP_ANSWER_MS;
}

/* Somebody else uses the phone just now: they may hand it back. Somebody is writing to us: an invite would stand in between. */
static int64_t not_before(const struct service *service, const struct due_follow_up *due, int64_t now)
{
    if (due->answers != due->row.person)
        return calendar_polite_at(&service->calendar, now + DAY_MS);
    int64_t quiet_at = due->last_at + service->sms_silence_ms;
    return calendar_polite_at(&service->calendar, quiet_at > now ? quiet_at : now);
}

enum follow_up_fate follow_up_judge(const struct service *service, const struct due_follow_up *due, int64_t now,
                                    int64_t *again_at)
{
    *again_at = 0;
    if (is_too_late(service, due, now))
        return FATE_MISS;
    if (is_unwanted(service, due, now))
        return FATE_STOP;
    *again_at = not_before(service, due, now);
    return *again_at > now ? FATE_WAIT : FATE_ASK;
}

bool follow_up_invite(const struct service *service, struct span lang, struct span *text, struct session_state *state)
{
    const struct language *language = service_find_language(service, lang);
    if (!follow_up_is_offered(service))
        return false;
    const struct question *question = service->invite.node->questions;
    *text = question->bodies[language ? language->index : 0].pieces[0].words;
    *state = (struct session_state){.at = {.node = service->invite.node->id},
                                    .lang = language ? language->id : SPAN_NONE,
                                    .shape = question->shape};
    return true;
}

int64_t follow_up_polite_until(const struct service *service, int64_t at)
{
    return calendar_polite_until(&service->calendar, at);
}
