#include "store/sqlite/screens.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "store/sqlite/statements.h"

struct screen_kept {
    UT_hash_handle hh;
    int64_t id;
    size_t len;
    char text[];
};

static void keep(struct screens *screens, struct span text, int64_t id)
{
    if (screens->count >= SCREENS_KEPT)
        screens_drop(screens); /* dearer than dropping the oldest, and never seen outside of tests */
    struct screen_kept *kept = malloc(sizeof *kept + text.len);
    if (!kept)
        abort();
    kept->id = id;
    kept->len = text.len;
    if (text.len)
        memcpy(kept->text, text.at, text.len);
    HASH_ADD_KEYPTR(hh, screens->kept, kept->text, kept->len, kept);
    screens->count++;
}

void screens_drop(struct screens *screens)
{
    struct screen_kept *kept = NULL, *next = NULL;
    HASH_ITER(hh, screens->kept, kept, next)
    {
        HASH_DEL(screens->kept, kept);
        free(kept);
    }
    screens->count = 0;
}

static enum outcome find_stored(sqlite3_stmt *find, int64_t hash, struct span text, int64_t *id, struct error *err)
{
    struct sql sql = sql_use(find);
    put_int(&sql, hash);
    bool other = false;
    if (sql_next(&sql)) {
        *id = take_int(&sql);
        const struct span stored = {sqlite3_column_blob(find, 1), (size_t)sqlite3_column_bytes(find, 1)};
        other = !span_equal(stored.at ? stored : SPAN(""), text);
    }
    enum outcome outcome = sql_end(&sql, err);
    if (outcome == OUTCOME_OK && other)
        return error_set(err, OUTCOME_REFUSED, "two screens with one hash: screen %lld", (long long)*id);
    return outcome;
}

static enum outcome insert_new(sqlite3_stmt *insert, int64_t hash, struct span text, int64_t *id, struct error *err)
{
    struct sql sql = sql_use(insert);
    put_int(&sql, hash);
    put_text(&sql, text);
    while (sql_next(&sql))
        *id = take_int(&sql);
    return sql_end(&sql, err);
}

enum outcome screens_intern(struct screens *screens, const struct screen_statements *statements,
                            const struct keyring *keyring, struct span text, int64_t *id, struct error *err)
{
    struct screen_kept *kept = NULL;
    *id = 0;
    if (!span_is_present(text))
        return OUTCOME_OK;
    HASH_FIND(hh, screens->kept, text.at, text.len, kept);
    if (kept) {
        *id = kept->id;
        return OUTCOME_OK;
    }
    if (text.len > SCREEN_BYTES_MAX) {
        return error_set(err, OUTCOME_REFUSED, "a screen of %zu bytes, at most %d are kept", text.len,
                         SCREEN_BYTES_MAX);
    }
    const int64_t hash = (int64_t)keyring_fingerprint(keyring, SPAN("screen"), text);
    enum outcome outcome = find_stored(statements->find, hash, text, id, err);
    if (outcome == OUTCOME_OK && !*id)
        outcome = insert_new(statements->insert, hash, text, id, err);
    if (outcome == OUTCOME_OK)
        keep(screens, text, *id);
    return outcome;
}
