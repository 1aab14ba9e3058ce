#include "store/sqlite/copy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/sqlite/database.h"
#include "store/sqlite/files.h"

struct copy {
    char *path, *part;
    sqlite3 *db;
    sqlite3_backup *pages;
};

static void copy_free(struct copy *copy)
{
    free(copy->path);
    free(copy->part);
    free(copy);
}

void copy_detach(struct copy *copy)
{
    sqlite3_backup_finish(copy->pages);
    copy->pages = NULL;
}

void copy_cancel(struct copy *copy)
{
    if (copy) {
        copy_detach(copy);
        sqlite3_close(copy->db);
        copy->db = NULL;
        unlink(copy->part);
        copy_free(copy);
    }
}

static enum outcome copy_open(struct copy *copy, sqlite3 *source, struct error *err)
{
    /* What an earlier attempt left behind is nobody's. */
    if (unlink(copy->part) != 0 && errno != ENOENT)
        return error_set(err, OUTCOME_BROKEN, "%s: %s", copy->part, strerror(errno));
    enum outcome outcome = file_create(copy->part, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (sqlite3_open_v2(copy->part, &copy->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return database_failed(copy->db, copy->part, err);
    /* Synced once, as a whole, before it gets its name. */
    outcome = database_run(copy->db, "PRAGMA synchronous = OFF; PRAGMA trusted_schema = OFF", err);
    if (outcome != OUTCOME_OK)
        return outcome;
    copy->pages = sqlite3_backup_init(copy->db, "main", source, "main");
    return copy->pages ? OUTCOME_OK : database_failed(copy->db, copy->part, err);
}

enum outcome copy_begin(sqlite3 *source, const char *path, struct copy **out, struct error *err)
{
    struct copy *copy = calloc(1, sizeof *copy);
    if (!copy)
        abort();
    copy->path = path_with(path, "");
    copy->part = path_with(path, ".part");
    enum outcome outcome = copy_open(copy, source, err);
    if (outcome != OUTCOME_OK) {
        copy_cancel(copy);
        return outcome;
    }
    *out = copy;
    return OUTCOME_OK;
}

enum outcome copy_step(struct copy *copy, int pages, int *left, int *total, struct error *err)
{
    const int code = sqlite3_backup_step(copy->pages, pages);
    *left = sqlite3_backup_remaining(copy->pages);
    *total = sqlite3_backup_pagecount(copy->pages);
    if (code == SQLITE_DONE) {
        *left = 0;
        return OUTCOME_OK;
    }
    if (code != SQLITE_OK && code != SQLITE_BUSY && code != SQLITE_LOCKED)
        return error_set(err, OUTCOME_BROKEN, "%s: the copy failed: %s", copy->part, sqlite3_errstr(code));
    *left = *left > 0 ? *left : 1;
    return OUTCOME_OK;
}

static enum outcome no_orphans(sqlite3 *db, struct error *err)
{
    int64_t orphans = 0;
    enum outcome outcome = database_number(db, "SELECT count(*) FROM pragma_foreign_key_check", &orphans, err);
    if (outcome == OUTCOME_OK && orphans)
        return error_set(err, OUTCOME_BROKEN, "%lld rows refer to rows that are not there", (long long)orphans);
    return outcome;
}

static enum outcome copy_check(sqlite3 *db, struct error *err)
{
    enum outcome outcome = database_run(db, "PRAGMA journal_mode = DELETE", err);
    if (outcome == OUTCOME_OK)
        outcome = database_check(db, "PRAGMA integrity_check(1)", err);
    return outcome == OUTCOME_OK ? no_orphans(db, err) : outcome;
}

static enum outcome copy_publish(const struct copy *copy, struct error *err)
{
    enum outcome outcome = file_sync(copy->part, err);
    if (outcome == OUTCOME_OK && rename(copy->part, copy->path) != 0)
        return error_set(err, OUTCOME_BROKEN, "%s: cannot be renamed: %s", copy->part, strerror(errno));
    return outcome == OUTCOME_OK ? folder_sync(copy->path, err) : outcome;
}

enum outcome copy_finish(struct copy *copy, struct error *err)
{
    copy_detach(copy);
    enum outcome outcome = copy_check(copy->db, err);
    sqlite3_close(copy->db);
    copy->db = NULL;
    if (outcome == OUTCOME_OK)
        outcome = copy_publish(copy, err);
    if (outcome != OUTCOME_OK)
        unlink(copy->part);
    copy_free(copy);
    return outcome;
}

enum outcome copy_whole(sqlite3 *source, const char *path, struct error *err)
{
    struct copy *copy = NULL;
    int left = 1, total = 0;
    enum outcome outcome = copy_begin(source, path, &copy, err);
    while (outcome == OUTCOME_OK && left)
        outcome = copy_step(copy, -1, &left, &total, err);
    if (outcome != OUTCOME_OK) {
        copy_cancel(copy);
        return outcome;
    }
    return copy_finish(copy, err);
}
