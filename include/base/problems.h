/*
 * problems: all that is wrong with a file or a tree of files, collected so that an author sees every finding at once.
 *
 * A finding reads "file:line: what is wrong, what was expected, nearest valid name". Memory comes from the arena given
 * at the start. At most PROBLEMS_MAX are kept; the rest is counted.
 */
#pragma once
#include <stdarg.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/error.h"

#define PROBLEMS_MAX 200

struct problems {
    struct arena *arena;
    size_t count; /* all that were found, also those past PROBLEMS_MAX */
    const char *lines[PROBLEMS_MAX];
};

void problems_init(struct problems *problems, struct arena *arena);

/* `line` 0 leaves the line out. */
void problems_add(struct problems *problems, const char *file, unsigned line, const char *format, ...)
    PRINTF_LIKE(4, 5);
void problems_add_list(struct problems *problems, const char *file, unsigned line, const char *format, va_list args)
    PRINTF_LIKE(4, 0);

/* REFUSED, as "WHAT: 3 findings": those that came after there were `before`. */
enum outcome problems_refuse(const struct problems *problems, size_t before, const char *what, struct error *err);
