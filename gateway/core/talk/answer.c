#include "core/talk/answer.h"

#include "core/effects.h"
#include "core/talk/manners.h"
#include "core/talk/step.h"
#include "model/turn.h"
#include "text/segments.h"

static unsigned answer_by_text(struct step *step, struct change_list *pending)
{
    struct conversation *conversation = step->conversation;
    const struct message *message = step->message;
    const struct channel *channel = message->channel;
    if (!manners_allow(step))
        return 0;
    bool in_reply = channel->answers_in_reply && message->is_alone;
    if (channel->answers_in_reply && !channel->sends && !in_reply) /* no request waits for it */
        channel = effects_texting_channel(conversation, message);
    struct outbox_row *row =
        channel ? effects_queue_text(conversation, message, step->talk, channel, message->reply.text, pending) : NULL;
    if (!row || !in_reply)
        return 0;
    row->state = OUTBOX_SENT; /* by the time that anybody reads this */
    row->attempts = 1;
    step->message->reply.text = row->text;
    return TURN_IN_REPLY;
}

void answer_push(const struct push *push, struct change_list *changes)
{
    const struct message *message = push->message;
    const struct inbound *inbound = message->inbound;
    const struct channel *channel = message->channel;
    struct outbox_row *row = ARENA_NEW(changes->arena, struct outbox_row);
    row->id = push->id;
    row->kind = push->reply->ends ? OUTBOX_PUSH_END : OUTBOX_PUSH;
    row->phone = push->phone;
    row->session = push->session;
    row->channel = channel->id;
    row->to = inbound->address.len ? inbound->address : inbound->from.text;
    row->from = inbound->to.len ? inbound->to : channel->code;
    row->text = push->reply->text;
    row->link = inbound->link;
    row->state = OUTBOX_QUEUED;
    row->created_at = row->due_at = row->changed_at = push->now;
    row->expires_at = push->now + channel->push_expires_ms;
    row->encoding = segments_measure(row->text).encoding;
    row->segments = 1;
    change_list_add(changes, CHANGE_OUTBOX, message->index)->outbox.row = row;
}

static void push_page(const struct step *step, struct change_list *pending)
{
    const struct conversation *conversation = step->conversation;
    const struct push push = {.message = step->message,
                              .reply = &step->message->reply,
                              .id = id_next(conversation->ids, conversation->now),
                              .phone = step->talk->party->row.id,
                              .session = step->talk->row.id,
                              .now = conversation->now};
    answer_push(&push, pending);
}

unsigned answer_send(struct step *step, struct change_list *pending)
{
    if (step->message->inbound->kind == INBOUND_SMS)
        return answer_by_text(step, pending);
    if (step->message->channel->pushes)
        push_page(step, pending);
    return 0;
}

void answer_trim(const struct message *message, unsigned turn_flags, struct reply *reply)
{
    const struct channel *channel = message->channel;
    bool texted = message->inbound->kind == INBOUND_SMS && channel->answers_in_reply && !(turn_flags & TURN_IN_REPLY);
    if (texted || (message->inbound->kind != INBOUND_SMS && channel->pushes))
        reply->text = SPAN_NONE;
}
