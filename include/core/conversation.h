/*
 * conversation: one inbound message against what is known: whose session it is, whether it was answered before, what the engine
 * makes of it, and which changes follow. The step of the tick. Reads the store where the batch's one load could not foresee what
 * would be needed (an earlier session's answers, a turn to repeat); writes nothing.
 *
 * Promise: a repeated callback gets the reply it had and moves nothing; different messages never merge.
 *   - with the aggregator's message id: (channel, sender, id);
 *   - cumulative input: (session, text) for any earlier step, and the empty text only until an answer was given;
 *   - otherwise: identical input within the channel's repeat_ms of the stored reply.
 *
 * A session is its caller's: an aggregator's id that comes with another number is another session. A cumulative text that does
 * not continue what was seen (it was overtaken) gets the page where its person stands and moves nothing.
 *
 * Parts of a long text are kept until the last one comes, or until their time is over; then what is there goes on as one
 * message. A part is answered with an acknowledgement once it is kept; the one that completes the text with the whole's reply.
 */
#pragma once
#include "base/random.h"
#include "core/catalogue.h"
#include "core/change_list.h"
#include "core/identity.h"
#include "core/working_set.h"
#include "model/reply.h"

/* What a tick lends to its steps. */
struct conversation {
    struct store *store;
    const struct keyring *keyring;
    const struct catalogue *catalogue;
    struct id_source *ids;
    struct arena *arena;
    struct working_set *set;
    struct change_list *changes;
    struct metrics *metrics;
    int64_t now;
};

/* One inbound message on its way through the tick. */
struct message {
    const struct inbound *inbound;
    const struct channel *channel;
    unsigned index;           /* in the tick: what its changes carry */
    bool is_alone;            /* nothing else came in its request, so an answer may stand in the reply to it */
    bool is_overdue;          /* no request: a part of a long text whose other parts were waited for long enough */
    const struct part *parts; /* what it was made of, when it came in parts; or NULL */
    struct identity identity;
    struct store_found found;
    struct reply reply; /* what the HTTP reply holds; absent text: acknowledge only */
    struct span lang;   /* of the session, for the safety page; or absent */
};

/*
 * OK: message->reply is set and the changes are in the list. BROKEN: the store could not be read. The engine's own failures end
 * in the service's safety page, not here.
 */
enum outcome conversation_step(struct conversation *conversation, struct message *message,
                               struct error *err) MUST_CHECK;
