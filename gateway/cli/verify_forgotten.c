/* helpline verify --forgotten REFERENCE: is nothing left of who was given it. */
#include <stdio.h>
#include <time.h>
#include "base/sealed.h"
#include "cli/report.h"
#include "cli/verifying.h"
#include "core/config.h"
#include "store/reader.h"
#include "text/reference.h"

#define TRIES 20
#define TRY_EVERY_MS 500 /* a gateway empties the log of its file when nobody called for two seconds */

static enum outcome trace_rows(const char *path, const struct keyring *keyring, const char *reference,
                               struct problems *problems, struct error *err)
{
    struct reader *reader = NULL;
    enum outcome outcome = reader_open(path, keyring, &reader, err);
    if (outcome == OUTCOME_OK)
        outcome = reader_trace(reader, reference, problems, err);
    reader_close(reader);
    return outcome;
}

/* After the reader was closed. What is in the file alone goes with the next checkpoint, if a gateway runs. */
static enum outcome trace_bytes(const char *path, const char *reference, struct problems *problems, struct error *err)
{
    const struct timespec pause = {.tv_nsec = TRY_EVERY_MS * 1000000L};
    const size_t rows = problems->count;
    enum outcome outcome = reader_trace_bytes(path, reference, problems, err);
    for (int i = 1; i < TRIES && rows == 0 && outcome == OUTCOME_OK && problems->count > 0; i++) {
        problems->count = 0;
        nanosleep(&pause, NULL);
        outcome = reader_trace_bytes(path, reference, problems, err);
    }
    return outcome;
}

static int trace(const char *path, const struct keyring *keyring, const char *reference)
{
    struct arena *arena = arena_create(65536);
    struct problems *problems = ARENA_NEW(arena, struct problems);
    struct error err = {0};
    problems_init(problems, arena);
    enum outcome outcome = trace_rows(path, keyring, reference, problems, &err);
    if (outcome == OUTCOME_OK)
        outcome = trace_bytes(path, reference, problems, &err);
    report_problems(problems);
    int code = problems->count > 0 ? EXIT_FINDING : EXIT_DONE;
    if (outcome != OUTCOME_OK)
        code = report_store(outcome, &err);
    else if (code == EXIT_DONE)
        printf("%s holds nothing of who was given this reference: no row, no value, no key, no digits in the file\n",
               path);
    else
        fprintf(stderr, "helpline: %zu things are left\n", problems->count);
    arena_destroy(arena);
    return code;
}

int verify_forgotten(const struct verb_arguments *arguments)
{
    char reference[REFERENCE_DIGITS + 1];
    if (!reference_read(span_of(verb_value(arguments, "forgotten")), reference)) {
        fprintf(stderr,
                "helpline: --forgotten: no reference: seven digits of which the last checks the others; one of them is "
                "mistyped\n");
        return EXIT_USAGE;
    }
    struct config *config = NULL;
    int code = verb_read_config(arguments, &config);
    if (code != EXIT_DONE)
        return code;
    const char *const *operands;
    const char *path = verb_operands(arguments, &operands) > 0 ? operands[0] : config->data.path;
    struct keyring *keyring = NULL;
    struct error err = {0};
    enum outcome outcome = keyring_open(config->data.keys, &keyring, &err);
    code = outcome == OUTCOME_OK ? trace(path, keyring, reference) : report_error(EXIT_KEYS, &err);
    keyring_close(keyring);
    config_free(config);
    return code == EXIT_DONE ? report_output(code) : code;
}
