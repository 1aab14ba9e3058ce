/*
 * copy: a consistent copy of the data file under a final name, which never holds half a file.
 *
 * Pages go to "<path>.part". Only what is whole, checked and synced gets its name. The copy is in journal_mode=DELETE, so
 * that it can be read where nothing may be written.
 */
#pragma once
#include <sqlite3.h>
#include "base/error.h"

struct copy;

enum outcome copy_begin(sqlite3 *source, const char *path, struct copy **out, struct error *err) MUST_CHECK;
/* *left 0: all pages are there and copy_finish is next. */
enum outcome copy_step(struct copy *copy, int pages, int *left, int *total, struct error *err) MUST_CHECK;
void copy_detach(struct copy *copy); /* all pages are there: the source is not needed any more */
/* Checks, syncs and renames; frees the copy whatever comes out. After copy_detach it may run on another thread. */
enum outcome copy_finish(struct copy *copy, struct error *err) MUST_CHECK;
void copy_cancel(struct copy *copy);

/* All of it at once. */
enum outcome copy_whole(sqlite3 *source, const char *path, struct error *err) MUST_CHECK;
