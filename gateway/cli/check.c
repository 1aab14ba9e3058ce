/* helpline check: is the configuration sound, and is every screen of every service proven. Touches no data and no network. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "cli/check_translations.h"
#include "cli/graphing.h"
#include "cli/proving.h"
#include "cli/report.h"
#include "cli/settings_reference.h"
#include "cli/verbs.h"
#include "core/catalogue.h"
#include "menu/service.h"

#define SERVICES_MAX 64

struct checking {
    const struct verb_arguments *arguments;
    struct arena *arena;
    struct config *config;
    struct problems *problems, *stale; /* the same with --strict */
    int64_t as_of;
    const char *services[SERVICES_MAX];
    size_t service_count;
    struct proof_counts counts[SERVICES_MAX]; /* as in `services` */
    size_t findings[SERVICES_MAX];
};

static void add_service(struct checking *checking, struct span name)
{
    for (size_t i = 0; i < checking->service_count; i++)
        if (span_equal_text(name, checking->services[i]))
            return;
    if (checking->service_count < SERVICES_MAX)
        checking->services[checking->service_count++] = arena_text(checking->arena, name);
    else
        problems_add(checking->problems, checking->config->dir.menus, 0, "more than %d services", SERVICES_MAX);
}

static int is_service_folder(const struct dirent *entry)
{
    return !strchr(entry->d_name, '.') && /* hidden, or NAME.previous */
           (entry->d_type == DT_DIR || entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN);
}

/* What channels name and what lies below dir.menus, whether it is served or not. */
static void find_services(struct checking *checking)
{
    const struct channel_set *channels = checking->config->channels;
    for (size_t i = 0; channels && i < channel_set_count(channels); i++)
        if (catalogue_finds_service(checking->config, channel_set_at(channels, i), checking->problems))
            add_service(checking, channel_set_at(channels, i)->service);
    const char *menus = checking->config->dir.menus;
    struct dirent **entries = NULL;
    int count = scandir(menus, &entries, is_service_folder, alphasort);
    if (count < 0)
        problems_add(checking->problems, menus, 0, "cannot be read: %s; dir.menus names the folder of services",
                     strerrordesc_np(errno));
    for (int i = 0; i < count; i++) {
        struct span conf = arena_format(checking->arena, "%s/%s/service.conf", menus, entries[i]->d_name);
        if (access(conf.at, F_OK) == 0)
            add_service(checking, span_of(entries[i]->d_name));
        free(entries[i]);
    }
    free(entries);
}

static void print_screens(const struct checking *checking)
{
    printf("%-16s %6s %6s %6s %7s %8s %8s %12s %12s %9s\n", "SERVICE", "LANGS", "NODES", "TEXTS", "DRAFTS", "SCREENS",
           "PAGES", "GSM-7 most", "UCS-2 most", "FINDINGS");
    for (size_t i = 0; i < checking->service_count; i++) {
        const struct proof_counts *counts = &checking->counts[i];
        printf("%-16s %6zu %6zu %6zu %7zu %8zu %8zu %12zu %12zu %9zu\n", checking->services[i], counts->languages,
               counts->nodes, counts->texts, counts->drafts, counts->screens, counts->pages, counts->longest_gsm7,
               counts->longest_ucs2, checking->findings[i]);
    }
}

static void print_flows(const struct checking *checking)
{
    printf("\n%-16s %6s %6s %10s %6s %11s %12s %12s %9s %6s\n", "SERVICE", "WAYS", "FORMS", "QUESTIONS", "KEYS",
           "KEYS most", "DANGER from", "DANGER keys", "OFFICES", "STALE");
    for (size_t i = 0; i < checking->service_count; i++) {
        const struct proof_counts *counts = &checking->counts[i];
        printf("%-16s %6zu %6zu %10zu %6zu %11zu %12zu %12zu %9zu %6zu\n", checking->services[i], counts->ways,
               counts->forms, counts->questions, counts->keys, counts->most_keys, counts->near_danger,
               counts->danger_keys, counts->offices, counts->stale);
    }
}

static void print_stale(const struct problems *stale)
{
    for (size_t i = 0; i < stale->count && i < PROBLEMS_MAX; i++)
        printf("%sstale: %s\n", i == 0 ? "\n" : "", stale->lines[i]);
    if (stale->count > PROBLEMS_MAX)
        printf("and %zu more\n", stale->count - PROBLEMS_MAX);
}

static enum outcome check_service(struct checking *checking, size_t index, struct error *err)
{
    const char *name = checking->services[index];
    size_t before = checking->problems->count;
    struct span dir = arena_format(checking->arena, "%s/%s", checking->config->dir.menus, name);
    struct service *service = NULL;
    struct proof_counts *counts = &checking->counts[index];
    enum outcome outcome = service_load(dir.at, &service, checking->problems, err);
    if (outcome == OUTCOME_OK) {
        proving_run(service, name, checking->config->channels, checking->arena, checking->problems, counts);
        proof_directory(service, checking->as_of, checking->stale, counts);
    } else if (checking->problems->count == before) {
        problems_add(checking->problems, NULL, 0, "%s", err->text);
    }
    checking->findings[index] = checking->problems->count - before;
    service_free(service);
    return outcome == OUTCOME_BROKEN ? outcome : OUTCOME_OK;
}

static void print_channels(const struct channel_set *channels)
{
    printf("%-16s %-24s %-5s %-9s %-16s %s\n", "CHANNEL", "PROFILE", "KIND", "STATE", "SERVICE", "CARRIES");
    for (size_t i = 0; i < channel_set_count(channels); i++) {
        const struct channel *channel = channel_set_at(channels, i);
        printf("%-16.*s %-24.*s %-5s %-9s %-16.*s %d GSM-7, %d UCS-2\n", SPAN_ARG(channel->id),
               SPAN_ARG(channel->profile_name), channel->kind == CHANNEL_USSD ? "ussd" : "sms",
               channel->enabled ? "enabled" : "disabled", SPAN_ARG(channel->service), channel->carrier.gsm7_units,
               channel->carrier.ucs2_units);
    }
    printf("\n");
}

static int tell_findings(const struct problems *problems)
{
    fflush(stdout);
    report_problems(problems);
    if (problems->count > 0)
        fprintf(stderr, "helpline: %zu finding%s\n", problems->count, problems->count == 1 ? "" : "s");
    return problems->count > 0 ? EXIT_FINDING : report_output(EXIT_DONE);
}

/* `helpline check --translations`: every service, or the one that is named. */
static int check_languages(struct checking *checking, const struct verb_arguments *arguments)
{
    struct error err = {0};
    const char *service = verb_value(arguments, "service");
    if (service)
        add_service(checking, span_of(service));
    else
        find_services(checking);
    for (size_t i = 0; i < checking->service_count; i++) {
        const char *dir = arena_format(checking->arena, "%s/%s", checking->config->dir.menus, checking->services[i]).at;
        if (check_translations(dir, checking->services[i], verb_has(arguments, "list"), checking->problems, &err) !=
            OUTCOME_OK)
            return report_error(EXIT_MACHINE, &err);
    }
    return tell_findings(checking->problems);
}

/* Those that load, whether they hold or not: a drawing shows what is wrong. */
static enum outcome draw_service(const struct checking *checking, const char *name, const char *folder,
                                 struct error *err)
{
    struct span dir = arena_format(checking->arena, "%s/%s", checking->config->dir.menus, name);
    struct service *service = NULL;
    struct problems ignored;
    problems_init(&ignored, checking->arena);
    enum outcome outcome = service_load(dir.at, &service, &ignored, err);
    if (outcome == OUTCOME_OK)
        outcome = graphing_draw(service, span_of(verb_value(checking->arguments, "lang")), folder, err);
    service_free(service);
    return outcome == OUTCOME_REFUSED ? OUTCOME_OK : outcome;
}

static enum outcome draw_all(const struct checking *checking, struct error *err)
{
    const char *folder = verb_value(checking->arguments, "graph");
    enum outcome outcome = OUTCOME_OK;
    for (size_t i = 0; folder && i < checking->service_count && outcome == OUTCOME_OK; i++)
        outcome = draw_service(checking, checking->services[i], folder, err);
    return outcome;
}

/* Goes on past what does not hold, so that one run shows every finding. */
static int check_all(struct checking *checking)
{
    struct error err = {0};
    struct setting channels = setting_get(settings_root(checking->config->settings), "channels");
    struct channel_site site = config_site(checking->config);
    enum outcome outcome = channel_set_load(channels, checking->config->dir.profiles, &site,
                                            &checking->config->channels, checking->problems, &err);
    if (outcome == OUTCOME_OK)
        print_channels(checking->config->channels);
    else if (outcome == OUTCOME_BROKEN)
        return report_error(EXIT_MACHINE, &err);
    find_services(checking);
    for (size_t i = 0; i < checking->service_count; i++)
        if (check_service(checking, i, &err) != OUTCOME_OK)
            return report_error(EXIT_MACHINE, &err);
    print_screens(checking);
    print_flows(checking);
    if (checking->stale != checking->problems)
        print_stale(checking->stale);
    for (size_t i = 0; i < checking->service_count; i++)
        check_say_demonstration(checking->services[i], checking->counts[i].drafts_shown);
    if (draw_all(checking, &err) != OUTCOME_OK)
        return report_error(EXIT_MACHINE, &err);
    if (checking->problems->count == 0)
        printf("\n%s and %zu service%s hold\n", checking->config->file, checking->service_count,
               checking->service_count == 1 ? "" : "s");
    return tell_findings(checking->problems);
}

static struct problems *new_problems(struct arena *arena)
{
    struct problems *problems = ARENA_NEW(arena, struct problems);
    problems_init(problems, arena);
    return problems;
}

static int check(const struct verb_arguments *arguments)
{
    if (verb_has(arguments, "settings")) {
        settings_reference_print();
        return report_output(EXIT_DONE);
    }
    struct config *config = NULL;
    int64_t as_of = clock_utc_ms();
    const char *day = verb_value(arguments, "as-of");
    struct error err;
    if (day && !clock_read(span_of(day), 0, &as_of)) {
        (void)error_set(&err, OUTCOME_REFUSED, "--as-of %s: expected a day, YYYY-MM-DD", day);
        return report_usage("check", &err);
    }
    int code = verb_read_config(arguments, &config);
    if (code != EXIT_DONE)
        return code;
    struct checking checking = {.arguments = arguments, .arena = arena_create(65536), .config = config, .as_of = as_of};
    checking.problems = new_problems(checking.arena);
    checking.stale = verb_has(arguments, "strict") ? checking.problems : new_problems(checking.arena);
    code = verb_has(arguments, "translations") ? check_languages(&checking, arguments) : check_all(&checking);
    arena_destroy(checking.arena);
    config_free(config);
    return code;
}

static const struct verb_option options[] = {
    {.name = "as-of", .value = "DAY", .help = "for how old the directory is: \"2026-11-21\"; today"},
    {.name = "strict", .help = "an office that was not verified for 90 days is a finding"},
    {.name = "graph",
     .value = "FOLDER",
     .help = "draw each service's flow there: SERVICE.dot and, by Graphviz, SERVICE.svg"},
    {.name = "lang", .value = "LANGUAGE", .help = "of the texts in the drawing; each service's first"},
    {.name = "settings", .help = "print every setting, with its help and its default"},
    {.name = "translations", .help = "for each language: what is missing, stale, too long, or not reviewed"},
    {.name = "list", .help = "with --translations: each of these texts, with file and line"},
    {.name = "service", .value = "NAME", .help = "with --translations: this one alone"},
    {.name = NULL},
};

const struct verb verb_check = {
    .name = "check",
    .summary = "prove the configuration, the profiles, and every screen of every service",
    .details =
        "Reads all that `serve` would read, and every folder below dir.menus, and renders each screen in each "
        "language with the\n"
        "longest values against what each channel carries. Findings are FILE:LINE: what is wrong and what was "
        "expected.\n"
        "Exit code 1 when there are any. Drafts are texts that nobody has approved yet. Offices of the directory "
        "that were\n"
        "not verified for 90 days are listed as stale, which is a warning.",
    .options = options,
    .run = check,
};
