#include "aggregator/credentials.h"
#include "aggregator/exchange.h"
#include "aggregator/profile.h"

#define STRANGERS_BODY 4096 /* bytes of a body that is read before its sender is told that the secret is wrong */

static const struct {
    struct span name;
    enum exchange_door door;
} doors[] = {{{"in", 2}, DOOR_IN}, {{"dlr", 3}, DOOR_REPORT}, {{"notify", 6}, DOOR_NOTIFY}};

static bool find_door(struct span name, enum exchange_door *door)
{
    for (size_t i = 0; i < sizeof doors / sizeof doors[0]; i++) {
        if (span_equal(name, doors[i].name)) {
            *door = doors[i].door;
            return true;
        }
    }
    return false;
}

/* Only a secret may follow the channel's name, and what the dialect itself says in the path. */
static bool ends_well(const struct channel *channel, struct span rest)
{
    const struct credentials *credentials = channel->secrets;
    return !span_is_present(rest) || credentials->kind == CREDENTIAL_PATH || credentials->more_segments;
}

enum outcome exchange_route(const struct channel_set *set, struct span path, enum exchange_door *door,
                            const struct channel **channel)
{
    struct span rest = path;
    if (span_cut(&rest, '/').len != 0 || !find_door(span_cut(&rest, '/'), door))
        return OUTCOME_NOT_FOUND;
    *channel = channel_set_find(set, span_cut(&rest, '/'));
    if (*channel == NULL || !(*channel)->profile->doors[*door].open || !ends_well(*channel, rest))
        return OUTCOME_NOT_FOUND;
    return OUTCOME_OK;
}

const struct channel *exchange_explain_path(const struct channel_set *set, struct span path, struct arena *arena,
                                            struct span *reason)
{
    struct span rest = path, all = SPAN_NONE;
    enum exchange_door door;
    if (span_cut(&rest, '/').len != 0 || !find_door(span_cut(&rest, '/'), &door))
        return NULL;
    const struct channel *channel = channel_set_find(set, span_cut(&rest, '/'));
    if (channel == NULL)
        return NULL;
    const struct credentials *credentials = channel->secrets;
    const char *secret = credentials->kind == CREDENTIAL_PATH ? "/SECRET" : "";
    for (size_t i = 0; i < sizeof doors / sizeof doors[0]; i++)
        if (channel->profile->doors[doors[i].door].open)
            all = arena_format(arena, "%.*s%s/%.*s", SPAN_ARG(all), all.len > 0 ? ", " : "", SPAN_ARG(doors[i].name));
    *reason = arena_format(arena, "No such address; here are %.*s, each with /%.*s%s behind it.", SPAN_ARG(all),
                           SPAN_ARG(channel->id), secret);
    return channel;
}

size_t exchange_body_limit(const struct channel *channel, const struct http_request *head)
{
    bool may_hold = credentials_may_hold(channel->secrets, head);
    return may_hold || channel->max_body < STRANGERS_BODY ? channel->max_body : STRANGERS_BODY;
}
