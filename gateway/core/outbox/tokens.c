#include "core/outbox/tokens.h"

#include <stdlib.h>
#include <string.h>
#include "aggregator/exchange.h"
#include "base/log.h"
#include "base/random.h"

#define MARGIN_MAX_MS 60000 /* before its end another one is asked for; a tenth of a short life */
#define LIFE_MIN_MS 10000   /* one that is over at once is tried at least: otherwise asking would never end */
#define FULL_WAIT_MS 1000   /* until the sender has room again */

struct holding {
    struct holding *next;
    int64_t job; /* negative */
    bool asked;
    unsigned failures, serial;
    int64_t ask_at, holds_until;
    char *token; /* NULL: none */
    size_t len;
    char id[];
};

struct tokens {
    struct sender *sender;
    struct holding *first;
    int64_t last_job;
};

struct tokens *tokens_create(struct sender *sender)
{
    struct tokens *tokens = calloc(1, sizeof *tokens);
    if (!tokens)
        abort();
    tokens->sender = sender;
    return tokens;
}

static void wipe(struct holding *holding)
{
    if (holding->token)
        explicit_bzero(holding->token, holding->len);
    free(holding->token);
    holding->token = NULL;
}

void tokens_free(struct tokens *tokens)
{
    while (tokens && tokens->first) {
        struct holding *holding = tokens->first;
        tokens->first = holding->next;
        wipe(holding);
        free(holding);
    }
    free(tokens);
}

static struct holding *find(const struct tokens *tokens, struct span id)
{
    struct holding *holding = tokens->first;
    while (holding && !span_equal_text(id, holding->id))
        holding = holding->next;
    return holding;
}

static struct holding *find_or_make(struct tokens *tokens, struct span id)
{
    struct holding *holding = find(tokens, id);
    if (holding)
        return holding;
    holding = calloc(1, sizeof *holding + id.len + 1);
    if (!holding)
        abort();
    memcpy(holding->id, id.at, id.len);
    holding->job = --tokens->last_job;
    holding->next = tokens->first;
    tokens->first = holding;
    return holding;
}

struct span tokens_get(const struct tokens *tokens, const struct channel *channel, int64_t now, unsigned *serial)
{
    const struct holding *holding = find(tokens, channel->id);
    *serial = holding ? holding->serial : 0;
    if (!holding || !holding->token || now >= holding->holds_until)
        return SPAN_NONE;
    return (struct span){holding->token, holding->len};
}

void tokens_ask(struct tokens *tokens, const struct channel *channel, struct arena *arena, int64_t now)
{
    struct holding *holding = find_or_make(tokens, channel->id);
    struct send_job job;
    struct error why = {0};
    if (holding->asked || now < holding->ask_at)
        return;
    enum outcome outcome = exchange_build_token(channel, arena, &job, &why);
    if (outcome == OUTCOME_OK) {
        job.id = holding->job;
        outcome = sender_submit(tokens->sender, &job);
    }
    holding->asked = outcome == OUTCOME_OK;
    if (holding->asked)
        return;
    holding->ask_at = now + (outcome == OUTCOME_FULL ? FULL_WAIT_MS : channel->breaker.rest_ms + FULL_WAIT_MS);
    log_event(LOG_LEVEL_WARNING, "outbox", "token_not_asked", "channel=%s why=\"%s\"", holding->id,
              why.text[0] ? why.text : outcome_name(outcome));
}

int64_t tokens_ready_at(const struct tokens *tokens, const struct channel *channel, int64_t now)
{
    const struct holding *holding = find(tokens, channel->id);
    if (!holding || (holding->token && now < holding->holds_until))
        return now;
    if (holding->asked)
        return 0;
    return holding->ask_at > now ? holding->ask_at : now;
}

void tokens_drop(struct tokens *tokens, const struct channel *channel, unsigned serial)
{
    struct holding *holding = find(tokens, channel->id);
    if (!holding || holding->serial != serial)
        return;
    wipe(holding);
    log_event(LOG_LEVEL_NOTICE, "outbox", "token_dropped", "channel=%s", holding->id);
}

static void keep(struct holding *holding, const struct channel_token *got, int64_t now)
{
    int64_t lives = got->lives_ms > LIFE_MIN_MS ? got->lives_ms : LIFE_MIN_MS;
    int64_t margin = lives / 10 < MARGIN_MAX_MS ? lives / 10 : MARGIN_MAX_MS;
    wipe(holding);
    holding->token = malloc(got->token.len + 1);
    if (!holding->token)
        abort();
    memcpy(holding->token, got->token.at, got->token.len);
    holding->len = got->token.len;
    holding->holds_until = now + lives - margin;
    holding->failures = 0;
    holding->ask_at = 0;
    holding->serial++;
}

static void back_off(struct holding *holding, const struct send_outcome *outcome, const char *why, int64_t now)
{
    int64_t wait = outbox_wait_ms(++holding->failures, random_below(UINT32_MAX));
    holding->ask_at = now + (outcome->retry_after_ms ? outcome->retry_after_ms : wait);
    log_event(LOG_LEVEL_WARNING, "outbox", "token_failed", "channel=%s status=%u failures=%u why=\"%s\"", holding->id,
              outcome->status, holding->failures, why);
}

bool tokens_take(struct tokens *tokens, const struct channel_set *channels, const struct send_outcome *outcome,
                 struct arena *arena, int64_t now, struct flow_table *flows)
{
    struct holding *holding = tokens->first;
    while (holding && holding->job != outcome->id)
        holding = holding->next;
    if (!holding)
        return false;
    holding->asked = false;
    const struct channel *channel = channel_set_find(channels, span_of(holding->id));
    struct channel_token got = {0};
    struct error why = {0};
    if (!channel)
        return false; /* it is not configured any more */
    bool answered = outcome->fate == SEND_ANSWERED;
    bool well = answered && exchange_read_token(channel, outcome, arena, &got, &why) == OUTCOME_OK;
    if (well) {
        keep(holding, &got, now);
    } else {
        struct flow *flow = flow_of(flows, channel->id);
        const char *said = answered ? why.text : outcome->why;
        back_off(holding, outcome, said, now);
        flow_remember(flow, outcome->status, said, now);
        flow_learn(flow, channel, FLOW_FAILED, now);
    }
    return well;
}
