/* Which requests have notes with these words. */
#include "store/desk_reader.h"
#include "store/sqlite/database.h"
#include "store/sqlite/desk_read.h"
#include "store/sqlite/note_words.h"

#define TEXT_BYTES_MAX 400

static const char search[] = "SELECT note.request, request.desk, request.topic, note.clinical FROM note_words "
                             "JOIN note ON note.id = note_words.rowid JOIN request ON request.id = note.request "
                             "WHERE note_words MATCH ?1 ORDER BY note_words.rowid DESC LIMIT ?2";

/* FTS5 has a language of its own for what is looked for: each word is quoted, so that none of it is spoken here. */
static bool quote_words(struct span text, struct arena *arena, struct span *query)
{
    char *at = arena_alloc(arena, 4 * text.len + 8);
    size_t len = 0, words = 0;
    for (size_t i = 0; i < text.len;) {
        while (i < text.len && (unsigned char)text.at[i] <= ' ')
            i++;
        if (i == text.len)
            break;
        at[len++] = '"';
        for (; i < text.len && (unsigned char)text.at[i] > ' '; i++) {
            at[len++] = text.at[i];
            if (text.at[i] == '"')
                at[len++] = '"';
        }
        at[len++] = '"';
        at[len++] = ' ';
        words++;
    }
    if (len)
        at[len - 1] = '*'; /* the last may go on */
    *query = (struct span){at, len};
    return words > 0 && words <= DESK_SEARCH_WORDS;
}

static void keep(int64_t *requests, size_t *count, int64_t request)
{
    for (size_t i = 0; i < *count; i++)
        if (requests[i] == request)
            return;
    requests[(*count)++] = request;
}

static void take_match(struct reader *reader, struct sql *sql, const struct operator *operator, int64_t *requests,
                       size_t *count)
{
    const struct words *words = reader->source.words;
    const int64_t request = take_int(sql);
    const struct span desk = words_text(words, take_int(sql)), topic = words_text(words, take_int(sql));
    const bool clinical = take_int(sql) != 0;
    if (operator_sees(operator, desk, topic) && (!clinical || roles_may(operator->roles, RIGHT_CLINICAL)))
        keep(requests, count, request);
}

static enum outcome find(struct reader *reader, struct span query, const struct operator *operator, int64_t *requests,
                         size_t *count, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    int64_t there = 0;
    enum outcome outcome =
        database_number(reader->db, "SELECT count(*) FROM sqlite_schema WHERE name = 'note_words'", &there, err);
    if (outcome == OUTCOME_OK && !there)
        return error_set(err, OUTCOME_NOT_FOUND, "notes are not indexed");
    if (outcome == OUTCOME_OK)
        outcome = reader_prepare(reader, search, &stmt, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_use(stmt);
    put_text(&sql, query);
    put_int(&sql, DESK_LOOKED_MAX);
    while (*count < DESK_PAGE && sql_next(&sql))
        take_match(reader, &sql, operator, requests, count);
    outcome = sql_end(&sql, err);
    sqlite3_finalize(stmt);
    return outcome;
}

static enum outcome take_rows(struct reader *reader, const struct operator *operator, const int64_t *requests,
                              size_t count, struct arena *arena, struct queue_row **rows, struct error *err)
{
    enum outcome outcome = OUTCOME_OK;
    *rows = ARENA_ARRAY(arena, struct queue_row, count);
    for (size_t i = 0; i < count && outcome == OUTCOME_OK; i++)
        outcome = desk_take_request(reader, requests[i], operator, arena, &(*rows)[i], err);
    return outcome;
}

enum outcome desk_search_notes(struct reader *reader, struct span text, const struct operator *operator,
                               struct arena *arena, struct queue_row **rows, size_t *count, struct error *err)
{
    struct span query;
    int64_t *requests = ARENA_ARRAY(arena, int64_t, DESK_PAGE);
    *rows = NULL;
    *count = 0;
    if (text.len > TEXT_BYTES_MAX || !quote_words(note_words_fold(text, arena), arena, &query))
        return error_set(err, OUTCOME_REFUSED, "one to %d words are looked for", DESK_SEARCH_WORDS);
    enum outcome outcome = desk_begin(reader, err);
    if (outcome == OUTCOME_OK)
        outcome = find(reader, query, operator, requests, count, err);
    if (outcome == OUTCOME_OK)
        outcome = take_rows(reader, operator, requests, *count, arena, rows, err);
    return desk_end(reader, outcome, err);
}
