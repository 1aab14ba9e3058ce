/*
 * lock: the right to write, as a file of its own. The data file cannot serve: whoever opens and closes it by themselves drops
 * every POSIX lock that SQLite holds on it in this process.
 */
#pragma once
#include "base/error.h"

/* Holds "<path>.lock" until the descriptor is closed or the process ends. CONFLICT: somebody else holds it. */
enum outcome writer_lock_take(const char *path, int *lock, struct error *err) MUST_CHECK;
void writer_lock_release(int lock); /* the file stays: removing it would let two in */
