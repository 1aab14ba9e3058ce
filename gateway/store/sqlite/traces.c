/* What is left of somebody who was given a reference: rows, values that say it, and the bytes of the file itself. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/sqlite/columns.h"
#include "store/sqlite/desk_rows.h"
#include "store/sqlite/files.h"
#include "store/sqlite/reader.h"

#define CHUNK_BYTES (1u << 20)
#define PAGE_BYTES 4096

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "4827153", "482 7153", "482-7153": how long it is where it stands here; 0: it does not. */
static size_t stands_at(struct span s, size_t at, const char *reference)
{
    size_t from = at;
    for (size_t i = 0; i < REFERENCE_DIGITS; i++, from++) {
        const bool parted = i == 3 && from < s.len && (s.at[from] == ' ' || s.at[from] == '-');
        from += parted;
        if (from >= s.len || s.at[from] != reference[i])
            return 0;
    }
    return from - at;
}

/* A longer number (an aggregator's id) that happens to hold the seven digits is none. Twice seven may be two columns of a row. */
static bool is_of_a_longer_number(struct span s, size_t at, size_t len)
{
    size_t begin = at, end = at + len;
    while (begin > 0 && is_digit(s.at[begin - 1]))
        begin--;
    while (end < s.len && is_digit(s.at[end]))
        end++;
    return end - begin > len && end - begin != (size_t)2 * REFERENCE_DIGITS;
}

/* Where it stands first from `at` on; s.len: nowhere. */
static size_t find_reference(struct span s, size_t at, const char *reference)
{
    for (; at < s.len; at++) {
        const char *next = memchr(s.at + at, reference[0], s.len - at);
        if (!next)
            return s.len;
        at = (size_t)(next - s.at);
        const size_t len = stands_at(s, at, reference);
        if (len && !is_of_a_longer_number(s, at, len))
            return at;
    }
    return s.len;
}

/* Within a text, or as a person typed it: with blanks anywhere, in their own digits. */
static bool says(struct span text, const char *reference)
{
    char typed[REFERENCE_DIGITS + 1];
    if (!span_is_present(text))
        return false;
    return find_reference(text, 0, reference) < text.len ||
           (reference_read(text, typed) && strcmp(typed, reference) == 0);
}

struct tracing {
    struct reader *reader;
    const char *reference;
    struct problems *problems;
};

static void found(const struct tracing *tracing, const char *what, int64_t id)
{
    problems_add(tracing->problems, tracing->reader->path, 0, "%s %lld", what, (long long)id);
}

/* ---- rows, and what belongs to their person ---- */

#define WHOSE                                                                                                          \
    "(SELECT person FROM request WHERE reference = ?1 UNION SELECT person FROM registration WHERE reference = ?1)"
#define THEIRS "(SELECT id FROM request WHERE person IN " WHOSE ")"
static const char rows_left[] =
    "SELECT 'request', id FROM request WHERE reference = ?1 "
    "UNION ALL SELECT 'registration', id FROM registration WHERE reference = ?1 "
    "UNION ALL SELECT 'the key of person', id FROM person WHERE id IN " WHOSE " AND key IS NOT NULL "
    "UNION ALL SELECT 'the PIN of person', id FROM person WHERE id IN " WHOSE " AND pin IS NOT NULL "
    "UNION ALL SELECT 'their phone,', id FROM phone WHERE person IN " WHOSE " "
    "UNION ALL SELECT 'their entry', id FROM entry WHERE person IN " WHOSE " "
    "UNION ALL SELECT 'their follow-up', id FROM follow_up WHERE person IN " WHOSE " "
    "UNION ALL SELECT 'their flag', id FROM person_flag WHERE person IN " WHOSE " "
    "UNION ALL SELECT 'notes about request', request FROM note WHERE request IN " THEIRS " GROUP BY request "
    "UNION ALL SELECT 'drafts about request', request FROM draft WHERE request IN " THEIRS " GROUP BY request "
    "UNION ALL SELECT 'the referral', id FROM referral WHERE request IN " THEIRS " "
    "UNION ALL SELECT 'their listed word', id FROM triage WHERE person IN " WHOSE " "
    "UNION ALL SELECT 'sealed turns of session', session FROM turn WHERE person IN " WHOSE " GROUP BY session";

static enum outcome trace_rows(const struct tracing *tracing, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    enum outcome outcome = reader_prepare(tracing->reader, rows_left, &stmt, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_use(stmt);
    put_text(&sql, span_of(tracing->reference));
    while (sql_next(&sql)) {
        const struct span what = take_span(&sql, tracing->reader->row);
        char words[64];
        snprintf(words, sizeof words, "%.*s", SPAN_ARG(what));
        found(tracing, words, take_int(&sql));
    }
    outcome = sql_end(&sql, err);
    sqlite3_finalize(stmt);
    return outcome;
}

/* ---- values ---- */

/* What is said in a row, and the row's id; false: it does not open. */
struct said {
    int64_t id;
    bool says;
};
typedef bool look(const struct tracing *tracing, struct sql *sql, struct said *said);

static bool look_at_session(const struct tracing *tracing, struct sql *sql, struct said *said)
{
    struct session session;
    struct error ignored;
    if (take_session(&tracing->reader->source, sql, tracing->reader->row, &session, &ignored) != OUTCOME_OK)
        return false;
    *said = (struct said){session.id, strcmp(session.state.reference, tracing->reference) == 0};
    return true;
}

static bool look_at_turn(const struct tracing *tracing, struct sql *sql, struct said *said)
{
    struct turn turn;
    struct error ignored;
    if (take_turn(&tracing->reader->source, sql, tracing->reader->row, &turn, &ignored) != OUTCOME_OK)
        return false;
    *said = (struct said){turn.session, says(turn.input, tracing->reference) || says(turn.meaning, tracing->reference)};
    for (size_t i = 0; i < turn.value_count; i++)
        said->says = said->says || says(turn.values[i], tracing->reference);
    return true;
}

static bool look_at_answer(const struct tracing *tracing, struct sql *sql, struct said *said)
{
    struct answer answer;
    struct error ignored;
    said->id = sqlite3_column_int64(sql->stmt, 0);
    if (take_answer(&tracing->reader->source, sql, tracing->reader->row, &answer, &ignored) != OUTCOME_OK)
        return false;
    said->says = says(answer.value, tracing->reference);
    return true;
}

static bool look_at_outbox(const struct tracing *tracing, struct sql *sql, struct said *said)
{
    struct outbox_row row;
    struct error ignored;
    if (take_outbox(&tracing->reader->source, sql, tracing->reader->row, &row, &ignored) != OUTCOME_OK)
        return false;
    *said = (struct said){row.id, says(row.text, tracing->reference) || says(row.link, tracing->reference) ||
                                      says(row.vendor_id, tracing->reference)};
    return true;
}

static bool look_at_part(const struct tracing *tracing, struct sql *sql, struct said *said)
{
    struct part part;
    struct error ignored;
    if (take_part(&tracing->reader->source, sql, tracing->reader->row, &part, &ignored) != OUTCOME_OK)
        return false;
    *said = (struct said){part.at,
                          says(part.inbound.input, tracing->reference) || says(part.inbound.raw, tracing->reference)};
    return true;
}

static bool look_at_stray(const struct tracing *tracing, struct sql *sql, struct said *said)
{
    struct arena *arena = tracing->reader->row;
    struct span plain;
    said->id = take_int(sql);
    const struct span sealed = take_span(sql, arena);
    if (keyring_unseal(tracing->reader->source.keyring, said->id, sealed, arena, &plain) != OUTCOME_OK)
        return false;
    said->says = says(plain, tracing->reference);
    return true;
}

static bool look_at_note(const struct tracing *tracing, struct sql *sql, struct said *said)
{
    struct note note;
    struct error ignored;
    const bool opens = take_note(&tracing->reader->source, sql, tracing->reader->row, &note, &ignored) == OUTCOME_OK;
    *said = (struct said){note.id, opens && says(note.text, tracing->reference)};
    return opens;
}

static bool look_at_referral(const struct tracing *tracing, struct sql *sql, struct said *said)
{
    struct referral row;
    struct error ignored;
    const bool opens = take_referral(&tracing->reader->source, sql, tracing->reader->row, &row, &ignored) == OUTCOME_OK;
    *said = (struct said){row.id, opens && says(row.outcome, tracing->reference)};
    return opens;
}

static bool look_at_draft(const struct tracing *tracing, struct sql *sql, struct said *said)
{
    struct draft draft;
    struct error ignored;
    const bool opens = take_draft(&tracing->reader->source, sql, tracing->reader->row, &draft, &ignored) == OUTCOME_OK;
    *said = (struct said){draft.request, opens && says(draft.text, tracing->reference)};
    return opens;
}

static bool look_at_flag(const struct tracing *tracing, struct sql *sql, struct said *said)
{
    struct person_flag flag;
    struct error ignored;
    const bool opens =
        take_person_flag(&tracing->reader->source, sql, tracing->reader->row, &flag, &ignored) == OUTCOME_OK;
    *said = (struct said){flag.id, opens && says(flag.text, tracing->reference)};
    return opens;
}

static bool look_at_filter(const struct tracing *tracing, struct sql *sql, struct said *said)
{
    struct saved_filter filter;
    take_saved_filter(sql, tracing->reader->row, &filter);
    *said = (struct said){filter.id, says(filter.name, tracing->reference) || says(filter.query, tracing->reference)};
    return true;
}

static const struct {
    const char *what, *select;
    look *look;
} looks[] = {
    {"the state of session", "SELECT " SESSION_COLUMNS " FROM session", look_at_session},
    {"a turn of session", "SELECT " TURN_COLUMNS_OF " FROM " TURN_TABLES, look_at_turn},
    {"an answer of entry", "SELECT " ANSWER_COLUMNS " WHERE person.key IS NOT NULL OR typeof(value) = 'text'",
     look_at_answer},
    {"the text", "SELECT " OUTBOX_COLUMNS " FROM outbox", look_at_outbox},
    {"a part of a long text, of", "SELECT " PART_COLUMNS " FROM part", look_at_part},
    {"what could not be used,", "SELECT id, raw FROM stray", look_at_stray},
    {"the note", "SELECT " NOTE_COLUMNS " FROM " NOTE_TABLES, look_at_note},
    {"the outcome of referral", "SELECT " REFERRAL_COLUMNS " FROM " REFERRAL_TABLES, look_at_referral},
    {"a draft about request", "SELECT " DRAFT_COLUMNS " FROM " DRAFT_TABLES, look_at_draft},
    {"the flag", "SELECT " PERSON_FLAG_COLUMNS " FROM " PERSON_FLAG_TABLES, look_at_flag},
    {"the saved filter", "SELECT " SAVED_FILTER_COLUMNS " FROM saved_filter", look_at_filter},
};

static enum outcome trace_values(const struct tracing *tracing, size_t which, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    enum outcome outcome = reader_prepare(tracing->reader, looks[which].select, &stmt, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_use(stmt);
    while (sql_next(&sql)) {
        struct said said = {0};
        arena_reset(tracing->reader->row);
        const bool opens = looks[which].look(tracing, &sql, &said);
        if (!opens)
            problems_add(tracing->problems, tracing->reader->path, 0, "%s %lld does not open: run helpline verify",
                         looks[which].what, (long long)said.id);
        else if (said.says)
            found(tracing, looks[which].what, said.id);
    }
    outcome = sql_end(&sql, err);
    sqlite3_finalize(stmt);
    return outcome;
}

enum outcome reader_trace(struct reader *reader, const char *reference, struct problems *problems, struct error *err)
{
    const struct tracing tracing = {reader, reference, problems};
    enum outcome outcome = reader_begin(reader, err);
    if (outcome == OUTCOME_OK)
        outcome = trace_rows(&tracing, err);
    for (size_t i = 0; i < sizeof looks / sizeof *looks && outcome == OUTCOME_OK; i++)
        outcome = trace_values(&tracing, i, err);
    reader_end(reader);
    return outcome;
}

/* ---- bytes ---- */

#define OVERLAP 32 /* longer than any form of it, and than what stands around it */

/* Chunks overlap, so that none is divided; what begins in the overlap at the end is found with the next chunk. */
static enum outcome scan(int fd, const char *path, const char *reference, struct problems *problems, struct error *err)
{
    char *chunk = malloc(CHUNK_BYTES);
    if (!chunk)
        abort();
    off_t start = 0;
    ssize_t got;
    while ((got = pread(fd, chunk, CHUNK_BYTES, start)) > 0) {
        const struct span bytes = {chunk, (size_t)got};
        const size_t end = got == (ssize_t)CHUNK_BYTES ? bytes.len - OVERLAP : bytes.len;
        for (size_t at = start ? OVERLAP : 0; (at = find_reference(bytes, at, reference)) < end; at++)
            problems_add(problems, path, 0, "its digits at byte %lld (page %lld)", (long long)start + (long long)at,
                         ((long long)start + (long long)at) / PAGE_BYTES + 1);
        start += got == (ssize_t)CHUNK_BYTES ? (off_t)CHUNK_BYTES - 2 * OVERLAP : got;
    }
    free(chunk);
    return got < 0 ? error_set(err, OUTCOME_BROKEN, "%s: cannot be read: %s", path, strerror(errno)) : OUTCOME_OK;
}

enum outcome reader_trace_bytes(const char *path, const char *reference, struct problems *problems, struct error *err)
{
    static const char *const endings[] = {"", "-wal"};
    enum outcome outcome = OUTCOME_OK;
    for (size_t i = 0; i < sizeof endings / sizeof *endings && outcome == OUTCOME_OK; i++) {
        char *file = path_with(path, endings[i]);
        int fd = open(file, O_RDONLY | O_CLOEXEC);
        if (fd >= 0) {
            outcome = scan(fd, file, reference, problems, err);
            close(fd);
        } else if (errno != ENOENT)
            outcome = error_set(err, OUTCOME_BROKEN, "%s: cannot be read: %s", file, strerror(errno));
        free(file);
    }
    return outcome;
}
