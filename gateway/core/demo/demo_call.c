/* A caller's message, a while ago. */
#include "core/conversation.h"
#include "core/demo/demo_parts.h"
#include "model/outbox.h"

#define FATE_MS 4000 /* after which a text is known to have arrived, or not */

static enum end_cause cause_of(struct span why)
{
    for (int i = 0; end_cause_words[i]; i++)
        if (span_equal_text(why, end_cause_words[i]))
            return (enum end_cause)i;
    return END_CLOSED;
}

static enum outcome read_inbound(const struct demo_event *event, const struct channel *channel, struct inbound *inbound,
                                 struct error *err)
{
    struct span session = demo_text(event, "session"), input = demo_text(event, "input");
    bool closes = span_equal_text(demo_text(event, "do"), "close");
    *inbound = (struct inbound){.kind = channel->kind == CHANNEL_USSD ? INBOUND_USSD : INBOUND_SMS,
                                .event = INBOUND_RESUME,
                                .channel = channel->index,
                                .session = session,
                                .from = {PHONE_NUMBER, demo_text(event, "from")},
                                .to = span_is_present(channel->code) ? channel->code : SPAN(""),
                                .input = span_is_present(input) ? input : SPAN(""),
                                .form = INPUT_LATEST,
                                .at = event->at};
    if (json_is_true(json_object_get(event->said, "new")))
        inbound->event = INBOUND_NEW;
    if (closes) {
        inbound->event = INBOUND_CLOSE;
        inbound->cause = cause_of(demo_text(event, "why"));
    }
    if (!phone_is_of_nobody(inbound->from.text))
        return error_set(err, OUTCOME_REFUSED, "demo: expected a number that nobody has");
    if ((channel->kind == CHANNEL_USSD) != span_is_present(session))
        return error_set(err, OUTCOME_REFUSED, "demo: a call has a session, and a text has none");
    return OUTCOME_OK;
}

static enum outbox_state fate_of(const struct demo_event *event)
{
    struct span fate = demo_text(event, "text");
    if (span_equal_text(fate, "failed"))
        return OUTBOX_FAILED;
    return span_equal_text(fate, "unknown") ? OUTBOX_UNKNOWN : OUTBOX_DELIVERED;
}

/* In the very transaction that holds it a text is on its way and has met its fate: the outbox never sees it waiting. */
static void settle_texts(const struct demo_event *event, struct change_list *changes)
{
    size_t count = changes->count; /* those that follow are ours */
    for (size_t i = 0; i < count; i++) {
        const struct outbox_row *queued = changes->at[i].outbox.row;
        if (changes->at[i].kind != CHANGE_OUTBOX || queued->state != OUTBOX_QUEUED)
            continue;
        struct outbox_row *sending = ARENA_NEW(changes->arena, struct outbox_row);
        struct outbox_row *settled = ARENA_NEW(changes->arena, struct outbox_row);
        *sending = *queued;
        sending->state = OUTBOX_SENDING;
        sending->attempts = 1;
        changes->at[i].outbox.row = sending;
        *settled = *sending;
        settled->state = fate_of(event);
        settled->reason = settled->state == OUTBOX_DELIVERED ? REASON_NONE
                          : settled->state == OUTBOX_FAILED  ? REASON_UNREACHABLE
                                                             : REASON_UNKNOWN;
        settled->changed_at = event->at + FATE_MS;
        change_list_add(changes, CHANGE_OUTBOX_STATE, NO_MESSAGE)->outbox.row = settled;
        demo_report(settled, changes);
    }
}

static void tell(const struct message *message, const struct change_list *changes, json_t *answer)
{
    json_object_set_new(answer, "screen", json_boolean(span_is_present(message->reply.text)));
    json_object_set_new(answer, "ends", json_boolean(message->reply.ends));
    for (size_t i = 0; i < changes->count; i++)
        if (changes->at[i].kind == CHANGE_REQUEST)
            json_object_set_new(answer, "request", json_integer(changes->at[i].request.row->id));
}

static enum outcome step(struct demo *demo, const struct demo_event *event, struct message *message,
                         struct change_list *changes, struct error *err)
{
    struct conversation conversation = {.store = demo->store,
                                        .keyring = demo->keyring,
                                        .catalogue = event->catalogue,
                                        .ids = &demo->ids,
                                        .arena = demo->arena,
                                        .set = working_set_create(demo->arena),
                                        .changes = changes,
                                        .metrics = demo->metrics,
                                        .now = event->at};
    const struct store_wanted wanted = {
        .session_key = message->identity.session, .phone = message->identity.phone, .wants_requests = true};
    enum outcome outcome = store_load(demo->store, &wanted, 1, demo->arena, &message->found, err);
    return outcome == OUTCOME_OK ? conversation_step(&conversation, message, err) : outcome;
}

enum outcome demo_call(struct demo *demo, const struct demo_event *event, json_t *answer, struct error *err)
{
    const struct channel *channel = channel_set_find(event->catalogue->config->channels, demo_text(event, "channel"));
    struct inbound inbound;
    if (!channel)
        return error_set(err, OUTCOME_REFUSED, "demo: no such channel is enabled");
    enum outcome outcome = read_inbound(event, channel, &inbound, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct message message = {.inbound = &inbound, .channel = channel};
    struct change_list changes = {.arena = demo->arena};
    identity_of(demo->keyring, channel, &inbound, &message.identity);
    outcome = step(demo, event, &message, &changes, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    settle_texts(event, &changes);
    tell(&message, &changes, answer);
    return demo_save(demo, &changes, err);
}
