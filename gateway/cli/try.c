/* helpline try: a phone in the terminal, without a daemon, and the player of dialogue files. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/arena.h"
#include "base/clock.h"
#include "base/settings.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "menu/dialogue.h"

#define LINE_MAX_BYTES 2000
#define USUAL_SERVICE "menus/infoline"

/* --- dialogue files ------------------------------------------------------------------------------------------------ */

static int play_file(const char *path, const char *service_dir, bool update, struct arena *arena, size_t *exchanges)
{
    struct problems problems;
    struct dialogue_counts counts;
    struct error err = {0};
    problems_init(&problems, arena);
    enum outcome outcome = dialogue_play(path, service_dir, update, &problems, &counts, &err);
    report_problems(&problems);
    *exchanges += counts.exchanges;
    if (counts.rewritten)
        printf("%s: rewritten, %zu blocks differed\n", path, counts.differences);
    if (outcome == OUTCOME_OK)
        return EXIT_DONE;
    return outcome == OUTCOME_REFUSED ? EXIT_FINDING : report_error(EXIT_MACHINE, &err);
}

static int play_files(const char *const *paths, size_t count, const char *service_dir, bool update)
{
    struct arena *arena = arena_create(64 * 1024);
    size_t failed = 0, exchanges = 0;
    int worst = EXIT_DONE;
    for (size_t i = 0; i < count; i++) {
        int code = play_file(paths[i], service_dir, update, arena, &exchanges);
        failed += code != EXIT_DONE;
        worst = code > worst ? code : worst;
        arena_reset(arena);
    }
    arena_destroy(arena);
    printf("%zu dialogues, %zu screens: %zu passed, %zu failed\n", count, exchanges, count - failed, failed);
    return report_output(worst);
}

/* --- a phone ------------------------------------------------------------------------------------------------------- */

struct handset {
    struct simulator *simulator;
    struct simulator_options options;
    struct arena *arena;
    bool by_sms, asks; /* asks: somebody sits at the terminal */
};

static void print_rule(void)
{
    puts("  +----------------------------------------");
}

static void print_screen(const struct handset *handset, const struct simulator_view *view)
{
    const struct carrier *carrier = view->channel == CHANNEL_USSD ? &handset->options.ussd : &handset->options.sms;
    const struct place *at = &view->result.state.at;
    struct span language = view->result.state.lang;
    print_rule();
    for (struct span rest = view->screen; span_is_present(rest);) {
        struct span line = span_cut(&rest, '\n');
        printf("  | %.*s\n", SPAN_ARG(line));
    }
    print_rule();
    printf("  %s, %s, %zu of %zu units, node %.*s, page %u, language %.*s%s\n",
           view->channel == CHANNEL_USSD ? "USSD" : "SMS", view->measure.encoding == ENCODING_GSM7 ? "GSM-7" : "UCS-2",
           view->measure.units, screen_limit(carrier, view->measure.encoding), SPAN_ARG(at->node), at->page + 1u,
           span_is_present(language) ? (int)language.len : 1, span_is_present(language) ? language.at : "-",
           view->ends ? ", the call ends" : "");
}

static void print_effects(const struct handset *handset, const struct simulator_view *view)
{
    for (size_t i = 0; i < view->result.effect_count; i++) {
        struct span words = simulator_describe(handset->simulator, &view->result.effects[i], handset->arena);
        printf("  + %.*s\n", SPAN_ARG(words));
    }
    for (size_t i = 0; i < view->text_count; i++)
        printf("  a text comes: %.*s\n", SPAN_ARG(view->texts[i]));
}

static enum outcome perform(struct handset *handset, struct span line)
{
    struct simulator_view view;
    struct error err = {0};
    bool shown = false;
    enum outcome outcome = dialogue_perform(handset->simulator, line, handset->by_sms, &view, &shown, &err);
    if (outcome != OUTCOME_OK)
        printf("  %s\n", err.text);
    else if (shown) {
        if (span_is_present(view.screen))
            print_screen(handset, &view);
        print_effects(handset, &view);
    }
    (void)fflush(stdout);
    return outcome == OUTCOME_REFUSED ? OUTCOME_OK : outcome;
}

static bool read_line(const struct handset *handset, char *line)
{
    if (handset->asks) {
        fputs(handset->by_sms ? "text> " : "> ", stdout);
        (void)fflush(stdout);
    }
    if (!fgets(line, LINE_MAX_BYTES, stdin))
        return false;
    line[strcspn(line, "\r\n")] = '\0';
    return strcmp(line, ":quit") != 0;
}

static int talk(struct handset *handset)
{
    char line[LINE_MAX_BYTES];
    enum outcome outcome = handset->by_sms ? OUTCOME_OK : perform(handset, SPAN(":dial"));
    while (outcome == OUTCOME_OK && read_line(handset, line))
        outcome = perform(handset, span_of(line));
    return report_output(outcome == OUTCOME_OK ? EXIT_DONE : EXIT_FINDING);
}

static int talk_to(const struct service *service, const struct verb_arguments *arguments, struct arena *arena)
{
    const char *channel = verb_value(arguments, "channel");
    struct handset handset = {.options = dialogue_usual_options(), .arena = arena};
    handset.by_sms = channel && strcmp(channel, "sms") == 0;
    handset.asks = isatty(STDIN_FILENO) != 0;
    handset.options.lang = span_of(verb_value(arguments, "lang"));
    handset.options.start_at = clock_utc_ms();
    handset.options.airtime_free = verb_has(arguments, "free");
    handset.options.airtime_cost = span_of(verb_value(arguments, "airtime"));
    handset.simulator = simulator_create(service, &handset.options);
    if (handset.asks)
        puts("Type keys as on a phone. :drop cuts the line, :redial, :sms TEXT, :wait 2h, :lang bn is a new phone, "
             ":quit.");
    int code = talk(&handset);
    simulator_free(handset.simulator);
    return code;
}

static bool speaks(const struct service *service, struct span lang)
{
    for (size_t i = 0; i < service_language_count(service); i++)
        if (span_equal(service_language(service, i), lang))
            return true;
    return !span_is_present(lang);
}

static int refuse_language(const struct service *service, const char *lang, struct arena *arena)
{
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
    return EXIT_FINDING;
}

static int open_service(const char *dir, const struct verb_arguments *arguments)
{
    struct arena *arena = arena_create(64 * 1024);
    struct problems problems;
    struct service *service = NULL;
    struct error err = {0};
    problems_init(&problems, arena);
    enum outcome outcome = service_load(dir, &service, &problems, &err);
    report_problems(&problems);
    const char *lang = verb_value(arguments, "lang");
    int code;
    if (outcome == OUTCOME_OK)
        code =
            speaks(service, span_of(lang)) ? talk_to(service, arguments, arena) : refuse_language(service, lang, arena);
    else
        code = report_error(outcome == OUTCOME_REFUSED ? EXIT_FINDING : EXIT_MACHINE, &err);
    service_free(service);
    arena_destroy(arena);
    return code;
}

static bool is_channel(const char *channel)
{
    return !channel || strcmp(channel, "ussd") == 0 || strcmp(channel, "sms") == 0;
}

static int run_try(const struct verb_arguments *arguments)
{
    const char *const *paths = NULL;
    const char *dir = verb_value(arguments, "service");
    size_t count = verb_operands(arguments, &paths);
    struct error err = {0};
    if (!is_channel(verb_value(arguments, "channel")))
        (void)error_set(&err, OUTCOME_REFUSED, "--channel: expected ussd or sms");
    else if (verb_has(arguments, "update") && count == 0)
        (void)error_set(&err, OUTCOME_REFUSED, "--update rewrites dialogue files: expected at least one");
    if (err.outcome != OUTCOME_OK)
        return report_usage("try", &err);
    if (count > 0)
        return play_files(paths, count, dir, verb_has(arguments, "update"));
    return open_service(dir ? dir : USUAL_SERVICE, arguments);
}

static const struct verb_option options[] = {
    {.name = "service", .value = "DIR", .help = "the service's folder; menus/infoline, or what a dialogue file says"},
    {.name = "lang", .value = "LANGUAGE", .help = "the language that the phone is known to speak; none: a first call"},
    {.name = "channel", .value = "ussd|sms", .help = "a call, or texts; ussd"},
    {.name = "free", .help = "the channel says that a call costs nothing"},
    {.name = "airtime", .value = "TEXT", .help = "or what it costs, \"Tk 2/min\""},
    {.name = "update", .help = "rewrite the dialogue files with what is shown now"},
    {.name = NULL},
};

const struct verb verb_try = {
    .name = "try",
    .operands = "[FILE.dialogue ...]",
    .summary = "a phone in the terminal that plays a service, without a daemon",
    .details =
        "Type keys as on a phone; below each screen stand its encoding, the units used of what the channel carries,\n"
        "the node, and what would be kept. Lines that begin with a colon are for the phone itself:\n"
        "  :dial  :drop  :redial  :sms TEXT  :wait 2h  :lang LANGUAGE (a new phone)  :chain 1*2  :quit\n"
        "Dialogue files are played instead where they are given: keys typed and screens expected. Exit code 1 when\n"
        "a screen differs; --update rewrites the files.",
    .options = options,
    .operands_min = 0,
    .operands_max = (size_t)-1,
    .run = run_try,
};
