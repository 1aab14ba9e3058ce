/*
 * whole_file: a file read from begin to end, with a bound.
 *
 * NOT_FOUND: no such file. REFUSED: not a regular file or pipe, or above `max` bytes. BROKEN: it could not be read.
 * The span has a NUL behind it.
 */
#pragma once
#include "base/arena.h"
#include "base/error.h"

enum outcome whole_file_read(const char *path, size_t max, struct arena *arena, struct span *out,
                             struct error *err) MUST_CHECK;
