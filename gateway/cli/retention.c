/* helpline retention: what would go by its age today, counted by class. */
#include <inttypes.h>
#include <stdio.h>
#include "base/clock.h"
#include "base/sealed.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "core/catalogue.h"
#include "store/reader.h"

static int count_due(const struct config *config, const char *path, const struct keyring *keyring)
{
    int64_t counts[RETAINED_COUNT] = {0}, total = 0;
    struct reader *reader = NULL;
    struct error err = {0};
    enum outcome outcome = reader_open(path, keyring, &reader, &err);
    if (outcome == OUTCOME_OK)
        outcome = reader_count_due(reader, &config->retention, clock_utc_ms(), counts, &err);
    reader_close(reader);
    if (outcome != OUTCOME_OK)
        return report_store(outcome, &err);
    for (int i = 0; i < RETAINED_COUNT; i++) {
        printf("%-14s %10" PRId64 "\n", retained_words[i], counts[i]);
        total += counts[i];
    }
    printf("%-14s %10" PRId64 "\n", "due now", total);
    return EXIT_DONE;
}

/* The services say which requests are complaints. */
static int load(const struct verb_arguments *arguments, struct catalogue **catalogue)
{
    struct arena *arena = arena_create(65536);
    struct problems *problems = ARENA_NEW(arena, struct problems);
    problems_init(problems, arena);
    const char *const *given;
    struct error err = {0};
    const size_t count = verb_values(arguments, "set", &given);
    enum outcome outcome = catalogue_load(verb_config_path(arguments), given, count, catalogue, problems, &err);
    report_problems(problems);
    arena_destroy(arena);
    return outcome == OUTCOME_OK ? EXIT_DONE
                                 : report_error(outcome == OUTCOME_BROKEN ? EXIT_MACHINE : EXIT_FINDING, &err);
}

static int retention(const struct verb_arguments *arguments)
{
    struct catalogue *catalogue = NULL;
    int code = load(arguments, &catalogue);
    if (code != EXIT_DONE)
        return code;
    const char *const *operands;
    const struct config *config = catalogue->config;
    const char *path = verb_operands(arguments, &operands) > 0 ? operands[0] : config->data.path;
    struct keyring *keyring = NULL;
    struct error err = {0};
    enum outcome outcome = keyring_open(config->data.keys, &keyring, &err);
    code = outcome == OUTCOME_OK ? count_due(config, path, keyring) : report_error(EXIT_KEYS, &err);
    keyring_close(keyring);
    catalogue_free(catalogue);
    return code == EXIT_DONE ? report_output(code) : code;
}

const struct verb verb_retention = {
    .name = "retention",
    .operands = "[FILE]",
    .summary = "count what would go by its age today, by class; nothing is touched",
    .details =
        "How long each class stays is said in the group `retention` of the configuration. A running gateway lets it "
        "go by itself,\n"
        "in small steps while nobody calls, every six hours; what depends on something else that goes is counted "
        "once that is gone.",
    .operands_max = 1,
    .run = retention,
};
