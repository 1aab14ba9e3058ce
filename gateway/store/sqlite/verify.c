/* Everything looked at once: the file's own structure, what refers to what, and that each row opens with these keys. */
#include <string.h>

#include "store/sqlite/columns.h"
#include "store/sqlite/database.h"
#include "store/sqlite/desk_rows.h"
#include "store/sqlite/reader.h"

struct verifying {
    struct reader *reader;
    struct problems *problems;
    size_t known; /* problems that the caller had before */
    void (*progress)(void *context, int64_t done, int64_t total);
    void *context;
    int64_t done, total;
};

#define PROGRESS_EVERY 1000

static void step(struct verifying *verifying)
{
    if (++verifying->done % PROGRESS_EVERY == 0 && verifying->progress)
        verifying->progress(verifying->context, verifying->done, verifying->total);
}

static void found(struct verifying *verifying, const char *words)
{
    problems_add(verifying->problems, verifying->reader->path, 0, "%s", words);
}

/* Runs a check that gives a row for each finding, or the one word "ok". */
static enum outcome check_file(struct verifying *verifying, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    enum outcome outcome = reader_prepare(verifying->reader, "PRAGMA integrity_check", &stmt, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_use(stmt);
    while (sql_next(&sql)) {
        const struct span words = take_span(&sql, verifying->reader->row);
        if (!span_equal_text(words, "ok"))
            problems_add(verifying->problems, verifying->reader->path, 0, "%.*s", SPAN_ARG(words));
    }
    outcome = sql_end(&sql, err);
    sqlite3_finalize(stmt);
    return outcome;
}

static enum outcome check_references(struct verifying *verifying, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    enum outcome outcome = reader_prepare(verifying->reader,
                                          "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check "
                                          "GROUP BY 1, 2",
                                          &stmt, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_use(stmt);
    while (sql_next(&sql)) {
        const struct span table = take_span(&sql, verifying->reader->row);
        const struct span parent = take_span(&sql, verifying->reader->row);
        problems_add(verifying->problems, verifying->reader->path, 0,
                     "%lld rows of %.*s refer to a %.*s that is not there", (long long)take_int(&sql), SPAN_ARG(table),
                     SPAN_ARG(parent));
    }
    outcome = sql_end(&sql, err);
    sqlite3_finalize(stmt);
    return outcome;
}

/* The schema does not see to it: see phone in schema.sql. */
static enum outcome check_phones(struct verifying *verifying, struct error *err)
{
    int64_t twice = 0;
    enum outcome outcome =
        database_number(verifying->reader->db,
                        "SELECT count(*) FROM (SELECT 1 FROM phone GROUP BY lookup HAVING count(*) > 1)", &twice, err);
    if (outcome == OUTCOME_OK && twice) {
        problems_add(verifying->problems, verifying->reader->path, 0, "%lld phones are there more than once",
                     (long long)twice);
    }
    return outcome;
}

/* ---- rows that have to open ---- */

typedef enum outcome look(struct verifying *verifying, struct sql *sql, struct error *err);

static enum outcome look_at_session(struct verifying *verifying, struct sql *sql, struct error *err)
{
    struct session session;
    return take_session(&verifying->reader->source, sql, verifying->reader->row, &session, err);
}

static enum outcome look_at_turn(struct verifying *verifying, struct sql *sql, struct error *err)
{
    struct turn turn;
    return take_turn(&verifying->reader->source, sql, verifying->reader->row, &turn, err);
}

static enum outcome look_at_answer(struct verifying *verifying, struct sql *sql, struct error *err)
{
    struct answer answer;
    return take_answer(&verifying->reader->source, sql, verifying->reader->row, &answer, err);
}

static enum outcome look_at_request(struct verifying *verifying, struct sql *sql, struct error *err)
{
    struct request request;
    return take_request(&verifying->reader->source, sql, verifying->reader->row, &request, err);
}

static enum outcome look_at_outbox(struct verifying *verifying, struct sql *sql, struct error *err)
{
    struct outbox_row row;
    return take_outbox(&verifying->reader->source, sql, verifying->reader->row, &row, err);
}

static enum outcome look_at_triage(struct verifying *verifying, struct sql *sql, struct error *err)
{
    struct triage_row row;
    return take_triage(&verifying->reader->source, sql, verifying->reader->row, &row, err);
}

static enum outcome look_at_person(struct verifying *verifying, struct sql *sql, struct error *err)
{
    const int64_t person = take_int(sql);
    struct person_key key;
    const struct span wrapped = take_span(sql, verifying->reader->row);
    enum outcome outcome = person_key_unwrap(verifying->reader->source.keyring, person, wrapped, &key);
    explicit_bzero(&key, sizeof key);
    return outcome == OUTCOME_OK
               ? OUTCOME_OK
               : error_set(err, OUTCOME_BROKEN, "the key of person %lld does not open", (long long)person);
}

static enum outcome look_at_part(struct verifying *verifying, struct sql *sql, struct error *err)
{
    struct part part;
    struct error why;
    if (take_part(&verifying->reader->source, sql, verifying->reader->row, &part, &why) == OUTCOME_OK)
        return OUTCOME_OK;
    return error_set(err, OUTCOME_BROKEN, "a part of a long text, of %lld, does not open", (long long)part.at);
}

static enum outcome look_at_operator(struct verifying *verifying, struct sql *sql, struct error *err)
{
    struct operator operator;
    return take_operator(&verifying->reader->source, sql, verifying->reader->row, &operator, err);
}

static enum outcome look_at_sign_in(struct verifying *verifying, struct sql *sql, struct error *err)
{
    struct sign_in sign_in;
    return take_sign_in(sql, verifying->reader->row, &sign_in, err);
}

static enum outcome look_at_note(struct verifying *verifying, struct sql *sql, struct error *err)
{
    struct note note;
    return take_note(&verifying->reader->source, sql, verifying->reader->row, &note, err);
}

static enum outcome look_at_referral(struct verifying *verifying, struct sql *sql, struct error *err)
{
    struct referral referral;
    return take_referral(&verifying->reader->source, sql, verifying->reader->row, &referral, err);
}

static enum outcome look_at_draft(struct verifying *verifying, struct sql *sql, struct error *err)
{
    struct draft draft;
    return take_draft(&verifying->reader->source, sql, verifying->reader->row, &draft, err);
}

static enum outcome look_at_flag(struct verifying *verifying, struct sql *sql, struct error *err)
{
    struct person_flag flag;
    return take_person_flag(&verifying->reader->source, sql, verifying->reader->row, &flag, err);
}

static enum outcome look_at_audit(struct verifying *verifying, struct sql *sql, struct error *err)
{
    struct audit_row row;
    return take_audit(&verifying->reader->source, sql, verifying->reader->row, &row, err);
}

/* id, sealed, the table's name. */
static enum outcome look_at_sealed(struct verifying *verifying, struct sql *sql, struct error *err)
{
    struct arena *arena = verifying->reader->row;
    const int64_t id = take_int(sql);
    const struct span sealed = take_span(sql, arena);
    const struct span table = take_span(sql, arena);
    struct span plain;
    if (keyring_unseal(verifying->reader->source.keyring, id, sealed, arena, &plain) == OUTCOME_OK)
        return OUTCOME_OK;
    return error_set(err, OUTCOME_BROKEN, "what is sealed in %.*s %lld does not open", SPAN_ARG(table), (long long)id);
}

static const struct {
    const char *select;
    look *look;
} looks[] = {
    {"SELECT " SESSION_COLUMNS " FROM session", look_at_session},
    {"SELECT " TURN_COLUMNS_OF " FROM " TURN_TABLES, look_at_turn},
    {"SELECT " ANSWER_COLUMNS " WHERE person.key IS NOT NULL OR typeof(value) = 'text'", look_at_answer},
    {"SELECT " REQUEST_COLUMNS " FROM request", look_at_request},
    {"SELECT " OUTBOX_COLUMNS " FROM outbox", look_at_outbox},
    {"SELECT " PART_COLUMNS " FROM part", look_at_part},
    {"SELECT " TRIAGE_COLUMNS, look_at_triage},
    {"SELECT id, key FROM person WHERE key IS NOT NULL", look_at_person},
    {"SELECT id, number, 'phone' FROM phone WHERE number IS NOT NULL", look_at_sealed},
    {"SELECT id, raw, 'stray' FROM stray", look_at_sealed},
    {"SELECT " OPERATOR_COLUMNS " FROM operator", look_at_operator},
    {"SELECT " SIGN_IN_COLUMNS " FROM sign_in", look_at_sign_in},
    {"SELECT " NOTE_COLUMNS " FROM " NOTE_TABLES, look_at_note},
    {"SELECT " REFERRAL_COLUMNS " FROM " REFERRAL_TABLES, look_at_referral},
    {"SELECT " DRAFT_COLUMNS " FROM " DRAFT_TABLES, look_at_draft},
    {"SELECT " PERSON_FLAG_COLUMNS " FROM " PERSON_FLAG_TABLES, look_at_flag},
    {"SELECT " AUDIT_COLUMNS " FROM audit", look_at_audit},
};

static enum outcome look_at_all(struct verifying *verifying, const char *select, look *look_at, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    enum outcome outcome = reader_prepare(verifying->reader, select, &stmt, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_use(stmt);
    while (sql_next(&sql)) {
        struct error why;
        arena_reset(verifying->reader->row);
        if (look_at(verifying, &sql, &why) != OUTCOME_OK)
            found(verifying, why.text);
        step(verifying);
    }
    outcome = sql_end(&sql, err);
    sqlite3_finalize(stmt);
    return outcome;
}

#define COUNT_SEALED                                                                                                   \
    "SELECT (SELECT count(number) FROM phone) + (SELECT count(key) FROM person) + (SELECT count(sealed) FROM turn) + " \
    "(SELECT count(*) FROM answer WHERE typeof(value) = 'blob') + (SELECT count(*) FROM stray) + "                     \
    "(SELECT count(*) FROM part) + (SELECT count(nullif(length(sealed), 0)) FROM triage) + (SELECT count(totp) FROM "  \
    "operator) + "                                                                                                     \
    "(SELECT count(*) FROM note) + (SELECT count(sealed) FROM referral) + (SELECT count(*) FROM draft) + "             \
    "(SELECT count(*) FROM person_flag) + "                                                                            \
    "(SELECT count(nullif(length(recipient), 0)) + count(nullif(length(text), 0)) FROM outbox)"

static enum outcome count_all(struct reader *reader, struct verify_counts *counts, struct error *err)
{
    const struct {
        const char *text;
        int64_t *into;
    } asked[] = {
        {"SELECT count(*) FROM phone", &counts->phones},
        {"SELECT count(*) FROM session", &counts->sessions},
        {"SELECT count(*) FROM turn", &counts->turns},
        {"SELECT count(*) FROM request", &counts->requests},
        {"SELECT count(*) FROM registration", &counts->registrations},
        {COUNT_SEALED, &counts->sealed},
    };
    enum outcome outcome = OUTCOME_OK;
    for (size_t i = 0; i < sizeof asked / sizeof *asked && outcome == OUTCOME_OK; i++)
        outcome = database_number(reader->db, asked[i].text, asked[i].into, err);
    return outcome;
}

#define COUNT_LOOKED_AT                                                                                                \
    "SELECT (SELECT count(*) FROM session) + (SELECT count(*) FROM turn) + (SELECT count(*) FROM answer) + "           \
    "(SELECT count(*) FROM request) + (SELECT count(*) FROM outbox) + (SELECT count(key) FROM person) + (SELECT "      \
    "count(number) FROM phone) + "                                                                                     \
    "(SELECT count(*) FROM stray) + (SELECT count(*) FROM part) + (SELECT count(*) FROM triage) + "                    \
    "(SELECT count(*) FROM operator) + (SELECT count(*) FROM sign_in) + (SELECT count(*) FROM note) + "                \
    "(SELECT count(*) FROM referral) + (SELECT count(*) FROM draft) + (SELECT count(*) FROM person_flag) + "           \
    "(SELECT count(*) FROM audit)"

static enum outcome verify_snapshot(struct verifying *verifying, struct verify_counts *counts, struct error *err)
{
    enum outcome outcome = check_file(verifying, err);
    if (outcome == OUTCOME_OK)
        outcome = check_references(verifying, err);
    if (outcome == OUTCOME_OK)
        outcome = check_phones(verifying, err);
    if (outcome == OUTCOME_OK)
        outcome = count_all(verifying->reader, counts, err);
    if (outcome == OUTCOME_OK)
        outcome = database_number(verifying->reader->db, COUNT_LOOKED_AT, &verifying->total, err);
    for (size_t i = 0; i < sizeof looks / sizeof *looks && outcome == OUTCOME_OK; i++)
        outcome = look_at_all(verifying, looks[i].select, looks[i].look, err);
    if (verifying->progress)
        verifying->progress(verifying->context, verifying->done, verifying->total);
    return outcome;
}

enum outcome reader_verify(struct reader *reader, struct verify_counts *counts, struct problems *problems,
                           void (*progress)(void *context, int64_t done, int64_t total), void *context,
                           struct error *err)
{
    struct verifying verifying = {
        .reader = reader, .problems = problems, .known = problems->count, .progress = progress, .context = context};
    *counts = (struct verify_counts){0};
    enum outcome outcome = reader_begin(reader, err);
    if (outcome == OUTCOME_OK)
        outcome = verify_snapshot(&verifying, counts, err);
    reader_end(reader);
    if (outcome == OUTCOME_OK && verifying.problems->count > verifying.known) {
        return error_set(err, OUTCOME_BROKEN, "%s: %zu problems found", reader->path,
                         verifying.problems->count - verifying.known);
    }
    return outcome;
}
