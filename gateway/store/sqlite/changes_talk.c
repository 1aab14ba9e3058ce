#include <string.h>

#include "store/sqlite/changes.h"
#include "store/sqlite/rows.h"
#include "store/sqlite/turns.h"

/* What memory does not know is not there; what it knows may have been rolled back, so the row has the last word. */
static enum outcome phone_is_there(struct store *store, const struct phone_row *row, bool *there, struct error *err)
{
    const int64_t known = lookups_find(&store->phones, &row->lookup);
    *there = false;
    if (!known)
        return OUTCOME_OK;
    struct sql sql = sql_start(store, SQL_PHONE_IS);
    put_int(&sql, known);
    put_lookup(&sql, &row->lookup);
    *there = sql_next(&sql);
    enum outcome outcome = sql_end(&sql, err);
    if (outcome == OUTCOME_OK && *there && known != row->id) {
        return error_set(err, OUTCOME_REFUSED, "phone %lld is there already, as %lld", (long long)row->id,
                         (long long)known);
    }
    return outcome;
}

static struct sql put_phone(struct store *store, enum sql_id id, const struct phone_row *row, int64_t lang,
                            struct span number)
{
    struct sql sql = sql_start(store, id);
    put_int(&sql, row->last_at);
    put_id(&sql, row->person);
    put_id(&sql, row->last_session);
    put_id(&sql, lang);
    put_int(&sql, row->opted_out);
    put_blob(&sql, number);
    put_id(&sql, row->id);
    put_int(&sql, row->tries);
    put_id(&sql, row->tries_at);
    put_id(&sql, row->renewed_at);
    return sql;
}

enum outcome change_phone(struct store *store, const struct change *change, struct error *err)
{
    const struct phone_row *row = change->phone.row;
    int64_t lang = 0;
    enum outcome outcome = intern(store, row->lang, &lang, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct span number = SPAN_NONE;
    if (span_is_present(change->phone.number))
        number = keyring_seal(store->source.keyring, row->id, change->phone.number, store->scratch);
    bool there = false;
    outcome = phone_is_there(store, row, &there, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (there) {
        struct sql update = put_phone(store, SQL_PHONE_UPDATE, row, lang, number);
        return sql_run(&update, err);
    }
    struct sql insert = put_phone(store, SQL_PHONE_INSERT, row, lang, number);
    put_lookup(&insert, &row->lookup);
    put_int(&insert, row->first_at);
    outcome = sql_run(&insert, err);
    if (outcome == OUTCOME_OK)
        lookups_add(&store->phones, &row->lookup, row->id);
    return outcome;
}

enum outcome change_person(struct store *store, const struct change *change, struct error *err)
{
    struct person_key key;
    unsigned char wrapped[WRAPPED_KEY_BYTES];
    person_key_create(&key);
    person_key_wrap(store->source.keyring, change->person.id, &key, wrapped);
    explicit_bzero(&key, sizeof key);

    struct sql insert = sql_start(store, SQL_PERSON_INSERT);
    put_id(&insert, change->person.id);
    put_id(&insert, change->person.phone);
    put_int(&insert, change->person.at);
    put_blob(&insert, (struct span){(const char *)wrapped, sizeof wrapped});
    enum outcome outcome = sql_run(&insert, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql link = sql_start(store, SQL_PERSON_LINK);
    put_int(&link, change->person.phone);
    put_int(&link, change->person.id);
    return sql_run_one(&link, OUTCOME_REFUSED, "a person on a phone that is not there", err);
}

static enum outcome insert_session(struct store *store, const struct session *row, struct span state, struct error *err)
{
    int64_t channel = 0;
    enum outcome outcome = intern(store, row->channel, &channel, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_SESSION_INSERT);
    put_id(&sql, row->id);
    put_id(&sql, row->phone);
    put_lookup(&sql, &row->key);
    put_id(&sql, channel);
    put_int(&sql, row->kind);
    put_int(&sql, row->started_at);
    put_int(&sql, row->last_at);
    put_id(&sql, row->ended_at);
    put_int(&sql, row->cause);
    put_int(&sql, row->turns);
    put_int(&sql, row->seen_bytes);
    put_int(&sql, (int64_t)row->seen_hash);
    put_id(&sql, row->continues);
    put_blob(&sql, state);
    outcome = sql_run(&sql, err);
    if (outcome == OUTCOME_OK)
        lookups_add(&store->sessions, &row->key, row->id);
    return outcome;
}

static enum outcome update_session(struct store *store, const struct session *row, struct span state, struct error *err)
{
    struct sql sql = sql_start(store, SQL_SESSION_UPDATE); /* never its phone: that is set once, and indexed */
    put_int(&sql, row->id);
    put_int(&sql, row->last_at);
    put_id(&sql, row->ended_at);
    put_int(&sql, row->cause);
    put_int(&sql, row->turns);
    put_int(&sql, row->seen_bytes);
    put_int(&sql, (int64_t)row->seen_hash);
    put_id(&sql, row->continues);
    put_blob(&sql, state);
    return sql_run_one(&sql, OUTCOME_REFUSED, "a session that is not there", err);
}

static enum outcome link_session(struct store *store, enum sql_id id, int64_t session, int64_t person,
                                 struct error *err)
{
    struct sql sql = sql_start(store, id);
    put_int(&sql, session);
    put_int(&sql, person);
    return sql_run(&sql, err);
}

/* A reference that is nobody's, or whose person is gone, is not written down: it would be found here for a month. */
static enum outcome find_sought(struct store *store, struct session *row, int64_t *person, struct error *err)
{
    enum outcome outcome = store_find_case(store, row->state.reference, person, err);
    if (outcome != OUTCOME_NOT_FOUND)
        return outcome;
    memcpy(row->state.reference, REFERENCE_OF_NOBODY, sizeof row->state.reference);
    return OUTCOME_OK;
}

enum outcome change_session(struct store *store, const struct change *change, struct error *err)
{
    struct session row = *change->session.row;
    struct span state;
    int64_t sought = 0;
    enum outcome outcome = change->session.seeks ? find_sought(store, &row, &sought, err) : OUTCOME_OK;
    if (outcome == OUTCOME_OK)
        outcome = state_pack(store, &row, &state, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    outcome =
        change->session.is_new ? insert_session(store, &row, state, err) : update_session(store, &row, state, err);
    if (outcome == OUTCOME_OK && row.state.acting) /* what they are shown there goes with them */
        outcome = link_session(store, SQL_SESSION_ACTED, row.id, row.state.acting, err);
    if (outcome == OUTCOME_OK && sought)
        outcome = link_session(store, SQL_SESSION_SEEKS, row.id, sought, err);
    return outcome;
}

static enum outcome turn_names(struct store *store, const struct turn *row, int64_t names[4], struct error *err)
{
    const struct screen_statements statements = {store->sql[SQL_SCREEN_BY_HASH], store->sql[SQL_SCREEN_INSERT]};
    const struct span texts[3] = {row->node, row->lang, row->asked};
    for (int i = 0; i < 3; i++) {
        enum outcome outcome = intern(store, texts[i], &names[i], err);
        if (outcome != OUTCOME_OK)
            return outcome;
    }
    return screens_intern(&store->screens, &statements, store->source.keyring, row->skeleton, &names[3], err);
}

enum outcome change_turn(struct store *store, const struct change *change, struct error *err)
{
    const struct turn *row = change->turn.row;
    int64_t names[4]; /* node, lang, asked, screen */
    struct span sealed;
    const struct turn_parts parts = turn_divide(row, store->scratch);
    enum outcome outcome = turn_names(store, row, names, err);
    if (outcome == OUTCOME_OK)
        outcome = seal_for(store, change->turn.person, row->session, parts.secret, &sealed, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_TURN_INSERT);
    put_id(&sql, row->session);
    put_int(&sql, row->number);
    put_int(&sql, row->at);
    put_id(&sql, (int64_t)row->repeat);
    put_id(&sql, names[0]);
    put_int(&sql, row->page);
    put_id(&sql, names[1]);
    put_id(&sql, names[2]);
    put_int(&sql, row->flags);
    put_id(&sql, names[3]);
    put_text(&sql, parts.input);
    put_text(&sql, parts.meaning);
    put_blob(&sql, parts.shown);
    put_id(&sql, span_is_present(sealed) ? change->turn.person : 0);
    put_blob(&sql, sealed);
    return sql_run(&sql, err);
}

enum outcome change_message_seen(struct store *store, const struct change *change, struct error *err)
{
    struct sql sql = sql_start(store, SQL_MESSAGE_INSERT);
    put_lookup(&sql, &change->seen.key);
    put_id(&sql, change->seen.session);
    put_int(&sql, change->seen.turn);
    put_int(&sql, change->seen.at);
    return sql_run_one(&sql, OUTCOME_REFUSED, "a message that was answered already", err);
}

enum outcome change_stray(struct store *store, const struct change *change, struct error *err)
{
    int64_t channel = 0;
    enum outcome outcome = intern(store, change->stray.channel, &channel, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_STRAY_INSERT);
    put_id(&sql, change->stray.id);
    put_int(&sql, change->stray.at);
    put_id(&sql, channel);
    put_text(&sql, change->stray.why);
    put_blob(&sql, keyring_seal(store->source.keyring, change->stray.id, change->stray.raw, store->scratch));
    const bool named = lookup_is_given(&change->stray.sender);
    put_blob(&sql, named ? (struct span){(const char *)change->stray.sender.at, LOOKUP_BYTES} : SPAN_NONE);
    return sql_run(&sql, err);
}
