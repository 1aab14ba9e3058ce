/* store_open and its way back. */
#include <stdlib.h>
#include <string.h>

#include "store/sqlite/audit.h"
#include "store/sqlite/backup.h"
#include "store/sqlite/database.h"
#include "store/sqlite/files.h"
#include "store/sqlite/forget.h"
#include "store/sqlite/lock.h"
#include "store/sqlite/migrations.h"
#include "store/sqlite/note_words.h"

#define SCRATCH_BYTES (64u << 10)

static int wal_grew(void *context, sqlite3 *db, const char *name, int pages)
{
    (void)db;
    (void)name;
    struct store *store = context;
    store->wal_pages = pages;
    return SQLITE_OK;
}

static enum outcome named(enum outcome outcome, const char *path, struct error *err)
{
    if (outcome != OUTCOME_OK) {
        struct error why = *err;
        error_set(err, outcome, "%s: %s", path, why.text);
        err->about_keys = why.about_keys;
    }
    return outcome;
}

static enum outcome check_and_migrate(struct store *store, struct error *err)
{
    int version = 0;
    enum outcome outcome = database_version(store->db, store_newest_version(), &version, err);
    if (outcome == OUTCOME_OK &&
        !store->checked) { /* once: it reads the whole file, and people wait while it is opened anew */
        outcome = database_check(store->db, "PRAGMA quick_check(1)", err);
        store->checked = outcome == OUTCOME_OK;
    }
    if (outcome == OUTCOME_OK && version > 0)
        outcome = database_keys_match(store->db, store->source.keyring, err);
    if (outcome == OUTCOME_OK)
        outcome = migrate(store->db, store->path, store_migrations, store_migration_count, store->source.keyring, err);
    return named(outcome, store->path, err);
}

static enum outcome make_ready(struct store *store, struct error *err)
{
    int64_t page_bytes = 0;
    enum outcome outcome = sql_prepare_all(store->db, store->sql, err);
    if (outcome == OUTCOME_OK)
        outcome = words_load(store->db, &store->source.words, err);
    if (outcome == OUTCOME_OK)
        outcome = database_number(store->db, "PRAGMA page_size", &page_bytes, err);
    if (outcome == OUTCOME_OK)
        outcome = lookups_load_sessions(&store->sessions, store->db, err);
    if (outcome == OUTCOME_OK)
        outcome = lookups_load_phones(&store->phones, store->db, err);
    if (outcome == OUTCOME_OK)
        outcome = audit_load(store, err);
    store->page_bytes = (int)page_bytes;
    store->wal_pages = 0;
    store->wal_attempted = 0;
    sqlite3_wal_hook(store->db, wal_grew, store);
    store->poisoned = false;
    if (outcome == OUTCOME_OK)
        outcome = note_words_open(store, err);
    return named(outcome, store->path, err);
}

static void disconnect(struct store *store)
{
    backup_abandon(store->backup);
    store->backup = NULL;
    sql_finalize_all(store->sql);
    note_words_close(store);
    words_free(store->source.words);
    store->source.words = NULL;
    screens_drop(&store->screens);
    lookups_free(&store->sessions);
    lookups_free(&store->phones);
    sqlite3_close(store->db);
    store->db = NULL;
}

static enum outcome connect_whole(struct store *store, struct error *err)
{
    enum outcome outcome = database_open_writer(store->path, store->cache_bytes, &store->db, err);
    if (outcome == OUTCOME_OK)
        outcome = check_and_migrate(store, err);
    if (outcome == OUTCOME_OK)
        outcome = make_ready(store, err);
    if (outcome == OUTCOME_OK)
        outcome = forgotten_replay(store, err);
    if (outcome != OUTCOME_OK) {
        disconnect(store);
        store->poisoned = true;
    }
    return outcome;
}

/* With the lock held and before any connection: nobody's POSIX locks can fall. */
static enum outcome file_ready(const struct store_options *options, struct error *err)
{
    if (file_exists(options->path))
        return OUTCOME_OK;
    enum outcome outcome = file_create(options->path, err);
    return outcome == OUTCOME_OK ? folder_sync(options->path, err) : outcome;
}

static struct store *store_create(const struct store_options *options)
{
    struct store *store = calloc(1, sizeof *store);
    if (!store)
        abort();
    store->path = path_with(options->path, "");
    store->forgotten = options->forgotten ? path_with(options->forgotten, "") : NULL;
    store->source.keyring = options->keyring;
    store->cache_bytes = options->cache_bytes;
    store->search_notes = options->search_notes;
    store->scratch = arena_create(SCRATCH_BYTES);
    store->lock = -1;
    return store;
}

enum outcome store_open(const struct store_options *options, struct store **out, struct error *err)
{
    if (!options->create && !file_exists(options->path))
        return error_set(err, OUTCOME_NOT_FOUND, "%s: there is no such data file", options->path);
    struct store *store = store_create(options);
    enum outcome outcome = writer_lock_take(store->path, &store->lock, err);
    if (outcome == OUTCOME_OK)
        outcome = file_ready(options, err);
    if (outcome == OUTCOME_OK)
        outcome = connect_whole(store, err);
    if (outcome != OUTCOME_OK) {
        store_close(store);
        return outcome;
    }
    *out = store;
    return OUTCOME_OK;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    disconnect(store);
    writer_lock_release(store->lock);
    arena_destroy(store->scratch);
    free(store->gone);
    free(store->forgotten);
    free(store->path);
    free(store);
}

enum outcome store_reopen(struct store *store, struct error *err)
{
    disconnect(store);
    return connect_whole(store, err);
}

int64_t store_last_id(struct store *store)
{
    struct error ignored;
    if (store_usable(store, &ignored) != OUTCOME_OK)
        return 0;
    struct sql sql = sql_start(store, SQL_LAST_ID);
    const int64_t id = sql_next(&sql) ? take_int(&sql) : 0;
    return sql_end(&sql, &ignored) == OUTCOME_OK ? id : 0;
}
