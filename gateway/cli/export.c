/* helpline export: what was kept, as rows for a spreadsheet or a program. Unsealed: the file it makes is for its owner alone. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/sealed.h"
#include "cli/csv.h"
#include "cli/cycles.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "core/config.h"
#include "store/reader.h"

#define ROW_BYTES ((size_t)1 << 20)

enum export_format { FORMAT_CSV, FORMAT_JSONL };

struct exporting {
    enum export_kind kind;
    enum export_format format;
    FILE *to;
    struct arena *arena;   /* of one row */
    struct cycles *cycles; /* of registrations, else NULL */
    struct progress progress;
    int64_t done, total;
    struct error err; /* why a take stopped */
};

static const char *const kinds[] = {[EXPORT_TURNS] = "turns",       [EXPORT_SESSIONS] = "sessions",
                                    [EXPORT_REQUESTS] = "requests", [EXPORT_REGISTRATIONS] = "registrations",
                                    [EXPORT_TEXTS] = "texts",       [EXPORT_FOLLOW_UPS] = "follow-ups",
                                    [EXPORT_TRIAGE] = "triage"};

static bool write_out(struct exporting *exporting, struct span text)
{
    if (fwrite(text.at, 1, text.len, exporting->to) == text.len)
        return true;
    (void)error_set(&exporting->err, OUTCOME_BROKEN, "the export cannot be written: %s", strerrordesc_np(errno));
    return false;
}

/* Also where no row follows: what reads the file finds its columns. */
static bool write_csv_names(struct exporting *exporting)
{
    const char *const *names = reader_export_names(exporting->kind);
    size_t count = 0;
    while (names[count])
        count++;
    struct span *cells = ARENA_ARRAY(exporting->arena, struct span, count);
    for (size_t i = 0; i < count; i++)
        cells[i] = span_of(names[i]);
    struct buffer text;
    buffer_init(&text, exporting->arena, ROW_BYTES);
    csv_add_row(&text, cells, count);
    bool written = write_out(exporting, buffer_span(&text));
    arena_reset(exporting->arena);
    return written;
}

static bool write_csv(struct exporting *exporting, const struct export_row *row)
{
    struct buffer text;
    buffer_init(&text, exporting->arena, ROW_BYTES);
    csv_add_row(&text, row->values, row->count);
    if (!buffer_failed(&text))
        return write_out(exporting, buffer_span(&text));
    (void)error_set(&exporting->err, OUTCOME_FULL, "row %lld is over %zu bytes", (long long)exporting->done + 1,
                    ROW_BYTES);
    return false;
}

static bool write_jsonl(struct exporting *exporting, const struct export_row *row)
{
    json_t *object = json_object();
    for (size_t i = 0; i < row->count; i++) {
        struct span value = row->values[i];
        json_t *cell = span_is_present(value) ? json_stringn(value.at, value.len) : json_null();
        if (cell && json_object_set_new(object, row->names[i], cell) == 0)
            continue;
        (void)error_set(&exporting->err, OUTCOME_BROKEN, "row %lld: %s is not valid UTF-8",
                        (long long)exporting->done + 1, row->names[i]);
        json_decref(object);
        return false;
    }
    char *text = json_dumps(object, JSON_COMPACT);
    json_decref(object);
    bool written = text && write_out(exporting, span_of(text)) && write_out(exporting, SPAN("\n"));
    free(text);
    return written;
}

static bool take_row(void *context, const struct export_row *row)
{
    struct exporting *exporting = context;
    bool written = exporting->format == FORMAT_CSV ? write_csv(exporting, row) : write_jsonl(exporting, row);
    arena_reset(exporting->arena);
    exporting->done++;
    progress_show(&exporting->progress, exporting->done, exporting->total);
    return written;
}

static int run_export(struct exporting *exporting, const struct config *config)
{
    struct keyring *keyring = NULL;
    struct reader *reader = NULL;
    struct error err = {0};
    enum outcome outcome = keyring_open(config->data.keys, &keyring, &err);
    if (outcome != OUTCOME_OK)
        return report_error(EXIT_KEYS, &err);
    outcome = reader_open(config->data.path, keyring, &reader, &err);
    int code = outcome == OUTCOME_OK ? EXIT_DONE : report_store(outcome, &err);
    if (outcome == OUTCOME_OK && exporting->cycles)
        reader_name_cycles(reader, cycles_of, exporting->cycles);
    if (outcome == OUTCOME_OK && exporting->format == FORMAT_CSV && !write_csv_names(exporting)) {
        code = report_error(EXIT_MACHINE, &exporting->err);
    } else if (outcome == OUTCOME_OK) {
        outcome = reader_export(reader, exporting->kind, &exporting->total, take_row, exporting, &err);
        progress_end(&exporting->progress);
        if (outcome != OUTCOME_OK)
            code = exporting->err.outcome != OUTCOME_OK ? report_error(EXIT_MACHINE, &exporting->err)
                                                        : report_store(outcome, &err);
    }
    reader_close(reader);
    keyring_close(keyring);
    return code;
}

/* A file of its own, for the owner alone; one that is there is not touched. */
static FILE *open_output(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!file)
        fprintf(stderr, "helpline: %s: cannot be made: %s\n", path, strerrordesc_np(errno));
    return file;
}

static int close_output(FILE *file, const char *path, int code)
{
    bool whole = fflush(file) == 0 && fsync(fileno(file)) == 0;
    int why = errno;
    whole = fclose(file) == 0 && whole;
    if (!whole)
        fprintf(stderr, "helpline: %s: cannot be written: %s\n", path, strerrordesc_np(why));
    return whole ? code : EXIT_MACHINE;
}

static int export_to(struct exporting *exporting, const struct config *config, const char *path)
{
    exporting->to = path ? open_output(path) : stdout;
    if (!exporting->to)
        return EXIT_MACHINE;
    exporting->arena = arena_create(65536);
    progress_begin(&exporting->progress, "export");
    int code = run_export(exporting, config);
    arena_destroy(exporting->arena);
    return path ? close_output(exporting->to, path, code) : report_output(code);
}

/* What the answers of registrations tell is for the services to say. */
static int load_cycles(struct exporting *exporting, const struct config *config)
{
    struct problems problems;
    struct error err = {0};
    problems_init(&problems, config->arena);
    if (exporting->kind != EXPORT_REGISTRATIONS ||
        cycles_load(config, &exporting->cycles, &problems, &err) == OUTCOME_OK)
        return EXIT_DONE;
    report_problems(&problems);
    return report_error(EXIT_FINDING, &err);
}

static int index_of(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return (int)i;
    return -1;
}

static int export(const struct verb_arguments *arguments)
{
    static const char *const formats[] = {[FORMAT_CSV] = "csv", [FORMAT_JSONL] = "jsonl"};
    const char *const *operands;
    verb_operands(arguments, &operands);
    const char *format = verb_has(arguments, "format") ? verb_value(arguments, "format") : "csv";
    int kind = index_of(operands[0], kinds, sizeof kinds / sizeof kinds[0]);
    int form = index_of(format, formats, sizeof formats / sizeof formats[0]);
    struct error err = {0};
    if (kind < 0)
        (void)error_set(&err, OUTCOME_REFUSED,
                        "\"%s\" is none of turns, sessions, requests, registrations, texts, follow-ups, triage",
                        operands[0]);
    else if (form < 0)
        (void)error_set(&err, OUTCOME_REFUSED, "--format is csv or jsonl, not \"%s\"", format);
    if (err.outcome != OUTCOME_OK)
        return report_usage("export", &err);
    struct config *config = NULL;
    int code = verb_read_config(arguments, &config);
    if (code != EXIT_DONE)
        return code;
    if (kind == EXPORT_TRIAGE && verb_has(arguments, "with-words"))
        kind = EXPORT_TRIAGE_WORDS;
    struct exporting exporting = {.kind = (enum export_kind)kind, .format = (enum export_format)form};
    code = load_cycles(&exporting, config);
    if (code == EXIT_DONE)
        code = export_to(&exporting, config, verb_value(arguments, "output"));
    cycles_free(exporting.cycles);
    config_free(config);
    return code;
}

static const struct verb_option options[] = {
    {"format", "csv|jsonl", "csv (default) or one JSON object a line", false, false},
    {"output", "FILE", "a new file, mode 0600; standard output when left out", false, false},
    {"with-words", NULL, "of triage: the words that were written as well", false, false},
    {0},
};

const struct verb verb_export = {
    .name = "export",
    .operands = "turns|sessions|requests|registrations|texts|follow-ups|triage",
    .summary = "write what was kept as CSV or JSON lines",
    .details =
        "Reads beside a running gateway, as the same system user. What was sealed is opened with data.keys: the "
        "result holds\n"
        "what people said, so treat it as you treat them.\n"
        "\n"
        "`texts` are those that were sent or wait, with what became of each: state unknown means that nobody can "
        "tell whether it\n"
        "arrived. The attention of a request says that its answer failed or is unknown, that its person wrote since, "
        "or that an office is\n"
        "to be asked what came of a referral.\n"
        "\n"
        "`registrations` has what was answered but for what was sealed, and the migration cycle that the answers "
        "tell of\n"
        "(complete, incomplete, interrupted), as the services' flow files say it. A withdrawn one keeps its row and no "
        "answers.\n"
        "`triage` is which rule of the service's listed words was met, when, and how urgent it made the next "
        "request; without the\n"
        "words themselves unless --with-words.\n"
        "\n"
        "CSV is RFC 4180, UTF-8. A cell that a spreadsheet would run as a formula has a ' in front, but for "
        "plain numbers,\n"
        "so +8801712345678 stays as it is. To read it back, take one leading ' off.",
    .options = options,
    .operands_min = 1,
    .operands_max = 1,
    .run = export,
};
