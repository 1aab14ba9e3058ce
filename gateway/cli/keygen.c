/* helpline keygen: the master keys, and the secrets of channels that have none yet. Never overwrites. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/random.h"
#include "base/sealed.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "core/config.h"

#define SECRET_DIGITS 32

/* Makes the folders that lead to `path`, for the owner alone. */
static enum outcome make_folders(const char *path, struct arena *arena, struct error *err)
{
    char *folder = arena_alloc(arena, strlen(path) + 1);
    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        size_t len = (size_t)(slash - path);
        memcpy(folder, path, len);
        folder[len] = '\0';
        if (mkdir(folder, 0700) != 0 && errno != EEXIST)
            return error_set(err, OUTCOME_BROKEN, "%s: cannot be made: %s", folder, strerrordesc_np(errno));
    }
    return OUTCOME_OK;
}

static enum outcome write_secret(const char *path, struct error *err)
{
    char secret[SECRET_DIGITS + 2];
    random_hex(secret, SECRET_DIGITS);
    secret[SECRET_DIGITS] = '\n';
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno == EEXIST ? OUTCOME_CONFLICT
                               : error_set(err, OUTCOME_BROKEN, "%s: cannot be made: %s", path, strerrordesc_np(errno));
    bool whole = write(fd, secret, SECRET_DIGITS + 1) == SECRET_DIGITS + 1 && fsync(fd) == 0;
    int why = errno;
    close(fd);
    if (whole)
        return OUTCOME_OK;
    unlink(path);
    return error_set(err, OUTCOME_BROKEN, "%s: cannot be written: %s", path, strerrordesc_np(why));
}

/* The file that a channel's secret is read from; absent when the secret stands in the configuration itself. */
static struct span secret_file(struct setting channel)
{
    struct span secret = setting_string(channel, "secret", NULL);
    bool named = span_starts_with(secret, SPAN("@")) && !span_starts_with(secret, SPAN("@@"));
    return named ? span_from(secret, 1) : SPAN_NONE;
}

static int make_secrets(const struct config *config)
{
    struct setting channels = setting_get(settings_root(config->settings), "channels");
    for (size_t i = 0; i < setting_count(channels); i++) {
        struct setting channel = setting_at(channels, i);
        const char *path = arena_text(config->arena, secret_file(channel));
        if (!setting_bool(channel, "enabled", true) || !path || access(path, F_OK) == 0)
            continue;
        struct error err = {0};
        enum outcome outcome = make_folders(path, config->arena, &err);
        if (outcome == OUTCOME_OK)
            outcome = write_secret(path, &err);
        if (outcome == OUTCOME_BROKEN)
            return report_error(EXIT_MACHINE, &err);
        if (outcome == OUTCOME_OK)
            printf("made %s, the secret of channel %s\n", path, setting_name(channel));
    }
    return EXIT_DONE;
}

static int make_keys(const struct config *config, bool may_exist)
{
    struct error err = {0};
    enum outcome outcome = make_folders(config->data.keys, config->arena, &err);
    if (outcome == OUTCOME_OK)
        outcome = keyring_generate(config->data.keys, &err);
    if (outcome == OUTCOME_OK)
        printf("made %s: without it nothing that people said can be read; keep a copy apart from the data\n",
               config->data.keys);
    if (outcome == OUTCOME_OK || (outcome == OUTCOME_CONFLICT && may_exist))
        return EXIT_DONE;
    return report_error(outcome == OUTCOME_CONFLICT ? EXIT_KEYS : EXIT_MACHINE, &err);
}

static int keygen(const struct verb_arguments *arguments)
{
    struct config *config = NULL;
    int code = verb_read_config(arguments, &config);
    if (code != EXIT_DONE)
        return code;
    bool secrets = verb_has(arguments, "secrets");
    code = make_keys(config, secrets);
    if (code == EXIT_DONE && secrets)
        code = make_secrets(config);
    config_free(config);
    return code == EXIT_DONE ? report_output(code) : code;
}

static const struct verb_option options[] = {
    {"secrets", NULL, "also make the missing secret files of channels; what is there is kept and no failure", false,
     false},
    {0},
};

const struct verb verb_keygen = {
    .name = "keygen",
    .summary = "make the master keys, and with --secrets what channels lack",
    .details = "Writes data.keys (mode 0600) with one new master key. Never overwrites: when the file exists nothing "
               "is changed\n"
               "and the exit code is 4.\n"
               "\n"
               "With --secrets every enabled channel whose secret is \"@FILE\" gets that file, 32 random hex digits, "
               "where it is missing.",
    .options = options,
    .run = keygen,
};
