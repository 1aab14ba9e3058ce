/* The desk's statements, prepared for one reader when it first needs them. */
#include <stdlib.h>

#include "base/clock.h"
#include "store/sqlite/desk_read.h"

#define STEPS_BETWEEN_LOOKS 4000 /* of SQLite's machine: some tens of microseconds */

/* A reader that stays in its snapshot keeps the log from being written back, and the log grows. */
static int is_over_time(void *context)
{
    struct reader *reader = context;
    reader->is_late = reader->deadline && clock_monotonic_ms() >= reader->deadline;
    return reader->is_late;
}

enum outcome desk_prepare(struct reader *reader, struct error *err)
{
    reader->desk = calloc(DESK_SQL_COUNT, sizeof *reader->desk);
    if (!reader->desk)
        abort();
    for (int id = 0; id < DESK_SQL_COUNT; id++) {
        if (sqlite3_prepare_v3(reader->db, desk_sql_texts[id], -1, SQLITE_PREPARE_PERSISTENT, &reader->desk[id],
                               NULL) != SQLITE_OK) {
            error_set(err, OUTCOME_BROKEN, "statement %d of the desk does not prepare: %s", id,
                      sqlite3_errmsg(reader->db));
            desk_finalize(reader);
            return OUTCOME_BROKEN;
        }
    }
    sqlite3_progress_handler(reader->db, STEPS_BETWEEN_LOOKS, is_over_time, reader);
    return OUTCOME_OK;
}

void desk_finalize(struct reader *reader)
{
    for (int id = 0; reader->desk && id < DESK_SQL_COUNT; id++)
        sqlite3_finalize(reader->desk[id]);
    free(reader->desk);
    reader->desk = NULL;
}
