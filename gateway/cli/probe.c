/* helpline probe: what a channel makes of a raw HTTP request. Touches no database and no network. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aggregator/cumulative.h"
#include "aggregator/exchange.h"
#include "base/clock.h"
#include "cli/verb.h"
#include "core/config.h"
#include "cli/report.h"

#define REQUEST_MAX (1024 * 1024)

static const char *const kind_names[] = {[INBOUND_USSD] = "ussd",
                                         [INBOUND_SMS] = "sms",
                                         [INBOUND_REPORT] = "report",
                                         [INBOUND_NOTIFY] = "notify",
                                         [INBOUND_UNREADABLE] = "unreadable"};
static const char *const event_names[] = {
    [INBOUND_NEW] = "new", [INBOUND_RESUME] = "resume", [INBOUND_CLOSE] = "close", [INBOUND_ASK] = "ask"};

struct probe {
    const struct verb_arguments *arguments;
    const struct channel *channel;
    enum exchange_door door;
    int64_t now; /* what signatures are compared with, UTC ms */
    struct arena *arena;
    struct http_request request;
};

static void put(json_t *object, const char *key, struct span value)
{
    if (span_is_present(value))
        json_object_set_new(object, key, json_stringn(value.at, value.len));
}

static void put_hex(json_t *object, const char *key, struct span bytes, struct arena *arena)
{
    struct buffer hex;
    buffer_init(&hex, arena, 2 * bytes.len + 1);
    for (size_t i = 0; i < bytes.len; i++)
        buffer_add_format(&hex, "%02x", (unsigned char)bytes.at[i]);
    put(object, key, buffer_span(&hex));
}

/* Cumulative text of a session that was not seen: every part of it, as it will be replayed. */
static void put_parts(json_t *object, const struct inbound *message, struct arena *arena)
{
    struct span *parts;
    size_t count;
    cumulative_parts(message->input, message->separator, message->strip_parts, arena, &parts, &count);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_stringn(parts[i].at, parts[i].len));
    json_object_set_new(object, "parts", list);
}

static void put_input(json_t *object, const struct inbound *message, const char *previous, struct arena *arena)
{
    struct span answer;
    put(object, "route", message->route);
    if (message->form != INPUT_CUMULATIVE || message->event == INBOUND_NEW) {
        put(object, "input", message->input);
        return;
    }
    enum cumulative_kind kind = previous == NULL
                                    ? CUMULATIVE_FOREIGN
                                    : cumulative_split(span_of(previous), message->input, message->separator, &answer);
    put(object, "input", kind == CUMULATIVE_ANSWER ? answer : kind == CUMULATIVE_SAME ? SPAN("") : message->input);
    if (kind == CUMULATIVE_SAME)
        json_object_set_new(object, "same", json_true());
    if (kind == CUMULATIVE_FOREIGN)
        put_parts(object, message, arena);
}

static void put_report(json_t *object, const struct inbound *message)
{
    put(object, message->refers_to_ours ? "refers_to_ours" : "refers_to", message->refers_to);
    json_object_set_new(object, "delivery", json_string(delivery_words[message->delivery]));
}

static void put_part(json_t *object, const struct inbound *message)
{
    json_t *part = json_object();
    put(part, "reference", message->part.reference);
    json_object_set_new(part, "number", json_integer(message->part.number));
    json_object_set_new(part, "total", json_integer(message->part.total));
    json_object_set_new(object, "part", part);
}

/* What no channel could read, as it came: as text where it is text. */
static json_t *describe_unreadable(const struct inbound *message, struct arena *arena)
{
    json_t *object = json_pack("{s:s}", "kind", kind_names[message->kind]);
    json_t *raw = span_is_present(message->raw) ? json_stringn(message->raw.at, message->raw.len) : NULL;
    put(object, "reason", message->reason);
    if (raw != NULL)
        json_object_set_new(object, "raw", raw);
    else
        put_hex(object, "undecodable", message->raw, arena);
    return object;
}

static json_t *describe(const struct channel *channel, const struct inbound *message, const char *previous,
                        struct arena *arena)
{
    if (message->kind == INBOUND_UNREADABLE)
        return describe_unreadable(message, arena);
    json_t *object = json_object();
    bool has_event = message->kind == INBOUND_USSD || message->kind == INBOUND_NOTIFY;
    json_object_set_new(object, "kind", json_string(kind_names[message->kind]));
    if (has_event)
        json_object_set_new(object, "event", json_string(event_names[message->event]));
    put(object, "session", message->session);
    if (message->from.text.len > 0)
        put(object, "from", message->from.text);
    if (channel->pushes)
        put(object, "address", message->address);
    put(object, "to", message->to);
    if (message->kind == INBOUND_USSD || message->kind == INBOUND_SMS)
        put_input(object, message, previous, arena);
    if (message->undecodable)
        put_hex(object, "undecodable", message->raw, arena);
    if (message->part.total > 0)
        put_part(object, message);
    put(object, "id", message->id);
    if (message->at != 0)
        json_object_set_new(object, "at", json_integer(message->at));
    put(object, "network", message->network);
    put(object, "link", message->link);
    if (message->kind == INBOUND_REPORT)
        put_report(object, message);
    if (message->event == INBOUND_CLOSE)
        json_object_set_new(object, "cause", json_string(end_cause_words[message->cause]));
    put(object, "reason", message->reason);
    return object;
}

static void print_object(json_t *object)
{
    json_dumpf(object, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(object);
}

static void print_rejection(const struct rejection *rejection)
{
    json_t *object = json_object();
    put(object, "error", rejection->reason);
    put(object, "field", rejection->field);
    json_object_set_new(object, "status", json_integer(rejection->status));
    print_object(object);
}

static int print_response(const struct probe *probe, const struct http_response *response)
{
    struct span text = http_format_response(response, probe->arena);
    fwrite(text.at, 1, text.len, stdout);
    return ferror(stdout) ? EXIT_MACHINE : EXIT_DONE;
}

static int refuse(const struct probe *probe, const struct rejection *rejection)
{
    struct http_response response;
    if (!verb_has(probe->arguments, "reply")) {
        print_rejection(rejection);
        return EXIT_FINDING;
    }
    exchange_reject(probe->channel, rejection, probe->arena, &response);
    print_response(probe, &response);
    return EXIT_FINDING;
}

static int print_reply(const struct probe *probe, const struct inbound *first)
{
    struct reply reply = {.text = span_of(verb_value(probe->arguments, "reply")),
                          .ends = verb_has(probe->arguments, "end")};
    struct http_response response;
    exchange_reply(probe->channel, first, &reply, probe->arena, &response);
    return print_response(probe, &response);
}

static int read_and_print(const struct probe *probe)
{
    struct exchange_received received;
    if (exchange_read(probe->channel, probe->door, &probe->request, probe->now, probe->arena, &received) != OUTCOME_OK)
        return refuse(probe, &received.rejection);
    if (verb_has(probe->arguments, "reply"))
        return print_reply(probe, received.count > 0 ? &received.list[0] : NULL);
    for (size_t i = 0; i < received.count; i++)
        print_object(
            describe(probe->channel, &received.list[i], verb_value(probe->arguments, "previous"), probe->arena));
    return EXIT_DONE;
}

static struct span read_standard_input(struct arena *arena)
{
    char *text = arena_alloc(arena, REQUEST_MAX + 1);
    size_t len = fread(text, 1, REQUEST_MAX + 1, stdin);
    return (struct span){text, len};
}

/* Why the path is none of this channel's. */
static struct span explain_path(const struct probe *probe, const struct channel_set *set)
{
    struct span reason;
    if (exchange_explain_path(set, probe->request.path, probe->arena, &reason) == probe->channel)
        return reason;
    return arena_format(probe->arena, "The path is none of this channel's: it is at /in/%.*s.",
                        SPAN_ARG(probe->channel->id));
}

static int probe_channel(struct probe *probe, const struct channel_set *set)
{
    struct error err;
    const char *id = verb_value(probe->arguments, "channel");
    probe->channel = channel_set_find(set, span_of(id));
    if (probe->channel == NULL)
        return report_no_channel(set, id);
    struct span raw = read_standard_input(probe->arena);
    if (raw.len > REQUEST_MAX) {
        fprintf(stderr, "helpline probe: the request is longer than %d bytes\n", REQUEST_MAX);
        return EXIT_FINDING;
    }
    struct rejection rejection = {.status = 400};
    if (http_parse_request(raw, probe->arena, &probe->request, &err) != OUTCOME_OK) {
        rejection.reason = span_of(err.text);
        return refuse(probe, &rejection);
    }
    const struct channel *channel = NULL;
    if (exchange_route(set, probe->request.path, &probe->door, &channel) != OUTCOME_OK || channel != probe->channel) {
        rejection = (struct rejection){.status = 404, .reason = explain_path(probe, set)};
        return refuse(probe, &rejection);
    }
    return read_and_print(probe);
}

/* Signatures grow old: a sample holds for ever only where the time is said with it. */
static bool read_time(const char *at, int64_t *now)
{
    uint64_t ms = 0;
    *now = clock_utc_ms();
    if (at == NULL)
        return true;
    if (!span_to_u64(span_of(at), &ms) || ms > INT64_MAX)
        return false;
    *now = (int64_t)ms;
    return true;
}

static int run(const struct verb_arguments *arguments)
{
    struct config *config = NULL;
    int64_t now;
    if (!read_time(verb_value(arguments, "at"), &now)) {
        fprintf(stderr, "helpline probe: --at takes UTC milliseconds, 1763683200000\n");
        return EXIT_USAGE;
    }
    int code = verb_load_channel(arguments, verb_value(arguments, "channel"), &config);
    if (code != EXIT_DONE)
        return code;
    struct probe probe = {.arguments = arguments, .now = now, .arena = arena_create(262144)};
    code = probe_channel(&probe, config->channels);
    arena_destroy(probe.arena);
    config_free(config);
    return code;
}

static const struct verb_option options[] = {
    {"channel", "ID", "the channel that is to read it", true, false},
    {"previous", "TEXT", "cumulative input: the text that was seen before; without it the session counts as unseen",
     false, false},
    {"reply", "TEXT", "print the exact HTTP response that says TEXT instead", false, false},
    {"at", "TIME", "the time of the request in UTC milliseconds, for signatures that grow old; now when left out",
     false, false},
    {"end", NULL, "with --reply: the screen closes the session", false, false},
    {0},
};

const struct verb verb_probe = {
    .name = "probe",
    .summary = "print what a channel makes of a raw HTTP request",
    .details =
        "Reads a raw HTTP request from standard input, with the path that the aggregator calls (/in/ID/SECRET,\n"
        "/dlr/ID/SECRET, /notify/ID/SECRET), and prints one JSON object a line for each message in it:\n"
        "kind (ussd, sms, report, notify, unreadable), event (new, resume, close, ask), session, from, to, input, id,\n"
        "at (UTC ms), address (what a pushed answer is sent to), route (what was dialled behind the code), part (of a\n"
        "long text) and what else is known; or error, field and status when the request is refused (exit code 1).\n"
        "Cumulative input of an unseen session is printed whole, with its parts as they would be replayed. Bytes that\n"
        "no character set explains come in hexadecimal as `undecodable`. Touches no database and no network.\n"
        "\n"
        "    helpline probe --channel at-ussd --previous 1 < request.http\n"
        "    helpline probe --channel at-ussd --reply 'Thank you.' --end < request.http",
    .options = options,
    .run = run,
};
