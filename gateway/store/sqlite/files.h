/*
 * files: what SQLite does not do for us with files. Never opens a data file: see README.md, "The one rule".
 */
#pragma once
#include <stdbool.h>
#include "base/error.h"

bool file_exists(const char *path);
long long file_bytes(const char *path); /* 0 when there is none */

/* The folder that holds `path`, synced: a new name in it is on disk. */
enum outcome folder_sync(const char *path, struct error *err) MUST_CHECK;

/* An empty file, 0600, that did not exist before. CONFLICT when it does. */
enum outcome file_create(const char *path, struct error *err) MUST_CHECK;

/* A finished file that no connection has open: synced. */
enum outcome file_sync(const char *path, struct error *err) MUST_CHECK;

char *path_with(const char *path, const char *suffix); /* malloc'ed */
