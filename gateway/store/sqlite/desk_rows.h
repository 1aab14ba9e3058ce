/*
 * desk_rows: from a statement's columns to the structs of model/desk.h, as rows.h. Column order is that of desk_columns.h.
 *
 * What was sealed for somebody who was forgotten is absent; what does not open although the key is there is BROKEN.
 */
#pragma once
#include "store/sqlite/desk_columns.h"
#include "store/sqlite/rows.h"

enum outcome take_operator(const struct row_source *source, struct sql *sql, struct arena *arena,
                           struct operator *operator, struct error *err) MUST_CHECK;
enum outcome take_sign_in(struct sql *sql, struct arena *arena, struct sign_in *sign_in, struct error *err) MUST_CHECK;
void take_origin(const struct row_source *source, struct sql *sql, struct arena *arena, struct request_origin *origin);
void take_request_desk(struct sql *sql, struct request_desk *desk);
/* Every row of MATTERS_OF_PERSON. */
void take_matters(const struct row_source *source, struct sql *sql, struct arena *arena, struct matter **matters,
                  size_t *count);
enum outcome take_note(const struct row_source *source, struct sql *sql, struct arena *arena, struct note *note,
                       struct error *err) MUST_CHECK;
void take_attempt(struct sql *sql, struct attempt *attempt);
enum outcome take_referral(const struct row_source *source, struct sql *sql, struct arena *arena,
                           struct referral *referral, struct error *err) MUST_CHECK;
enum outcome take_draft(const struct row_source *source, struct sql *sql, struct arena *arena, struct draft *draft,
                        struct error *err) MUST_CHECK;
enum outcome take_person_flag(const struct row_source *source, struct sql *sql, struct arena *arena,
                              struct person_flag *flag, struct error *err) MUST_CHECK;
void take_saved_filter(struct sql *sql, struct arena *arena, struct saved_filter *filter);
enum outcome take_audit(const struct row_source *source, struct sql *sql, struct arena *arena, struct audit_row *row,
                        struct error *err) MUST_CHECK;

/* A draft has no id of its own: its place is sealed with it, so that it opens nowhere else. */
struct span pack_draft(struct arena *arena, const struct draft *draft);
