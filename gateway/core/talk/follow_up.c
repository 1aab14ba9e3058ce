#include "core/follow_up.h"
#include "base/duration.h"
#include "core/effects.h"
#include "core/outbox/texting.h"
#include "menu/follow_up.h"

#define NO_CHANNEL_MS HOUR_MS /* until it is tried again where no channel sends */

/* ---- what somebody said about it ---- */

static struct follow_up *add(const struct conversation *conversation, const struct message *message,
                             const struct talk *talk, enum change_kind kind, struct change_list *pending)
{
    struct follow_up *row = ARENA_NEW(conversation->arena, struct follow_up);
    row->person = talk->person->row.id;
    row->phone = talk->party->row.id;
    row->session = talk->row.id;
    row->changed_at = conversation->now;
    change_list_add(pending, kind, message->index)->follow_up.row = row;
    return row;
}

static void plan(struct conversation *conversation, const struct message *message, const struct talk *talk,
                 struct change_list *pending)
{
    const struct service *service = conversation->catalogue->service_of[message->channel->index];
    struct follow_up_date dates[FOLLOW_UPS_MAX];
    size_t count = follow_up_plan(service, talk->person->registered_at, conversation->now, dates);
    for (size_t i = 0; i < count; i++) {
        struct follow_up *row = add(conversation, message, talk, CHANGE_FOLLOW_UP, pending);
        row->id = id_next(conversation->ids, conversation->now);
        row->month = dates[i].month;
        row->due_at = dates[i].due_at;
    }
}

void follow_up_apply(struct conversation *conversation, const struct message *message, const struct talk *talk,
                     enum effect_kind effect, struct change_list *pending)
{
    struct person *person = talk->person;
    if (!person->row.id)
        return; /* nobody who could have agreed */
    person->follow_up_due = person->follow_up_due && effect == EFFECT_FOLLOW;
    if (effect == EFFECT_FOLLOWED) {
        add(conversation, message, talk, CHANGE_FOLLOW_UP_ANSWERED, pending);
        return;
    }
    add(conversation, message, talk, CHANGE_FOLLOW_UPS_STOPPED, pending); /* agreed twice is asked once */
    if (effect != EFFECT_FOLLOW || !person->is_registered)
        return;
    effects_keep_number(message, talk->party);
    plan(conversation, message, talk, pending);
}

/* ---- asking ---- */

/* One that is being settled. */
struct settling {
    const struct conversation *conversation;
    const struct due_follow_up *due;
    const struct service *service;
    const struct channel *channel;
    struct span number, text;
    struct session *session;
    struct change_list *changes;
};

static void move(const struct settling *settling, enum follow_up_state state, int64_t due_at)
{
    struct follow_up *row = ARENA_NEW(settling->conversation->arena, struct follow_up);
    *row = settling->due->row;
    row->state = state;
    row->due_at = due_at;
    row->changed_at = settling->conversation->now;
    row->session = settling->session ? settling->session->id : 0;
    change_list_add(settling->changes, CHANGE_FOLLOW_UP_STATE, NO_MESSAGE)->follow_up.row = row;
}

static void open_session(struct settling *settling, const struct session_state *state)
{
    const struct conversation *conversation = settling->conversation;
    const struct inbound from = {.kind = INBOUND_SMS, .from = {.kind = PHONE_NUMBER, .text = settling->number}};
    struct identity identity;
    identity_of(conversation->keyring, settling->channel, &from, &identity);
    struct session *session = settling->session = ARENA_NEW(conversation->arena, struct session);
    session->id = id_next(conversation->ids, conversation->now);
    session->phone = settling->due->phone;
    session->key = identity.session;
    session->channel = settling->channel->id;
    session->kind = CHANNEL_SMS;
    session->started_at = session->last_at = conversation->now;
    session->state = *state;
    struct change *change = change_list_add(settling->changes, CHANGE_SESSION, NO_MESSAGE);
    change->session.row = session;
    change->session.is_new = true;
}

/* What has not left by the end of the polite hours does not leave at night. */
static void queue(const struct settling *settling)
{
    const struct conversation *conversation = settling->conversation;
    const struct texting texting = {.channel = settling->channel,
                                    .number = settling->number,
                                    .text = settling->text,
                                    .phone = settling->due->phone,
                                    .session = settling->session->id,
                                    .until = follow_up_polite_until(settling->service, conversation->now)};
    texting_queue(&texting, conversation->ids, conversation->now, settling->changes);
}

static enum outcome ask(struct settling *settling, struct error *err)
{
    const struct conversation *conversation = settling->conversation;
    struct session_state state;
    enum outcome outcome =
        store_load_number(conversation->store, settling->due->phone, conversation->arena, &settling->number, err);
    if (outcome == OUTCOME_NOT_FOUND || outcome == OUTCOME_REFUSED) {
        move(settling, FOLLOW_UP_STOPPED, settling->due->row.due_at);
        return OUTCOME_OK;
    }
    if (outcome != OUTCOME_OK)
        return outcome;
    settling->channel = texting_channel(conversation->catalogue, settling->service, settling->number);
    if (!settling->channel || !follow_up_invite(settling->service, settling->due->lang, &settling->text, &state)) {
        move(settling, FOLLOW_UP_WAITING, conversation->now + NO_CHANNEL_MS);
        return OUTCOME_OK;
    }
    open_session(settling, &state);
    queue(settling);
    move(settling, FOLLOW_UP_ASKED, conversation->now + FOLLOW_UP_ANSWER_MS);
    return OUTCOME_OK;
}

static const struct service *service_of(const struct conversation *conversation, struct span channel)
{
    const struct channel *known = channel_set_find(conversation->catalogue->config->channels, channel);
    return known ? conversation->catalogue->service_of[known->index] : NULL;
}

enum outcome follow_up_settle(const struct conversation *conversation, const struct due_follow_up *due,
                              struct change_list *changes, struct error *err)
{
    struct settling settling = {.conversation = conversation, .due = due, .changes = changes};
    int64_t again_at = 0;
    settling.service = service_of(conversation, due->channel);
    enum follow_up_fate fate =
        settling.service ? follow_up_judge(settling.service, due, conversation->now, &again_at) : FATE_MISS;
    if (fate == FATE_ASK)
        return ask(&settling, err);
    if (fate == FATE_WAIT)
        move(&settling, FOLLOW_UP_WAITING, again_at);
    else
        move(&settling, fate == FATE_STOP ? FOLLOW_UP_STOPPED : FOLLOW_UP_MISSED, due->row.due_at);
    return OUTCOME_OK;
}
