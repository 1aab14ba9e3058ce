/* Reading for the tick: what store.h calls load. */
#include <string.h>

#include "store/sqlite/rows.h"
#include "store/desk.h"

static enum outcome session_from(struct store *store, struct sql *sql, struct arena *arena, struct session **session,
                                 struct error *err)
{
    enum outcome outcome = OUTCOME_OK;
    *session = NULL;
    if (sql_next(sql)) {
        *session = ARENA_NEW(arena, struct session);
        outcome = take_session(&store->source, sql, arena, *session, err);
    }
    return sql_end_after(sql, outcome, err);
}

static enum outcome session_by_id(struct store *store, int64_t id, struct arena *arena, struct session **session,
                                  struct error *err)
{
    struct sql sql = sql_start(store, SQL_SESSION_BY_ID);
    put_int(&sql, id);
    return session_from(store, &sql, arena, session, err);
}

/* Memory knows a short form of the key and the newest session with it; the row has the last word. */
static enum outcome session_by_key(struct store *store, const struct lookup *key, struct arena *arena,
                                   struct session **session, struct error *err)
{
    const int64_t id = lookups_find(&store->sessions, key);
    if (!id)
        return OUTCOME_OK;
    enum outcome outcome = session_by_id(store, id, arena, session, err);
    if (outcome == OUTCOME_OK && *session && memcmp((*session)->key.at, key->at, sizeof key->at) != 0)
        *session = NULL;
    return outcome;
}

static enum outcome phone_by_id(struct store *store, int64_t id, struct arena *arena, struct phone_row **phone,
                                struct error *err)
{
    struct sql sql = sql_start(store, SQL_PHONE_BY_ID);
    put_int(&sql, id);
    enum outcome outcome = OUTCOME_OK;
    if (sql_next(&sql)) {
        *phone = ARENA_NEW(arena, struct phone_row);
        outcome = take_phone(&store->source, &sql, arena, *phone, err);
    }
    return sql_end_after(&sql, outcome, err);
}

static enum outcome load_phone(struct store *store, const struct store_wanted *wanted, struct arena *arena,
                               struct store_found *found, struct error *err)
{
    const bool by_lookup = lookup_is_given(&wanted->phone);
    if (!by_lookup && !(found->session && found->session->phone))
        return OUTCOME_OK;
    const int64_t id = by_lookup ? lookups_find(&store->phones, &wanted->phone) : found->session->phone;
    enum outcome outcome = id ? phone_by_id(store, id, arena, &found->phone, err) : OUTCOME_OK;
    if (by_lookup && found->phone && memcmp(&found->phone->lookup, &wanted->phone, sizeof wanted->phone) != 0)
        found->phone = NULL;
    return outcome;
}

enum outcome store_find_phone(struct store *store, const struct lookup *lookup, int64_t *phone, struct error *err)
{
    struct phone_row *row = NULL;
    *phone = 0;
    enum outcome outcome = store_usable(store, err);
    const int64_t id = outcome == OUTCOME_OK ? lookups_find(&store->phones, lookup) : 0;
    if (id)
        outcome = phone_by_id(store, id, store->scratch, &row, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (!row || memcmp(&row->lookup, lookup, sizeof *lookup) != 0)
        return error_set(err, OUTCOME_NOT_FOUND, "there is no such phone");
    *phone = id;
    return OUTCOME_OK;
}

enum outcome store_load_phone(struct store *store, int64_t id, struct arena *arena, struct phone_row *out,
                              struct error *err)
{
    struct phone_row *row = NULL;
    enum outcome outcome = store_usable(store, err);
    if (outcome == OUTCOME_OK)
        outcome = phone_by_id(store, id, arena, &row, err);
    if (outcome == OUTCOME_OK && !row)
        return error_set(err, OUTCOME_NOT_FOUND, "there is no such phone");
    if (outcome == OUTCOME_OK)
        *out = *row;
    return outcome;
}

static enum outcome load_last(struct store *store, struct arena *arena, struct store_found *found, struct error *err)
{
    const int64_t last = found->phone ? found->phone->last_session : 0;
    if (!last || (found->session && found->session->id == last))
        return OUTCOME_OK;
    return session_by_id(store, last, arena, &found->last, err);
}

static enum outcome load_message(struct store *store, const struct store_wanted *wanted, struct store_found *found,
                                 struct error *err)
{
    if (!lookup_is_given(&wanted->message))
        return OUTCOME_OK;
    struct sql sql = sql_start(store, SQL_MESSAGE_BY_KEY);
    put_lookup(&sql, &wanted->message);
    if (sql_next(&sql)) {
        found->message_seen = true;
        found->seen_session = take_int(&sql);
        found->seen_turn = (uint32_t)take_int(&sql);
        found->seen_at = take_int(&sql);
    }
    return sql_end(&sql, err);
}

static enum outcome turn_from(struct store *store, struct sql *sql, struct arena *arena, struct turn *turn,
                              struct error *err)
{
    const bool found = sql_next(sql);
    enum outcome outcome = found ? take_turn(&store->source, sql, arena, turn, err) : OUTCOME_OK;
    outcome = sql_end_after(sql, outcome, err);
    return outcome == OUTCOME_OK && !found ? OUTCOME_NOT_FOUND : outcome;
}

static enum outcome load_repeated(struct store *store, const struct store_wanted *wanted, struct arena *arena,
                                  struct store_found *found, struct error *err)
{
    if (!wanted->repeat || !found->session)
        return OUTCOME_OK;
    struct turn *turn = ARENA_NEW(arena, struct turn);
    struct sql sql = sql_start(store, SQL_TURN_BY_REPEAT);
    put_int(&sql, found->session->id);
    put_int(&sql, (int64_t)wanted->repeat);
    enum outcome outcome = turn_from(store, &sql, arena, turn, err);
    if (outcome == OUTCOME_OK)
        found->repeated = turn;
    return outcome == OUTCOME_NOT_FOUND ? OUTCOME_OK : outcome;
}

static enum outcome load_open_answers(struct store *store, struct arena *arena, struct store_found *found,
                                      struct error *err)
{
    int64_t entry = found->session ? found->session->state.entry : 0;
    if (!entry && found->last)
        entry = found->last->state.entry;
    return entry ? store_load_answers(store, entry, arena, &found->answers, &found->answer_count, err) : OUTCOME_OK;
}

static enum outcome load_person(struct store *store, const struct store_wanted *wanted, struct arena *arena,
                                struct store_found *found, struct error *err)
{
    const int64_t person = found->phone ? found->phone->person : 0;
    return person ? person_load(store, person, wanted->wants_requests, arena, &found->person, err) : OUTCOME_OK;
}

static enum outcome load_one(struct store *store, const struct store_wanted *wanted, struct arena *arena,
                             struct store_found *found, struct error *err)
{
    *found = (struct store_found){0};
    enum outcome outcome = OUTCOME_OK;
    if (lookup_is_given(&wanted->session_key))
        outcome = session_by_key(store, &wanted->session_key, arena, &found->session, err);
    if (outcome == OUTCOME_OK)
        outcome = load_phone(store, wanted, arena, found, err);
    if (outcome == OUTCOME_OK)
        outcome = load_last(store, arena, found, err);
    if (outcome == OUTCOME_OK)
        outcome = load_message(store, wanted, found, err);
    if (outcome == OUTCOME_OK)
        outcome = load_repeated(store, wanted, arena, found, err);
    if (outcome == OUTCOME_OK)
        outcome = load_open_answers(store, arena, found, err);
    return outcome == OUTCOME_OK ? load_person(store, wanted, arena, found, err) : outcome;
}

enum outcome store_load(struct store *store, const struct store_wanted *wanted, size_t count, struct arena *arena,
                        struct store_found *found, struct error *err)
{
    enum outcome outcome = store_begin_reading(store, err);
    if (outcome != OUTCOME_OK)
        return OUTCOME_BROKEN;
    for (size_t i = 0; i < count && outcome == OUTCOME_OK; i++)
        outcome = load_one(store, &wanted[i], arena, &found[i], err);
    store_end_reading(store);
    return outcome == OUTCOME_OK || outcome == OUTCOME_REFUSED ? outcome : OUTCOME_BROKEN;
}

enum outcome store_load_turn(struct store *store, int64_t session, uint32_t number, struct arena *arena,
                             struct turn *out, struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_TURN_BY_NUMBER);
    put_int(&sql, session);
    put_int(&sql, number);
    outcome = turn_from(store, &sql, arena, out, err);
    return outcome == OUTCOME_NOT_FOUND ? error_set(err, outcome, "there is no such turn") : outcome;
}

enum outcome store_load_session(struct store *store, int64_t id, struct arena *arena, struct session *out,
                                struct error *err)
{
    struct session *session = NULL;
    enum outcome outcome = store_usable(store, err);
    if (outcome == OUTCOME_OK)
        outcome = session_by_id(store, id, arena, &session, err);
    if (outcome == OUTCOME_OK && !session)
        return error_set(err, OUTCOME_NOT_FOUND, "there is no such session");
    if (outcome == OUTCOME_OK)
        *out = *session;
    return outcome;
}

#define ANSWERS_USUAL 16

/* Room for one more; what was there moves along. The arena takes the old room back with everything else. */
static struct answer *answer_room(struct arena *arena, struct answer **answers, size_t count, size_t *room)
{
    if (count == *room) {
        *room = *room ? 2 * *room : ANSWERS_USUAL;
        struct answer *wider = ARENA_ARRAY(arena, struct answer, *room);
        if (count)
            memcpy(wider, *answers, count * sizeof *wider);
        *answers = wider;
    }
    return &(*answers)[count];
}

enum outcome store_load_answers(struct store *store, int64_t entry, struct arena *arena, struct answer **answers,
                                size_t *count, struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    size_t room = 0;
    *answers = NULL;
    *count = 0;
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_ANSWERS_OF_ENTRY);
    put_int(&sql, entry);
    while (outcome == OUTCOME_OK && sql_next(&sql)) {
        outcome = take_answer(&store->source, &sql, arena, answer_room(arena, answers, *count, &room), err);
        (*count)++;
    }
    return sql_end_after(&sql, outcome, err);
}

enum outcome store_find_reference(struct store *store, const char *reference, struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_REFERENCE_USED);
    put_text(&sql, span_of(reference));
    const bool used = sql_next(&sql);
    outcome = sql_end(&sql, err);
    return outcome == OUTCOME_OK && !used ? OUTCOME_NOT_FOUND : outcome;
}

enum outcome store_load_number(struct store *store, int64_t phone, struct arena *arena, struct span *number,
                               struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    *number = SPAN_NONE;
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_PHONE_NUMBER);
    put_int(&sql, phone);
    const bool found = sql_next(&sql);
    const struct span sealed = found ? take_span(&sql, arena) : SPAN_NONE;
    outcome = sql_end(&sql, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (!found)
        return error_set(err, OUTCOME_NOT_FOUND, "no number is kept");
    return keyring_unseal(store->source.keyring, phone, sealed, arena, number) == OUTCOME_OK
               ? OUTCOME_OK
               : error_set(err, OUTCOME_REFUSED, "the number of phone %lld does not open", (long long)phone);
}
