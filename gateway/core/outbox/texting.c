#include "core/outbox/texting.h"

#include "core/common/hours.h"
#include "text/segments.h"

const struct channel *texting_channel(const struct catalogue *catalogue, const struct service *service,
                                      struct span number)
{
    const struct channel_set *set = catalogue->config->channels;
    const struct channel *chosen = routes_choose(&catalogue->config->routes, set, SPAN_NONE, number);
    if (chosen && catalogue->service_of[chosen->index] == service)
        return chosen;
    for (size_t i = 0; i < channel_set_count(set); i++) {
        const struct channel *other = channel_set_at(set, i);
        if (other->enabled && other->sends && catalogue->service_of[other->index] == service)
            return other;
    }
    return NULL;
}

struct outbox_row *texting_queue(const struct texting *texting, struct id_source *ids, int64_t now,
                                 struct change_list *changes)
{
    const struct text_plan planned = segments_plan(texting->text, changes->arena);
    const int64_t due_at = texting->from > now ? texting->from : now;
    const int64_t expires_at = due_at + texting->channel->text_expires_ms;
    struct outbox_row *row = ARENA_NEW(changes->arena, struct outbox_row);
    row->id = id_next(ids, now);
    row->phone = texting->phone;
    row->session = texting->session;
    row->request = texting->request;
    row->channel = texting->channel->id;
    row->to = texting->number;
    row->from = texting->channel->code;
    row->text = planned.text;
    row->state = OUTBOX_QUEUED;
    row->created_at = row->changed_at = now;
    row->due_at = due_at;
    row->expires_at = texting->until && texting->until < expires_at ? texting->until : expires_at;
    row->segments = planned.segments;
    row->encoding = planned.encoding;
    row->unasked = true;
    change_list_add(changes, CHANGE_OUTBOX, NO_MESSAGE)->outbox.row = row;
    return row;
}

/* ---- before it leaves ---- */

bool texting_is_anothers(const struct phone_row *phone, const struct request *request)
{
    return phone->renewed_at > request->created_at && phone->person != request->person;
}

/* They took it back, or it came out that they cannot be reached safely, while it waited for its hour. */
static bool is_unwanted(const struct request *request, const struct request_desk *desk)
{
    return request->state == REQUEST_CANCELLED || (request->state == REQUEST_CLOSED && desk->outcome == CLOSED_UNSAFE);
}

static enum outbox_state judge(const struct hours *hours, const struct phone_row *phone, const struct request *request,
                               int64_t now)
{
    struct contact_slot slot;
    if (request->phone != phone->id || texting_is_anothers(phone, request) || !hours->service || !hours->rule.may_text)
        return OUTBOX_FAILED;
    const bool found = contact_next_text(hours->service, &hours->rule, request->urgency, now, &slot);
    return found && slot.from <= now ? OUTBOX_SENDING : OUTBOX_EXPIRED;
}

enum outcome texting_ask_again(const struct outbox_pass *pass, const struct outbox_row *row, enum outbox_state *fate,
                               struct error *err)
{
    struct request request;
    struct request_desk desk;
    struct phone_row phone = {0};
    struct hours hours = {0};
    const struct hours_source from = {.store = pass->store, .catalogue = pass->catalogue, .arena = pass->arena};
    enum outcome outcome = store_load_request(pass->store, row->request, pass->arena, &request, &desk, err);
    if (outcome == OUTCOME_OK)
        outcome = store_load_phone(pass->store, row->phone, pass->arena, &phone, err);
    if (outcome == OUTCOME_OK)
        outcome = hours_load(&from, &request, &hours, err);
    *fate = OUTBOX_FAILED;
    if (outcome == OUTCOME_OK && !is_unwanted(&request, &desk))
        *fate = judge(&hours, &phone, &request, pass->now);
    return outcome == OUTCOME_NOT_FOUND ? OUTCOME_OK : outcome; /* what it answered is gone */
}
