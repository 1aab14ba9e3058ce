/*
 * migrations: from any version of the data file to the newest, one step a transaction. A new file takes the same way.
 *
 * To change the schema: change schema.sql (what it looks like now), write migrations/<N>.sql (what leads there from N - 1), embed
 * it (schema.S) and add the step. Files in migrations/ never change once a program with them was used. migration_test proves that
 * the way there and schema.sql end at the same place.
 */
#pragma once
#include <sqlite3.h>
#include <stddef.h>
#include "base/error.h"
#include "base/sealed.h"

struct migration {
    int version;                                                                        /* after it */
    const char *sql;                                                                    /* or NULL */
    enum outcome (*run)(sqlite3 *db, const struct keyring *keyring, struct error *err); /* after sql; or NULL */
};

extern const struct migration store_migrations[];
extern const size_t store_migration_count;
extern const char store_schema_sql[], store_version_1_sql[], store_version_2_sql[], store_version_3_sql[],
    store_version_4_sql[]; /* schema.S */

int store_newest_version(void);

/* OK: at the newest of `steps`. A step that fails leaves the file as the one before it left it. A copy of the file goes to
 * "<path>.before-v<N>" before anything is changed in one that holds data. */
enum outcome migrate(sqlite3 *db, const char *path, const struct migration *steps, size_t count,
                     const struct keyring *keyring, struct error *err) MUST_CHECK;
