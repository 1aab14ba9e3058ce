/*
 * handset: the aggregator's side of a dialect, so that a phone in the terminal can talk to a gateway: the request that
 * the aggregator would send, and the screen that its reply holds. Made of the same profile as exchange.h, and its
 * opposite: what handset_request says, exchange_read reads. Pure.
 */
#pragma once
#include "aggregator/channel.h"
#include "base/arena.h"
#include "base/error.h"
#include "http/message.h"

struct handset {
    struct span session, from, to, id; /* session: ussd; id: sms */
    struct span text;                  /* as handset_type made it */
};

/* What the text field holds once `typed` was sent: cumulative dialects carry all that was said, the others only the
 * last. */
struct span handset_type(const struct channel *channel, struct span so_far, unsigned answers, struct span typed,
                         struct arena *arena);

/* With the channel's credentials; the target has no host. The spans live in the arena. */
void handset_request(const struct channel *channel, const struct handset *handset, struct arena *arena,
                     struct http_request *out);

/* The screen in a reply's body. REFUSED: the body is not what the dialect says a screen is. */
enum outcome handset_screen(const struct channel *channel, struct span body, struct span *screen,
                            bool *ends) MUST_CHECK;
