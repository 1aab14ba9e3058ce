/*
 * error: what went wrong, as a value that has to be looked at.
 *
 * Owns nothing. May be used by every floor, from every thread. An outcome says which kind of answer a caller owes
 * ("not found", "refused" and "broken" are never one); the error beside it says it in words that a person can act on.
 * The words never hold anything about a person: no number, no answer, no text that somebody sent.
 */
#pragma once
#include <stdbool.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))

enum outcome {
    OUTCOME_OK = 0,
    OUTCOME_NOT_FOUND, /* asked for something that is not there; nothing is wrong */
    OUTCOME_REFUSED,   /* the input does not hold: the other side must change it */
    OUTCOME_CONFLICT,  /* somebody changed it in between, or it exists already */
    OUTCOME_FULL,      /* a stated bound was reached: try again later */
    OUTCOME_BROKEN,    /* the machine or a library failed: disk, socket, corruption */
};

#define ERROR_TEXT_MAX 600 /* bytes, with the closing NUL; a longer text ends in "..." */

struct error {
    enum outcome outcome;
    bool about_keys; /* refused for the keys at hand: the answer is another key file, not another request */
    char text[ERROR_TEXT_MAX];
};

/* Sets both parts and returns `outcome`, so that a caller can write `return error_set(err, ...)`. */
enum outcome error_set(struct error *err, enum outcome outcome, const char *format, ...) PRINTF_LIKE(3, 4);

/* As error_set, the text led by "file:line: ", the form that editors and authors know. `line` 0 leaves the line out. */
enum outcome error_set_at(struct error *err, enum outcome outcome, const char *file, unsigned line, const char *format,
                          ...) PRINTF_LIKE(5, 6);

/* "ok", "not found", "refused", "conflict", "full", "broken". Never NULL. */
const char *outcome_name(enum outcome outcome);
