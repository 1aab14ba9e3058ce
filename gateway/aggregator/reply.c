#include <stdio.h>

#include "aggregator/credentials.h"
#include "aggregator/exchange.h"
#include "aggregator/profile.h"

#define BODY_MAX 65536

static const struct pair *one_header(struct arena *arena, struct span name, struct span value)
{
    struct pair *pair = ARENA_NEW(arena, struct pair);
    *pair = (struct pair){name, value};
    return pair;
}

/* What the caller has to be told beside the status: how to authenticate, which methods there are. */
static void add_advice(const struct channel *channel, const struct rejection *rejection, struct arena *arena,
                       struct http_response *response)
{
    const struct credentials *credentials = channel->secrets;
    if (rejection->status == 401) {
        struct span scheme = credentials->kind == CREDENTIAL_BASIC ? SPAN("Basic realm=\"helpline\"") : SPAN("Bearer");
        response->headers = one_header(arena, SPAN("WWW-Authenticate"), scheme);
    } else if (rejection->status == 405) {
        response->headers = one_header(arena, SPAN("Allow"), rejection->allow);
    }
    response->header_count = response->headers == NULL ? 0 : 1;
}

void exchange_reject(const struct channel *channel, const struct rejection *rejection, struct arena *arena,
                     struct http_response *response)
{
    struct span field = rejection->field;
    const char *gap = span_is_present(field) ? ": " : "";
    *response = (struct http_response){
        .status = rejection->status,
        .content_type = SPAN("text/plain; charset=utf-8"),
        .body = arena_format(arena, "%.*s%s%.*s\n", SPAN_ARG(field), gap, SPAN_ARG(rejection->reason)),
    };
    add_advice(channel, rejection, arena, response);
}

static void acknowledge(const struct profile *profile, struct http_response *response)
{
    *response = (struct http_response){
        .status = profile->acknowledge.status,
        .content_type = profile->acknowledge.content_type,
        .body = profile->acknowledge.body,
    };
}

void exchange_reply(const struct channel *channel, const struct inbound *first, const struct reply *reply,
                    struct arena *arena, struct http_response *response)
{
    const struct profile *profile = channel->profile;
    bool shows = first != NULL && first->kind == INBOUND_USSD && reply != NULL && span_is_present(reply->text);
    if (!shows) {
        acknowledge(profile, response);
        return;
    }
    struct span values[VALUE_COUNT] = {
        [VALUE_TEXT] = reply->text, [VALUE_SESSION] = first->session, [VALUE_TO] = first->from.text,
        [VALUE_FROM] = first->to,   [VALUE_ID] = first->id,           [VALUE_CHANNEL] = channel->id,
    };
    struct buffer body;
    buffer_init(&body, arena, BODY_MAX);
    template_render(reply->ends ? &profile->reply.end : &profile->reply.go_on, values, &body);
    *response = (struct http_response){
        .status = buffer_failed(&body) ? 500 : profile->reply.status,
        .content_type = profile->reply.content_type,
        .body = buffer_failed(&body) ? SPAN("") : buffer_span(&body),
    };
}
