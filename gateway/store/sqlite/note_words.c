#include "store/sqlite/note_words.h"

#include <string.h>

#include "store/sqlite/conditions.h"
#include "store/sqlite/database.h"
#include "store/sqlite/desk_rows.h"
#include "text/utf8.h"

/* Marks belong to words: to the tokenizer's usual rules Bangla vowel signs are blanks. */
static const char make[] = "CREATE VIRTUAL TABLE note_words USING fts5 (words, "
                           "tokenize=\"unicode61 remove_diacritics 2 categories 'L* N* Co M*'\")";

static const char *const texts[NOTE_WORDS_STATEMENTS] = {
    [NOTE_WORDS_ADD] = "INSERT INTO note_words (rowid, words) VALUES (?1, ?2)",
    [NOTE_WORDS_DROP] = "DELETE FROM note_words WHERE rowid IN (SELECT id FROM note WHERE request = ?1)",
    [NOTE_WORDS_FORGET] =
        "DELETE FROM note_words WHERE rowid IN (SELECT id FROM note WHERE request IN (" GOING_REQUESTS "))",
    [NOTE_WORDS_OPTIMIZE] = "INSERT INTO note_words (note_words) VALUES ('optimize')",
};

#define D_BAR "\xc4\x91"         /* đ */
#define D_BAR_CAPITAL "\xc4\x90" /* Đ */

struct span note_words_fold(struct span text, struct arena *arena)
{
    const struct span composed = utf8_compose(text, arena);
    char *at = arena_alloc(arena, composed.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < composed.len; i++) {
        const bool barred = composed.len - i >= 2 &&
                            (memcmp(composed.at + i, D_BAR, 2) == 0 || memcmp(composed.at + i, D_BAR_CAPITAL, 2) == 0);
        at[len++] = barred ? 'd' : composed.at[i];
        i += barred;
    }
    return (struct span){at, len};
}

/* ---- there or not ---- */

static enum outcome is_there(struct store *store, bool *there, struct error *err)
{
    int64_t count = 0;
    enum outcome outcome =
        database_number(store->db, "SELECT count(*) FROM sqlite_schema WHERE name = 'note_words'", &count, err);
    *there = count > 0;
    return outcome;
}

static enum outcome prepare(struct store *store, struct error *err)
{
    for (int i = 0; i < NOTE_WORDS_STATEMENTS; i++) {
        if (sqlite3_prepare_v3(store->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT, &store->note_words[i], NULL) !=
            SQLITE_OK)
            return database_failed(store->db, "the words of notes", err);
    }
    return OUTCOME_OK;
}

static enum outcome fill(struct store *store, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(store->db, "SELECT " NOTE_COLUMNS " FROM " NOTE_TABLES " ORDER BY note.id", -1, &stmt,
                           NULL) != SQLITE_OK)
        return database_failed(store->db, "notes", err);
    struct sql sql = sql_use(stmt);
    enum outcome outcome = OUTCOME_OK;
    while (outcome == OUTCOME_OK && sql_next(&sql)) {
        struct note note;
        arena_reset(store->scratch);
        outcome = take_note(&store->source, &sql, store->scratch, &note, err);
        if (outcome == OUTCOME_OK)
            outcome = note_words_add(store, &note, err);
    }
    outcome = sql_end_after(&sql, outcome, err);
    sqlite3_finalize(stmt);
    return outcome;
}

static enum outcome create(struct store *store, struct error *err)
{
    enum outcome outcome = store_begin(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    outcome = database_run(store->db, make, err);
    if (outcome == OUTCOME_OK)
        outcome = prepare(store, err);
    if (outcome == OUTCOME_OK)
        outcome = fill(store, err);
    if (outcome == OUTCOME_OK)
        return store_commit(store, err);
    note_words_close(store);
    store_undo(store);
    return outcome;
}

/* secure_delete overwrites the pages; what the WAL holds goes with the next checkpoint that truncates it. */
static enum outcome destroy(struct store *store, struct error *err)
{
    store->must_truncate = true;
    return database_run(store->db, "DROP TABLE note_words", err);
}

enum outcome note_words_open(struct store *store, struct error *err)
{
    bool there = false;
    enum outcome outcome = is_there(store, &there, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (!there)
        return store->search_notes == NOTE_SEARCH_ON ? create(store, err) : OUTCOME_OK;
    if (store->search_notes == NOTE_SEARCH_OFF)
        return destroy(store, err);
    store->must_truncate = true; /* whoever stopped may not have come to merging */
    return prepare(store, err);
}

void note_words_close(struct store *store)
{
    for (int i = 0; i < NOTE_WORDS_STATEMENTS; i++) {
        sqlite3_finalize(store->note_words[i]);
        store->note_words[i] = NULL;
    }
}

/* ---- what changes ---- */

enum outcome note_words_add(struct store *store, const struct note *note, struct error *err)
{
    if (!store->note_words[NOTE_WORDS_ADD] || !span_is_present(note->text))
        return OUTCOME_OK;
    struct sql sql = sql_use(store->note_words[NOTE_WORDS_ADD]);
    put_int(&sql, note->id);
    put_text(&sql, note_words_fold(note->text, store->scratch));
    return sql_run(&sql, err);
}

enum outcome note_words_drop(struct store *store, int64_t request, struct error *err)
{
    if (!store->note_words[NOTE_WORDS_DROP])
        return OUTCOME_OK;
    struct sql sql = sql_use(store->note_words[NOTE_WORDS_DROP]);
    put_int(&sql, request);
    return sql_run(&sql, err);
}

enum outcome note_words_forget(struct store *store, int64_t person, struct span kept, int64_t at, struct error *err)
{
    if (!store->note_words[NOTE_WORDS_FORGET])
        return OUTCOME_OK;
    struct sql sql = sql_use(store->note_words[NOTE_WORDS_FORGET]);
    put_int(&sql, person);
    put_text(&sql, kept);
    put_int(&sql, at);
    return sql_run(&sql, err);
}

enum outcome note_words_optimize(struct store *store, struct error *err)
{
    if (!store->note_words[NOTE_WORDS_OPTIMIZE])
        return OUTCOME_OK;
    struct sql sql = sql_use(store->note_words[NOTE_WORDS_OPTIMIZE]);
    return sql_run(&sql, err);
}
