/*
 * writer: what one open store consists of. Private to gateway/store/sqlite/.
 */
#pragma once
#include "base/arena.h"
#include "store/sqlite/lookups.h"
#include "store/sqlite/screens.h"
#include "store/sqlite/statements.h"
#include "store/sqlite/words.h"
#include "store/desk.h"
#include "store/store.h"

/* What it takes to understand a row. */
struct row_source {
    struct words *words;
    const struct keyring *keyring;
};

/* Whose texts are blanked as soon as they have left, and whose last session only counts once it is over. */
struct forgotten_phone {
    struct lookup lookup;
    int64_t phone, at;
    int64_t session; /* in which they asked for it; 0: it is settled */
};

/* The newest link of the audit, as this transaction has it and as the file has it. */
struct audit_chain {
    struct audit_head now, committed;
};

/* Where retention stands in its pass. */
struct retain_walk {
    enum retained what;
    int64_t above;
    bool is_over; /* the class, not the pass */
};

/* note_words.c: prepared only while there is such an index. */
enum note_words_statement {
    NOTE_WORDS_ADD,
    NOTE_WORDS_DROP,
    NOTE_WORDS_FORGET,
    NOTE_WORDS_OPTIMIZE,
    NOTE_WORDS_STATEMENTS
};

struct store {
    char *path, *forgotten;
    struct row_source source;
    size_t cache_bytes;
    int lock; /* descriptor of "<path>.lock", held for life */

    sqlite3 *db;
    sqlite3_stmt *sql[SQL_COUNT];
    sqlite3_stmt *note_words[NOTE_WORDS_STATEMENTS];
    enum note_search search_notes;
    struct screens screens;
    struct lookups sessions, phones;
    struct audit_chain audit;
    struct forgotten_phone *gone; /* since this store was opened */
    size_t gone_count;
    struct retain_walk retain;
    struct arena *scratch; /* of one save */
    struct store_backup *backup;

    uint64_t outbox_changes; /* grows when what is due may be another: store_outbox_changes */

    int page_bytes;
    int wal_pages;      /* after the last commit */
    int wal_attempted;  /* wal_pages when a checkpoint was last tried */
    bool must_truncate; /* the WAL still has pages from before a forgetting */
    bool poisoned;      /* a COMMIT failed: nothing is believed until store_reopen */
    bool checked;       /* quick_check found nothing, when the file was first opened */
};

/* One use of a prepared statement. */
static inline struct sql sql_start(struct store *store, enum sql_id id)
{
    return sql_use(store->sql[id]);
}

/* BROKEN when the store is poisoned. Every entry point asks first. */
enum outcome store_usable(const struct store *store, struct error *err) MUST_CHECK;

/* One snapshot for many statements: alone, each would lock and unlock the WAL, which costs more than its search does. */
enum outcome store_begin_reading(struct store *store, struct error *err) MUST_CHECK;
void store_end_reading(struct store *store);

/* ROLLBACK; memory follows the file. Poisons the store when even that fails. */
void store_undo(struct store *store);
enum outcome store_begin(struct store *store, struct error *err) MUST_CHECK;
/* COMMIT, or undo and poison: what a failed COMMIT left on disk is not known. */
enum outcome store_commit(struct store *store, struct error *err) MUST_CHECK;
