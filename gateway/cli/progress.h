/*
 * progress: how far long work has come, on standard error: a line that renews itself on a terminal, a line every two seconds
 * elsewhere. Work that is done before that says nothing.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *what; /* "verify" */
    bool terminal;
    bool shown;
    int64_t next_at; /* monotonic ms */
};

void progress_begin(struct progress *progress, const char *what);
void progress_show(struct progress *progress, int64_t done, int64_t total); /* total 0: not known */
void progress_end(struct progress *progress);                               /* clears the terminal's line */

void progress_take(void *progress, int64_t done, int64_t total); /* the same as a callback */
