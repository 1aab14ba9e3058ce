#include <stdio.h>
#include "cli/report.h"
#include "cli/verbs.h"

static int version(const struct verb_arguments *arguments)
{
    (void)arguments;
    printf("helpline %s\n", HELPLINE_VERSION);
    return report_output(EXIT_DONE);
}

const struct verb verb_version = {
    .name = "version",
    .summary = "print the version",
    .run = version,
};
