#include "store/sqlite/reader.h"

#include <stdlib.h>

#include "store/sqlite/database.h"
#include "store/sqlite/desk_read.h"
#include "store/sqlite/files.h"
#include "store/sqlite/migrations.h"

#define ROW_BYTES (64u << 10)

static enum outcome check_whose(struct reader *reader, struct error *err)
{
    int version = 0;
    enum outcome outcome = database_version(reader->db, store_newest_version(), &version, err);
    if (outcome == OUTCOME_OK && version < store_newest_version()) {
        return error_set(err, OUTCOME_REFUSED, "schema version %d, this helpline reads %d: start the gateway once",
                         version, store_newest_version());
    }
    return outcome == OUTCOME_OK ? database_keys_match(reader->db, reader->source.keyring, err) : outcome;
}

enum outcome reader_open(const char *path, const struct keyring *keyring, struct reader **out, struct error *err)
{
    if (!file_exists(path))
        return error_set(err, OUTCOME_NOT_FOUND, "%s: there is no such data file", path);
    struct reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        abort();
    reader->path = path_with(path, "");
    reader->source.keyring = keyring;
    reader->row = arena_create(ROW_BYTES);
    enum outcome outcome = database_open_reader(path, &reader->db, err);
    if (outcome == OUTCOME_OK) {
        outcome = check_whose(reader, err);
        if (outcome != OUTCOME_OK) {
            const struct error why = *err;
            error_set(err, outcome, "%s: %s", path, why.text);
            err->about_keys = why.about_keys;
        }
    }
    if (outcome != OUTCOME_OK) {
        reader_close(reader);
        return outcome;
    }
    *out = reader;
    return OUTCOME_OK;
}

void reader_close(struct reader *reader)
{
    if (reader) {
        desk_finalize(reader);
        sqlite3_finalize(reader->newer_words);
        words_free(reader->source.words);
        sqlite3_close(reader->db);
        arena_destroy(reader->row);
        free(reader->path);
        free(reader);
    }
}

enum outcome reader_begin(struct reader *reader, struct error *err)
{
    enum outcome outcome = database_run(reader->db, "BEGIN", err);
    if (outcome == OUTCOME_OK && !reader->newer_words)
        outcome = reader_prepare(reader, WORDS_NEWER, &reader->newer_words, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (!reader->source.words)
        return words_load(reader->db, &reader->source.words, err);
    return words_follow(reader->source.words, reader->newer_words, err);
}

void reader_end(struct reader *reader)
{
    if (!sqlite3_get_autocommit(reader->db))
        sqlite3_exec(reader->db, "ROLLBACK", NULL, NULL, NULL);
}

enum outcome reader_prepare(struct reader *reader, const char *text, sqlite3_stmt **stmt, struct error *err)
{
    if (sqlite3_prepare_v2(reader->db, text, -1, stmt, NULL) != SQLITE_OK)
        return database_failed(reader->db, reader->path, err);
    return OUTCOME_OK;
}

void reader_name_cycles(struct reader *reader,
                        struct span (*of)(void *context, struct span channel, const struct answer *answer),
                        void *context)
{
    reader->cycle_of = of;
    reader->cycle_context = context;
}
