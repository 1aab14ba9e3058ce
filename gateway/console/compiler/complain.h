/*
 * complain: what is wrong with a file, where, as gcc says it; then the compiler ends and make stops. Nothing half made is left:
 * output is written at the very end.
 */
#pragma once
#include "base/error.h"

struct spot {
    const char *file;
    unsigned line;
};

__attribute__((noreturn)) void complain(struct spot place, const char *format, ...) PRINTF_LIKE(2, 3);
