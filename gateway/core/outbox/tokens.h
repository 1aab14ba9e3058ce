/*
 * tokens: what channels with needs_token send along (OAuth 2.0 client credentials), asked for through the same sender, kept in
 * memory until shortly before its end; private to the outbox. Never logged, never on disk. The ids of its jobs are negative:
 * no row has such a one.
 */
#pragma once
#include "base/arena.h"
#include "core/outbox/flow.h"
#include "http/sender.h"

struct tokens;

struct tokens *tokens_create(struct sender *sender);
void tokens_free(struct tokens *tokens); /* wipes them */

/* The token of this channel, valid until the next call of the others; absent when there is none now. *serial tells one from
 * the one before it. */
struct span tokens_get(const struct tokens *tokens, const struct channel *channel, int64_t now, unsigned *serial);
/* Asks for one, unless that is under way or rests after a failure. */
void tokens_ask(struct tokens *tokens, const struct channel *channel, struct arena *arena, int64_t now);
/* When it is worth asking; 0: it has been asked for, and its answer will tell. */
int64_t tokens_ready_at(const struct tokens *tokens, const struct channel *channel, int64_t now);
/* It was refused. Another one that came meanwhile is kept. */
void tokens_drop(struct tokens *tokens, const struct channel *channel, unsigned serial);

static inline bool tokens_owns(int64_t job)
{
    return job < 0;
}
/* What came of asking. True: there is one. */
bool tokens_take(struct tokens *tokens, const struct channel_set *channels, const struct send_outcome *outcome,
                 struct arena *arena, int64_t now, struct flow_table *flows);
