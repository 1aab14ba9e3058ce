#include "core/stray.h"

void stray_add(struct change_list *changes, struct id_source *ids, int64_t now, const struct stray *stray)
{
    struct change *change = change_list_add(changes, CHANGE_STRAY, stray->message);
    change->stray.id = id_next(ids, now);
    change->stray.at = now;
    change->stray.channel = stray->channel->id;
    change->stray.why = span_of(stray->why);
    if (stray->sender)
        change->stray.sender = *stray->sender;
    change->stray.raw = span_is_present(stray->raw) ? stray->raw : SPAN("");
}

struct span stray_raw(const struct inbound *inbound)
{
    return span_is_present(inbound->raw) ? inbound->raw : inbound->input;
}
