/* helpline dial: a phone in the terminal that talks to a running gateway, in the dialect of the channel. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aggregator/handset.h"
#include "base/random.h"
#include "base/buffer.h"
#include "cli/verb.h"
#include "core/config.h"
#include "cli/report.h"
#include "cli/frame.h"

#define ANSWER_MAX 65536
#define SAMPLE_NUMBER "+8801712345678"
#define SAMPLE_CODE "*384*123#"

struct call {
    CURL *curl;
    const struct channel *channel;
    const char *address; /* host:port, or unix:PATH */
    struct handset handset;
    unsigned answers;
    struct arena *arena;
};

static size_t keep_answer(const char *bytes, size_t size, size_t count, void *context)
{
    buffer_add(context, (struct span){bytes, size * count});
    return buffer_failed(context) ? 0 : size * count;
}

static const char *url_of(const struct call *call, struct span target)
{
    bool local = strncmp(call->address, "unix:", 5) == 0;
    const char *host = local ? "localhost" : call->address;
    const char *no_host = host[0] == ':' ? "127.0.0.1" : "";
    return arena_text(call->arena, arena_format(call->arena, "http://%s%s%.*s", no_host, host, SPAN_ARG(target)));
}

static struct curl_slist *list_headers(const struct http_request *request, struct arena *arena)
{
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    for (size_t i = 0; list != NULL && i < request->header_count; i++)
        list = curl_slist_append(list,
                                 arena_text(arena, arena_format(arena, "%.*s: %.*s", SPAN_ARG(request->headers[i].name),
                                                                SPAN_ARG(request->headers[i].value))));
    return list;
}

static void prepare(const struct call *call, const struct http_request *request, struct buffer *answer)
{
    CURL *curl = call->curl;
    curl_easy_setopt(curl, CURLOPT_URL, url_of(call, request->target));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, 3000L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 15000L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    if (strncmp(call->address, "unix:", 5) == 0)
        curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, call->address + 5);
    if (span_equal_text(request->method, "GET"))
        return;
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, arena_text(call->arena, request->method));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)request->body.len);
    curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, request->body.at);
}

/* 0, or the exit code with a line on standard error. */
static int send_request(struct call *call, struct span *body)
{
    struct http_request request;
    struct buffer answer;
    buffer_init(&answer, call->arena, ANSWER_MAX);
    handset_request(call->channel, &call->handset, call->arena, &request);
    curl_easy_reset(call->curl);
    prepare(call, &request, &answer);
    struct curl_slist *headers = list_headers(&request, call->arena);
    curl_easy_setopt(call->curl, CURLOPT_HTTPHEADER, headers);
    CURLcode result = curl_easy_perform(call->curl);
    curl_slist_free_all(headers);
    if (result != CURLE_OK) {
        fprintf(stderr, "helpline dial: no gateway answers at %s: %s\n", call->address, curl_easy_strerror(result));
        return EXIT_NO_GATEWAY;
    }
    long status = 0;
    curl_easy_getinfo(call->curl, CURLINFO_RESPONSE_CODE, &status);
    *body = buffer_span(&answer);
    if (status >= 200 && status <= 299)
        return EXIT_DONE;
    fprintf(stderr, "helpline dial: the gateway answered %ld: %.*s\n", status, SPAN_ARG(span_trim(*body)));
    return EXIT_FINDING;
}

/* Reads what the person types; absent when they hang up. */
static struct span read_keys(struct arena *arena, const char *prompt)
{
    char *line = NULL;
    size_t room = 0;
    fputs(prompt, stdout);
    fflush(stdout);
    ssize_t len = getline(&line, &room, stdin);
    struct span keys = SPAN_NONE;
    if (len >= 0)
        keys = arena_copy(arena, (struct span){line, strcspn(line, "\r\n")});
    free(line);
    if (span_is_present(keys) && !isatty(STDIN_FILENO))
        printf("%.*s\n", SPAN_ARG(keys)); /* a terminal shows what is typed; a pipe does not */
    return keys;
}

/* One screen; *ends when the call is over. */
static int show_screen(struct call *call, bool *ends)
{
    struct span body, screen;
    int code = send_request(call, &body);
    if (code != EXIT_DONE)
        return code;
    if (handset_screen(call->channel, body, &screen, ends) != OUTCOME_OK) {
        fprintf(stderr, "helpline dial: the answer is no screen in the dialect of this channel\n");
        return EXIT_FINDING;
    }
    frame_draw(stdout, screen);
    return EXIT_DONE;
}

static int talk_ussd(struct call *call)
{
    char session[21];
    random_hex(session, 20);
    call->handset.session = arena_format(call->arena, "dial-%s", session);
    call->handset.text = SPAN("");
    struct span so_far = SPAN("");
    for (;;) {
        bool ends = false;
        int code = show_screen(call, &ends);
        if (code != EXIT_DONE || ends)
            return code;
        struct span typed = read_keys(call->arena, "> ");
        if (!span_is_present(typed)) {
            puts("\n(hung up)");
            return EXIT_DONE;
        }
        so_far = handset_type(call->channel, so_far, call->answers++, typed, call->arena);
        call->handset.text = so_far;
    }
}

static int talk_sms(struct call *call)
{
    for (;;) {
        char id[17];
        struct span body, text = read_keys(call->arena, "text> ");
        if (!span_is_present(text)) {
            putchar('\n');
            return EXIT_DONE;
        }
        random_hex(id, 16);
        call->handset.id = arena_format(call->arena, "dial-%s", id);
        call->handset.text = text;
        int code = send_request(call, &body);
        if (code != EXIT_DONE)
            return code;
        puts("(taken; the answer goes out by the channel's own send)");
    }
}

static int dial_channel(const struct verb_arguments *arguments, const struct config *config, struct call *call)
{
    const char *const *operands;
    verb_operands(arguments, &operands);
    call->channel = channel_set_find(config->channels, span_of(operands[0]));
    if (call->channel == NULL)
        return report_no_channel(config->channels, operands[0]);
    const char *from = verb_value(arguments, "from"), *at = verb_value(arguments, "at");
    call->address = at != NULL ? at : config->listen.webhooks;
    call->handset.from = span_of(from != NULL ? from : SAMPLE_NUMBER);
    call->handset.to = span_is_present(call->channel->code) ? call->channel->code : SPAN(SAMPLE_CODE);
    return call->channel->kind == CHANNEL_USSD ? talk_ussd(call) : talk_sms(call);
}

static int run(const struct verb_arguments *arguments)
{
    struct config *config = NULL;
    int code = verb_load_config(arguments, &config);
    if (code != EXIT_DONE)
        return code;
    curl_global_init(CURL_GLOBAL_ALL);
    struct call call = {.curl = curl_easy_init(), .arena = arena_create(65536)};
    code = call.curl == NULL ? EXIT_MACHINE : dial_channel(arguments, config, &call);
    curl_easy_cleanup(call.curl);
    curl_global_cleanup();
    arena_destroy(call.arena);
    config_free(config);
    return code == EXIT_DONE ? report_output(code) : code;
}

static const struct verb_option options[] = {
    {"from", "NUMBER", "the number that dials; " SAMPLE_NUMBER " when left out", false, false},
    {"at", "ADDRESS", "where the gateway listens; listen.webhooks of the configuration when left out", false, false},
    {0},
};

const struct verb verb_dial = {
    .name = "dial",
    .operands = "CHANNEL",
    .summary = "dial a running gateway from a phone in the terminal",
    .details =
        "Sends what the aggregator of CHANNEL would send, with its secret from the configuration, draws each screen\n"
        "and reads the keys from standard input, one answer a line. Ends with the call, or when the input ends (the\n"
        "person hung up). On an SMS channel each line is one text.\n"
        "\n"
        "    helpline dial at-ussd --from +8801712345678\n"
        "    printf '1\\n3\\n' | helpline dial at-ussd",
    .options = options,
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
