#include "store/sqlite/forget.h"

#include <stdlib.h>
#include <string.h>
#include "base/duration.h"

#include "store/sqlite/changes.h"
#include "store/sqlite/forgotten.h"
#include "store/sqlite/note_words.h"
#include "store/sqlite/reduce.h"

#define QUIET_MS HOUR_MS /* whoever was silent for so long after they asked is gone from that session */

/* One wish as it is carried out, asked for now or found on the list. */
struct forgetting {
    const struct forgotten *what;
    int64_t phone; /* 0: not in this file */
    int64_t asked_in;
    bool leaves; /* something is kept: the person, their number and their PIN stay with it */
};

/* ---- what goes ---- */

/* Kept until the program ends; the next start finds them on the list. */
static void remember_forgotten(struct store *store, const struct forgetting *forgetting, int64_t session)
{
    struct forgotten_phone *phones = realloc(store->gone, (store->gone_count + 1) * sizeof *phones);
    if (!phones)
        abort();
    phones[store->gone_count++] =
        (struct forgotten_phone){forgetting->what->lookup, forgetting->phone, forgetting->what->at, session};
    store->gone = phones;
    store->must_truncate = true;
}

static enum outcome forget_rows(struct store *store, const struct forgetting *forgetting, struct error *err)
{
    static const enum sql_id steps[] = {
        SQL_FORGET_ANSWERS, SQL_FORGET_FOLLOW_UPS, SQL_FORGET_STEPS,   SQL_FORGET_TRIAGE,   SQL_FORGET_REGISTRATIONS,
        SQL_FORGET_ENTRIES, SQL_FORGET_NOTES,      SQL_FORGET_DRAFTS,  SQL_FORGET_ATTEMPTS, SQL_FORGET_REFERRALS,
        SQL_FORGET_DESK,    SQL_FORGET_MERGED,     SQL_FORGET_REPLIES, SQL_FORGET_REQUESTS};
    const struct forgotten *what = forgetting->what;
    enum outcome outcome = note_words_forget(store, what->person, span_of(what->kept), what->at, err);
    for (size_t i = 0; i < sizeof steps / sizeof *steps && outcome == OUTCOME_OK; i++) {
        struct sql sql = sql_start(store, steps[i]);
        put_int(&sql, what->person);
        put_text(&sql, span_of(what->kept));
        put_int(&sql, what->at);
        outcome = sql_run(&sql, err);
    }
    return outcome;
}

static enum outcome forget_key(struct store *store, const struct forgetting *forgetting, struct error *err)
{
    static const enum sql_id steps[] = {SQL_FORGET_ACTED, SQL_FORGET_SOUGHT, SQL_FORGET_FLAGS, SQL_FORGET_LINK,
                                        SQL_FORGET_PERSON};
    enum outcome outcome = OUTCOME_OK;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && outcome == OUTCOME_OK; i++) {
        struct sql sql = sql_start(store, steps[i]);
        put_int(&sql, forgetting->what->person);
        if (sqlite3_bind_parameter_count(sql.stmt) > 1)
            put_int(&sql, forgetting->phone);
        outcome = sql_run(&sql, err);
    }
    return outcome;
}

static enum outcome mark_leaving(struct store *store, const struct forgetting *forgetting, struct error *err)
{
    struct sql sql = sql_start(store, SQL_PERSON_LEAVES);
    put_int(&sql, forgetting->what->person);
    put_text(&sql, span_of(forgetting->what->kept));
    put_int(&sql, forgetting->what->at);
    return sql_run(&sql, err);
}

/* What waited already does not leave any more. The reply that says so does, and what is on its way: both go by forget_sent. */
static enum outcome forget_texts(struct store *store, const struct forgotten_phone *whose, struct error *err)
{
    struct sql texts = sql_start(store, SQL_FORGET_TEXTS);
    put_id(&texts, whose->phone);
    put_int(&texts, whose->at);
    put_lookup(&texts, &whose->lookup);
    return sql_run(&texts, err);
}

/* What nobody has taken in: parts of a long text that is not whole yet, which would be answered as if they had been said since,
 * and what could not be used. */
static enum outcome forget_unused(struct store *store, const struct forgetting *forgetting, struct error *err)
{
    static const enum sql_id steps[] = {SQL_FORGET_PARTS, SQL_FORGET_STRAYS};
    enum outcome outcome = OUTCOME_OK;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && outcome == OUTCOME_OK; i++) {
        struct sql sql = sql_start(store, steps[i]);
        put_lookup(&sql, &forgetting->what->lookup);
        put_int(&sql, forgetting->what->at);
        outcome = sql_run(&sql, err);
    }
    return outcome;
}

/* What came after the forgetting, from whoever has the phone by then, is not touched when the list is replayed. */
static enum outcome forget_phone(struct store *store, const struct forgetting *forgetting, struct error *err)
{
    struct sql number = sql_start(store, SQL_FORGET_PHONE);
    put_id(&number, forgetting->phone);
    put_id(&number, forgetting->what->person);
    put_int(&number, forgetting->what->at);
    put_lookup(&number, &forgetting->what->lookup);
    enum outcome outcome = sql_run(&number, err);
    const struct forgotten_phone whose = {forgetting->what->lookup, forgetting->phone, forgetting->what->at, 0};
    return outcome == OUTCOME_OK ? forget_texts(store, &whose, err) : outcome;
}

/* ---- sessions ---- */

enum outcome person_sessions(struct store *store, const struct forgotten *whose, struct id_list *out, struct error *err)
{
    struct sql times = sql_start(store, SQL_PERSON_TIMES);
    put_int(&times, whose->person);
    put_int(&times, whose->at);
    const bool found = sql_next(&times);
    const int64_t phone = found ? take_int(&times) : 0;
    const int64_t since = found ? take_int(&times) : 0, until = found ? take_int(&times) : 0;
    enum outcome outcome = sql_end(&times, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_PERSON_SESSIONS);
    put_int(&sql, whose->person);
    put_text(&sql, span_of(whose->kept));
    put_int(&sql, phone);
    put_int(&sql, since);
    put_int(&sql, until);
    put_int(&sql, whose->at);
    return ids_take(store, &sql, out, err);
}

enum outcome phone_sessions(struct store *store, int64_t phone, int64_t until, struct id_list *out, struct error *err)
{
    struct sql sql = sql_start(store, SQL_PHONE_SESSIONS);
    put_int(&sql, phone);
    put_int(&sql, until);
    return ids_take(store, &sql, out, err);
}

/* Somebody may be in it still, the one who asks among them: then it goes on, and is settled later. So is the one that ended with
 * the answer to the wish: the aggregator may ask for that answer once more. */
static enum outcome forget_session(struct store *store, const struct forgetting *forgetting, int64_t session,
                                   struct error *err)
{
    bool quiet = false;
    const int64_t at = forgetting->what->at;
    enum outcome outcome = session_is_quiet(store, session, at - QUIET_MS, at, &quiet, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    const bool goes_on = !quiet || session == forgetting->asked_in;
    if (goes_on)
        remember_forgotten(store, forgetting, session);
    return session_reduce(
        store,
        &(struct reduction){
            .session = session, .person = forgetting->what->person, .at = forgetting->what->at, .goes_on = goes_on},
        err);
}

static enum outcome forget_sessions(struct store *store, const struct forgetting *forgetting, struct error *err)
{
    struct id_list sessions;
    const struct forgotten *what = forgetting->what;
    enum outcome outcome = what->person ? person_sessions(store, what, &sessions, err)
                                        : phone_sessions(store, forgetting->phone, what->at, &sessions, err);
    for (size_t i = 0; outcome == OUTCOME_OK && i < sessions.count; i++)
        outcome = forget_session(store, forgetting, sessions.at[i], err);
    return outcome;
}

/* Of phones on which somebody asked after a case of theirs and did not give the PIN: no more than what was typed goes. */
static enum outcome forget_sought(struct store *store, const struct forgetting *forgetting, struct error *err)
{
    struct id_list sessions;
    struct sql sql = sql_start(store, SQL_SOUGHT_SESSIONS);
    put_int(&sql, forgetting->what->person);
    enum outcome outcome = ids_take(store, &sql, &sessions, err);
    for (size_t i = 0; outcome == OUTCOME_OK && i < sessions.count; i++)
        outcome = session_unsay(store, sessions.at[i], err);
    return outcome;
}

/* ---- in order ---- */

static enum outcome forget_all(struct store *store, const struct forgetting *forgetting, struct error *err)
{
    enum outcome outcome = forget_sessions(store, forgetting, err);
    if (outcome == OUTCOME_OK)
        outcome = forget_sought(store, forgetting, err);
    if (outcome == OUTCOME_OK)
        outcome = forget_rows(store, forgetting, err);
    if (outcome == OUTCOME_OK)
        outcome = forget_unused(store, forgetting, err);
    if (outcome != OUTCOME_OK || forgetting->leaves)
        return outcome == OUTCOME_OK ? mark_leaving(store, forgetting, err) : outcome;
    outcome = forget_phone(store, forgetting, err);
    return outcome == OUTCOME_OK && forgetting->what->person ? forget_key(store, forgetting, err) : outcome;
}

enum outcome forget_sent(struct store *store, int64_t phone, struct error *err)
{
    enum outcome outcome = OUTCOME_OK;
    for (size_t i = 0; outcome == OUTCOME_OK && i < store->gone_count; i++) {
        if (store->gone[i].phone == phone) {
            outcome = forget_texts(store, &store->gone[i], err);
            store->must_truncate = true;
        }
    }
    return outcome;
}

enum outcome forget_settle(struct store *store, int64_t now, size_t *settled, struct error *err)
{
    enum outcome outcome = OUTCOME_OK;
    for (size_t i = 0; outcome == OUTCOME_OK && i < store->gone_count; i++) {
        struct forgotten_phone *gone = &store->gone[i];
        bool quiet = false;
        if (gone->session)
            outcome = session_is_quiet(store, gone->session, now - QUIET_MS, 0, &quiet, err);
        if (outcome != OUTCOME_OK || !quiet)
            continue;
        outcome = session_reduce(store, &(struct reduction){.session = gone->session, .at = gone->at}, err);
        gone->session = 0;
        store->must_truncate = true;
        (*settled)++;
    }
    return outcome;
}

/* Of somebody who asked for it on another phone. */
static enum outcome find_lookup(struct store *store, int64_t phone, struct lookup *lookup, struct error *err)
{
    if (lookup_is_given(lookup))
        return OUTCOME_OK;
    struct sql sql = sql_start(store, SQL_PHONE_LOOKUP);
    put_int(&sql, phone);
    const bool found = sql_next(&sql) && take_lookup(&sql, lookup);
    enum outcome outcome = sql_end(&sql, err);
    return outcome == OUTCOME_OK && !found ? error_set(err, OUTCOME_REFUSED, "there is no phone %lld", (long long)phone)
                                           : outcome;
}

enum outcome change_forget(struct store *store, const struct change *change, struct error *err)
{
    struct forgotten what = {.lookup = change->forget.lookup, .person = change->forget.person, .at = change->forget.at};
    if (!ids_write(what.kept, sizeof what.kept, change->forget.kept, change->forget.kept_count))
        return error_set(err, OUTCOME_REFUSED, "more than %d requests that stay", FORGOTTEN_KEPT_MAX);
    struct forgetting forgetting = {.what = &what,
                                    .phone = change->forget.phone,
                                    .asked_in = change->forget.session,
                                    .leaves = change->forget.kept_count > 0};
    enum outcome outcome = find_lookup(store, change->forget.phone, &what.lookup, err);
    if (outcome == OUTCOME_OK)
        outcome = forget_all(store, &forgetting, err);
    if (outcome == OUTCOME_OK && store->forgotten)
        outcome = forgotten_append(store->forgotten, &what, err);
    remember_forgotten(store, &forgetting, 0);
    return outcome;
}

enum outcome change_person_stays(struct store *store, const struct change *change, struct error *err)
{
    struct sql sql = sql_start(store, SQL_PERSON_STAYS);
    put_int(&sql, change->person.id);
    return sql_run(&sql, err);
}

/* ---- the list, at every opening ---- */

static enum outcome is_there(struct store *store, enum sql_id id, const struct forgotten *what, bool *there,
                             struct error *err)
{
    struct sql sql = sql_start(store, id);
    put_int(&sql, what->person);
    if (sqlite3_bind_parameter_count(sql.stmt) > 1)
        put_text(&sql, span_of(what->kept));
    *there = sql_next(&sql);
    return sql_end(&sql, err);
}

/* Of whom something was to stay, and who asked for more before it was over: they are not leaving any more. */
static enum outcome came_back(struct store *store, const struct forgotten *what, bool *back, struct error *err)
{
    *back = false;
    if (strcmp(what->kept, "[]") == 0)
        return OUTCOME_OK;
    struct sql sql = sql_start(store, SQL_CAME_BACK);
    put_int(&sql, what->person);
    put_int(&sql, what->at);
    *back = sql_next(&sql);
    return sql_end(&sql, err);
}

static enum outcome replay_one(struct store *store, const struct forgotten *what, struct error *err)
{
    struct forgetting forgetting = {.what = what, .phone = lookups_find(&store->phones, &what->lookup)};
    bool there = false;
    enum outcome outcome = what->person ? is_there(store, SQL_PERSON_KEY, what, &there, err) : OUTCOME_OK;
    if (outcome == OUTCOME_OK && there)
        outcome = is_there(store, SQL_KEPT_OPEN, what, &forgetting.leaves, err);
    if (outcome == OUTCOME_OK && there && !forgetting.leaves)
        outcome = came_back(store, what, &forgetting.leaves, err);
    if (outcome == OUTCOME_OK && (there || !what->person))
        outcome = forget_all(store, &forgetting, err);
    else if (outcome == OUTCOME_OK) { /* a text may have left since, and a copy may be older than the person */
        outcome = forget_unused(store, &forgetting, err);
        if (outcome == OUTCOME_OK)
            outcome = forget_phone(store, &forgetting, err);
    }
    return outcome;
}

static enum outcome replay_all(struct store *store, FILE *list, struct error *err)
{
    struct forgotten what;
    enum outcome outcome = store_begin(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    while ((outcome = forgotten_next(list, store->forgotten, &what, err)) == OUTCOME_OK) {
        store->must_truncate = true; /* a crash may have left the WAL as it was */
        outcome = replay_one(store, &what, err);
        if (outcome != OUTCOME_OK)
            break;
    }
    if (outcome != OUTCOME_NOT_FOUND) {
        store_undo(store);
        return outcome;
    }
    return store_commit(store, err);
}

enum outcome forgotten_replay(struct store *store, struct error *err)
{
    FILE *list;
    if (!store->forgotten)
        return OUTCOME_OK;
    enum outcome outcome = forgotten_open(store->forgotten, &list, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    outcome = replay_all(store, list, err);
    fclose(list);
    return outcome;
}
