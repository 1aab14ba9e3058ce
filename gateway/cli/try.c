/* helpline try: a phone in the terminal, without a daemon, and the player of dialogue files. */
#include <stdio.h>
#include <string.h>
#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/settings.h"
#include "cli/report.h"
#include "cli/try_phone.h"
#include "cli/verbs.h"
#include "core/config.h"
#include "menu/dialogue.h"

#define USUAL_SERVICE "menus/infoline"
#define NODES_MAX (1024 * 1024) /* bytes of what --nodes prints */

/* --- dialogue files ------------------------------------------------------------------------------------------------ */

static int play_file(const char *path, const struct dialogue_options *how, struct arena *arena, size_t *exchanges)
{
    struct problems problems;
    struct dialogue_counts counts;
    struct error err = {0};
    problems_init(&problems, arena);
    enum outcome outcome = dialogue_play(path, how, &problems, &counts, &err);
    report_problems(&problems);
    *exchanges += counts.exchanges;
    if (counts.rewritten)
        printf("%s: rewritten, %zu blocks differed\n", path, counts.differences);
    if (outcome == OUTCOME_OK)
        return EXIT_DONE;
    return outcome == OUTCOME_REFUSED ? EXIT_FINDING : report_error(EXIT_MACHINE, &err);
}

static void print_nodes(const struct dialogue_nodes *nodes, struct arena *arena)
{
    struct buffer text;
    buffer_init(&text, arena, NODES_MAX);
    dialogue_nodes_print(nodes, &text);
    printf("%.*s", SPAN_ARG(buffer_span(&text)));
}

static int play_files(const char *const *paths, size_t count, const struct dialogue_options *how)
{
    struct arena *arena = arena_create(64 * 1024);
    size_t failed = 0, exchanges = 0;
    int worst = EXIT_DONE;
    for (size_t i = 0; i < count; i++) {
        int code = play_file(paths[i], how, arena, &exchanges);
        failed += code != EXIT_DONE;
        worst = code > worst ? code : worst;
        arena_reset(arena);
    }
    if (how->nodes)
        print_nodes(how->nodes, arena);
    arena_destroy(arena);
    printf("%zu dialogues, %zu screens: %zu passed, %zu failed\n", count, exchanges, count - failed, failed);
    return report_output(worst);
}

static int play_dialogues(const struct verb_arguments *arguments, const char *const *paths, size_t count)
{
    struct dialogue_options how = {.service_dir = verb_value(arguments, "service"),
                                   .update = verb_has(arguments, "update"),
                                   .shelf = dialogue_shelf_create(),
                                   .nodes = verb_has(arguments, "nodes") ? dialogue_nodes_create() : NULL};
    int code = play_files(paths, count, &how);
    dialogue_nodes_free(how.nodes);
    dialogue_shelf_free(how.shelf);
    return code;
}

/* --- a phone ------------------------------------------------------------------------------------------------------- */

static bool speaks(const struct service *service, struct span lang)
{
    for (size_t i = 0; i < service_language_count(service); i++)
        if (span_equal(service_language(service, i), lang))
            return true;
    return !span_is_present(lang);
}

static int refuse_language(const struct service *service, const char *lang)
{
    struct arena *arena = arena_create(1024);
    size_t count = service_language_count(service);
    const char **names = ARENA_ARRAY(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        names[i] = arena_text(arena, service_language(service, i));
    const char *nearest = settings_nearest(span_of(lang), names);
    fprintf(stderr, "helpline: the service has no language \"%s\"; ", lang);
    if (nearest)
        fprintf(stderr, "nearest is %s\n", nearest);
    for (size_t i = 0; !nearest && i < count; i++)
        fprintf(stderr, "%s%s%s", i ? ", " : "it has ", names[i], i + 1 < count ? "" : "\n");
    arena_destroy(arena);
    return EXIT_FINDING;
}

/* What a phone can carry: by its kind, or as a configured channel says. */
struct carried {
    bool by_sms;
    const struct channel *channel; /* or NULL */
    struct config *config;         /* that it is of */
};

static int carried_by(const struct verb_arguments *arguments, struct carried *carried)
{
    const char *id = verb_value(arguments, "channel");
    carried->by_sms = id && strcmp(id, "sms") == 0;
    if (!id || carried->by_sms || strcmp(id, "ussd") == 0)
        return EXIT_DONE;
    struct config *config = NULL;
    int code = verb_load_channel(arguments, id, &config);
    if (code != EXIT_DONE)
        return code;
    carried->config = config;
    carried->channel = channel_set_find(carried->config->channels, span_of(id));
    if (!carried->channel)
        return report_no_channel(carried->config->channels, id);
    carried->by_sms = carried->channel->kind == CHANNEL_SMS;
    return EXIT_DONE;
}

static int refuse_time(const char *time)
{
    fprintf(stderr, "helpline: --as-of %s: expected YYYY-MM-DD HH:MM\n", time);
    return EXIT_USAGE;
}

static int talk_to(const struct service *service, const struct carried *carried, const struct verb_arguments *arguments)
{
    const char *lang = verb_value(arguments, "lang"), *time = verb_value(arguments, "as-of");
    struct simulator_options start = dialogue_usual_options();
    start.lang = span_of(lang);
    start.start_at = clock_utc_ms();
    start.airtime_free = verb_has(arguments, "free") || (carried->channel && carried->channel->airtime.free);
    start.airtime_cost = span_of(verb_value(arguments, "airtime"));
    if (carried->channel && !span_is_present(start.airtime_cost))
        start.airtime_cost = carried->channel->airtime.cost;
    if (carried->channel)
        *(carried->by_sms ? &start.sms : &start.ussd) = carried->channel->carrier;
    if (time && !clock_read(span_of(time), service_zone_minutes(service), &start.start_at))
        return refuse_time(time);
    return speaks(service, start.lang) ? try_phone(service, &start, carried->by_sms) : refuse_language(service, lang);
}

static int open_service(const char *dir, const struct carried *carried, const struct verb_arguments *arguments)
{
    struct arena *arena = arena_create(64 * 1024);
    struct problems problems;
    struct service *service = NULL;
    struct error err = {0};
    problems_init(&problems, arena);
    enum outcome outcome = service_load(dir, &service, &problems, &err);
    report_problems(&problems);
    int code = outcome == OUTCOME_OK ? talk_to(service, carried, arguments)
                                     : report_error(outcome == OUTCOME_REFUSED ? EXIT_FINDING : EXIT_MACHINE, &err);
    service_free(service);
    arena_destroy(arena);
    return code;
}

/* The service's folder: as given, else the channel's own, else the one that comes with the program. */
static int play_phone(const struct verb_arguments *arguments)
{
    struct arena *arena = arena_create(1024);
    struct carried carried = {.by_sms = false};
    const char *dir = verb_value(arguments, "service");
    int code = carried_by(arguments, &carried);
    if (!dir && carried.channel)
        dir = arena_format(arena, "%s/%.*s", carried.config->dir.menus, SPAN_ARG(carried.channel->service)).at;
    if (code == EXIT_DONE)
        code = open_service(dir ? dir : USUAL_SERVICE, &carried, arguments);
    config_free(carried.config);
    arena_destroy(arena);
    return code;
}

static bool is_for_a_phone(const struct verb_arguments *arguments)
{
    return verb_has(arguments, "lang") || verb_has(arguments, "channel") || verb_has(arguments, "as-of");
}

static int run_try(const struct verb_arguments *arguments)
{
    const char *const *paths = NULL;
    size_t count = verb_operands(arguments, &paths);
    struct error err = {0};
    if ((verb_has(arguments, "update") || verb_has(arguments, "nodes")) && count == 0)
        (void)error_set(&err, OUTCOME_REFUSED, "--update and --nodes are for dialogue files: expected at least one");
    else if (count > 0 && is_for_a_phone(arguments))
        (void)error_set(&err, OUTCOME_REFUSED, "a dialogue file says its own language, channel and start");
    if (err.outcome != OUTCOME_OK)
        return report_usage("try", &err);
    if (count > 0)
        return play_dialogues(arguments, paths, count);
    return play_phone(arguments);
}

static const struct verb_option options[] = {
    {.name = "service", .value = "DIR", .help = "the service's folder; menus/infoline, or what a dialogue file says"},
    {.name = "lang", .value = "LANGUAGE", .help = "the language that the phone is known to speak; none: a first call"},
    {.name = "channel",
     .value = "ussd|sms|ID",
     .help = "a call (the default), texts, or a channel of the configuration with its service and what it carries"},
    {.name = "as-of", .value = "TIME", .help = "when the phone is first used, \"2026-11-21 10:00\"; now"},
    {.name = "free", .help = "the channel says that a call costs nothing"},
    {.name = "airtime", .value = "TEXT", .help = "or what it costs, \"Tk 2/min\""},
    {.name = "update", .help = "rewrite the dialogue files with what is shown now"},
    {.name = "nodes",
     .help = "of dialogue files: which screens were shown in each language on each channel, and which never"},
    {.name = NULL},
};

const struct verb verb_try = {
    .name = "try",
    .operands = "[FILE.dialogue ...]",
    .summary = "a phone in the terminal that plays a service, without a daemon",
    .details =
        "Type keys as on a phone; below each screen stand its encoding, the units used of what the channel carries,\n"
        "the page, the node, and what would be kept. Lines that begin with a colon are for the phone itself:\n"
        "  :dial  :drop  :redial  :back  :sms TEXT  :wait 2h  :chain 1*2  :quit\n"
        "  :lang LANGUAGE (a new phone)  :phone NAME (another phone: a case can be asked after from it)\n"
        "Dialogue files are played instead where they are given: keys typed and screens expected. Exit code 1 when\n"
        "a screen differs; --update rewrites the files.",
    .options = options,
    .operands_min = 0,
    .operands_max = (size_t)-1,
    .run = run_try,
};
