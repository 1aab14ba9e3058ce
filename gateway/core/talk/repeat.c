#include "core/talk/step.h"

#include <string.h>
#include "base/duration.h"
#include "model/turn.h"
#include "text/segments.h"

/* A phone uses the reference of a long text again: so much later, the same part is another one that says the same. */
#define PART_REPEAT_MS HOUR_MS

static bool is_same_message(const struct talk *talk, const struct made_turn *made, const struct identity *identity,
                            bool by_id)
{
    return by_id ? memcmp(&made->message, &identity->message, sizeof made->message) == 0
                 : made->session == talk->row.id && made->repeat == identity->repeat;
}

static const struct made_turn *find_made(const struct talk *talk, const struct identity *identity, bool by_id)
{
    for (const struct made_turn *made = talk ? talk->made : NULL; made; made = made->before)
        if (is_same_message(talk, made, identity, by_id))
            return made;
    return NULL;
}

static void reply_from_turn(const struct conversation *conversation, struct message *message, const struct turn *turn)
{
    struct span marked = screen_fill_values(turn->skeleton, turn->values, turn->value_count, conversation->arena);
    message->reply.text = screen_plain(marked, conversation->arena);
    message->reply.ends = (turn->flags & TURN_ENDS) != 0;
    if (turn->flags & TURN_IN_REPLY)
        message->reply.text = segments_plan(message->reply.text, conversation->arena).text;
    answer_trim(message, turn->flags, &message->reply);
}

static enum outcome reply_again(const struct conversation *conversation, struct message *message, struct error *err)
{
    const struct store_found *found = &message->found;
    struct turn turn;
    if (!found->seen_session) /* an acknowledgement was all, and is again */
        return OUTCOME_OK;
    enum outcome outcome =
        store_load_turn(conversation->store, found->seen_session, found->seen_turn, conversation->arena, &turn, err);
    if (outcome == OUTCOME_OK)
        reply_from_turn(conversation, message, &turn);
    return outcome == OUTCOME_NOT_FOUND ? OUTCOME_OK
                                        : outcome; /* pruned meanwhile: an acknowledgement is all there is */
}

static bool was_seen(const struct step *step)
{
    const struct message *message = step->message;
    return message->found.message_seen &&
           (!message->identity.by_content || step->conversation->now - message->found.seen_at <= PART_REPEAT_MS);
}

/* Whether the channel's way of telling repeats applies to the session as it stands. */
static bool may_repeat_step(const struct step *step)
{
    const struct inbound *inbound = step->message->inbound;
    const struct session *row = &step->talk->row;
    if (inbound->form == INPUT_CUMULATIVE)
        return !whose_starts_anew(inbound, row);
    return row->seen_hash == step->message->identity.repeat &&
           step->conversation->now - row->last_at <= step->message->channel->repeat_ms;
}

enum outcome repeat_answer(const struct step *step, bool *repeated, struct error *err)
{
    struct message *message = step->message;
    bool by_id = identity_is_given(&message->identity.message);
    const struct made_turn *made = NULL;
    *repeated = true;
    if (by_id) {
        made = find_made(step->talk, &message->identity, true);
        if (made)
            message->reply = made->reply;
        else if (was_seen(step))
            return reply_again(step->conversation, message, err);
        else
            *repeated = false;
        return OUTCOME_OK;
    }
    if (step->talk && may_repeat_step(step)) {
        made = find_made(step->talk, &message->identity, false);
        if (made) {
            message->reply = made->reply;
            return OUTCOME_OK;
        }
        if (message->found.repeated && message->found.repeated->session == step->talk->row.id) {
            reply_from_turn(step->conversation, message, message->found.repeated);
            return OUTCOME_OK;
        }
    }
    *repeated = false;
    return OUTCOME_OK;
}
