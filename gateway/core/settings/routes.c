#include "core/routes.h"

static const struct setting_rule rules[] = {
    {"prefixes", SETTING_STRINGS, false, 2, 16, NULL, "Numbers that begin so take it, \"+88017\"; none: all numbers"},
    {"networks", SETTING_STRINGS, false, 1, 40, NULL, "Callers from these networks take it, as aggregators name them"},
    {"channels", SETTING_STRINGS, true, 1, 60, NULL, "Channels that send texts, in the order in which they are tried"},
    {0},
};

const struct setting_rule *routes_rules(void)
{
    return rules;
}

/* ---- loading ---- */

static const struct span *read_texts(struct setting list, struct arena *arena, size_t *count)
{
    *count = setting_count(list);
    struct span *texts = ARENA_ARRAY(arena, struct span, *count + 1);
    for (size_t i = 0; i < *count; i++)
        texts[i] = arena_copy(arena, setting_as_string(setting_at(list, i)));
    return texts;
}

static const struct channel *find_channel(const struct channel_set *set, struct span id)
{
    for (size_t i = 0; i < channel_set_count(set); i++)
        if (span_equal(channel_set_at(set, i)->id, id))
            return channel_set_at(set, i);
    return NULL;
}

/* One that is not enabled may stand here: it is passed over, and takes its place again when it is. */
static void read_channels(struct setting list, const struct channel_set *set, struct arena *arena,
                          struct problems *problems, struct text_route *route)
{
    route->channels = ARENA_ARRAY(arena, const struct channel *, setting_count(list) + 1);
    for (size_t i = 0; i < setting_count(list); i++) {
        struct span id = setting_as_string(setting_at(list, i));
        const struct channel *channel = find_channel(set, id);
        if (!channel)
            setting_problem(list, problems, "there is no channel \"%.*s\"", SPAN_ARG(id));
        else if (channel->enabled && !channel->sends)
            setting_problem(list, problems, "channel \"%.*s\" sends no texts", SPAN_ARG(id));
        else
            route->channels[route->channel_count++] = channel;
    }
    if (!setting_count(list))
        setting_problem(list, problems, "a route without a channel leads nowhere");
}

static void check_prefixes(struct setting list, const struct text_route *route, struct problems *problems)
{
    for (size_t i = 0; i < route->prefix_count; i++) {
        struct span digits = span_from(route->prefixes[i], 1);
        uint64_t number;
        if (route->prefixes[i].at[0] != '+' || !span_to_u64(digits, &number))
            setting_problem(list, problems, "a prefix is + and digits: \"+88017\"");
    }
}

static void read_route(struct setting item, const struct channel_set *set, struct arena *arena,
                       struct problems *problems, struct text_route *route)
{
    if (!setting_is_group(item)) {
        setting_problem(item, problems, "a route is a group: { prefixes = [ \"+88017\" ]; channels = [ ... ]; }");
        return;
    }
    size_t before = problems->count;
    settings_check(item, rules, problems);
    if (problems->count > before)
        return;
    route->prefixes = read_texts(setting_get(item, "prefixes"), arena, &route->prefix_count);
    route->networks = read_texts(setting_get(item, "networks"), arena, &route->network_count);
    check_prefixes(setting_get(item, "prefixes"), route, problems);
    read_channels(setting_get(item, "channels"), set, arena, problems, route);
}

void routes_load(struct setting list, const struct channel_set *set, struct arena *arena, struct problems *problems,
                 struct routes *out)
{
    struct text_route *routes = ARENA_ARRAY(arena, struct text_route, setting_count(list) + 1);
    for (size_t i = 0; i < setting_count(list); i++)
        read_route(setting_at(list, i), set, arena, problems, &routes[i]);
    *out = (struct routes){routes, setting_count(list)};
}

/* ---- choosing ---- */

static bool has_prefix(const struct text_route *route, struct span number)
{
    for (size_t i = 0; i < route->prefix_count; i++)
        if (span_starts_with(number, route->prefixes[i]))
            return true;
    return false;
}

static bool has_network(const struct text_route *route, struct span network)
{
    for (size_t i = 0; i < route->network_count; i++)
        if (span_equal_nocase(network, route->networks[i]))
            return true;
    return false;
}

static bool fits(const struct text_route *route, struct span network, struct span number)
{
    if (!route->prefix_count && !route->network_count)
        return true;
    return has_prefix(route, number) || (span_is_present(network) && has_network(route, network));
}

static const struct channel *first_usable(const struct text_route *route, const struct channel *other_than,
                                          const struct route_test *test)
{
    for (size_t i = 0; i < route->channel_count; i++) {
        const struct channel *channel = route->channels[i];
        if (channel != other_than && channel->enabled && channel->sends &&
            (!test->may_use || test->may_use(test->context, channel)))
            return channel;
    }
    return NULL;
}

const struct channel *routes_choose(const struct routes *routes, const struct channel_set *set, struct span network,
                                    struct span number)
{
    static const struct route_test any = {0};
    for (size_t i = 0; i < routes->count; i++)
        if (fits(&routes->at[i], network, number)) {
            const struct channel *channel = first_usable(&routes->at[i], NULL, &any);
            if (channel)
                return channel;
        }
    return channel_set_texting(set);
}

static bool holds(const struct text_route *route, const struct channel *channel)
{
    for (size_t i = 0; i < route->channel_count; i++)
        if (route->channels[i] == channel)
            return true;
    return false;
}

bool routes_hold(const struct routes *routes, const struct channel *channel)
{
    for (size_t i = 0; i < routes->count; i++)
        if (holds(&routes->at[i], channel))
            return true;
    return false;
}

const struct channel *routes_instead(const struct routes *routes, const struct channel *from, struct span number,
                                     const struct route_test *test)
{
    for (size_t i = 0; i < routes->count; i++) {
        const struct text_route *route = &routes->at[i];
        bool may_fit = route->network_count || fits(route, SPAN_NONE, number);
        const struct channel *channel = may_fit && holds(route, from) ? first_usable(route, from, test) : NULL;
        if (channel)
            return channel;
    }
    return NULL;
}
