/* Words that go for good: what was typed at a turn, and where else it stands in what is kept of who typed it. */
#include "store/sqlite/redact.h"

#include <stdlib.h>

#include "store/sqlite/changes.h"
#include "store/sqlite/forget.h"
#include "store/sqlite/forgotten.h"

static int compare_ids(const void *a, const void *b)
{
    const int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static bool holds(const struct id_list *sessions, int64_t session)
{
    return sessions->count && bsearch(&session, sessions->at, sessions->count, sizeof session, compare_ids);
}

bool redact_is_session(const struct redacting *redacting, int64_t session)
{
    return session == redacting->row->session || holds(&redacting->sessions, session);
}

static enum outcome find_person(struct redacting *redacting, struct error *err)
{
    if (redacting->person)
        return OUTCOME_OK;
    struct sql sql = sql_start(redacting->store, SQL_PERSON_OF_SESSION);
    put_int(&sql, redacting->row->session);
    put_id(&sql, redacting->session.phone);
    put_int(&sql, redacting->session.last_at);
    if (sql_next(&sql))
        redacting->person = take_int(&sql);
    return sql_end(&sql, err);
}

static enum outcome sessions_of(struct store *store, int64_t person, int64_t phone, struct id_list *out,
                                struct error *err)
{
    const struct forgotten whose = {.person = person, .at = INT64_MAX, .kept = "[]"};
    enum outcome outcome =
        person ? person_sessions(store, &whose, out, err) : phone_sessions(store, phone, INT64_MAX, out, err);
    if (outcome == OUTCOME_OK && out->count)
        qsort(out->at, out->count, sizeof *out->at, compare_ids);
    return outcome;
}

enum outcome store_had_session(struct store *store, int64_t person, int64_t session, bool *had, struct error *err)
{
    struct id_list sessions = {.count = 0};
    *had = false;
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    arena_reset(store->scratch);
    outcome = sessions_of(store, person, 0, &sessions, err);
    *had = outcome == OUTCOME_OK && holds(&sessions, session);
    return outcome;
}

enum outcome change_redacted(struct store *store, const struct change *change, struct error *err)
{
    struct redacting redacting = {.store = store, .row = change->redacted.row, .change = change};
    enum outcome outcome = redact_find_words(&redacting, err);
    if (outcome == OUTCOME_OK)
        outcome = store_load_session(store, redacting.row->session, store->scratch, &redacting.session, err);
    if (outcome == OUTCOME_OK)
        outcome = find_person(&redacting, err);
    if (outcome == OUTCOME_OK)
        outcome = sessions_of(store, redacting.person, redacting.session.phone, &redacting.sessions, err);
    if (outcome == OUTCOME_OK)
        outcome = redact_sessions(&redacting, err);
    if (outcome == OUTCOME_OK)
        outcome = redact_answers(&redacting, err);
    if (outcome == OUTCOME_OK)
        outcome = redact_texts(&redacting, err);
    store->must_truncate = true; /* until the WAL is emptied they stand in it */
    return outcome;
}
