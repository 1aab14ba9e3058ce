#include "store/sqlite/database.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "store/sqlite/statements.h"

#define CACHE_BYTES_DEFAULT (16u << 20)

struct pragma {
    const char *name, *value; /* as set */
    const char *reads;        /* as read back; NULL: the same */
};

/* Before the first table is there: cannot be changed later without rewriting the file. */
static const struct pragma birth_pragmas[] = {
    {"page_size", "4096", NULL},
    {"auto_vacuum", "INCREMENTAL", "2"},
};

static const struct pragma writer_pragmas[] = {
    {"journal_mode", "WAL", "wal"},
    {"synchronous", "FULL", "2"}, /* one fdatasync of the WAL for each COMMIT: NORMAL may lose the last ones */
    {"foreign_keys", "OFF", "0"}, /* see README.md: checked by verify and on backups */
    {"trusted_schema", "OFF", "0"},
    {"cell_size_check", "ON", "1"},
    {"mmap_size", "0", NULL}, /* a mapped file turns one bad page into many */
    {"secure_delete", "ON", "1"},
    {"temp_store", "MEMORY", "2"},
    {"wal_autocheckpoint", "0", NULL}, /* checkpoints are made in idle gaps: checkpoint.c */
    {"locking_mode", "NORMAL", "normal"},
};

static const struct pragma reader_pragmas[] = {
    {"query_only", "ON", "1"}, {"trusted_schema", "OFF", "0"}, {"cell_size_check", "ON", "1"},
    {"mmap_size", "0", NULL},  {"temp_store", "MEMORY", "2"},  {"wal_autocheckpoint", "0", NULL},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum outcome database_failed(sqlite3 *db, const char *doing, struct error *err)
{
    const int code = sqlite3_extended_errcode(db);
    const enum outcome outcome = (code & 0xff) == SQLITE_NOTADB ? OUTCOME_REFUSED : OUTCOME_BROKEN;
    return error_set(err, outcome, "%s: SQLite says: %s (code %d)", doing, sqlite3_errmsg(db), code);
}

enum outcome database_run(sqlite3 *db, const char *text, struct error *err)
{
    return sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK ? OUTCOME_OK : database_failed(db, "a statement", err);
}

enum outcome database_number(sqlite3 *db, const char *text, int64_t *number, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, text, -1, &stmt, NULL) != SQLITE_OK)
        return database_failed(db, text, err);
    const bool found = sqlite3_step(stmt) == SQLITE_ROW;
    *number = found ? sqlite3_column_int64(stmt, 0) : 0;
    enum outcome outcome = found ? OUTCOME_OK : database_failed(db, text, err);
    sqlite3_finalize(stmt);
    return outcome;
}

/* The last row of "PRAGMA name" or "PRAGMA name = value": setting some pragmas answers, setting others does not. */
static enum outcome pragma_ask(sqlite3 *db, const char *text, char *answer, size_t room, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    answer[0] = '\0';
    if (sqlite3_prepare_v2(db, text, -1, &stmt, NULL) != SQLITE_OK)
        return database_failed(db, text, err);
    int code;
    while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
        const char *value = (const char *)sqlite3_column_text(stmt, 0);
        snprintf(answer, room, "%s", value ? value : "");
    }
    enum outcome outcome = code == SQLITE_DONE ? OUTCOME_OK : database_failed(db, text, err);
    sqlite3_finalize(stmt);
    return outcome;
}

static enum outcome pragma_set(sqlite3 *db, const struct pragma *pragma, struct error *err)
{
    char text[96], answer[32];
    snprintf(text, sizeof text, "PRAGMA %s = %s", pragma->name, pragma->value);
    enum outcome outcome = pragma_ask(db, text, answer, sizeof answer, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    snprintf(text, sizeof text, "PRAGMA %s", pragma->name);
    outcome = pragma_ask(db, text, answer, sizeof answer, err);
    const char *wanted = pragma->reads ? pragma->reads : pragma->value;
    if (outcome == OUTCOME_OK && strcmp(answer, wanted) != 0) {
        return error_set(err, OUTCOME_BROKEN, "PRAGMA %s did not take: wanted %s, SQLite has \"%s\"", pragma->name,
                         wanted, answer);
    }
    return outcome;
}

static enum outcome pragmas_set(sqlite3 *db, const struct pragma *pragmas, size_t count, struct error *err)
{
    enum outcome outcome = OUTCOME_OK;
    for (size_t i = 0; i < count && outcome == OUTCOME_OK; i++)
        outcome = pragma_set(db, &pragmas[i], err);
    return outcome;
}

static enum outcome writer_settings(sqlite3 *db, size_t cache_bytes, struct error *err)
{
    char kib[24];
    snprintf(kib, sizeof kib, "-%zu", (cache_bytes ? cache_bytes : CACHE_BYTES_DEFAULT) / 1024);
    const struct pragma cache = {"cache_size", kib, NULL};
    int64_t tables = 0;
    enum outcome outcome = database_number(db, "SELECT count(*) FROM sqlite_schema", &tables, err);
    if (outcome == OUTCOME_OK && tables == 0)
        outcome = pragmas_set(db, birth_pragmas, COUNT(birth_pragmas), err);
    if (outcome == OUTCOME_OK)
        outcome = pragmas_set(db, writer_pragmas, COUNT(writer_pragmas), err);
    return outcome == OUTCOME_OK ? pragma_set(db, &cache, err) : outcome;
}

/* SQLite counts every byte that it allocates under one lock for all threads; nobody reads the count. Before its first use only:
 * where something else was first, it counts. */
static void stop_counting_memory(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static enum outcome connect(const char *path, int flags, sqlite3 **db, struct error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, stop_counting_memory);
    if (sqlite3_open_v2(path, db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL) != SQLITE_OK) {
        enum outcome outcome =
            error_set(err, OUTCOME_BROKEN, "%s: SQLite says: %s", path, *db ? sqlite3_errmsg(*db) : "no memory");
        sqlite3_close(*db);
        *db = NULL;
        return outcome;
    }
    sqlite3_busy_timeout(*db, DATABASE_BUSY_MS);
    return OUTCOME_OK;
}

static enum outcome closed_unless_ok(enum outcome outcome, const char *path, sqlite3 **db, struct error *err)
{
    if (outcome != OUTCOME_OK) {
        struct error why = *err;
        sqlite3_close(*db);
        *db = NULL;
        return error_set(err, outcome, "%s: %s", path, why.text);
    }
    return OUTCOME_OK;
}

enum outcome database_open_writer(const char *path, size_t cache_bytes, sqlite3 **db, struct error *err)
{
    enum outcome outcome = connect(path, SQLITE_OPEN_READWRITE, db, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    return closed_unless_ok(writer_settings(*db, cache_bytes, err), path, db, err);
}

enum outcome database_open_reader(const char *path, sqlite3 **db, struct error *err)
{
    enum outcome outcome = connect(path, SQLITE_OPEN_READONLY, db, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    int set = 0;
    if (sqlite3_db_config(*db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, &set) != SQLITE_OK || !set)
        outcome = error_set(err, OUTCOME_BROKEN, "a reader that would checkpoint on closing");
    else
        outcome = pragmas_set(*db, reader_pragmas, COUNT(reader_pragmas), err);
    return closed_unless_ok(outcome, path, db, err);
}

enum outcome database_version(sqlite3 *db, int newest, int *version, struct error *err)
{
    int64_t found = 0, application = 0, tables = 0;
    enum outcome outcome = database_number(db, "PRAGMA user_version", &found, err);
    if (outcome == OUTCOME_OK)
        outcome = database_number(db, "PRAGMA application_id", &application, err);
    if (outcome == OUTCOME_OK)
        outcome = database_number(db, "SELECT count(*) FROM sqlite_schema", &tables, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    const bool fresh = tables == 0 && found == 0 && application == 0;
    if (!fresh && (application != HELPLINE_APPLICATION_ID || found < 1))
        return error_set(err, OUTCOME_REFUSED, "this is not a helpline data file");
    if (found > newest) {
        return error_set(err, OUTCOME_REFUSED, "written by a newer helpline: schema version %lld, this one knows %d",
                         (long long)found, newest);
    }
    *version = (int)found;
    return OUTCOME_OK;
}

enum outcome database_check(sqlite3 *db, const char *check, struct error *err)
{
    char answer[200];
    enum outcome outcome = pragma_ask(db, check, answer, sizeof answer, err);
    if (outcome == OUTCOME_OK && strcmp(answer, "ok") != 0)
        return error_set(err, OUTCOME_BROKEN, "the data file is damaged: %s", answer);
    return outcome;
}

enum outcome database_keys_match(sqlite3 *db, const struct keyring *keyring, struct error *err)
{
    unsigned char check[KEY_CHECK_BYTES];
    keyring_check_value(keyring, check);
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, "SELECT value FROM meta WHERE name = 'key_check'", -1, &stmt, NULL) != SQLITE_OK)
        return database_failed(db, "key check", err);
    const bool found = sqlite3_step(stmt) == SQLITE_ROW;
    const bool match = found && sqlite3_column_bytes(stmt, 0) == KEY_CHECK_BYTES &&
                       memcmp(sqlite3_column_blob(stmt, 0), check, KEY_CHECK_BYTES) == 0;
    sqlite3_finalize(stmt);
    if (!match) {
        error_set(err, OUTCOME_REFUSED, "it belongs to other keys than those given");
        err->about_keys = true;
        return OUTCOME_REFUSED;
    }
    return OUTCOME_OK;
}
