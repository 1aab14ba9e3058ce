#include <string.h>

#include "base/log.h"
#include "core/talk/step.h"
#include "core/common/stray.h"
#include "text/utf8.h"

static enum outcome find_group(struct conversation *conversation, const struct lookup *key, const struct lookup *phone,
                               struct part_group **out, struct error *err)
{
    struct part_group *group = working_set_parts(conversation->set, key);
    *out = group;
    if (group->is_loaded || working_set_was_forgotten(conversation->set, phone))
        return OUTCOME_OK;
    enum outcome outcome = store_load_parts(conversation->store, key, conversation->arena, &group->first, err);
    group->is_loaded = outcome == OUTCOME_OK;
    return outcome;
}

static const struct part *find_part(const struct part_group *group, unsigned number)
{
    const struct part *part = group->first;
    while (part && part->inbound.part.number != number)
        part = part->next;
    return part;
}

static bool is_complete(const struct part_group *group)
{
    unsigned count = 0;
    for (const struct part *part = group->first; part; part = part->next)
        count++;
    return group->first && count == group->first->inbound.part.total;
}

static struct part *add_part(const struct conversation *conversation, const struct message *message,
                             struct part_group *group)
{
    struct part *part = ARENA_NEW(conversation->arena, struct part);
    part->key = message->identity.parts;
    part->message = message->identity.message;
    part->phone = message->identity.phone;
    part->channel = message->channel->id;
    part->at = conversation->now;
    part->due_at = group->first ? group->first->due_at : conversation->now + message->channel->join_ms;
    part->inbound = *message->inbound;
    struct part **place = &group->first;
    while (*place && (*place)->inbound.part.number < part->inbound.part.number)
        place = &(*place)->next;
    part->next = *place;
    *place = part;
    return part;
}

/* A part that could be read was kept as its text alone: beside the bytes of one that could not, its words stand for it. */
static struct span piece_of(const struct part *part, bool raw)
{
    return raw ? stray_raw(&part->inbound) : part->inbound.input;
}

/* The texts, or the raw bytes, of all parts in their order. */
static struct span join(const struct part *first, bool raw, struct arena *arena)
{
    size_t len = 0;
    for (const struct part *part = first; part; part = part->next)
        len += piece_of(part, raw).len;
    char *at = arena_alloc_raw(arena, len + 1), *end = at;
    for (const struct part *part = first; part; part = part->next) {
        struct span piece = piece_of(part, raw);
        if (piece.len)
            end = mempcpy(end, piece.at, piece.len);
    }
    *end = '\0';
    return (struct span){at, len};
}

/* One message of all the parts that are there; `last` is the one that it goes on as. */
static struct message *make_whole(struct conversation *conversation, const struct message *message,
                                  struct part_group *group, const struct inbound *last)
{
    struct arena *arena = conversation->arena;
    struct message *whole = ARENA_NEW(arena, struct message);
    struct inbound *inbound = ARENA_NEW(arena, struct inbound);
    *whole = *message;
    *inbound = *last;
    inbound->input =
        utf8_compose(join(group->first, false, arena), arena); /* a part may begin with a sign of the last */
    for (const struct part *part = group->first; part; part = part->next)
        inbound->undecodable = inbound->undecodable || part->inbound.undecodable;
    inbound->raw = inbound->undecodable ? join(group->first, true, arena) : SPAN_NONE;
    inbound->part.total = 0;
    whole->inbound = inbound;
    whole->parts = group->first;
    whole->identity.repeat = identity_of_input(conversation->keyring, inbound->input);
    change_list_add(conversation->changes, CHANGE_PARTS_TAKEN, message->index)->parts_taken.key =
        message->identity.parts;
    group->first = NULL;
    return whole;
}

/* What is there of a text that will not be whole any more. No request waits for what is said to it. */
static struct message *make_partial(struct conversation *conversation, const struct message *message,
                                    struct part_group *group)
{
    unsigned count = 0, total = group->first->inbound.part.total;
    for (const struct part *part = group->first; part; part = part->next)
        count++;
    log_event(LOG_LEVEL_NOTICE, "parts", "incomplete", "channel=%.*s have=%u of=%u", SPAN_ARG(message->channel->id),
              count, total);
    struct message *whole = make_whole(conversation, message, group, &group->first->inbound);
    whole->identity.message = whole->parts->message;
    whole->is_alone = false;
    return whole;
}

enum outcome parts_take(struct conversation *conversation, const struct message *message, struct message **whole,
                        struct error *err)
{
    struct part_group *group;
    *whole = NULL;
    enum outcome outcome = find_group(conversation, &message->identity.parts, &message->identity.phone, &group, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (message->is_overdue) {
        if (group->first) /* else the last part came in this very tick */
            *whole = make_partial(conversation, message, group);
        return OUTCOME_OK;
    }
    const struct inbound *inbound = message->inbound;
    const struct part *same = find_part(group, inbound->part.number);
    if (same && memcmp(&same->message, &message->identity.message, sizeof same->message) == 0)
        return OUTCOME_OK; /* it came again */
    if (group->first && (same || group->first->inbound.part.total != inbound->part.total))
        *whole = make_partial(conversation, message, group); /* the sender's phone uses its reference anew */
    struct part *part = add_part(conversation, message, group);
    if (is_complete(group))
        *whole = make_whole(conversation, message, group, inbound);
    else
        change_list_add(conversation->changes, CHANGE_PART, message->index)->part.row = part;
    return OUTCOME_OK;
}
