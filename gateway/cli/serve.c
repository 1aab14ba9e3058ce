#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "console/console.h"
#include "core/gateway.h"

static int exit_code_of(enum gateway_stage stage, enum outcome outcome, const struct error *err)
{
    switch (stage) {
    case GATEWAY_CONFIG:
        return outcome == OUTCOME_BROKEN ? EXIT_MACHINE : EXIT_FINDING;
    case GATEWAY_KEYS:
        return EXIT_KEYS;
    case GATEWAY_DATA:
        if (outcome == OUTCOME_CONFLICT)
            return EXIT_SECOND;
        if (outcome == OUTCOME_REFUSED)
            return err->about_keys ? EXIT_KEYS : EXIT_SCHEMA;
        return EXIT_MACHINE;
    case GATEWAY_NETWORK:
        break;
    }
    return EXIT_MACHINE;
}

static const struct channel *first_ussd(const struct channel_set *set)
{
    for (size_t i = 0; i < channel_set_count(set); i++) {
        const struct channel *channel = channel_set_at(set, i);
        if (channel->enabled && channel->kind == CHANNEL_USSD)
            return channel;
    }
    return NULL;
}

/* Four lines: where callbacks go, where to look, where the data lies, how to dial it. */
static void greet(const struct config *config)
{
    const struct channel *channel = first_ussd(config->channels);
    printf("webhooks  %s   /in/<channel>, /dlr/<channel>, /notify/<channel>; each channel has its own secret\n"
           "console   %s   the operators' desk, /healthz and /metrics\n"
           "data      %s   keys in %s: back both up, apart\n",
           config->listen.webhooks, config->listen.console, config->data.path, config->data.keys);
    if (channel)
        printf("dial it   %s dial %.*s --from +8801712345678   (another terminal, same folder)\n",
               program_invocation_name, SPAN_ARG(channel->id));
    else
        printf("dial it   no USSD channel is enabled in %s\n", config->file);
    fflush(stdout);
}

static const struct catalogue *hold_catalogue(void *gateway)
{
    return gateway_hold_catalogue(gateway);
}

static void let_go_of_catalogue(void *gateway, const struct catalogue *catalogue)
{
    (void)gateway;
    catalogue_let_go(catalogue);
}

static int run(struct gateway *gateway)
{
    struct error err;
    struct console *console = NULL;
    const struct catalogue *first = gateway_hold_catalogue(gateway); /* the console keeps its addresses and paths */
    const struct config *config = first->config;
    const struct console_config looking = {.address = config->listen.console,
                                           .metrics = gateway_metrics(gateway),
                                           .heartbeat = gateway_heartbeat(gateway),
                                           .url = config->listen.console_url,
                                           .desk = gateway_desk(gateway),
                                           .keyring = gateway_keyring(gateway),
                                           .data_path = config->data.path,
                                           .catalogue = {hold_catalogue, let_go_of_catalogue, gateway}};
    enum outcome outcome = console_open(&looking, &console, &err);
    if (outcome == OUTCOME_OK) {
        greet(config);
        outcome = gateway_run(gateway, &err);
    }
    console_close(console);
    catalogue_let_go(first);
    if (outcome != OUTCOME_OK)
        fprintf(stderr, "helpline: %s\n", err.text);
    return outcome == OUTCOME_OK ? EXIT_DONE : EXIT_MACHINE;
}

static void print_problems(const struct problems *problems)
{
    for (size_t i = 0; i < problems->count && i < PROBLEMS_MAX; i++)
        fprintf(stderr, "%s\n", problems->lines[i]);
}

static int serve(const struct verb_arguments *arguments)
{
    struct gateway_options options = {.version = HELPLINE_VERSION, .config_path = verb_config_path(arguments)};
    options.override_count = verb_values(arguments, "set", &options.overrides);
    struct arena *arena = arena_create(64u << 10);
    struct problems *problems = ARENA_NEW(arena, struct problems);
    struct gateway *gateway = NULL;
    struct error err = {0};
    enum gateway_stage stage;
    problems_init(problems, arena);
    enum outcome outcome = gateway_open(&options, &gateway, &stage, problems, &err);
    print_problems(problems);
    int code;
    if (outcome == OUTCOME_OK) {
        code = run(gateway);
    } else {
        if (err.text[0])
            fprintf(stderr, "helpline: %s\n", err.text);
        code = exit_code_of(stage, outcome, &err);
    }
    gateway_close(gateway);
    arena_destroy(arena);
    return code;
}

static const struct verb_option no_options[] = {{0}};

const struct verb verb_serve = {
    .name = "serve",
    .operands = NULL,
    .summary = "run the gateway",
    .details =
        "Opens the data file, proves every menu on every channel, and serves until SIGTERM or SIGINT, which let what "
        "is\n"
        "under way finish first. SIGHUP loads menus, profiles and channels anew; what does not hold changes nothing.\n"
        "Log lines go to standard error, one event a line.",
    .options = no_options,
    .run = serve,
};
