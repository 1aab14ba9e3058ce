/*
 * reader: read-only connections for exports, the console, and verbs. As many as wanted, one thread each, also beside a running
 * gateway, as the same system user. Never writes, never checkpoints, never opens the file but through SQLite.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/problems.h"
#include "base/sealed.h"
#include "base/span.h"
#include "model/person.h"
#include "model/retention.h"

struct reader;

/* NOT_FOUND: no file. REFUSED: not ours, newer schema, wrong keys. */
enum outcome reader_open(const char *path, const struct keyring *keyring, struct reader **out,
                         struct error *err) MUST_CHECK;
void reader_close(struct reader *reader);

enum export_kind {
    EXPORT_TURNS,
    EXPORT_SESSIONS,
    EXPORT_REQUESTS,
    EXPORT_REGISTRATIONS,
    EXPORT_TEXTS,
    EXPORT_FOLLOW_UPS,
    EXPORT_TRIAGE,
    EXPORT_TRIAGE_WORDS /* the words too */
};
struct export_row {
    const char *const *names;  /* column names */
    const struct span *values; /* absent: NULL in the file */
    size_t count;
};
const char *const *reader_export_names(enum export_kind kind); /* the columns of every row of it, ended by NULL */
/* How the cycle of a registration is told: asked for each of its answers, sealed ones too, until one tells. Without it the column
 * stays empty. `of` may not keep what it is shown. */
void reader_name_cycles(struct reader *reader,
                        struct span (*of)(void *context, struct span channel, const struct answer *answer),
                        void *context);
/* Rows in the order they were made, unsealed; of a registration only those answers that were not sealed. `total` comes
 * first, for progress. A take that returns false stops: REFUSED. */
enum outcome reader_export(struct reader *reader, enum export_kind kind, int64_t *total,
                           bool (*take)(void *context, const struct export_row *row), void *context,
                           struct error *err) MUST_CHECK;

/* integrity_check, foreign_key_check, key check value, every packed and sealed value opens. BROKEN with findings in `problems`
 * when anything does not hold. Counts of what is there. */
struct verify_counts {
    int64_t phones, sessions, turns, requests, registrations, sealed;
};
enum outcome reader_verify(struct reader *reader, struct verify_counts *counts, struct problems *problems,
                           void (*progress)(void *context, int64_t done, int64_t total), void *context,
                           struct error *err) MUST_CHECK;

/* What is left of somebody who was given this reference, as findings with table and id: its rows and all that is their person's,
 * and every value anywhere, sealed ones too, that says it. OK with or without findings. */
enum outcome reader_trace(struct reader *reader, const char *reference, struct problems *problems,
                          struct error *err) MUST_CHECK;
/* The seven digits in the bytes of the data file and its log. Only where this process has no connection to the file: closing a
 * descriptor of it drops SQLite's locks. */
enum outcome reader_trace_bytes(const char *path, const char *reference, struct problems *problems,
                                struct error *err) MUST_CHECK;

/* How many rows of each class retention would take now. */
enum outcome reader_count_due(struct reader *reader, const struct retention *retention, int64_t now,
                              int64_t counts[RETAINED_COUNT], struct error *err) MUST_CHECK;
