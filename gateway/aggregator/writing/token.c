#include "aggregator/exchange.h"
#include "aggregator/language/jsonpath.h"
#include "aggregator/profile.h"

#define TOKEN_BYTES_MAX 8000 /* with its header it fits into what servers take */
#define LIVES_MAX_S (30 * 24 * 3600)

enum outcome exchange_build_token(const struct channel *channel, struct arena *arena, struct send_job *job,
                                  struct error *err)
{
    const struct token_asking *token = &channel->profile->token;
    if (!token->open)
        return error_set(err, OUTCOME_REFUSED, "channel %.*s has no tokens", SPAN_ARG(channel->id));
    struct span values[VALUE_COUNT] = {[VALUE_CHANNEL] = channel->id, [VALUE_PUBLIC_URL] = channel->public_url};
    *job = (struct send_job){0};
    if (!asking_render(&token->asking, values, arena, job))
        return error_set(err, OUTCOME_REFUSED, "the request for a token of channel %.*s cannot be said",
                         SPAN_ARG(channel->id));
    return OUTCOME_OK;
}

/* "3600", 3600, 3600.0. */
static int64_t lives_ms(const struct token_asking *asking, struct span said)
{
    uint64_t seconds;
    if (!span_is_present(said) || !span_to_u64(span_cut(&said, '.'), &seconds))
        return asking->lives_ms;
    return 1000 * (int64_t)(seconds > LIVES_MAX_S ? LIVES_MAX_S : seconds);
}

static bool is_token(struct span token)
{
    return token.len > 0 && token.len <= TOKEN_BYTES_MAX && !headers_template_breaks_line(token);
}

enum outcome exchange_read_token(const struct channel *channel, const struct send_outcome *outcome, struct arena *arena,
                                 struct channel_token *token, struct error *err)
{
    const struct token_asking *asking = &channel->profile->token;
    if (outcome->fate != SEND_ANSWERED)
        return error_set(err, OUTCOME_REFUSED, "the request for a token was not answered");
    if (outcome->status < 200 || outcome->status > 299)
        return error_set(err, OUTCOME_REFUSED, "the request for a token was answered with status %u", outcome->status);
    json_t *answer = json_read(outcome->body);
    struct span found = json_at_path(answer, asking->path, arena);
    token->token = found;
    token->lives_ms = lives_ms(asking, json_at_path(answer, asking->expires, arena));
    json_decref(answer);
    if (!is_token(found))
        return error_set(err, OUTCOME_REFUSED, "the answer to the request for a token holds none at %.*s",
                         SPAN_ARG(asking->path));
    return OUTCOME_OK;
}
