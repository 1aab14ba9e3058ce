#include "aggregator/door/phases.h"
#include "aggregator/reading/dialled.h"
#include "aggregator/reading/reading.h"

static struct span dialled_code(const struct reading *r, const struct inbound *message)
{
    return r->channel->code.len > 0 ? r->channel->code : message->to;
}

/* Ways are parted as everything else of the dialect is. */
static struct span with_separator(struct span way, char separator, struct arena *arena)
{
    char *at = arena_alloc(arena, way.len + 1);
    for (size_t i = 0; i < way.len; i++)
        at[i] = way.at[i] == '*' ? separator : way.at[i];
    return (struct span){at, way.len};
}

static void take_route(struct reading *r, struct inbound *out)
{
    struct span way;
    if (dialled_behind(out->input, dialled_code(r, out), &way) && way.len > 0)
        out->route = with_separator(way, out->separator, r->arena);
}

static void set_event(const struct reading *r, enum phase phase, struct inbound *out)
{
    bool begins =
        phase == PHASE_NEW || (phase == PHASE_NONE && r->shape->new_if == NEW_TEXT_EMPTY && out->input.len == 0);
    out->event = begins ? INBOUND_NEW : phase == PHASE_ASK ? INBOUND_ASK : INBOUND_RESUME;
    if (phase_ends(phase, &out->cause))
        out->event = INBOUND_CLOSE;
}

/* Nothing tells it from an answer but whether the session was seen before. */
static bool may_begin(const struct reading *r, enum phase phase, const struct inbound *message)
{
    bool untold = phase == PHASE_NONE && r->shape->new_if == NEW_FIRST_SEEN;
    return message->event == INBOUND_NEW || untold;
}

void read_session(struct reading *r, struct inbound *out)
{
    enum phase phase = phases_find(r->shape, r->facts);
    out->separator = r->shape->separator;
    out->strip_parts = r->shape->strip_parts;
    switch (r->shape->input) {
    case DOOR_LATEST:
        out->form = INPUT_LATEST;
        break;
    case DOOR_LATEST_AFTER_CODE:
        out->form = INPUT_LATEST_AFTER_CODE;
        break;
    case DOOR_CUMULATIVE_AFTER_CODE:
        out->input = dialled_removed(out->input, dialled_code(r, out), out->separator, r->arena);
        out->form = INPUT_CUMULATIVE;
        break;
    case DOOR_CUMULATIVE:
        out->form = INPUT_CUMULATIVE;
        break;
    }
    set_event(r, phase, out);
    if (out->form == INPUT_LATEST_AFTER_CODE && may_begin(r, phase, out))
        take_route(r, out);
}
