/* helpline backup: by the running gateway if there is one, so that no second connection ever writes; else by itself. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/sealed.h"
#include "cli/control_client.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "core/config.h"
#include "store/store.h"

#define PAGES_A_STEP 1000
#define WAIT_NS (20 * 1000 * 1000)

struct asked {
    struct progress progress;
    char *path; /* what the gateway says it wrote, or NULL */
};

static void take_line(void *context, const json_t *line)
{
    struct asked *asked = context;
    const char *path = json_string_value(json_object_get(line, "path"));
    int64_t total = json_integer_value(json_object_get(line, "total"));
    if (path && !asked->path)
        asked->path = strdup(path);
    else if (total > 0)
        progress_show(&asked->progress, total - json_integer_value(json_object_get(line, "left")), total);
}

static enum outcome ask_gateway(const struct config *config, const char *path, struct error *err)
{
    struct asked asked = {0};
    json_t *command = json_pack("{s:s, s:s*}", "verb", "backup", "path", path);
    progress_begin(&asked.progress, "backup, pages");
    enum outcome outcome = control_ask(config->listen.control, command, take_line, &asked, err);
    progress_end(&asked.progress);
    if (outcome == OUTCOME_OK)
        printf("%s\n", asked.path ? asked.path : path);
    free(asked.path);
    return outcome;
}

/* The same kind of name that the gateway gives its own, so that they sort together and are rotated together. */
static enum outcome default_path(const struct config *config, const char **path, struct error *err)
{
    struct civil t = clock_civil(clock_utc_ms(), 0);
    if (mkdir(config->data.backups, 0700) != 0 && errno != EEXIST)
        return error_set(err, OUTCOME_BROKEN, "%s: cannot be made: %s", config->data.backups, strerrordesc_np(errno));
    *path = arena_format(config->arena, "%s/helpline-%04d%02d%02dT%02d%02d%02dZ.db", config->data.backups, t.year,
                         t.month, t.day, t.hour, t.minute, t.second)
                .at;
    return OUTCOME_OK;
}

static enum outcome copy_pages(struct store *store, const char *path, struct error *err)
{
    struct store_backup *backup = NULL;
    struct progress progress;
    int left = 0, total = 0;
    enum outcome outcome = store_backup_begin(store, path, &backup, err);
    progress_begin(&progress, "backup, pages");
    while (outcome == OUTCOME_OK && backup) {
        outcome = store_backup_step(&backup, PAGES_A_STEP, &left, &total, err);
        if (total > 0)
            progress_show(&progress, total - left, total);
        else if (backup)
            nanosleep(&(struct timespec){.tv_nsec = WAIT_NS}, NULL); /* all pages are there; a thread checks them */
    }
    progress_end(&progress);
    if (backup)
        store_backup_cancel(&backup);
    return outcome;
}

/* No gateway runs: the writer lock is ours while we copy. */
static int copy_alone(const struct config *config, const char *path)
{
    struct keyring *keyring = NULL;
    struct store *store = NULL;
    struct error err = {0};
    enum outcome outcome = keyring_open(config->data.keys, &keyring, &err);
    if (outcome != OUTCOME_OK)
        return report_error(EXIT_KEYS, &err);
    const struct store_options opening = {
        .path = config->data.path, .keyring = keyring, .forgotten = config->data.forgotten, .create = false};
    outcome = store_open(&opening, &store, &err);
    if (outcome == OUTCOME_OK && !path)
        outcome = default_path(config, &path, &err);
    if (outcome == OUTCOME_OK)
        outcome = copy_pages(store, path, &err);
    store_close(store);
    keyring_close(keyring);
    if (outcome != OUTCOME_OK)
        return report_store(outcome, &err);
    printf("%s\n", path);
    return report_output(EXIT_DONE);
}

/* The gateway may stand in another folder than we do. */
static enum outcome absolute(const char *path, struct arena *arena, const char **out, struct error *err)
{
    char *here = path[0] == '/' ? NULL : getcwd(NULL, 0);
    if (path[0] != '/' && !here)
        return error_set(err, OUTCOME_BROKEN, "where we are cannot be told: %s", strerrordesc_np(errno));
    *out = here ? arena_format(arena, "%s/%s", here, path).at : path;
    free(here);
    if (access(*out, F_OK) == 0)
        return error_set(err, OUTCOME_CONFLICT, "%s: is there already; a backup never overwrites", path);
    return OUTCOME_OK;
}

static int back_up(const struct config *config, const char *wanted)
{
    struct error err = {0};
    const char *path = NULL;
    enum outcome outcome = wanted ? absolute(wanted, config->arena, &path, &err) : OUTCOME_OK;
    if (outcome != OUTCOME_OK)
        return report_error(outcome == OUTCOME_CONFLICT ? EXIT_FINDING : EXIT_MACHINE, &err);
    outcome = ask_gateway(config, path, &err);
    if (outcome == OUTCOME_NOT_FOUND)
        return copy_alone(config, path);
    return outcome == OUTCOME_OK ? report_output(EXIT_DONE) : report_control(outcome, &err);
}

static int run_backup(const struct verb_arguments *arguments)
{
    struct config *config = NULL;
    int code = verb_read_config(arguments, &config);
    if (code != EXIT_DONE)
        return code;
    const char *const *operands;
    code = back_up(config, verb_operands(arguments, &operands) > 0 ? operands[0] : NULL);
    config_free(config);
    return code;
}

const struct verb verb_backup = {
    .name = "backup",
    .operands = "[FILE]",
    .summary = "copy the data file, beside a running gateway or without one",
    .details =
        "Without FILE the copy goes to data.backups. It is checked, synced and only then given its name, which is "
        "printed. A\n"
        "running gateway makes the copy itself in its idle moments. Never overwrites.\n"
        "\n"
        "The keys (data.keys) and the list of the forgotten (data.forgotten) are not in it: keep them apart from it.",
    .operands_max = 1,
    .run = run_backup,
};
