#include "store/sqlite/retain.h"

#include "store/sqlite/changes.h"
#include "store/sqlite/database.h"
#include "store/sqlite/forget.h"
#include "store/sqlite/forgotten.h"
#include "store/sqlite/note_words.h"
#include "store/sqlite/reduce.h"

#define ROWS_A_STEP 200

bool retain_complaints(const struct words *words, const struct retention *retention, char list[RETAIN_LIST_BYTES])
{
    int64_t ids[RETAIN_KINDS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < retention->complaint_count && count < RETAIN_KINDS_MAX; i++)
        ids[count++] = words_find(words, retention->complaints[i]);
    return retention->complaint_count <= RETAIN_KINDS_MAX && ids_write(list, RETAIN_LIST_BYTES, ids, count);
}

/* ---- what is done with one row ---- */

static enum outcome run_each(struct store *store, const enum sql_id *steps, size_t count, int64_t id, struct error *err)
{
    enum outcome outcome = OUTCOME_OK;
    for (size_t i = 0; i < count && outcome == OUTCOME_OK; i++) {
        struct sql sql = sql_start(store, steps[i]);
        put_int(&sql, id);
        outcome = sql_run(&sql, err);
    }
    return outcome;
}
#define RUN_EACH(store, id, err, ...)                                                                                  \
    run_each(store, (const enum sql_id[]){__VA_ARGS__},                                                                \
             sizeof((const enum sql_id[]){__VA_ARGS__}) / sizeof(enum sql_id), id, err)

static enum outcome reduce(struct store *store, int64_t session, struct error *err)
{
    return session_reduce(store, &(struct reduction){.session = session, .at = INT64_MAX}, err);
}

/* Its requests stay for counting: without what was answered, and on the phone of who made them. */
static enum outcome reduce_requests(struct store *store, int64_t session, struct error *err)
{
    enum outcome outcome = RUN_EACH(store, session, err, SQL_RETAIN_REQUEST_ANSWERS, SQL_RETAIN_REQUEST_PHONES);
    return outcome == OUTCOME_OK ? reduce(store, session, err) : outcome;
}

static enum outcome detach_follow_up(struct store *store, int64_t id, struct error *err)
{
    int64_t session = 0;
    struct sql sql = sql_start(store, SQL_RETAIN_FOLLOW_UP_SESSION);
    put_int(&sql, id);
    if (sql_next(&sql))
        session = take_int(&sql);
    enum outcome outcome = sql_end(&sql, err);
    if (outcome == OUTCOME_OK)
        outcome =
            RUN_EACH(store, id, err, SQL_RETAIN_FOLLOW_UP_SEALED, SQL_RETAIN_FOLLOW_UP_ENTRIES, SQL_RETAIN_FOLLOW_UP);
    return outcome == OUTCOME_OK && session ? reduce(store, session, err) : outcome;
}

/* What was written about a request, and filled in when it was made by hand. */
static enum outcome drop_notes(struct store *store, int64_t request, struct error *err)
{
    enum outcome outcome = note_words_drop(store, request, err);
    return outcome == OUTCOME_OK ? RUN_EACH(store, request, err, SQL_RETAIN_NOTES, SQL_RETAIN_REQUEST_DRAFTS,
                                            SQL_RETAIN_REFERRAL_WORDS, SQL_RETAIN_BY_HAND_ANSWERS)
                                 : outcome;
}

static enum outcome drop_request(struct store *store, int64_t id, struct error *err)
{
    enum outcome outcome = drop_notes(store, id, err);
    return outcome == OUTCOME_OK ? RUN_EACH(store, id, err, SQL_RETAIN_STEPS, SQL_RETAIN_OWN_ANSWERS,
                                            SQL_RETAIN_OWN_ENTRY, SQL_RETAIN_ATTEMPTS, SQL_RETAIN_REFERRALS,
                                            SQL_RETAIN_DESK, SQL_RETAIN_MERGED, SQL_RETAIN_REPLIES, SQL_RETAIN_REQUEST)
                                 : outcome;
}

/* As if they had asked for it just now: on the list, so that no older copy brings them back. */
static enum outcome forget_leaver(struct store *store, int64_t person, int64_t now, struct error *err)
{
    struct change change = {.kind = CHANGE_FORGET, .forget = {.person = person, .at = now}};
    struct sql sql = sql_start(store, SQL_RETAIN_PHONE_OF);
    put_int(&sql, person);
    if (sql_next(&sql))
        change.forget.phone = take_int(&sql);
    enum outcome outcome = sql_end(&sql, err);
    return outcome == OUTCOME_OK ? change_forget(store, &change, err) : outcome;
}

static enum outcome retain_one(struct store *store, enum retained what, int64_t id, int64_t now, struct error *err)
{
    switch (what) {
    case RETAINED_LEAVERS:
        return forget_leaver(store, id, now, err);
    case RETAINED_STRAYS:
        return RUN_EACH(store, id, err, SQL_RETAIN_STRAY);
    case RETAINED_TEXTS:
        return RUN_EACH(store, id, err, SQL_RETAIN_REPORTS, SQL_RETAIN_TEXT);
    case RETAINED_SESSIONS:
        return reduce(store, id, err);
    case RETAINED_TRANSCRIPTS:
    case RETAINED_COMPLAINTS:
        return reduce_requests(store, id, err);
    case RETAINED_REQUESTS:
        return drop_request(store, id, err);
    case RETAINED_NOTES:
        return drop_notes(store, id, err);
    case RETAINED_FLAGS:
        return RUN_EACH(store, id, err, SQL_RETAIN_FLAG);
    case RETAINED_SIGN_INS:
        return RUN_EACH(store, id, err, SQL_RETAIN_SIGN_IN);
    case RETAINED_FOLLOW_UPS:
        return detach_follow_up(store, id, err);
    case RETAINED_REGISTRATIONS:
        return RUN_EACH(store, id, err, SQL_RETAIN_FOLLOW_UPS_OF, SQL_RETAIN_REGISTERED_ANSWERS,
                        SQL_RETAIN_REGISTERED_ENTRY, SQL_RETAIN_REGISTRATION);
    case RETAINED_DRAFTS:
        return RUN_EACH(store, id, err, SQL_RETAIN_DRAFT_ANSWERS, SQL_RETAIN_DRAFT);
    case RETAINED_LISTED_WORDS:
        return RUN_EACH(store, id, err, SQL_RETAIN_LISTED_WORD);
    case RETAINED_PEOPLE:
        return RUN_EACH(store, id, err, SQL_FORGET_ACTED, SQL_FORGET_SOUGHT, SQL_FORGET_FLAGS, SQL_RETAIN_UNLINK,
                        SQL_FORGET_PERSON);
    case RETAINED_PHONES:
        return RUN_EACH(store, id, err, SQL_RETAIN_PHONE);
    case RETAINED_MESSAGES:
    case RETAINED_COUNT:
        break;
    }
    return OUTCOME_OK;
}

/* ---- a step ---- */

static enum outcome walk(struct store *store, const struct retention *retention, int64_t now, struct id_list *due,
                         struct error *err)
{
    struct retain_walk *at = &store->retain;
    char complaints[RETAIN_LIST_BYTES];
    sqlite3_stmt *stmt = NULL;
    size_t seen = 0;
    if (!retain_complaints(store->source.words, retention, complaints))
        return error_set(err, OUTCOME_REFUSED, "more than %d kinds of complaints", RETAIN_KINDS_MAX);
    *due = (struct id_list){.at = ARENA_ARRAY(store->scratch, int64_t, ROWS_A_STEP)};
    if (sqlite3_prepare_v2(store->db, retain_classes[at->what].walk, -1, &stmt, NULL) != SQLITE_OK)
        return database_failed(store->db, "retention", err);
    struct sql sql = sql_use(stmt);
    put_int(&sql, retain_before(retention, at->what, now));
    put_text(&sql, span_of(complaints));
    put_int(&sql, at->above);
    put_int(&sql, ROWS_A_STEP);
    while (sql_next(&sql)) {
        at->above = take_int(&sql);
        seen++;
        if (take_int(&sql))
            due->at[due->count++] = at->above;
    }
    enum outcome outcome = sql_end(&sql, err);
    sqlite3_finalize(stmt);
    at->is_over = seen < ROWS_A_STEP;
    return outcome;
}

/* Ids of messages by the session that they led to, which is as old; and those that led nowhere. */
static enum outcome drop_messages(struct store *store, int64_t before, size_t *gone, struct error *err)
{
    static const enum sql_id steps[] = {SQL_RETAIN_MESSAGES, SQL_RETAIN_ACKNOWLEDGED};
    enum outcome outcome = OUTCOME_OK;
    *gone = 0;
    store->retain.is_over = true;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && outcome == OUTCOME_OK; i++) {
        struct sql sql = sql_start(store, steps[i]);
        put_int(&sql, before);
        put_int(&sql, ROWS_A_STEP);
        outcome = sql_run(&sql, err);
        *gone += (size_t)sql.changed;
        store->retain.is_over = store->retain.is_over && sql.changed < ROWS_A_STEP;
    }
    return outcome;
}

static enum outcome take_step(struct store *store, const struct retention *retention, int64_t now, size_t *gone,
                              struct error *err)
{
    const enum retained what = store->retain.what;
    if (what == RETAINED_MESSAGES)
        return drop_messages(store, retain_before(retention, what, now), gone, err);
    struct id_list due = {.count = 0};
    enum outcome outcome = walk(store, retention, now, &due, err);
    for (size_t i = 0; i < due.count && outcome == OUTCOME_OK; i++)
        outcome = retain_one(store, what, due.at[i], now, err);
    *gone = due.count;
    return outcome;
}

static enum outcome finish(struct store *store, enum outcome outcome, struct error *err)
{
    if (outcome == OUTCOME_OK)
        return store_commit(store, err);
    store_undo(store);
    return outcome;
}

enum outcome store_retain(struct store *store, const struct retention *retention, int64_t now, struct retain_step *step,
                          struct error *err)
{
    size_t settled = 0;
    *step = (struct retain_step){.what = store->retain.what};
    enum outcome outcome = store_begin(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    outcome = forget_settle(store, now, &settled, err);
    if (outcome == OUTCOME_OK)
        outcome = take_step(store, retention, now, &step->gone, err);
    outcome = finish(store, outcome, err);
    struct retain_walk *at = &store->retain;
    store->must_truncate = store->must_truncate || step->gone > 0;
    if (outcome != OUTCOME_OK || at->is_over) /* a row that does not hold must not keep the classes behind it waiting */
        *at = (struct retain_walk){.what = (at->what + 1) % RETAINED_COUNT};
    step->is_pass_over = at->what == 0 && at->above == 0 && !at->is_over;
    return outcome;
}
