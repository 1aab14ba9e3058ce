#include <stdio.h>

#include "aggregator/access/credentials.h"
#include "aggregator/exchange.h"
#include "aggregator/profile.h"
#include "aggregator/writing/same_object.h"
#include "text/gsm7.h"

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

static struct span render(const struct template *t, const struct span values[VALUE_COUNT],
                          const struct translations *translations, struct arena *arena, bool *failed)
{
    struct buffer out;
    buffer_init(&out, arena, BODY_MAX);
    template_render_screen(t, values, translations, &out);
    *failed = *failed || buffer_failed(&out);
    return buffer_failed(&out) ? SPAN("") : buffer_span(&out);
}

static const struct translations as_it_is = {NULL, 0};

/* The dialect's own words for "this cannot be attributed". */
static void refuse(const struct channel *channel, const struct rejection *rejection, struct arena *arena,
                   struct http_response *response)
{
    const struct replying *reply = &channel->profile->reply;
    struct span values[VALUE_COUNT] = {
        [VALUE_REASON] = rejection->reason, [VALUE_FIELD] = rejection->field, [VALUE_CHANNEL] = channel->id};
    bool failed = false;
    *response = (struct http_response){
        .status = reply->refusal.status,
        .content_type = reply->refusal.content_type,
        .body = render(&reply->refusal.body, values, &as_it_is, arena, &failed),
    };
}

void exchange_reject(const struct channel *channel, const struct rejection *rejection, struct arena *arena,
                     struct http_response *response)
{
    if (rejection->status == 400 && channel->profile->reply.refusal.present) {
        refuse(channel, rejection, arena, response);
        return;
    }
    struct span field = rejection->field;
    const char *gap = span_is_present(field) ? ": " : "";
    *response = (struct http_response){
        .status = rejection->status,
        .content_type = SPAN("text/plain; charset=utf-8"),
        .body = arena_format(arena, "%.*s%s%.*s\n", SPAN_ARG(field), gap, SPAN_ARG(rejection->reason)),
    };
    add_advice(channel, rejection, arena, response);
}

/* `first` and `reply` may be NULL. The text is there only for what is meant to show it. */
static void fill_values(const struct channel *channel, const struct inbound *first, const struct reply *reply,
                        bool shows, struct span values[VALUE_COUNT])
{
    size_t septets;
    values[VALUE_CHANNEL] = channel->id;
    values[VALUE_PUBLIC_URL] = channel->public_url;
    if (shows) {
        values[VALUE_TEXT] = reply->text;
        values[VALUE_UNICODE] = gsm7_measure(reply->text, &septets) ? SPAN_NONE : SPAN("1");
        values[VALUE_ENDS] = reply->ends ? SPAN("1") : SPAN_NONE;
    }
    if (first == NULL)
        return;
    values[VALUE_SESSION] = first->session;
    values[VALUE_TO] = first->from.text;
    values[VALUE_TO_NO_PLUS] = span_from(first->from.text, span_starts_with(first->from.text, SPAN("+")) ? 1 : 0);
    values[VALUE_FROM] = first->to;
    values[VALUE_ID] = first->id;
    values[VALUE_LINK] = first->link;
    for (size_t i = 0; first->echoes != NULL && i < channel->profile->echoes.count; i++)
        values[VALUE_ECHO + i] = first->echoes[i];
}

static void add_headers(const struct headers_template *headers, const struct span values[VALUE_COUNT],
                        struct arena *arena, struct http_response *response)
{
    struct pair *pairs;
    (void)headers_template_render(headers, values, arena, &pairs); /* what would break a line is left out */
    response->headers = pairs;
    response->header_count = headers->count;
}

static void acknowledge(const struct channel *channel, const struct span values[VALUE_COUNT], struct arena *arena,
                        struct http_response *response)
{
    const struct acknowledging *words = &channel->profile->acknowledge;
    bool failed = false;
    *response = (struct http_response){
        .status = words->status,
        .content_type = words->content_type,
        .body = render(&words->body, values, &as_it_is, arena, &failed),
    };
    add_headers(&words->headers, values, arena, response);
}

static void answer(const struct channel *channel, const struct span values[VALUE_COUNT], struct arena *arena,
                   struct http_response *response)
{
    const struct acknowledging *words = &channel->profile->acknowledge;
    bool failed = false;
    *response = (struct http_response){
        .status = words->status,
        .content_type = words->answer_content_type,
        .body = render(&words->answer, values, &as_it_is, arena, &failed),
    };
    if (failed)
        response->status = 500; /* asked for again, where an empty answer would be taken for one */
    add_headers(&words->headers, values, arena, response);
}

static void show(const struct channel *channel, const struct inbound *first, bool ends,
                 const struct span values[VALUE_COUNT], struct arena *arena, struct http_response *response)
{
    const struct replying *reply = &channel->profile->reply;
    bool failed = false;
    struct span body;
    if (reply->same_object)
        body = same_object_say(first->object, ends ? &reply->set_end : &reply->set_go_on, values, &reply->translations,
                               arena, &failed);
    else
        body = render(ends ? &reply->end : &reply->go_on, values, &reply->translations, arena, &failed);
    *response = (struct http_response){
        .status = failed ? 500 : reply->status,
        .content_type = reply->content_type,
        .body = failed ? SPAN("") : body,
    };
    add_headers(ends ? &reply->end_headers : &reply->go_on_headers, values, arena, response);
}

/* Is the session still open? */
static void tell(const struct channel *channel, const struct template *t, const struct span values[VALUE_COUNT],
                 struct arena *arena, struct http_response *response)
{
    const struct replying *reply = &channel->profile->reply;
    bool failed = false;
    *response = (struct http_response){
        .status = reply->status,
        .content_type = reply->content_type,
        .body = render(t, values, &as_it_is, arena, &failed),
    };
}

void exchange_reply(const struct channel *channel, const struct inbound *first, const struct reply *reply,
                    struct arena *arena, struct http_response *response)
{
    const struct profile *profile = channel->profile;
    bool asks = first != NULL && first->kind == INBOUND_USSD && first->event == INBOUND_ASK && reply != NULL;
    bool said = first != NULL && reply != NULL && span_is_present(reply->text) && !asks;
    bool over = first != NULL && first->event == INBOUND_CLOSE; /* nobody looks at a screen any more */
    bool shows = said && first->kind == INBOUND_USSD && !over && !profile->push.open;
    bool answers = said && first->kind == INBOUND_SMS && channel->answers_in_reply && profile->acknowledge.answers;
    struct span values[VALUE_COUNT] = {0};
    fill_values(channel, first, reply, shows || answers, values);
    const struct template *state = asks && reply->is_open ? &profile->reply.open : &profile->reply.closed;
    if (asks && state->count > 0)
        tell(channel, state, values, arena, response);
    else if (shows)
        show(channel, first, reply->ends, values, arena, response);
    else if (answers)
        answer(channel, values, arena, response);
    else
        acknowledge(channel, values, arena, response);
}
