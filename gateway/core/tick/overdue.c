#include "base/log.h"
#include "core/tick/arrival.h"
#include "core/common/stray.h"

static enum outcome keep_parts(struct tick *tick, const struct lookup *key, const struct part *first, struct error *err)
{
    struct change_list changes = {.arena = tick->arena};
    for (const struct part *part = first; part; part = part->next) {
        const struct channel *channel = channel_set_find(tick->catalogue->config->channels, part->channel);
        const struct channel gone = {.id = part->channel};
        const struct stray stray = {channel ? channel : &gone, "parts_without_a_whole", stray_raw(&part->inbound), 0,
                                    &part->phone};
        stray_add(&changes, &tick->ids, tick->now, &stray);
    }
    change_list_add(&changes, CHANGE_PARTS_TAKEN, 0)->parts_taken.key = *key;
    size_t failed_at;
    tick->parts_changed = true;
    return store_save(tick->parts.store, changes.at, changes.count, &failed_at, err);
}

enum outcome overdue_give_up(struct tick *tick, const struct arrival *arrival, struct error *err)
{
    const struct lookup *key = &arrival->messages[0].identity.parts;
    struct part *first = NULL;
    if (store_load_parts(tick->parts.store, key, tick->arena, &first, err) == OUTCOME_BROKEN)
        return OUTCOME_BROKEN;
    return keep_parts(tick, key, first, err);
}

/* False: there is nothing to be taken in; its parts do not open, or their channel is gone. */
static bool make_arrival(struct tick *tick, const struct lookup *key, struct arrival *arrival, unsigned *next_index)
{
    struct error err;
    struct part *first = NULL;
    enum outcome outcome = store_load_parts(tick->parts.store, key, tick->arena, &first, &err);
    const struct channel *channel =
        outcome == OUTCOME_OK && first ? channel_set_find(tick->catalogue->config->channels, first->channel) : NULL;
    if (!channel) {
        if (outcome != OUTCOME_BROKEN)
            outcome = keep_parts(tick, key, outcome == OUTCOME_OK ? first : NULL, &err);
        log_event(LOG_LEVEL_ERROR, "parts", outcome == OUTCOME_OK ? "given_up" : "unreadable", "what=\"%s\"",
                  outcome == OUTCOME_OK ? "its channel is gone or it does not open" : err.text);
        return false;
    }
    struct message *message = ARENA_NEW(tick->arena, struct message);
    *arrival = (struct arrival){.channel = channel, .list = &first->inbound, .count = 1, .messages = message};
    message->inbound = arrival->list;
    message->channel = channel;
    message->index = (*next_index)++;
    message->is_overdue = true;
    identity_of(tick->parts.keyring, channel, message->inbound, &message->identity);
    message->identity.parts = *key;
    message->identity.message = first->message;
    return true;
}

int64_t tick_next_at(struct tick *tick)
{
    if (tick->parts_changed && !tick->is_cut_off) {
        tick->overdue_at = store_next_due_parts(tick->parts.store);
        tick->parts_changed = false;
    }
    bool rests = tick->overdue_at && tick->overdue_at < tick->overdue_not_before;
    return rests ? tick->overdue_not_before : tick->overdue_at;
}

size_t collect_overdue(struct tick *tick, struct arrival *arrivals, size_t room, unsigned *next_index)
{
    struct error err;
    struct lookup keys[OVERDUE_A_TICK];
    size_t found = 0, count = 0;
    int64_t next = tick_next_at(tick);
    if (!next || next > tick->now)
        return 0;
    if (store_load_due_parts(tick->parts.store, tick->now, keys, room < OVERDUE_A_TICK ? room : OVERDUE_A_TICK, &found,
                             &err) != OUTCOME_OK) {
        log_event(LOG_LEVEL_ERROR, "parts", "unreadable", "what=\"%s\"", err.text);
        tick->overdue_not_before = tick->now + REST_MS;
        return 0;
    }
    for (size_t i = 0; i < found; i++)
        count += make_arrival(tick, &keys[i], &arrivals[count], next_index);
    if (!count) /* what is due cannot even be read: looked at at once, again and again, it would leave no time for anybody */
        tick->overdue_not_before = tick->now + REST_MS;
    return count;
}
