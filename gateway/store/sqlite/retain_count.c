/* What would go now, by class, for people: counted, not touched. */
#include "store/sqlite/reader.h"
#include "store/sqlite/retain.h"

static enum outcome count_class(struct reader *reader, const struct retention *retention, enum retained what,
                                int64_t now, int64_t *count, struct error *err)
{
    char complaints[RETAIN_LIST_BYTES];
    sqlite3_stmt *stmt = NULL;
    if (!retain_complaints(reader->source.words, retention, complaints))
        return error_set(err, OUTCOME_REFUSED, "more than %d kinds of complaints", RETAIN_KINDS_MAX);
    enum outcome outcome = reader_prepare(reader, retain_classes[what].count, &stmt, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_use(stmt);
    const int takes = sqlite3_bind_parameter_count(stmt);
    if (takes > 0)
        put_int(&sql, retain_before(retention, what, now));
    if (takes > 1)
        put_text(&sql, span_of(complaints));
    *count = sql_next(&sql) ? take_int(&sql) : 0;
    outcome = sql_end(&sql, err);
    sqlite3_finalize(stmt);
    return outcome;
}

enum outcome reader_count_due(struct reader *reader, const struct retention *retention, int64_t now,
                              int64_t counts[RETAINED_COUNT], struct error *err)
{
    enum outcome outcome = reader_begin(reader, err);
    for (int what = 0; what < RETAINED_COUNT && outcome == OUTCOME_OK; what++)
        outcome = count_class(reader, retention, (enum retained)what, now, &counts[what], err);
    reader_end(reader);
    return outcome;
}
