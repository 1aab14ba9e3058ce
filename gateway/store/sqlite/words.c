#include "store/sqlite/words.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "store/sqlite/statements.h"

struct word {
    UT_hash_handle hh;
    int64_t id;
    size_t len;
    char text[];
};

struct words {
    struct word *by_text;
    struct word **by_id; /* by_id[id - 1]; ids have no gaps */
    size_t count, room, committed;
};

static struct word *word_create(int64_t id, struct span text)
{
    struct word *word = malloc(sizeof *word + text.len + 1);
    if (!word)
        abort();
    word->id = id;
    word->len = text.len;
    if (text.len)
        memcpy(word->text, text.at, text.len);
    word->text[text.len] = '\0';
    return word;
}

static void words_add(struct words *words, struct span text)
{
    if (words->count == words->room) {
        words->room = words->room ? 2 * words->room : 64;
        words->by_id = realloc(words->by_id, words->room * sizeof *words->by_id);
        if (!words->by_id)
            abort();
    }
    struct word *word = word_create((int64_t)words->count + 1, text);
    words->by_id[words->count++] = word;
    HASH_ADD_KEYPTR(hh, words->by_text, word->text, word->len, word);
}

static enum outcome load_all(struct words *words, struct sql *sql, struct error *err)
{
    while (sql_next(sql)) {
        const int64_t id = take_int(sql);
        const struct span text = {(const char *)sqlite3_column_text(sql->stmt, 1),
                                  (size_t)sqlite3_column_bytes(sql->stmt, 1)};
        if (id != (int64_t)words->count + 1 || !text.at) {
            return sql_end_after(
                sql, error_set(err, OUTCOME_BROKEN, "table word: ids do not run without a gap at %lld", (long long)id),
                err);
        }
        words_add(words, text);
    }
    return sql_end(sql, err);
}

enum outcome words_follow(struct words *words, sqlite3_stmt *newer, struct error *err)
{
    struct sql sql = sql_use(newer);
    put_int(&sql, (int64_t)words->count);
    enum outcome outcome = load_all(words, &sql, err);
    words_commit(words);
    return outcome;
}

enum outcome words_load(sqlite3 *db, struct words **out, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, WORDS_NEWER, -1, &stmt, NULL) != SQLITE_OK)
        return error_set(err, OUTCOME_BROKEN, "table word cannot be read: %s", sqlite3_errmsg(db));
    struct words *words = calloc(1, sizeof *words);
    if (!words)
        abort();
    enum outcome outcome = words_follow(words, stmt, err);
    sqlite3_finalize(stmt);
    if (outcome != OUTCOME_OK) {
        words_free(words);
        return outcome;
    }
    *out = words;
    return OUTCOME_OK;
}

static void forget_from(struct words *words, size_t keep)
{
    while (words->by_text && words->count > keep) {
        struct word *word = words->by_id[--words->count];
        HASH_DEL(words->by_text, word);
        free(word);
    }
}

void words_free(struct words *words)
{
    if (words) {
        forget_from(words, 0);
        free(words->by_id);
        free(words);
    }
}

int64_t words_find(const struct words *words, struct span text)
{
    struct word *word = NULL;
    if (span_is_present(text))
        HASH_FIND(hh, words->by_text, text.at, text.len, word);
    return word ? word->id : 0;
}

enum outcome words_intern(struct words *words, sqlite3_stmt *insert, struct span text, int64_t *id, struct error *err)
{
    *id = words_find(words, text);
    if (*id || !span_is_present(text))
        return OUTCOME_OK;
    if (text.len > WORD_BYTES_MAX)
        return error_set(err, OUTCOME_REFUSED, "a name of %zu bytes, at most %d are kept", text.len, WORD_BYTES_MAX);
    struct sql sql = sql_use(insert);
    put_int(&sql, (int64_t)words->count + 1);
    put_text(&sql, text);
    enum outcome outcome = sql_run(&sql, err);
    if (outcome == OUTCOME_OK) {
        words_add(words, text);
        *id = (int64_t)words->count;
    }
    return outcome;
}

struct span words_text(const struct words *words, int64_t id)
{
    if (id < 1 || (uint64_t)id > words->count)
        return SPAN_NONE;
    const struct word *word = words->by_id[id - 1];
    return (struct span){word->text, word->len};
}

void words_commit(struct words *words)
{
    words->committed = words->count;
}

void words_rollback(struct words *words)
{
    forget_from(words, words->committed);
}
