/* reader: what one open reader consists of. Private to gateway/store/sqlite/. */
#pragma once
#include "store/reader.h"
#include "store/sqlite/rows.h"

struct reader {
    char *path;
    sqlite3 *db;
    struct row_source source; /* words: those of the snapshot that is open, and of every one before */
    sqlite3_stmt *newer_words;
    sqlite3_stmt **desk; /* by enum desk_sql, prepared once; NULL: not yet */
    int64_t deadline;    /* monotonic: what still runs then is broken off; 0: none */
    bool is_late;        /* something was */
    struct arena *row;   /* reset for each row */
    struct span (*cycle_of)(void *context, struct span channel, const struct answer *answer); /* or NULL */
    void *cycle_context;
};

/* One snapshot for all that is read between the two, with the words that belong to it. */
enum outcome reader_begin(struct reader *reader, struct error *err) MUST_CHECK;
void reader_end(struct reader *reader);

enum outcome reader_prepare(struct reader *reader, const char *text, sqlite3_stmt **stmt, struct error *err) MUST_CHECK;
