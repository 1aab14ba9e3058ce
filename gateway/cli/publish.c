/*
 * helpline publish: a new version of a service takes the place of the one that is served, or does not.
 *
 *   menus/.NAME.new    a copy of the new version, proven there; of no account
 *   menus/.NAME.swap   the same while folders are exchanged, then the version before; never removed by itself
 *   menus/NAME.previous   the version before, for --back
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "cli/control_client.h"
#include "cli/folder.h"
#include "cli/proving.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "core/catalogue.h"
#include "menu/difference.h"
#include "menu/service.h"

#define RELOAD_TRIES 100
#define RELOAD_WAIT_NS (100 * 1000 * 1000)

struct publishing {
    const struct verb_arguments *arguments;
    const struct config *config;
    struct arena *arena;
    const char *name;                            /* of the service */
    const char *source;                          /* the folder given; NULL with --back */
    const char *live, *staged, *swap, *previous; /* paths below dir.menus */
    const char *fresh;                           /* where the version lies that is to be served: staged or previous */
};

/* --- what is to be published -------------------------------------------------------------------------------------- */

static enum outcome read_name(struct publishing *publishing, struct error *err)
{
    struct problems problems;
    struct settings *settings = NULL;
    const char *path = arena_format(publishing->arena, "%s/service.conf", publishing->source).at;
    problems_init(&problems, publishing->arena);
    enum outcome outcome = settings_read(path, NULL, &settings, &problems, err);
    report_problems(&problems);
    if (outcome == OUTCOME_NOT_FOUND)
        return error_set(err, OUTCOME_REFUSED, "%s: there is no service.conf: expected a service's folder",
                         publishing->source);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct span name = setting_string(settings_root(settings), "name", NULL);
    publishing->name = arena_text(publishing->arena, name);
    settings_free(settings);
    return publishing->name ? OUTCOME_OK : error_set(err, OUTCOME_REFUSED, "%s: expected a `name`", path);
}

static const char *without_slash(const char *path, struct arena *arena)
{
    struct span whole = span_of(path);
    while (whole.len > 1 && whole.at[whole.len - 1] == '/')
        whole.len--;
    return arena_text(arena, whole);
}

/* "infoline", also where a path to it was given. */
static const char *last_part(const char *path, struct arena *arena)
{
    struct span rest = span_of(path), part = SPAN_NONE;
    while (span_is_present(rest))
        part = span_cut(&rest, '/');
    return arena_text(arena, part);
}

static enum outcome check_name(struct publishing *publishing, struct error *err)
{
    const char *name = publishing->name ? publishing->name : "";
    if (name[0] && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(name))
        return OUTCOME_OK;
    return error_set(err, OUTCOME_REFUSED,
                     "a service cannot be called \"%s\": expected lower-case letters, digits, - and _", name);
}

static void lay_paths(struct publishing *publishing)
{
    const char *menus = publishing->config->dir.menus, *name = publishing->name;
    struct arena *arena = publishing->arena;
    publishing->live = arena_format(arena, "%s/%s", menus, name).at;
    publishing->staged = arena_format(arena, "%s/.%s.new", menus, name).at;
    publishing->swap = arena_format(arena, "%s/.%s.swap", menus, name).at;
    publishing->previous = arena_format(arena, "%s/%s.previous", menus, name).at;
    publishing->fresh = publishing->source ? publishing->staged : publishing->previous;
}

static enum outcome prepare(struct publishing *publishing, struct error *err)
{
    enum outcome outcome = check_name(publishing, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    lay_paths(publishing);
    if (folder_is_there(publishing->swap))
        return error_set(err, OUTCOME_CONFLICT,
                         "%s is left from a publish that was cut off: it is the version before, or the one that was to "
                         "come. Look, move or remove it, then publish again",
                         publishing->swap);
    if (!publishing->source && !folder_is_there(publishing->previous))
        return error_set(err, OUTCOME_REFUSED, "%s is not there: nothing was published before", publishing->previous);
    if (!publishing->source)
        return OUTCOME_OK;
    outcome = folder_remove(publishing->staged, err);
    return outcome == OUTCOME_OK ? folder_copy(publishing->source, publishing->staged, err) : outcome;
}

/* --- does it hold ------------------------------------------------------------------------------------------------- */

/* Findings name the author's file, not the copy that was proven. */
static void report_findings(const struct publishing *publishing, const struct problems *problems)
{
    struct span copy = arena_format(publishing->arena, "%s/", publishing->staged);
    struct problems told = *problems;
    for (size_t i = 0; i < problems->count && i < PROBLEMS_MAX && publishing->source; i++) {
        struct span line = span_of(problems->lines[i]);
        if (span_starts_with(line, copy))
            told.lines[i] = arena_format(publishing->arena, "%s/%s", publishing->source, line.at + copy.len).at;
    }
    report_problems(&told);
}

static enum outcome prove(const struct publishing *publishing, const struct service *fresh, struct problems *problems,
                          struct error *err)
{
    struct proof_counts counts;
    proving_run(fresh, publishing->name, publishing->config->channels, publishing->arena, problems, &counts);
    if (problems->count > 0)
        return problems_refuse(problems, 0, "the new version does not hold", err);
    printf("proven: %zu languages, %zu nodes, %zu texts, %zu screens in %zu pages\n", counts.languages, counts.nodes,
           counts.texts, counts.screens, counts.pages);
    return OUTCOME_OK;
}

static void print_difference(const struct publishing *publishing, const struct service *old,
                             const struct service *fresh)
{
    struct difference_counts counts;
    struct buffer out;
    buffer_init(&out, publishing->arena, DIFFERENCE_MAX);
    difference_read(old, fresh, &out, &counts);
    struct span text = buffer_span(&out);
    if (out.len > 0)
        fwrite(text.at, 1, text.len, stdout);
    printf("%s: %zu screens changed, %zu new, %zu gone%s\n", publishing->name, counts.changed, counts.added,
           counts.gone, buffer_failed(&out) ? "; not all of them are shown" : "");
    (void)fflush(stdout);
}

/* Against what is served now. That it holds no more, or is not there yet, is no reason against a new version. */
static enum outcome compare(const struct publishing *publishing, const struct service *fresh, struct problems *problems,
                            struct error *err)
{
    struct service *old = NULL;
    struct problems ignored;
    struct error why = {0};
    problems_init(&ignored, publishing->arena);
    if (!folder_is_there(publishing->live)) {
        printf("%s is a new service\n", publishing->name);
        return OUTCOME_OK;
    }
    if (service_load(publishing->live, &old, &ignored, &why) != OUTCOME_OK) {
        printf("the version that lies in %s does not load: there is nothing to compare with\n", publishing->live);
        return OUTCOME_OK;
    }
    print_difference(publishing, old, fresh);
    if (publishing->source)
        difference_check_keys(old, fresh, problems); /* a way back is never barred */
    service_free(old);
    return problems->count > 0 ? problems_refuse(problems, 0, "keys would mean something else", err) : OUTCOME_OK;
}

static enum outcome judge(const struct publishing *publishing, struct error *err)
{
    struct service *fresh = NULL;
    struct problems problems;
    problems_init(&problems, publishing->arena);
    enum outcome outcome = service_load(publishing->fresh, &fresh, &problems, err);
    if (outcome == OUTCOME_OK && !span_equal_text(service_name(fresh), publishing->name))
        outcome = error_set(err, OUTCOME_REFUSED, "%s: its service.conf gives another name", publishing->fresh);
    if (outcome == OUTCOME_OK)
        outcome = prove(publishing, fresh, &problems, err);
    if (outcome == OUTCOME_OK)
        outcome = compare(publishing, fresh, &problems, err);
    report_findings(publishing, &problems);
    service_free(fresh);
    return outcome;
}

/* --- exchanging --------------------------------------------------------------------------------------------------- */

/* The version that was served ends in `swap`, or, with --back, in `previous`. */
static enum outcome put_in_place(const struct publishing *publishing, struct error *err)
{
    if (!publishing->source)
        return folder_exchange(publishing->previous, publishing->live, err);
    if (!folder_is_there(publishing->live))
        return folder_rename(publishing->staged, publishing->live, err);
    enum outcome outcome = folder_rename(publishing->staged, publishing->swap, err);
    return outcome == OUTCOME_OK ? folder_exchange(publishing->swap, publishing->live, err) : outcome;
}

static enum outcome take_back(const struct publishing *publishing, struct error *err)
{
    if (!publishing->source)
        return folder_exchange(publishing->previous, publishing->live, err);
    if (!folder_is_there(publishing->swap))
        return folder_rename(publishing->live, publishing->staged, err);
    enum outcome outcome = folder_exchange(publishing->swap, publishing->live, err);
    return outcome == OUTCOME_OK ? folder_rename(publishing->swap, publishing->staged, err) : outcome;
}

/* `swap` becomes `previous`, and the one that was kept until now goes. */
static enum outcome keep_previous(const struct publishing *publishing, struct error *err)
{
    if (!publishing->source || !folder_is_there(publishing->swap))
        return OUTCOME_OK;
    if (!folder_is_there(publishing->previous))
        return folder_rename(publishing->swap, publishing->previous, err);
    enum outcome outcome = folder_exchange(publishing->swap, publishing->previous, err);
    return outcome == OUTCOME_OK ? folder_remove(publishing->swap, err) : outcome;
}

/* All that the channels serve, as it lies there now: another service may be built on this one. */
static enum outcome check_all(const struct publishing *publishing, struct error *err)
{
    const char *const *overrides;
    size_t count = verb_values(publishing->arguments, "set", &overrides);
    struct catalogue *catalogue = NULL;
    struct problems problems;
    problems_init(&problems, publishing->arena);
    enum outcome outcome = catalogue_load(publishing->config->file, overrides, count, &catalogue, &problems, err);
    report_problems(&problems);
    if (outcome == OUTCOME_OK)
        catalogue_free(catalogue);
    return outcome;
}

static void ignore_line(void *context, const json_t *line)
{
    (void)context;
    (void)line;
}

/* One that reloads already may have read the old folder: it is asked again. */
static enum outcome tell_gateway(const struct publishing *publishing, struct error *err)
{
    const struct timespec wait = {.tv_nsec = RELOAD_WAIT_NS};
    enum outcome outcome = OUTCOME_CONFLICT;
    for (int i = 0; i < RELOAD_TRIES && outcome == OUTCOME_CONFLICT; i++) {
        if (i > 0)
            nanosleep(&wait, NULL);
        outcome = control_ask(publishing->config->listen.control, json_pack("{s:s}", "verb", "reload"), ignore_line,
                              NULL, err);
    }
    if (outcome == OUTCOME_NOT_FOUND)
        printf("no gateway runs: it is served from the next start on\n");
    else if (outcome == OUTCOME_OK)
        printf("the running gateway serves it\n");
    return outcome == OUTCOME_NOT_FOUND ? OUTCOME_OK : outcome;
}

static enum outcome undo(const struct publishing *publishing, enum outcome why, struct error *err)
{
    struct error failed = {0};
    if (take_back(publishing, &failed) != OUTCOME_OK)
        return error_set(err, OUTCOME_BROKEN, "it was refused, and the version before could not be put back: %s",
                         failed.text);
    printf("refused: the version before is in its place again\n");
    return why;
}

static enum outcome exchange(const struct publishing *publishing, struct error *err)
{
    enum outcome outcome = put_in_place(publishing, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    outcome = check_all(publishing, err);
    if (outcome == OUTCOME_OK)
        outcome = tell_gateway(publishing, err);
    if (outcome != OUTCOME_OK)
        return undo(publishing, outcome, err);
    outcome = keep_previous(publishing, err);
    if (outcome == OUTCOME_OK && folder_is_there(publishing->previous))
        printf("published; the version before lies in %s, `helpline publish --back %s` exchanges them again\n",
               publishing->previous, publishing->name);
    return outcome;
}

/* --- the verb ----------------------------------------------------------------------------------------------------- */

static bool is_agreed(const struct publishing *publishing)
{
    char line[16] = "";
    if (verb_has(publishing->arguments, "yes"))
        return true;
    if (!isatty(STDIN_FILENO)) {
        fputs("helpline: nothing was published: nobody is there to agree; --yes does without\n", stderr);
        return false;
    }
    printf("Publish this? [y/N] ");
    (void)fflush(stdout);
    return fgets(line, sizeof line, stdin) && (line[0] == 'y' || line[0] == 'Y');
}

static enum outcome publish(struct publishing *publishing, struct error *err)
{
    bool is_dry = verb_has(publishing->arguments, "dry-run");
    enum outcome outcome = prepare(publishing, err);
    if (outcome == OUTCOME_OK)
        outcome = judge(publishing, err);
    if (outcome != OUTCOME_OK || is_dry)
        return outcome;
    return is_agreed(publishing) ? exchange(publishing, err) : OUTCOME_REFUSED;
}

static int work(struct publishing *publishing)
{
    struct error err = {0}, ignored = {0};
    int lock = -1;
    enum outcome outcome = folder_lock(publishing->config->dir.menus, &lock, &err);
    if (outcome == OUTCOME_OK && publishing->source)
        outcome = read_name(publishing, &err);
    if (outcome == OUTCOME_OK)
        outcome = publish(publishing, &err);
    if (publishing->staged && folder_remove(publishing->staged, &ignored) != OUTCOME_OK)
        (void)report_error(EXIT_MACHINE, &ignored);
    if (lock >= 0)
        close(lock);
    if (outcome == OUTCOME_OK)
        return report_output(EXIT_DONE);
    return report_error(outcome == OUTCOME_BROKEN ? EXIT_MACHINE : EXIT_FINDING, &err);
}

static int run_publish(const struct verb_arguments *arguments)
{
    const char *const *operands;
    (void)verb_operands(arguments, &operands);
    struct config *config = NULL;
    int code = verb_load_config(arguments, &config);
    if (code != EXIT_DONE)
        return code;
    struct publishing publishing = {.arguments = arguments, .config = config, .arena = arena_create(256 * 1024)};
    const char *operand = without_slash(operands[0], publishing.arena);
    if (verb_has(arguments, "back"))
        publishing.name = last_part(operand, publishing.arena);
    else
        publishing.source = operand;
    code = work(&publishing);
    arena_destroy(publishing.arena);
    config_free(config);
    return code;
}

static const struct verb_option options[] = {
    {.name = "dry-run", .help = "prove it and show the difference, no more"},
    {.name = "yes", .help = "do not ask"},
    {.name = "back", .help = "NAME's version before takes its place again"},
    {.name = NULL},
};

const struct verb verb_publish = {
    .name = "publish",
    .operands = "FOLDER|NAME",
    .summary = "put a new version of a service in the place of the one that is served",
    .details =
        "FOLDER holds a new version; its service.conf says the name. It is proven against the configured channels, "
        "and\n"
        "what changes for callers is shown as screens and keys. A key that would mean something else than it did is\n"
        "refused; one that goes has to be listed as retired. Then it is exchanged in one go with the folder below\n"
        "dir.menus, a running gateway takes it, and calls that are under way go on with it. What the gateway refuses "
        "is\n"
        "undone. The version before is kept as NAME.previous; `helpline publish --back NAME` exchanges them again.",
    .options = options,
    .operands_min = 1,
    .operands_max = 1,
    .run = run_publish,
};
