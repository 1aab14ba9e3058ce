#include "store/sqlite/rows.h"

#include <string.h>

#include "store/sqlite/turns.h"

static struct span take_word(struct store *store, struct sql *sql, struct arena *arena)
{
    return arena_copy(arena, words_text(store->words, take_int(sql)));
}

static enum outcome damaged(struct error *err, const char *table, int64_t id)
{
    return error_set(err, OUTCOME_BROKEN, "%s %lld in the data file does not hold together: run helpline verify",
                     table, (long long)id);
}

enum outcome take_session(struct store *store, struct sql *sql, struct arena *arena, struct session *session,
                          struct error *err)
{
    session->id = take_int(sql);
    session->phone = take_int(sql);
    const bool keyed = take_lookup(sql, &session->key);
    session->channel = take_word(store, sql, arena);
    session->kind = take_int(sql) == CHANNEL_SMS ? CHANNEL_SMS : CHANNEL_USSD;
    session->started_at = take_int(sql);
    session->last_at = take_int(sql);
    session->ended_at = take_int(sql);
    session->cause = (enum end_cause)take_int(sql);
    session->turns = (uint32_t)take_int(sql);
    session->seen_bytes = (uint32_t)take_int(sql);
    session->seen_hash = (uint64_t)take_int(sql);
    session->continues = take_int(sql);
    const struct span state = {sqlite3_column_blob(sql->stmt, sql->out),
                               (size_t)sqlite3_column_bytes(sql->stmt, sql->out)};
    if (!keyed || !state_unpack(store->words, state, arena, &session->state)) {
        return damaged(err, "session", session->id);
    }
    return OUTCOME_OK;
}

enum outcome take_phone(struct store *store, struct sql *sql, struct arena *arena, struct phone_row *phone,
                        struct error *err)
{
    phone->id = take_int(sql);
    if (!take_lookup(sql, &phone->lookup)) {
        return damaged(err, "phone", phone->id);
    }
    phone->person = take_int(sql);
    phone->last_session = take_int(sql);
    phone->lang = take_word(store, sql, arena);
    phone->opted_out = take_int(sql) != 0;
    phone->has_number = take_int(sql) != 0;
    phone->first_at = take_int(sql);
    phone->last_at = take_int(sql);
    return OUTCOME_OK;
}

enum outcome take_turn(struct store *store, struct sql *sql, struct arena *arena, struct turn *turn, struct error *err)
{
    turn->session = take_int(sql);
    turn->number = (uint32_t)take_int(sql);
    turn->at = take_int(sql);
    turn->repeat = (uint64_t)take_int(sql);
    turn->node = take_word(store, sql, arena);
    turn->page = (uint16_t)take_int(sql);
    turn->lang = take_word(store, sql, arena);
    turn->asked = take_word(store, sql, arena);
    turn->flags = (unsigned)take_int(sql);
    turn->skeleton = take_span(sql, arena);
    struct turn_parts parts = {0};
    parts.input = take_span(sql, arena);
    parts.meaning = take_span(sql, arena);
    parts.shown = take_span(sql, arena);
    const int64_t person = take_int(sql);
    const struct span sealed = take_span(sql, arena);
    const struct span wrapped = take_span(sql, arena);
    if (span_is_present(sealed) && span_is_present(wrapped)) {
        struct person_key key;
        bool opened = person_key_unwrap(store->keyring, person, wrapped, &key) == OUTCOME_OK &&
                      person_unseal(&key, turn->session, sealed, arena, &parts.secret) == OUTCOME_OK;
        explicit_bzero(&key, sizeof key);
        if (!opened) {
            return damaged(err, "a turn of session", turn->session);
        }
    }
    return turn_unite(turn, &parts, arena) ? OUTCOME_OK : damaged(err, "a turn of session", turn->session);
}

enum outcome take_request(struct store *store, struct sql *sql, struct arena *arena, struct request *request,
                          struct error *err)
{
    request->id = take_int(sql);
    const struct span reference = take_span(sql, arena);
    if (reference.len != REFERENCE_DIGITS) {
        return damaged(err, "request", request->id);
    }
    memcpy(request->reference, reference.at, REFERENCE_DIGITS);
    request->reference[REFERENCE_DIGITS] = '\0';
    request->person = take_int(sql);
    request->phone = take_int(sql);
    request->session = take_int(sql);
    request->entry = take_int(sql);
    request->kind = take_word(store, sql, arena);
    request->topic = take_word(store, sql, arena);
    request->state = (enum request_state)take_int(sql);
    request->urgency = (enum request_urgency)take_int(sql);
    request->created_at = take_int(sql);
    request->due_at = take_int(sql);
    request->changed_at = take_int(sql);
    request->version = (uint32_t)take_int(sql);
    request->lang = take_word(store, sql, arena);
    return OUTCOME_OK;
}

/* What was blanked when its person was forgotten is empty, not sealed. */
static bool unseal_column(struct store *store, struct sql *sql, int64_t id, struct arena *arena, struct span *plain)
{
    const struct span sealed = take_span(sql, arena);
    *plain = SPAN_NONE;
    return sealed.len == 0 || keyring_unseal(store->keyring, id, sealed, arena, plain) == OUTCOME_OK;
}

enum outcome take_outbox(struct store *store, struct sql *sql, struct arena *arena, struct outbox_row *row,
                         struct error *err)
{
    row->id = take_int(sql);
    row->phone = take_int(sql);
    row->session = take_int(sql);
    row->channel = take_word(store, sql, arena);
    row->state = (enum outbox_state)take_int(sql);
    row->reason = (enum outbox_reason)take_int(sql);
    row->attempts = (unsigned)take_int(sql);
    row->created_at = take_int(sql);
    row->due_at = take_int(sql);
    row->changed_at = take_int(sql);
    row->expires_at = take_int(sql);
    row->segments = (unsigned)take_int(sql);
    row->from = take_span(sql, arena);
    row->link = take_span(sql, arena);
    row->vendor_id = take_span(sql, arena);
    const bool opened =
        unseal_column(store, sql, row->id, arena, &row->to) && unseal_column(store, sql, row->id, arena, &row->text);
    return opened ? OUTCOME_OK : damaged(err, "outbox row", row->id);
}
