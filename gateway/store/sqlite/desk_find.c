/* Whose reference is this? */
#include <string.h>

#include "store/sqlite/desk_read.h"

/* Seven digits must agree with their last; six get theirs. */
static bool read_digits(struct span digits, char out[REFERENCE_DIGITS + 1])
{
    if (reference_read(digits, out))
        return true;
    if (digits.len != REFERENCE_DIGITS - 1 || !span_is_digits(digits))
        return false;
    reference_complete(digits.at, out);
    return true;
}

static enum outcome find_by(struct reader *reader, enum desk_sql id, const char *reference,
                            struct found_reference *found, struct error *err)
{
    struct sql sql = desk_sql(reader, id);
    put_text(&sql, span_of(reference));
    if (sql_next(&sql)) {
        found->request = take_int(&sql);
        found->person = take_int(&sql);
    }
    return sql_end(&sql, err);
}

enum outcome desk_find_reference(struct reader *reader, struct span digits, struct found_reference *found,
                                 struct error *err)
{
    static const enum desk_sql order[] = {DESK_REFERENCE_OPEN, DESK_REFERENCE_REGISTERED, DESK_REFERENCE_OVER};
    char reference[REFERENCE_DIGITS + 1];
    *found = (struct found_reference){0};
    if (!read_digits(digits, reference))
        return error_set(err, OUTCOME_NOT_FOUND, "that is no reference");
    enum outcome outcome = desk_begin(reader, err);
    for (size_t i = 0; i < sizeof order / sizeof *order && outcome == OUTCOME_OK && !found->person; i++)
        outcome = find_by(reader, order[i], reference, found, err);
    if (outcome == OUTCOME_OK && !found->person)
        outcome = error_set(err, OUTCOME_NOT_FOUND, "nothing has this reference");
    return desk_end(reader, outcome, err);
}
