/*
 * desk_read: what the functions of store/desk_reader.h share: one snapshot a call, which ends by itself, the statements, and the rows
 * that several pages show. Private to gateway/store/sqlite/.
 *
 *     enum outcome outcome = desk_begin(reader, err);
 *     if (outcome == OUTCOME_OK) ...
 *     return desk_end(reader, outcome, err);
 */
#pragma once
#include "store/desk_reader.h"
#include "store/sqlite/reader.h"

enum desk_sql {
    DESK_GLANCE_DUE,
    DESK_GLANCE_UNDUE,
    DESK_GLANCE_DONE,
    DESK_GLANCE_MARKED,
    DESK_REQUEST,
    DESK_ANSWERS,
    DESK_CHANNEL_OF_REQUEST,
    DESK_ORIGIN_OF_REQUEST,
    DESK_AREA_OF_REQUEST,
    DESK_AREA_OF_PERSON,
    DESK_STEPS,
    DESK_REQUEST_AUDIT,
    DESK_NOTES,
    DESK_ATTEMPTS,
    DESK_REFERRALS,
    DESK_TEXTS,
    DESK_FLAGS,
    DESK_DRAFTS,
    DESK_REQUESTS_OF_PERSON,
    DESK_MATTERS_OF_PERSON,
    DESK_SESSION_REDACTIONS,
    DESK_REFERENCE_OF,
    DESK_REFERENCE_OPEN,
    DESK_REFERENCE_REGISTERED,
    DESK_REFERENCE_OVER,
    DESK_SESSIONS,
    DESK_SESSIONS_UP, /* each of these follows what it reads from the other end: desk_turned */
    DESK_SESSIONS_OF_PHONE,
    DESK_SESSIONS_OF_PHONE_UP,
    DESK_SESSIONS_OF_PERSON,
    DESK_SESSIONS_OF_PERSON_UP,
    DESK_SESSION,
    DESK_SESSION_REQUEST,
    DESK_SESSION_REQUESTS,
    DESK_SESSION_BEFORE,
    DESK_SESSION_AFTER,
    DESK_WENT_ON,
    DESK_SESSION_PERSON,
    DESK_SESSION_TRIAGE,
    DESK_TURNS,
    DESK_TURN_SINCE,
    DESK_PERSON,
    DESK_PERSON_TIMES,
    DESK_PHONE,
    DESK_REGISTRATIONS,
    DESK_FOLLOW_UPS,
    DESK_OUTBOX,
    DESK_OUTBOX_UP,
    DESK_OUTBOX_TROUBLE,
    DESK_OUTBOX_TROUBLE_UP,
    DESK_OPERATORS,
    DESK_OPERATOR,
    DESK_OPERATOR_NAMED,
    DESK_SIGN_IN_OF,
    DESK_SIGN_INS,
    DESK_SIGNED_IN,
    DESK_FILTERS,
    DESK_AUDIT,
    DESK_AUDIT_UP,
    DESK_AUDIT_ABOUT,
    DESK_AUDIT_ABOUT_UP,
    DESK_AUDIT_BY,
    DESK_AUDIT_BY_UP,
    DESK_SQL_COUNT
};

enum outcome desk_begin(struct reader *reader, struct error *err) MUST_CHECK;
/* `outcome` as it was, but FULL when it was DESK_READ_MS that ended it. */
enum outcome desk_end(struct reader *reader, enum outcome outcome, struct error *err) MUST_CHECK;
/* desk_prepare.c: the statements of one reader; finalized with it, or when one of them does not prepare. */
enum outcome desk_prepare(struct reader *reader, struct error *err) MUST_CHECK;
void desk_finalize(struct reader *reader);

extern const char *const desk_sql_texts[DESK_SQL_COUNT];
/* One use; each may be used only once at a time. */
struct sql desk_sql(struct reader *reader, enum desk_sql id);

/* Which rows a page may hold, and whether it begins at the lower end of them: whoever goes back to what is newer wants the rows that
 * follow upon what they saw, in the order in which they saw them. */
struct desk_ids {
    int64_t least, below;
    bool is_up;
};
struct desk_ids desk_ids_of(int64_t below, int64_t above);
enum desk_sql desk_turned(enum desk_sql id, const struct desk_ids *ids);

/* Rows looked through until a page is full, or until so many were looked at that somebody would wait. Ids come first.
 *
 *     struct desk_walk walk = {.sql = &sql, .below = filter->below, .above = filter->above};
 *     while (desk_walk_on(&walk, page->count))
 *         if (fits(...)) page->rows[page->count++] = ...;
 *     DESK_WALK_TURN(&walk, page);
 *     return desk_walk_end(&walk, &page->next, &page->newer, &page->is_cut_short, err);
 */
struct desk_walk {
    struct sql *sql;
    int64_t below, above; /* of the filter */
    size_t looked;
    int64_t seen; /* the id of the row that is looked at */
    bool is_over, is_full;
};
bool desk_walk_on(struct desk_walk *walk, size_t shown);
void desk_walk_turn(const struct desk_walk *walk, void *rows, size_t count, size_t bytes);
#define DESK_WALK_TURN(walk, page) desk_walk_turn(walk, (page)->rows, (page)->count, sizeof *(page)->rows)
enum outcome desk_walk_end(struct desk_walk *walk, int64_t *next, int64_t *newer, bool *is_cut_short,
                           struct error *err) MUST_CHECK;

/* A list that grows in an arena: room for one more of `bytes` each. */
void *desk_room(struct arena *arena, void *list, size_t count, size_t bytes);

/* ---- rows that several pages show ---- */

/* One request as the queue shows it, for the operator who looks. NOT_FOUND. REFUSED: it does not hold together. */
enum outcome desk_take_request(struct reader *reader, int64_t id, const struct operator *operator, struct arena *arena,
                               struct queue_row *row, struct error *err) MUST_CHECK;
/* The district of whoever made it, or absent: as answered in the request's form, else in the registration of its person. */
enum outcome desk_take_area(struct reader *reader, int64_t id, const struct request_origin *origin,
                            const struct area_fields *areas, struct arena *arena, struct span *area,
                            struct error *err) MUST_CHECK;
bool desk_sees(const struct operator *operator, struct span desk, struct span topic);
/* The same of a person; who is nobody (0) has asked for nothing. `has_others`: one of their requests is another desk's, of which who
 * looks is not told. */
enum outcome desk_sees_person(struct reader *reader, const struct operator *operator, int64_t person, bool *sees,
                              bool *has_others, struct error *err) MUST_CHECK;

/* Those of an entry (0: none) that open. */
enum outcome desk_take_answers(struct reader *reader, int64_t entry, struct arena *arena, struct answer **answers,
                               size_t *count, struct error *err) MUST_CHECK;

/* Those that open, of a person (DESK_REQUESTS_OF_PERSON) or a session (DESK_SESSION_REQUESTS). */
enum outcome desk_take_requests(struct reader *reader, enum desk_sql id, int64_t of, size_t limit, struct arena *arena,
                                struct request_list *list, struct error *err) MUST_CHECK;

/* Flags of a person that hold, with `all` also those that are over. */
struct desk_flags {
    struct person_flag *rows;
    struct span *authors;
    size_t count;
};
enum outcome desk_take_flags(struct reader *reader, int64_t person, bool all, struct arena *arena,
                             struct desk_flags *flags, struct error *err) MUST_CHECK;

/* What may be shown of a phone. */
struct desk_phone {
    struct span masked; /* absent: no number is kept, or it does not open */
    bool opted_out, has_number;
    int64_t person, first_at, last_at, renewed_at;
};
enum outcome desk_take_phone(struct reader *reader, int64_t phone, struct arena *arena, struct desk_phone *out,
                             struct error *err) MUST_CHECK;

/* A text as its page shows it; without its words when they do not open, or were not asked for. */
void desk_take_text(struct reader *reader, struct sql *sql, struct arena *arena, struct outbox_view *text);

/* DESK_SESSIONS_OF_PERSON with these ids. The person's phone and times decide which are theirs. */
enum outcome desk_sessions_of(struct reader *reader, int64_t person, const struct desk_ids *ids, struct sql *sql,
                              struct error *err) MUST_CHECK;
/* The request that was made in a session, the latest of several. */
enum outcome desk_take_session_request(struct reader *reader, struct session_row *row, struct error *err) MUST_CHECK;

/* desk_read_resumed.c: sessions; 0: none. Words of theirs lie in the reader's row. */
enum outcome desk_resumed_from(struct reader *reader, const struct session *session, int64_t *from,
                               struct error *err) MUST_CHECK;
enum outcome desk_resumed_by(struct reader *reader, const struct session *session, int64_t *by,
                             struct error *err) MUST_CHECK;
