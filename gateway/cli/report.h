/*
 * report: how a verb says what went wrong, and which exit code follows from what.
 */
#pragma once
#include "aggregator/channel.h"
#include "base/error.h"
#include "base/problems.h"
#include "cli/verb.h"

/* "helpline: ..." on stderr; returns `code`, so that a verb can write `return report_error(...)`. */
int report_error(int code, const struct error *err);
int report_usage(const char *verb, const struct error *err); /* with where the help is; EXIT_USAGE */
void report_problems(const struct problems *problems);       /* one a line on stderr, those past PROBLEMS_MAX counted */

int report_store(enum outcome outcome, const struct error *err); /* after the store or a reader failed */

int report_no_channel(const struct channel_set *channels, const char *id); /* with the nearest; EXIT_FINDING */

int report_control(enum outcome outcome, const struct error *err); /* after control_ask failed */

/* Standard output is written whole; EXIT_MACHINE with one line when it is not (a full disk). A reader that has gone (`| head`)
 * is no failure. */
int report_output(int code);
