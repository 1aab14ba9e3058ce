#include "cli/report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int report_error(int code, const struct error *err)
{
    if (err->text[0])
        fprintf(stderr, "helpline: %s\n", err->text);
    return code;
}

int report_usage(const char *verb, const struct error *err)
{
    fprintf(stderr, "helpline %s: %s. `helpline %s --help` has more.\n", verb, err->text, verb);
    return EXIT_USAGE;
}

void report_problems(const struct problems *problems)
{
    for (size_t i = 0; i < problems->count && i < PROBLEMS_MAX; i++)
        fprintf(stderr, "%s\n", problems->lines[i]);
    if (problems->count > PROBLEMS_MAX)
        fprintf(stderr, "and %zu more\n", problems->count - PROBLEMS_MAX);
}

int report_store(enum outcome outcome, const struct error *err)
{
    switch (outcome) {
    case OUTCOME_NOT_FOUND:
        return report_error(EXIT_FINDING, err);
    case OUTCOME_CONFLICT:
        return report_error(EXIT_SECOND, err);
    case OUTCOME_REFUSED:
        return report_error(err->about_keys ? EXIT_KEYS : EXIT_SCHEMA, err);
    default:
        return report_error(EXIT_MACHINE, err);
    }
}

int report_no_channel(const struct channel_set *channels, const char *id)
{
    const char *nearest = channel_set_nearest(channels, span_of(id));
    fprintf(stderr, "helpline: there is no enabled channel \"%s\"%s%s\n", id, nearest ? "; nearest is " : "",
            nearest ? nearest : "");
    return EXIT_FINDING;
}

int report_control(enum outcome outcome, const struct error *err)
{
    int code = EXIT_MACHINE;
    if (outcome == OUTCOME_NOT_FOUND)
        code = EXIT_NO_GATEWAY;
    else if (outcome == OUTCOME_REFUSED || outcome == OUTCOME_CONFLICT)
        code = EXIT_FINDING;
    return report_error(code, err);
}

int report_output(int code)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    if (errno != EPIPE)
        fprintf(stderr, "helpline: standard output cannot be written: %s\n", strerrordesc_np(errno));
    return errno == EPIPE ? code : EXIT_MACHINE;
}
