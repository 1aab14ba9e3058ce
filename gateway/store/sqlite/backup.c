#include "store/sqlite/backup.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/sqlite/copy.h"
#include "store/sqlite/files.h"
#include "store/sqlite/writer.h"

/* Checking a large copy takes seconds, which the loop does not have: it runs on a thread of its own, on the copy alone. */
struct store_backup {
    struct store *store; /* NULL: abandoned */
    struct copy *copy;   /* NULL once it is being finished */
    pthread_t thread;
    bool finishing;
    atomic_bool finished;
    enum outcome outcome;
    struct error err;
};

void backup_abandon(struct store_backup *backup)
{
    if (backup) {
        copy_cancel(backup->copy);
        backup->copy = NULL;
        backup->store = NULL;
    }
}

static bool is_sqlite(const char *path)
{
    static const char magic[16] = "SQLite format 3";
    char head[sizeof magic];
    FILE *file = fopen(path, "re");
    const bool is = file && fread(head, sizeof head, 1, file) == 1 && memcmp(head, magic, sizeof magic) == 0;
    if (file)
        fclose(file);
    return is;
}

/* Beside a data file lies its writer's lock, for life. */
static bool is_data_file(const char *path)
{
    char *lock = path_with(path, ".lock");
    const bool is = file_exists(lock);
    free(lock);
    return is;
}

/* A backup takes the place of an older one, and of nothing else. */
static enum outcome may_take_place_of(const char *path, struct error *err)
{
    if (!file_exists(path))
        return OUTCOME_OK;
    if (is_data_file(path))
        return error_set(err, OUTCOME_REFUSED, "%s: is a gateway's data file; a backup needs a name of its own", path);
    if (!is_sqlite(path))
        return error_set(err, OUTCOME_REFUSED, "%s: exists and is no backup; it is not written over", path);
    return OUTCOME_OK;
}

enum outcome store_backup_begin(struct store *store, const char *path, struct store_backup **out, struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    if (outcome == OUTCOME_OK && store->backup)
        outcome = error_set(err, OUTCOME_CONFLICT, "a backup is under way already");
    if (outcome == OUTCOME_OK)
        outcome = may_take_place_of(path, err);
    struct copy *copy = NULL;
    if (outcome == OUTCOME_OK)
        outcome = copy_begin(store->db, path, &copy, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct store_backup *backup = calloc(1, sizeof *backup);
    if (!backup)
        abort();
    backup->store = store;
    backup->copy = copy;
    store->backup = backup;
    *out = backup;
    return OUTCOME_OK;
}

static void backup_free(struct store_backup **backup)
{
    struct store_backup *gone = *backup;
    if (gone->finishing)
        pthread_join(gone->thread, NULL);
    if (gone->store)
        gone->store->backup = NULL;
    copy_cancel(gone->copy);
    free(gone);
    *backup = NULL;
}

static void *finish(void *context)
{
    struct store_backup *backup = context;
    struct copy *copy = backup->copy;
    backup->copy = NULL;
    backup->outcome = copy_finish(copy, &backup->err);
    atomic_store(&backup->finished, true);
    return NULL;
}

/* What is left when all pages are there: one, until the thread is done. */
static enum outcome finish_step(struct store_backup **backup, int *left, struct error *err)
{
    if (!(*backup)->finishing) {
        /* The source is let go here, on the thread that owns it. */
        copy_detach((*backup)->copy);
        if (pthread_create(&(*backup)->thread, NULL, finish, *backup) != 0) {
            backup_free(backup);
            return error_set(err, OUTCOME_BROKEN, "no thread for checking the backup");
        }
        (*backup)->finishing = true;
    }
    if (!atomic_load(&(*backup)->finished)) {
        *left = 1;
        return OUTCOME_OK;
    }
    enum outcome outcome = (*backup)->outcome;
    *err = (*backup)->err;
    *left = 0;
    backup_free(backup);
    return outcome;
}

enum outcome store_backup_step(struct store_backup **backup, int pages, int *left, int *total, struct error *err)
{
    struct store_backup *now = *backup;
    *left = 0;
    *total = 0;
    if (now->finishing)
        return finish_step(backup, left, err);
    if (!now->store) {
        backup_free(backup);
        return error_set(err, OUTCOME_BROKEN, "the data file was opened anew under the backup");
    }
    enum outcome outcome = copy_step(now->copy, pages, left, total, err);
    if (outcome != OUTCOME_OK) {
        backup_free(backup);
        return outcome;
    }
    return *left ? OUTCOME_OK : finish_step(backup, left, err);
}

void store_backup_cancel(struct store_backup **backup)
{
    if (*backup)
        backup_free(backup);
}
