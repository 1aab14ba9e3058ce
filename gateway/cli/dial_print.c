#include "cli/dial_print.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/random.h"
#include "base/settings.h"
#include "cli/report.h"
#include "model/outbox.h"

/* What --event says, and where it is said. */
static const struct {
    const char *word;
    enum exchange_door door;
    enum inbound_event event;
    enum end_cause cause;
    enum delivery delivery;
} events[] = {
    {"new", DOOR_IN, INBOUND_NEW, END_NONE, DELIVERY_NONE},
    {"answer", DOOR_IN, INBOUND_RESUME, END_NONE, DELIVERY_NONE},
    {"ask", DOOR_IN, INBOUND_ASK, END_NONE, DELIVERY_NONE},
    {"close", DOOR_IN, INBOUND_CLOSE, END_NONE, DELIVERY_NONE},
    {"abort", DOOR_IN, INBOUND_CLOSE, END_ABORTED, DELIVERY_NONE},
    {"timeout", DOOR_IN, INBOUND_CLOSE, END_TIMEOUT, DELIVERY_NONE},
    {"fail", DOOR_IN, INBOUND_CLOSE, END_FAILED, DELIVERY_NONE},
    {"notify", DOOR_NOTIFY, INBOUND_CLOSE, END_NONE, DELIVERY_NONE},
    {"sent", DOOR_REPORT, INBOUND_NEW, END_NONE, DELIVERY_SENT},
    {"delivered", DOOR_REPORT, INBOUND_NEW, END_NONE, DELIVERY_DELIVERED},
    {"failed", DOOR_REPORT, INBOUND_NEW, END_NONE, DELIVERY_FAILED},
};
#define EVENT_COUNT (sizeof events / sizeof events[0])
#define SEND "send" /* no event of the aggregator's: what the gateway would send to it */

static int find_event(const char *word)
{
    for (size_t i = 0; i < EVENT_COUNT; i++)
        if (span_equal_text(span_of(word), events[i].word))
            return (int)i;
    const char *words[EVENT_COUNT + 2] = {NULL};
    for (size_t i = 0; i < EVENT_COUNT; i++)
        words[i] = events[i].word;
    words[EVENT_COUNT] = SEND;
    const char *nearest = settings_nearest(span_of(word), words);
    fprintf(stderr, "helpline dial: there is no event \"%s\"%s%s; `helpline dial --help` lists them\n", word,
            nearest != NULL ? "; nearest is " : "", nearest != NULL ? nearest : "");
    return -1;
}

/* What was typed until now, as the dialect's text field says it. */
static struct span type_all(const struct verb_arguments *arguments, const struct channel *channel,
                            const struct handset *handset, struct arena *arena)
{
    const char *const *typed;
    size_t count = verb_values(arguments, "text", &typed);
    if (channel->kind == CHANNEL_SMS)
        return count > 0 ? span_of(typed[count - 1]) : SPAN("");
    struct span text = handset_dial(channel, handset->to, arena);
    for (size_t i = 0; i < count; i++)
        text = handset_type(channel, text, (unsigned)i, span_of(typed[i]), arena);
    return text;
}

static struct span value_or_new(const struct verb_arguments *arguments, const char *option, struct arena *arena)
{
    char hex[21];
    const char *value = verb_value(arguments, option);
    if (value != NULL)
        return span_of(value);
    random_hex(hex, 20);
    return arena_format(arena, "dial-%s", hex);
}

static void print_request(const struct http_request *request, struct span host)
{
    printf("%.*s %.*s HTTP/1.1\r\nHost: %.*s\r\n", SPAN_ARG(request->method), SPAN_ARG(request->target),
           SPAN_ARG(host));
    for (size_t i = 0; i < request->header_count; i++)
        printf("%.*s: %.*s\r\n", SPAN_ARG(request->headers[i].name), SPAN_ARG(request->headers[i].value));
    if (!span_equal_text(request->method, "GET"))
        printf("Content-Length: %zu\r\n", request->body.len);
    fputs("\r\n", stdout);
    fwrite(request->body.at, 1, request->body.len, stdout);
}

/* "https://host/path?query" has its host before the first single slash. */
static void split_url(struct span url, struct span *host, struct span *target)
{
    while (span_is_present(url) && url.len > 0 && url.at[0] != '/')
        url = span_from(url, 1);
    *host = span_from(url, 2);
    *target = *host;
    while (target->len > 0 && target->at[0] != '/')
        *target = span_from(*target, 1);
    *host = span_first(*host, host->len - target->len);
}

static int print_send(const struct verb_arguments *arguments, const struct channel *channel,
                      const struct handset *handset, struct arena *arena)
{
    const char *text = verb_value(arguments, "text");
    struct outbox_row row = {.id = 1,
                             .kind = channel->pushes ? OUTBOX_PUSH : OUTBOX_TEXT,
                             .channel = channel->id,
                             .to = handset->from,
                             .from = handset->to,
                             .text = span_of(text != NULL ? text : "Hello"),
                             .link = handset->session};
    struct send_job job;
    struct error err;
    if (exchange_build_send(channel, &row, SPAN("TOKEN"), arena, &job, &err) != OUTCOME_OK)
        return report_error(EXIT_FINDING, &err);
    struct http_request request = {
        .method = job.method, .body = job.body, .headers = job.headers, .header_count = job.header_count};
    struct span host;
    split_url(job.url, &host, &request.target);
    print_request(&request, host);
    return EXIT_DONE;
}

static bool read_shape(const struct verb_arguments *arguments, struct handset *handset)
{
    const char *shape = verb_value(arguments, "shape");
    uint64_t number = 0;
    bool holds = shape == NULL || (span_to_u64(span_of(shape), &number) && number <= 64);
    handset->shape = (size_t)number;
    if (!holds)
        fprintf(stderr, "helpline dial: --shape takes a number: 0, or from 1 that of a variant\n");
    return holds;
}

int dial_print(const struct verb_arguments *arguments, const struct channel *channel, const struct handset *handset,
               struct arena *arena)
{
    struct handset said = *handset;
    const char *word = verb_value(arguments, "event");
    said.session = value_or_new(arguments, "session", arena);
    if (word != NULL && span_equal_text(span_of(word), SEND))
        return print_send(arguments, channel, &said, arena);
    int found = find_event(word != NULL ? word : verb_has(arguments, "text") ? "answer" : "new");
    if (found < 0 || !read_shape(arguments, &said))
        return EXIT_USAGE;
    said.event = events[found].event;
    said.cause = events[found].cause;
    said.delivery = events[found].delivery;
    said.id = value_or_new(arguments, "id", arena);
    said.text = type_all(arguments, channel, &said, arena);
    said.method = span_of(verb_value(arguments, "method"));
    struct http_request request;
    struct error err;
    if (said.shape > 0 && said.shape >= handset_shapes(channel, events[found].door)) {
        fprintf(stderr, "helpline dial: the channel's requests have no variant %zu\n", said.shape);
        return EXIT_FINDING;
    }
    if (handset_request(channel, events[found].door, &said, clock_utc_ms(), arena, &request, &err) != OUTCOME_OK)
        return report_error(EXIT_FINDING, &err);
    print_request(&request, SPAN("localhost"));
    return EXIT_DONE;
}
