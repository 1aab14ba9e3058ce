/* helpline verify: is the data file, or a backup, whole. */
#include <inttypes.h>
#include <stdio.h>
#include "base/sealed.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "cli/verifying.h"
#include "core/config.h"

int verify_file(const char *path, const struct keyring *keyring, struct verify_counts *counts)
{
    struct arena *arena = arena_create(65536);
    struct problems *problems = ARENA_NEW(arena, struct problems);
    problems_init(problems, arena);
    struct reader *reader = NULL;
    struct progress progress;
    struct error err = {0};
    enum outcome outcome = reader_open(path, keyring, &reader, &err);
    if (outcome == OUTCOME_OK) {
        progress_begin(&progress, "verify");
        outcome = reader_verify(reader, counts, problems, progress_take, &progress, &err);
        progress_end(&progress);
    }
    report_problems(problems);
    int code = problems->count > 0 ? EXIT_FINDING : EXIT_DONE;
    if (outcome != OUTCOME_OK && problems->count == 0)
        code = report_store(outcome, &err);
    reader_close(reader);
    arena_destroy(arena);
    return code;
}

static void print_counts(const char *path, const struct verify_counts *counts)
{
    printf("%s is whole: %" PRId64 " phones, %" PRId64 " sessions, %" PRId64 " turns, %" PRId64 " requests, %" PRId64
           " registrations; %" PRId64 " sealed values open\n",
           path, counts->phones, counts->sessions, counts->turns, counts->requests, counts->registrations,
           counts->sealed);
}

static int verify(const struct verb_arguments *arguments)
{
    if (verb_has(arguments, "forgotten"))
        return verify_forgotten(arguments);
    struct config *config = NULL;
    int code = verb_read_config(arguments, &config);
    if (code != EXIT_DONE)
        return code;
    const char *const *operands;
    const char *path = verb_operands(arguments, &operands) > 0 ? operands[0] : config->data.path;
    if (verb_has(arguments, "audit")) {
        code = verify_audit(config, path, verb_value(arguments, "head"));
        config_free(config);
        return code;
    }
    struct keyring *keyring = NULL;
    struct verify_counts counts = {0};
    struct error err = {0};
    enum outcome outcome = keyring_open(config->data.keys, &keyring, &err);
    code = outcome == OUTCOME_OK ? verify_file(path, keyring, &counts) : report_error(EXIT_KEYS, &err);
    if (code == EXIT_DONE)
        print_counts(path, &counts);
    keyring_close(keyring);
    config_free(config);
    return code == EXIT_DONE ? report_output(code) : code;
}

static const struct verb_option options[] = {
    {"forgotten", "REFERENCE", "whether anything is left of who was given it, and where", false, false},
    {"audit", NULL, "whether the chain of who did what at the desk is whole", false, false},
    {"head", "MAC", "with --audit: a head of it that the log has, which the chain must go through", false, false},
    {0},
};

const struct verb verb_verify = {
    .name = "verify",
    .operands = "[FILE]",
    .summary = "check the data file, or a backup, to the last sealed value",
    .details =
        "SQLite's own checks, every reference between rows, whether the file belongs to data.keys, and whether "
        "each sealed\n"
        "value opens. Reads only; runs beside a gateway. Exit code 1 when something does not hold.\n"
        "\n"
        "With --forgotten, instead: no row and no value, sealed ones too, has the reference, nothing of its person "
        "is left, and\n"
        "its digits stand nowhere in the bytes of the file and its log. What is left is named with table and id.\n"
        "\n"
        "With --audit, instead: walks the chain of the audit with the keys, and says how many rows it has and its "
        "head;\n"
        "or names the first row that was changed or is missing. Rows cut off at the end leave a chain that holds: the "
        "gateway\n"
        "writes the head to its log each day, so look there whether that row is still among them.",
    .options = options,
    .operands_max = 1,
    .run = verify,
};
