/* When the outbox has to be looked at next. */
#include "core/outbox/outbox_internal.h"

bool outbox_must_move(const struct catalogue *catalogue, const struct channel *channel, const struct flow *flow,
                      int64_t now)
{
    return (!channel->enabled || flow_circuit(flow, now) == CIRCUIT_OPEN) &&
           routes_hold(&catalogue->config->routes, channel);
}

static int64_t sooner(int64_t a, int64_t b)
{
    if (!a || !b)
        return a ? a : b;
    return a < b ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* When something of this channel can leave; 0: time alone does not bring it about. What is due is what the last look left. */
static int64_t leaves_at(const struct outbox *outbox, const struct channel *channel, struct flow *flow, int64_t due,
                         int64_t now)
{
    int64_t ready = flow_ready_at(flow, channel, now);
    if (!due || !ready)
        return 0;
    int64_t token = channel->needs_token ? tokens_ready_at(outbox->tokens, channel, now) : now;
    return token ? later(due, later(ready, token)) : 0;
}

static int64_t channel_next_at(struct outbox *outbox, const struct catalogue *catalogue, const struct channel *channel,
                               struct store *store, int64_t now)
{
    struct flow *flow = flow_of(&outbox->flows, channel->id);
    bool moves = outbox_must_move(catalogue, channel, flow, now);
    int64_t texts = moves || (channel->enabled && channel->sends) ? store_next_due(store, channel->id, false) : 0;
    int64_t pushes = channel->enabled && channel->pushes ? store_next_due(store, channel->id, true) : 0;
    if (moves && texts > now)
        return sooner(texts, leaves_at(outbox, channel, flow, pushes, now));
    if (!channel->enabled)
        return 0;
    return leaves_at(outbox, channel, flow, sooner(texts, pushes), now);
}

static int64_t compute_next(struct outbox *outbox, const struct catalogue *catalogue, struct store *store, int64_t now)
{
    const struct channel_set *set = catalogue->config->channels;
    int64_t next = store_next_expiry(store);
    if (!next)
        return 0; /* nothing waits: no channel need be asked */
    for (size_t i = 0; i < channel_set_count(set); i++)
        next = sooner(next, channel_next_at(outbox, catalogue, channel_set_at(set, i), store, now));
    return next;
}

int64_t outbox_next_at(struct outbox *outbox, const struct catalogue *catalogue, struct store *store, int64_t now)
{
    if (outbox->troubled)
        return outbox->rest_until;
    if (outbox->quiet || !outbox_room(outbox))
        return 0; /* the next outcome wakes the loop */
    if (outbox->look_again || outbox->seen_changes != store_outbox_changes(store))
        return now;
    if (!outbox->knows_next)
        outbox->next_at = compute_next(outbox, catalogue, store, now);
    outbox->knows_next = true;
    return outbox->next_at;
}
