/* helpline channels: how each channel of the running gateway is doing. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "cli/control_client.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "core/config.h"

#define WHEN_MAX 64

static int64_t number_in(const json_t *line, const char *name)
{
    return json_integer_value(json_object_get(line, name));
}

static const char *text_in(const json_t *line, const char *name)
{
    const char *text = json_string_value(json_object_get(line, name));
    return text ? text : "";
}

/* "2026-11-21T10:00:00Z, 12 s ago"; "never" for 0. */
static void format_when(int64_t at, char out[WHEN_MAX])
{
    static const struct {
        int64_t seconds;
        const char *unit;
    } units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
    if (at == 0) {
        snprintf(out, WHEN_MAX, "never");
        return;
    }
    char iso[CLOCK_ISO_MAX];
    clock_format_iso(at, iso);
    int64_t ago = (clock_utc_ms() - at) / 1000;
    size_t unit = 0;
    while (unit < 3 && ago < units[unit].seconds)
        unit++;
    snprintf(out, WHEN_MAX, "%.19sZ, %" PRId64 " %s ago", iso, ago > 0 ? ago / units[unit].seconds : 0,
             units[unit].unit);
}

static void print_head(void)
{
    printf("%-16s %-5s %-8s %-32s %9s %7s %7s %-18s %s\n", "CHANNEL", "KIND", "STATE", "LAST CALLBACK", "RECEIVED",
           "A MIN", "NO AUTH", "ANSWER p50 / p99", "LAST ERROR");
}

/* The shape of the request that the last error is about, set off below its channel. */
static void print_refused(const char *sample)
{
    while (*sample) {
        size_t len = strcspn(sample, "\n");
        printf("    | %.*s\n", (int)len, sample);
        sample += len + (sample[len] == '\n');
    }
}

/* How its texts do, below a channel that sends. */
static void print_texts(const json_t *texts)
{
    if (!json_is_object(texts))
        return;
    printf("    texts: circuit %s, %" PRId64 " failures in a row, %" PRId64 " on their way, %" PRId64
           " segments GSM-7, %" PRId64 " UCS-2",
           text_in(texts, "circuit"), number_in(texts, "failures"), number_in(texts, "in_flight"),
           number_in(texts, "gsm7_segments"), number_in(texts, "ucs2_segments"));
    int64_t micros = number_in(texts, "cost_micros");
    if (json_object_get(texts, "currency"))
        printf(", %" PRId64 ".%02" PRId64 " %s", micros / 1000000, micros / 10000 % 100, text_in(texts, "currency"));
    putchar('\n');
    if (number_in(texts, "last_failure_at") == 0)
        return;
    char failed[WHEN_MAX];
    format_when(number_in(texts, "last_failure_at"), failed);
    printf("    last that failed: %s: %s\n", failed, text_in(texts, "last_failure"));
}

/* What is printed line by line as it comes. */
struct table {
    bool has_head;
    unsigned unused; /* channels that are switched off: nothing comes there */
};

static void print_row(void *context, const json_t *line)
{
    struct table *table = context;
    bool enabled = json_is_true(json_object_get(line, "enabled"));
    if (!enabled && number_in(line, "last_at") == 0 && number_in(line, "last_error_at") == 0) {
        table->unused++;
        return;
    }
    if (!table->has_head)
        print_head();
    table->has_head = true;
    char last[WHEN_MAX], failed[WHEN_MAX];
    format_when(number_in(line, "last_at"), last);
    format_when(number_in(line, "last_error_at"), failed);
    bool answered = number_in(line, "answer_us_p99") > 0;
    char answer[48] = "-";
    if (answered)
        snprintf(answer, sizeof answer, "%.1f / %.1f ms", (double)number_in(line, "answer_us_p50") / 1000,
                 (double)number_in(line, "answer_us_p99") / 1000);
    printf("%-16s %-5s %-8s %-32s %9" PRId64 " %7" PRId64 " %7" PRId64 " %-18s %s%s%s\n", text_in(line, "id"),
           text_in(line, "kind"), enabled ? "enabled" : "disabled", last, number_in(line, "received"),
           number_in(line, "per_minute"), number_in(line, "auth_failures"), answer,
           number_in(line, "last_error_at") ? failed : "none", number_in(line, "last_error_at") ? ": " : "",
           text_in(line, "last_error"));
    print_refused(text_in(line, "last_refused"));
    print_texts(json_object_get(line, "texts"));
}

static void print_json(void *context, const json_t *line)
{
    (void)context;
    char *text = json_dumps(line, JSON_COMPACT);
    if (text)
        printf("%s\n", text);
    free(text);
}

static int channels(const struct verb_arguments *arguments)
{
    struct config *config = NULL;
    int code = verb_read_config(arguments, &config);
    if (code != EXIT_DONE)
        return code;
    bool json = verb_has(arguments, "json");
    struct table table = {0};
    struct error err = {0};
    enum outcome outcome = control_ask(config->listen.control, json_pack("{s:s}", "verb", "channels"),
                                       json ? print_json : print_row, &table, &err);
    if (!json && table.unused > 0)
        printf("\n%u more %s disabled; --json lists all\n", table.unused, table.unused == 1 ? "is" : "are");
    code = outcome == OUTCOME_OK ? report_output(EXIT_DONE) : report_control(outcome, &err);
    config_free(config);
    return code;
}

static const struct verb_option options[] = {
    {"json", NULL, "one JSON object a line, times in UTC milliseconds and microseconds", false, false},
    {0},
};

const struct verb verb_channels = {
    .name = "channels",
    .summary = "show each channel's last callback, last error, rate and answer time",
    .details =
        "Asks the running gateway through listen.control. Counts are since it was started; the rate is that of "
        "the last\n"
        "whole minute. An error names the field and what is wrong with it, never what stood in it. The lines\n"
        "below it (\"last_refused\" in JSON) are that request's shape: digits as 9, letters as a, names where the "
        "profile knows them.\n"
        "A channel that sends has a line more: its circuit, what is on its way, and the last send that failed.",
    .options = options,
    .run = channels,
};
