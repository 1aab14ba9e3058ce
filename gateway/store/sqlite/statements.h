/*
 * statements: every SQL text of the writing connection in one table, prepared at open, and the few steps that run one.
 *
 * A row goes in and comes out in column order, one call a column, so that a function reads like the statement it fills:
 *
 *     struct sql sql = sql_start(store, SQL_TURN_INSERT);
 *     put_int(&sql, turn->session); ...
 *     return sql_run(&sql, err);
 *
 * What fails on the way is remembered and comes out of the last call. 0 stands for NULL only in put_id and take_id.
 * An absent span is NULL. Nothing is ever pasted into SQL.
 */
#pragma once
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/sealed.h"
#include "base/span.h"

enum sql_id {
    SQL_BEGIN,
    SQL_BEGIN_READING,
    SQL_COMMIT,
    SQL_ROLLBACK,
    SQL_WORD_INSERT,
    SQL_SCREEN_BY_HASH,
    SQL_SCREEN_INSERT,
    SQL_PHONE_BY_ID,
    SQL_PHONE_IS,
    SQL_PHONE_NUMBER,
    SQL_PHONE_INSERT,
    SQL_PHONE_UPDATE,
    SQL_PERSON_INSERT,
    SQL_PERSON_LINK,
    SQL_PERSON_KEY,
    SQL_PERSON_PIN,
    SQL_PERSON_TRIES,
    SQL_PERSON_MOVE,
    SQL_PERSON_UNLINK,
    SQL_PERSON_MOVE_REQUESTS,
    SQL_PERSON_BY_ID,
    SQL_PEOPLE_OF_PHONE,
    SQL_CASE_FIND,
    SQL_PHONE_LOOKUP,
    SQL_SESSION_BY_ID,
    SQL_SESSION_INSERT,
    SQL_SESSION_UPDATE,
    SQL_TURN_BY_NUMBER,
    SQL_TURN_BY_REPEAT,
    SQL_TURN_INSERT,
    SQL_ENTRY_INSERT,
    SQL_ENTRY_CLOSE,
    SQL_ENTRY_CLAIM,
    SQL_ANSWER_SAVE,
    SQL_ANSWERS_OF_ENTRY,
    SQL_REQUEST_INSERT,
    SQL_REQUEST_STATE,
    SQL_REQUEST_STEP,
    SQL_REQUESTS_OF_PERSON,
    SQL_REGISTRATION_INSERT,
    SQL_REGISTERED,
    SQL_REGISTRATION_LATEST,
    SQL_REGISTRATION_CORRECT,
    SQL_WITHDRAW_ANSWERS,
    SQL_WITHDRAW_REGISTRATIONS,
    SQL_ANSWERS_DROP,
    SQL_REFERENCE_USED,
    SQL_TRIAGE_INSERT,
    SQL_MESSAGE_BY_KEY,
    SQL_MESSAGE_INSERT,
    SQL_OUTBOX_INSERT,
    SQL_OUTBOX_STATE,
    SQL_OUTBOX_BY_ID,
    SQL_OUTBOX_BY_VENDOR,
    SQL_OUTBOX_ROUTE,
    SQL_OUTBOX_TURN,
    SQL_TEXT_DUE,
    SQL_TEXT_NEXT_DUE,
    SQL_PUSH_DUE,
    SQL_PUSH_NEXT_DUE,
    SQL_OUTBOX_OVERDUE,
    SQL_OUTBOX_NEXT_EXPIRY,
    SQL_OUTBOX_SETTLE,
    SQL_OUTBOX_OLDEST,
    SQL_REPORT_INSERT,
    SQL_EARLY_KEEP,
    SQL_EARLY_FIND,
    SQL_EARLY_DROP,
    SQL_EARLY_PRUNE,
    SQL_REQUEST_OF_SESSION,
    SQL_REQUEST_ATTEND,
    SQL_REQUEST_ATTEND_SENDING,
    SQL_STRAY_INSERT,
    SQL_PART_INSERT,
    SQL_PARTS_OF_KEY,
    SQL_PARTS_DELETE,
    SQL_PARTS_DUE,
    SQL_PARTS_NEXT_DUE,
    SQL_PERSON_LEAVES,
    SQL_KEPT_OPEN,
    SQL_CAME_BACK,
    SQL_PERSON_STAYS,
    SQL_PERSON_TIMES,
    SQL_PERSON_SESSIONS,
    SQL_PHONE_SESSIONS,
    SQL_FOLLOW_UP_INSERT,
    SQL_FOLLOW_UP_STATE,
    SQL_FOLLOW_UP_ANSWERED,
    SQL_FOLLOW_UPS_STOP,
    SQL_FOLLOW_UPS_DUE,
    SQL_FOLLOW_UPS_NEXT_DUE,
    SQL_FORGET_PERSON,
    SQL_FORGET_LINK,
    SQL_FORGET_ANSWERS,
    SQL_FORGET_STEPS,
    SQL_FORGET_FOLLOW_UPS,
    SQL_FORGET_TRIAGE,
    SQL_FORGET_REGISTRATIONS,
    SQL_FORGET_ENTRIES,
    SQL_FORGET_REQUESTS,
    SQL_FORGET_ACTED,
    SQL_FORGET_SOUGHT,
    SQL_FORGET_PHONE,
    SQL_FORGET_TEXTS,
    SQL_FORGET_STRAYS,
    SQL_FORGET_PARTS,
    SQL_REDUCE_TURNS,
    SQL_REDUCE_REDACTIONS,
    SQL_REDUCE_MESSAGES,
    SQL_REDUCE_TEXTS,
    SQL_REDUCE_SESSION,
    SQL_SESSION_QUIET,
    SQL_SESSION_STATE,
    SQL_SESSION_ACTED,
    SQL_SESSION_SEEKS,
    SQL_SOUGHT_SESSIONS,
    SQL_RETAIN_STRAY,
    SQL_RETAIN_REPORTS,
    SQL_RETAIN_TEXT,
    SQL_RETAIN_REQUEST_ANSWERS,
    SQL_RETAIN_REQUEST_PHONES,
    SQL_RETAIN_STEPS,
    SQL_RETAIN_OWN_ANSWERS,
    SQL_RETAIN_OWN_ENTRY,
    SQL_RETAIN_REQUEST,
    SQL_RETAIN_FOLLOW_UP_SESSION,
    SQL_RETAIN_FOLLOW_UP_SEALED,
    SQL_RETAIN_FOLLOW_UP_ENTRIES,
    SQL_RETAIN_FOLLOW_UP,
    SQL_RETAIN_FOLLOW_UPS_OF,
    SQL_RETAIN_REGISTERED_ANSWERS,
    SQL_RETAIN_REGISTERED_ENTRY,
    SQL_RETAIN_REGISTRATION,
    SQL_RETAIN_DRAFT_ANSWERS,
    SQL_RETAIN_DRAFT,
    SQL_RETAIN_LISTED_WORD,
    SQL_RETAIN_UNLINK,
    SQL_RETAIN_PHONE,
    SQL_RETAIN_PHONE_OF,
    SQL_RETAIN_MESSAGES,
    SQL_RETAIN_ACKNOWLEDGED,
    SQL_SESSIONS_OPEN,
    SQL_LAST_ID,

    /* desk_statements.c */
    SQL_OPERATOR_BY_ID,
    SQL_OPERATOR_BY_NAME,
    SQL_OPERATORS,
    SQL_OPERATORS_COUNT,
    SQL_OPERATOR_INSERT,
    SQL_OPERATOR_UPDATE,
    SQL_SIGN_IN_BY_ID,
    SQL_SIGN_IN_SAVE,
    SQL_SIGN_INS_END,
    SQL_FILTER_SAVE,
    SQL_FILTER_DROP,
    SQL_REQUEST_BY_ID,
    SQL_REQUEST_LATEST,
    SQL_REQUESTS_LYING,
    SQL_REQUESTS_TO_ASK,
    SQL_REQUEST_ANSWERED,
    SQL_REQUEST_LAST_LINE,
    SQL_MATTERS_OF_PERSON,
    SQL_MATTERS_OF_SESSION,
    SQL_PERSON_OF_SESSION,
    SQL_REQUEST_PERSON,
    SQL_REQUEST_DESK_SAVE,
    SQL_REQUEST_ATTENTION,
    SQL_REQUEST_TEXTS_DEALT,
    SQL_NOTE_BY_ID,
    SQL_NOTE_INSERT,
    SQL_ATTEMPT_INSERT,
    SQL_REFERRAL_BY_ID,
    SQL_REFERRAL_INSERT,
    SQL_REFERRAL_UPDATE,
    SQL_DRAFT_SAVE,
    SQL_DRAFT_DROP,
    SQL_FLAG_BY_ID,
    SQL_FLAG_INSERT,
    SQL_FLAG_UPDATE,
    SQL_OUTBOX_DEALT,
    SQL_REDACT_TURN,
    SQL_REDACT_TURNS,
    SQL_REDACT_SAVE,
    SQL_REDACT_SEEN,
    SQL_REDACT_HEARD,
    SQL_REDACT_ENTRIES,
    SQL_REDACT_ANSWERS,
    SQL_REDACT_TEXTS,
    SQL_REDACT_TEXT,
    SQL_REDACTION_INSERT,
    SQL_DONE_BY_KEY,
    SQL_DONE_INSERT,
    SQL_DONE_PRUNE,
    SQL_AUDIT_INSERT,
    SQL_AUDIT_LAST,
    SQL_IS_EMPTY,
    SQL_DEMONSTRATION,
    SQL_DEMONSTRATION_MARK,
    SQL_FORGET_NOTES,
    SQL_FORGET_ATTEMPTS,
    SQL_FORGET_REFERRALS,
    SQL_FORGET_DRAFTS,
    SQL_FORGET_DESK,
    SQL_FORGET_MERGED,
    SQL_FORGET_REPLIES,
    SQL_FORGET_FLAGS,
    SQL_RETAIN_NOTES,
    SQL_RETAIN_REQUEST_DRAFTS,
    SQL_RETAIN_REFERRAL_WORDS,
    SQL_RETAIN_BY_HAND_ANSWERS,
    SQL_RETAIN_ATTEMPTS,
    SQL_RETAIN_REFERRALS,
    SQL_RETAIN_DESK,
    SQL_RETAIN_MERGED,
    SQL_RETAIN_REPLIES,
    SQL_RETAIN_FLAG,
    SQL_RETAIN_SIGN_IN,
    SQL_COUNT
};

/* Texts of the desk, by the same enum: what is NULL here stands in statements.c. */
extern const char *const desk_statements[SQL_COUNT];

/* BROKEN, with the name of the first statement that SQLite does not accept. */
enum outcome sql_prepare_all(sqlite3 *db, sqlite3_stmt *prepared[SQL_COUNT], struct error *err) MUST_CHECK;
void sql_finalize_all(sqlite3_stmt *prepared[SQL_COUNT]);

/* One use of one statement, from its first value to its last row. */
struct sql {
    sqlite3_stmt *stmt;
    int in, out; /* the next parameter, the next column */
    int code;    /* the first that was not OK */
    int changed; /* rows, after sql_run */
};

struct sql sql_use(sqlite3_stmt *stmt);

void put_int(struct sql *sql, int64_t value);
void put_id(struct sql *sql, int64_t value);      /* 0 is NULL */
void put_text(struct sql *sql, struct span text); /* must live until the statement has run */
void put_blob(struct sql *sql, struct span bytes);
void put_lookup(struct sql *sql, const struct lookup *lookup);

/* Runs to the end. OK, REFUSED or BROKEN; sql->changed says how many rows. */
enum outcome sql_run(struct sql *sql, struct error *err) MUST_CHECK;

/* As sql_run, and exactly one row must have changed: otherwise `none`, with `what` in words. */
enum outcome sql_run_one(struct sql *sql, enum outcome none, const char *what, struct error *err) MUST_CHECK;

/* True: a row is there to be taken. False: no more, or a failure that sql_end tells. */
bool sql_next(struct sql *sql);
enum outcome sql_end(struct sql *sql, struct error *err) MUST_CHECK;
/* The same after rows were taken: what went wrong with one of them counts first. */
enum outcome sql_end_after(struct sql *sql, enum outcome taken, struct error *err) MUST_CHECK;

int64_t take_int(struct sql *sql); /* NULL is 0 */
struct span take_span(struct sql *sql, struct arena *arena);
bool take_lookup(struct sql *sql, struct lookup *lookup); /* false: not LOOKUP_BYTES of blob */
