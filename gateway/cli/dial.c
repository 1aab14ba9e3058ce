/* helpline dial: a phone in the terminal that talks to a running gateway, in the dialect of the channel. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/dial_print.h"
#include "cli/dial_talk.h"
#include "cli/report.h"
#include "cli/verb.h"
#include "core/config.h"
#include "model/outbox.h"

#define SAMPLE_NUMBER "+8801712345678"
#define SAMPLE_CODE "*384*123#"
#define WAIT_SECONDS "5"
#define API_ADDRESS "127.0.0.1:8089"

/* One run of the verb. What was opened is closed by run(). */
struct dialling {
    const struct verb_arguments *arguments;
    const char *name;
    struct config *config;
    struct dial_call call;
};

/* Whether what the gateway sends begins with the address that was set for it. */
static bool sends_to(const struct channel *channel, struct span base, struct arena *arena)
{
    struct outbox_row row = {.id = 1,
                             .kind = channel->pushes ? OUTBOX_PUSH : OUTBOX_TEXT,
                             .channel = channel->id,
                             .to = SPAN(SAMPLE_NUMBER),
                             .from = channel->code,
                             .text = SPAN("Hello"),
                             .link = SPAN("link")};
    struct send_job job;
    struct error err;
    return exchange_build_send(channel, &row, SPAN("token"), arena, &job, &err) == OUTCOME_OK &&
           span_starts_with(job.url, base);
}

static bool needs_api(const struct channel *channel)
{
    return channel->pushes || (channel->sends && channel->kind == CHANNEL_SMS);
}

/* The setting that makes a gateway send here; the configuration is then read with it, so that what will be sent is known to the
 * byte. */
static struct span setting_of_api(const struct dialling *dialling)
{
    return arena_format(dialling->call.arena, "channels.%s.with.base_url=http://127.0.0.1:%u", dialling->name,
                        dial_api_port(dialling->call.api));
}

static int find_channel(struct dialling *dialling)
{
    dialling->call.channel = channel_set_find(dialling->config->channels, span_of(dialling->name));
    return dialling->call.channel == NULL ? report_no_channel(dialling->config->channels, dialling->name) : EXIT_DONE;
}

/* The same place each time, so that a gateway that was started for one call sends there in the next one too. */
static enum outcome listen_as_api(struct dialling *dialling, struct error *err)
{
    struct dial_call *call = &dialling->call;
    const char *listen = verb_value(dialling->arguments, "listen");
    if (listen != NULL)
        return dial_api_open(listen, call->arena, &call->api, err);
    enum outcome outcome = dial_api_open(API_ADDRESS, call->arena, &call->api, err);
    return outcome == OUTCOME_OK ? outcome : dial_api_open("127.0.0.1:0", call->arena, &call->api, err);
}

static int open_api(struct dialling *dialling)
{
    struct dial_call *call = &dialling->call;
    struct error err;
    if (listen_as_api(dialling, &err) != OUTCOME_OK)
        return report_error(EXIT_MACHINE, &err);
    const char *setting = arena_text(call->arena, setting_of_api(dialling));
    config_free(dialling->config);
    dialling->config = NULL;
    int code = verb_load_config_with(dialling->arguments, setting, &dialling->config);
    code = code == EXIT_DONE ? find_channel(dialling) : code;
    if (code != EXIT_DONE)
        return code;
    dial_api_play(call->api, call->channel);
    struct span base = span_of(strchr(setting, '=') + 1);
    if (!sends_to(call->channel, base, call->arena)) {
        fprintf(
            stderr,
            "helpline dial: what this channel sends does not begin with {{with.base_url}}: it would go elsewhere\n");
        return EXIT_FINDING;
    }
    printf("(what the gateway sends arrives here when it is started with --set %s)\n", setting);
    return EXIT_DONE;
}

static bool read_wait(struct dialling *dialling)
{
    const char *wait = verb_value(dialling->arguments, "wait");
    uint64_t seconds = 0;
    bool holds = span_to_u64(span_of(wait != NULL ? wait : WAIT_SECONDS), &seconds) && seconds <= 600;
    dialling->call.wait_ms = (int)seconds * 1000;
    if (!holds)
        fprintf(stderr, "helpline dial: --wait takes seconds, 0 to 600\n");
    return holds;
}

static int talk(struct dialling *dialling)
{
    struct dial_call *call = &dialling->call;
    const char *at = verb_value(dialling->arguments, "at");
    const char *address = arena_text(call->arena, span_of(at != NULL ? at : dialling->config->listen.webhooks));
    call->reports = verb_has(dialling->arguments, "report");
    int code = read_wait(dialling) ? EXIT_DONE : EXIT_USAGE;
    if (code == EXIT_DONE && needs_api(call->channel))
        code = open_api(dialling);
    if (code == EXIT_DONE && (call->wire = dial_wire_open(address)) == NULL)
        code = EXIT_MACHINE;
    if (code == EXIT_DONE)
        code = call->channel->kind == CHANNEL_USSD ? dial_talk_ussd(call) : dial_talk_sms(call);
    dial_wire_close(call->wire);
    dial_api_close(call->api);
    return code;
}

static void fill_handset(struct dialling *dialling)
{
    struct dial_call *call = &dialling->call;
    const char *from = verb_value(dialling->arguments, "from"), *to = verb_value(dialling->arguments, "to");
    call->handset.from = span_of(from != NULL ? from : SAMPLE_NUMBER);
    call->handset.to = arena_copy(call->arena, to != NULL                             ? span_of(to)
                                               : span_is_present(call->channel->code) ? call->channel->code
                                                                                      : SPAN(SAMPLE_CODE));
}

static int run(const struct verb_arguments *arguments)
{
    const char *const *operands;
    verb_operands(arguments, &operands);
    struct dialling dialling = {.arguments = arguments, .name = operands[0], .call = {.arena = arena_create(65536)}};
    setvbuf(stdin, NULL, _IONBF, 0); /* a line that waits in a buffer would not be seen by poll */
    int code = verb_load_config(arguments, &dialling.config);
    code = code == EXIT_DONE ? find_channel(&dialling) : code;
    if (code == EXIT_DONE) {
        fill_handset(&dialling);
        code = verb_has(arguments, "print")
                   ? dial_print(arguments, dialling.call.channel, &dialling.call.handset, dialling.call.arena)
                   : talk(&dialling);
    }
    config_free(dialling.config);
    arena_destroy(dialling.call.arena);
    return code == EXIT_DONE ? report_output(code) : code;
}

static const struct verb_option options[] = {
    {"from", "NUMBER", "the number that dials; " SAMPLE_NUMBER " when left out", false, false},
    {"to", "CODE", "the code that is dialled or texted; the channel's own when left out", false, false},
    {"at", "ADDRESS", "where the gateway listens; listen.webhooks of the configuration when left out", false, false},
    {"listen", "ADDRESS", "where the aggregator's API is played; " API_ADDRESS ", or a free port, when left out", false,
     false},
    {"wait", "SECONDS", "how long to wait for what the gateway sends of itself; " WAIT_SECONDS " when left out", false,
     false},
    {"report", NULL, "sms: report each text that arrives as delivered", false, false},
    {"print", NULL, "print the raw request instead of sending it; the options below are for it", false, false},
    {"text", "TEXT", "what is typed; once more for each further answer of the session", false, true},
    {"session", "ID", "the session's id; a new one when left out", false, false},
    {"id", "ID", "the message's id, or of the text that is reported on; a new one when left out", false, false},
    {"event", "EVENT",
     "new, answer, ask, close, abort, timeout, fail, notify; sent, delivered, failed: a report; send: what the "
     "gateway sends",
     false, false},
    {"shape", "NUMBER", "a variant of the profile, from 1: other encodings at the same address", false, false},
    {"method", "METHOD", "GET, POST or PUT, where the dialect has several", false, false},
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
        "Texts, and the screens of aggregators whose requests are only acknowledged, are sent by the gateway itself.\n"
        "For them this verb plays the aggregator's API as well, and says which --set makes a gateway send there.\n"
        "\n"
        "    helpline dial at-ussd --from +8801712345678\n"
        "    printf '1\\n3\\n' | helpline dial at-ussd\n"
        "    helpline dial --print at-ussd --session s1 --text 1 --text 3 | helpline probe --channel at-ussd",
    .options = options,
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
