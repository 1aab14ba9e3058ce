#include "core/outbox/texting.h"

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
    const int64_t expires_at = now + texting->channel->text_expires_ms;
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
    row->created_at = row->due_at = row->changed_at = now;
    row->expires_at = texting->until && texting->until < expires_at ? texting->until : expires_at;
    row->segments = planned.segments;
    row->encoding = planned.encoding;
    row->unasked = true;
    change_list_add(changes, CHANGE_OUTBOX, NO_MESSAGE)->outbox.row = row;
    return row;
}
