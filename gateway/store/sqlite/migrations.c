#include "store/sqlite/migrations.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/sqlite/copy.h"
#include "store/sqlite/database.h"
#include "store/sqlite/statements.h"

static enum outcome keep_key_check(sqlite3 *db, const struct keyring *keyring, struct error *err)
{
    unsigned char check[KEY_CHECK_BYTES];
    keyring_check_value(keyring, check);
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, "INSERT INTO meta (name, value) VALUES ('key_check', ?1)", -1, &stmt, NULL) != SQLITE_OK)
        return database_failed(db, "key check", err);
    struct sql sql = sql_use(stmt);
    put_blob(&sql, (struct span){(const char *)check, sizeof check});
    enum outcome outcome = sql_run(&sql, err);
    sqlite3_finalize(stmt);
    return outcome;
}

const struct migration store_migrations[] = {
    {.version = 1, .sql = store_version_1_sql, .run = keep_key_check},
    {.version = 2, .sql = store_version_2_sql},
    {.version = 3, .sql = store_version_3_sql},
    {.version = 4, .sql = store_version_4_sql},
};
const size_t store_migration_count = sizeof store_migrations / sizeof *store_migrations;

int store_newest_version(void)
{
    return store_migrations[store_migration_count - 1].version;
}

static enum outcome step_run(sqlite3 *db, const struct migration *step, const struct keyring *keyring,
                             struct error *err)
{
    char stamp[96];
    snprintf(stamp, sizeof stamp, "PRAGMA user_version = %d; PRAGMA application_id = %d", step->version,
             HELPLINE_APPLICATION_ID);
    enum outcome outcome = step->sql ? database_run(db, step->sql, err) : OUTCOME_OK;
    if (outcome == OUTCOME_OK && step->run)
        outcome = step->run(db, keyring, err);
    return outcome == OUTCOME_OK ? database_run(db, stamp, err) : outcome;
}

static enum outcome step_whole(sqlite3 *db, const struct migration *step, const struct keyring *keyring,
                               struct error *err)
{
    enum outcome outcome = database_run(db, "BEGIN IMMEDIATE", err);
    if (outcome != OUTCOME_OK)
        return outcome;
    outcome = step_run(db, step, keyring, err);
    if (outcome == OUTCOME_OK)
        outcome = database_run(db, "COMMIT", err);
    if (!sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return outcome;
}

static enum outcome keep_copy(sqlite3 *db, const char *path, int version, struct error *err)
{
    char *name = NULL;
    if (asprintf(&name, "%s.before-v%d", path, version) < 0)
        abort();
    enum outcome outcome = copy_whole(db, name, err);
    free(name);
    return outcome;
}

enum outcome migrate(sqlite3 *db, const char *path, const struct migration *steps, size_t count,
                     const struct keyring *keyring, struct error *err)
{
    int version = 0;
    enum outcome outcome = database_version(db, steps[count - 1].version, &version, err);
    if (outcome == OUTCOME_OK && version > 0 && version < steps[count - 1].version)
        outcome = keep_copy(db, path, steps[count - 1].version, err);
    for (size_t i = 0; i < count && outcome == OUTCOME_OK; i++)
        if (steps[i].version > version)
            outcome = step_whole(db, &steps[i], keyring, err);
    return outcome;
}
