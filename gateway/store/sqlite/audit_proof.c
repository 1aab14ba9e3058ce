/* Whether the chain holds, and if not, where it breaks first. */
#include <string.h>

#include "store/desk_reader.h"
#include "store/sqlite/audit.h"
#include "store/sqlite/desk_rows.h"
#include "store/sqlite/reader.h"

/* The link before, one's own as it is written, and what it should be. */
struct walk {
    struct reader *reader;
    struct audit_proof *proof;
    const unsigned char *known; /* it must go through this one; or NULL */
    bool met_known;
    unsigned char before[AUDIT_MAC_BYTES];
    int64_t broken;                                                  /* the first row that does not hold; 0: none yet */
    unsigned char written[AUDIT_MAC_BYTES], wanted[AUDIT_MAC_BYTES]; /* its mac */
};

static bool follows(const struct walk *walk, const unsigned char before[AUDIT_MAC_BYTES], const struct audit_row *row,
                    unsigned char wanted[AUDIT_MAC_BYTES])
{
    audit_mac(walk->reader->source.keyring, before, row, walk->reader->row, wanted);
    return memcmp(wanted, row->mac, AUDIT_MAC_BYTES) == 0;
}

/* The row behind the broken one tells how: by which of three macs it goes on. */
static const char *how(const struct walk *walk, const struct audit_row *next)
{
    unsigned char ignored[AUDIT_MAC_BYTES];
    if (next && follows(walk, walk->before, next, ignored))
        return "was put in between: the next one follows from the one before it";
    if (next && follows(walk, walk->wanted, next, ignored))
        return "has another mac than it was given";
    return "does not follow from the one before it: it was changed, or one in between was taken out";
}

static enum outcome broken(const struct walk *walk, const struct audit_row *next, struct error *err)
{
    return error_set(err, OUTCOME_REFUSED, "%s: row %lld of the audit, behind %lld good ones, %s", walk->reader->path,
                     (long long)walk->broken, (long long)walk->proof->rows, how(walk, next));
}

/* True: on to the next row. */
static bool step(struct walk *walk, const struct audit_row *row)
{
    if (!follows(walk, walk->before, row, walk->wanted)) {
        walk->broken = row->id;
        return false;
    }
    memcpy(walk->before, row->mac, sizeof walk->before);
    memcpy(walk->proof->head, row->mac, sizeof walk->proof->head);
    walk->met_known |= walk->known && memcmp(row->mac, walk->known, sizeof row->mac) == 0;
    walk->proof->rows++;
    walk->proof->last_id = row->id;
    return true;
}

static enum outcome take_next(struct walk *walk, struct sql *sql, struct audit_row *row, bool *there, struct error *err)
{
    arena_reset(walk->reader->row);
    *there = sql_next(sql);
    if (!*there)
        return OUTCOME_OK;
    if (take_audit(&walk->reader->source, sql, walk->reader->row, row, err) == OUTCOME_OK)
        return OUTCOME_OK;
    return error_set(err, OUTCOME_REFUSED, "%s: row %lld of the audit has no mac", walk->reader->path,
                     (long long)row->id);
}

static enum outcome prove(struct walk *walk, struct sql *sql, struct error *err)
{
    struct audit_row row;
    bool there = true, holds = true;
    enum outcome outcome = OUTCOME_OK;
    while (holds && (outcome = take_next(walk, sql, &row, &there, err)) == OUTCOME_OK && there)
        holds = step(walk, &row);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (holds && walk->known && !walk->met_known)
        return error_set(err, OUTCOME_REFUSED,
                         "%s: the audit has %lld rows that hold, but its end was taken away: the head that was given "
                         "is none of them",
                         walk->reader->path, (long long)walk->proof->rows);
    if (holds)
        return OUTCOME_OK;
    outcome = take_next(walk, sql, &row, &there, err);
    return outcome == OUTCOME_OK ? broken(walk, there ? &row : NULL, err) : outcome;
}

enum outcome desk_prove_audit(struct reader *reader, const unsigned char known[AUDIT_MAC_BYTES],
                              struct audit_proof *proof, struct error *err)
{
    struct walk walk = {.reader = reader, .proof = proof, .known = known};
    sqlite3_stmt *stmt = NULL;
    *proof = (struct audit_proof){0};
    enum outcome outcome = reader_begin(reader, err);
    if (outcome == OUTCOME_OK)
        outcome = reader_prepare(reader, "SELECT " AUDIT_COLUMNS " FROM audit ORDER BY id", &stmt, err);
    if (outcome == OUTCOME_OK) {
        struct sql sql = sql_use(stmt);
        outcome = prove(&walk, &sql, err);
        outcome = sql_end_after(&sql, outcome, err);
    }
    sqlite3_finalize(stmt);
    reader_end(reader);
    return outcome;
}
