/*
 * database: one connection to one data file, every setting read back. SQLite takes a misspelt pragma without a word.
 */
#pragma once
#include <sqlite3.h>
#include <stdbool.h>
#include "base/error.h"
#include "base/sealed.h"

#define HELPLINE_APPLICATION_ID 0x686c706c /* "hlpl" */
#define DATABASE_PAGE_BYTES 4096
#define DATABASE_BUSY_MS 1000

/* BROKEN, or REFUSED for a file that is no SQLite database. A half-opened connection is closed. */
enum outcome database_open_writer(const char *path, size_t cache_bytes, sqlite3 **db, struct error *err) MUST_CHECK;
enum outcome database_open_reader(const char *path, sqlite3 **db, struct error *err) MUST_CHECK;

/* One number that a statement without parameters gives. */
enum outcome database_number(sqlite3 *db, const char *text, int64_t *number, struct error *err) MUST_CHECK;
enum outcome database_run(sqlite3 *db, const char *text, struct error *err) MUST_CHECK;
enum outcome database_failed(sqlite3 *db, const char *doing, struct error *err);

/* REFUSED: not ours, or a newer schema than `newest`. An empty file is version 0. */
enum outcome database_version(sqlite3 *db, int newest, int *version, struct error *err) MUST_CHECK;

/* OK when the first row says "ok"; else BROKEN with that row. `check`: "PRAGMA quick_check(1)" and its like. */
enum outcome database_check(sqlite3 *db, const char *check, struct error *err) MUST_CHECK;

/* REFUSED: the file belongs to other keys. */
enum outcome database_keys_match(sqlite3 *db, const struct keyring *keyring, struct error *err) MUST_CHECK;
