/*
 * routes: which channel takes a text that has none of its own, and which one instead when that cannot: `routes` of the main
 * configuration. Checked against the channels when it is loaded; never changes afterwards.
 */
#pragma once
#include "aggregator/channel.h"

struct text_route {
    const struct span *prefixes; /* "+88017"; a number that begins so fits. None: every number does */
    size_t prefix_count;
    const struct span *networks; /* as the aggregators name them; a message from one of them fits */
    size_t network_count;
    const struct channel **channels; /* in the order in which they are tried */
    size_t channel_count;
};

struct routes {
    const struct text_route *at;
    size_t count;
};

/* `list` absent: no routes. Findings go to `problems` with file:line. */
void routes_load(struct setting list, const struct channel_set *set, struct arena *arena, struct problems *problems,
                 struct routes *out);
const struct setting_rule *routes_rules(void);

/* What may be used of a route: enabled channels that send are asked after, and no others. */
struct route_test {
    const void *context;
    bool (*may_use)(const void *context, const struct channel *channel); /* NULL: all may */
};

/* The first channel of the first route that fits by network (absent: not known) or prefix; where none does, the first that
 * sends texts at all. NULL: nobody sends. */
const struct channel *routes_choose(const struct routes *routes, const struct channel_set *set, struct span network,
                                    struct span number);
/* The first other channel that may be used, of the first route that has `from` in it and fits the number as far as that is
 * known: its network may have been why it was chosen. NULL: there is none. */
const struct channel *routes_instead(const struct routes *routes, const struct channel *from, struct span number,
                                     const struct route_test *test);
bool routes_hold(const struct routes *routes, const struct channel *channel);
