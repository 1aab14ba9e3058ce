/* What effects have in common with those who carry some of them out (people, pins, cases, follow-ups). */
#include "core/effects.h"
#include "text/segments.h"

int64_t effects_need_person(struct conversation *conversation, const struct message *message, struct talk *talk,
                            struct change_list *pending)
{
    struct party *party = talk->party;
    if (talk->person->row.id)
        return talk->person->row.id;
    party->row.person = id_next(conversation->ids, conversation->now);
    party->changed = true;
    talk->person->row.phone = party->row.id;
    working_set_name_person(conversation->set, talk->person, party->row.person);
    struct change *change = change_list_add(pending, CHANGE_PERSON, message->index);
    change->person.id = party->row.person;
    change->person.phone = party->row.id;
    change->person.at = conversation->now;
    return party->row.person;
}

/* A number is kept, sealed, from the moment that somebody asks to be called back or texted. */
void effects_keep_number(const struct message *message, struct party *party)
{
    if (party->row.has_number || !message->inbound->from.text.len || message->inbound->from.kind != PHONE_NUMBER)
        return;
    party->number = message->inbound->from.text;
    party->row.has_number = true;
    party->changed = true;
}

void effects_add_answer(struct conversation *conversation, const struct message *message, struct talk *talk,
                        int64_t entry, const struct answer *answer, struct change_list *pending)
{
    int64_t person = effects_need_person(conversation, message, talk, pending);
    struct change *change = change_list_add(pending, CHANGE_ANSWER, message->index);
    change->answer.entry = entry;
    change->answer.person = person;
    change->answer.at = conversation->now;
    change->answer.row = answer;
}

void effects_add_entry_closed(const struct conversation *conversation, const struct message *message, int64_t entry,
                              bool finished, struct change_list *pending)
{
    struct change *change = change_list_add(pending, CHANGE_ENTRY_CLOSED, message->index);
    change->entry.id = entry;
    change->entry.at = conversation->now;
    change->entry.finished = finished;
}

void effects_close_entry(struct conversation *conversation, const struct message *message, struct talk *talk,
                         bool finished, struct change_list *pending)
{
    if (!talk->row.state.entry)
        return;
    effects_add_entry_closed(conversation, message, talk->row.state.entry, finished, pending);
    talk->row.state.entry = 0;
    talk->answers = NULL;
    talk->answer_count = 0;
}

const struct channel *effects_texting_channel(const struct conversation *conversation, const struct message *message)
{
    const struct config *config = conversation->catalogue->config;
    if (message->channel->sends)
        return message->channel;
    return routes_choose(&config->routes, config->channels, message->inbound->network, message->inbound->from.text);
}

struct outbox_row *effects_queue_text(struct conversation *conversation, const struct message *message,
                                      const struct talk *talk, const struct channel *channel, struct span text,
                                      struct change_list *pending)
{
    if (message->inbound->from.kind != PHONE_NUMBER || !message->inbound->from.text.len)
        return NULL; /* a name or a token: nothing answers those by itself */
    const struct text_plan plan = segments_plan(text, conversation->arena);
    struct outbox_row *row = ARENA_NEW(conversation->arena, struct outbox_row);
    row->id = id_next(conversation->ids, conversation->now);
    row->phone = talk->party->row.id;
    row->session = talk->row.id;
    row->channel = channel->id;
    row->to = message->inbound->from.text;
    row->from = channel == message->channel ? message->inbound->to : channel->code;
    row->text = plan.text;
    row->link = channel == message->channel ? message->inbound->link : SPAN_NONE;
    row->state = OUTBOX_QUEUED;
    row->created_at = row->due_at = row->changed_at = conversation->now;
    row->expires_at = conversation->now + channel->text_expires_ms;
    row->segments = plan.segments;
    row->encoding = plan.encoding;
    change_list_add(pending, CHANGE_OUTBOX, message->index)->outbox.row = row;
    return row;
}
