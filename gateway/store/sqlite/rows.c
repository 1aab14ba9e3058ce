#include "store/sqlite/rows.h"

#include <string.h>

#include "store/sqlite/pack.h"
#include "store/sqlite/turns.h"

struct span take_word(const struct row_source *source, struct sql *sql, struct arena *arena)
{
    return arena_copy(arena, words_text(source->words, take_int(sql)));
}

enum outcome row_damaged(struct error *err, const char *table, int64_t id)
{
    return error_set(err, OUTCOME_BROKEN, "%s %lld in the data file does not hold together: run helpline verify", table,
                     (long long)id);
}

enum outcome take_session(const struct row_source *source, struct sql *sql, struct arena *arena,
                          struct session *session, struct error *err)
{
    session->id = take_int(sql);
    session->phone = take_int(sql);
    const bool keyed = take_lookup(sql, &session->key);
    session->channel = take_word(source, sql, arena);
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
    if (!keyed || !state_unpack(source->words, state, arena, session))
        return row_damaged(err, "session", session->id);
    return OUTCOME_OK;
}

enum outcome take_phone(const struct row_source *source, struct sql *sql, struct arena *arena, struct phone_row *phone,
                        struct error *err)
{
    phone->id = take_int(sql);
    if (!take_lookup(sql, &phone->lookup))
        return row_damaged(err, "phone", phone->id);
    phone->person = take_int(sql);
    phone->last_session = take_int(sql);
    phone->lang = take_word(source, sql, arena);
    phone->opted_out = take_int(sql) != 0;
    phone->has_number = take_int(sql) != 0;
    phone->first_at = take_int(sql);
    phone->last_at = take_int(sql);
    phone->tries = (unsigned)take_int(sql);
    phone->tries_at = take_int(sql);
    phone->renewed_at = take_int(sql);
    return OUTCOME_OK;
}

enum outcome take_person(struct sql *sql, struct arena *arena, struct person_row *person, struct error *err)
{
    person->id = take_int(sql);
    person->phone = take_int(sql);
    const struct span pin = take_span(sql, arena);
    person->has_pin = span_is_present(pin);
    person->tries = (unsigned)take_int(sql);
    person->tries_at = take_int(sql);
    person->leaving_at = take_int(sql);
    if (person->has_pin && pin.len != sizeof person->pin)
        return row_damaged(err, "person", person->id);
    if (person->has_pin)
        memcpy(person->pin, pin.at, sizeof person->pin);
    return OUTCOME_OK;
}

bool person_open(const struct sealed_by *by, int64_t context, struct span sealed, struct arena *arena,
                 struct span *plain)
{
    struct person_key key;
    const bool opened = person_key_unwrap(by->keyring, by->person, by->wrapped, &key) == OUTCOME_OK &&
                        person_unseal(&key, context, sealed, arena, plain) == OUTCOME_OK;
    explicit_bzero(&key, sizeof key);
    return opened;
}

enum outcome take_turn(const struct row_source *source, struct sql *sql, struct arena *arena, struct turn *turn,
                       struct error *err)
{
    turn->session = take_int(sql);
    turn->number = (uint32_t)take_int(sql);
    turn->at = take_int(sql);
    turn->repeat = (uint64_t)take_int(sql);
    turn->node = take_word(source, sql, arena);
    turn->page = (uint16_t)take_int(sql);
    turn->lang = take_word(source, sql, arena);
    turn->asked = take_word(source, sql, arena);
    turn->flags = (unsigned)take_int(sql);
    turn->skeleton = take_span(sql, arena);
    struct turn_parts parts = {0};
    parts.input = take_span(sql, arena);
    parts.meaning = take_span(sql, arena);
    parts.shown = take_span(sql, arena);
    const int64_t person = take_int(sql);
    const struct span sealed = take_span(sql, arena);
    const struct sealed_by by = {source->keyring, person, take_span(sql, arena)};
    if (span_is_present(sealed) && span_is_present(by.wrapped) &&
        !person_open(&by, turn->session, sealed, arena, &parts.secret))
        return row_damaged(err, "a turn of session", turn->session);
    return turn_unite(turn, &parts, arena) ? OUTCOME_OK : row_damaged(err, "a turn of session", turn->session);
}

/* How a sealed answer was packed: its field's number, then its text. */
static bool open_answer(const struct sealed_by *by, int64_t entry, int64_t field, struct span sealed,
                        struct arena *arena, struct span *value)
{
    struct span plain = SPAN_NONE;
    if (!person_open(by, entry, sealed, arena, &plain))
        return false;
    struct unpacker unpacker = unpack_begin(plain);
    const uint64_t packed_field = unpack_number(&unpacker, INT64_MAX);
    *value = unpack_span(&unpacker);
    return unpack_done(&unpacker) && packed_field == (uint64_t)field;
}

enum outcome take_answer(const struct row_source *source, struct sql *sql, struct arena *arena, struct answer *answer,
                         struct error *err)
{
    const int64_t entry = take_int(sql);
    const int64_t field = take_int(sql);
    answer->field = arena_copy(arena, words_text(source->words, field));
    answer->sensitive = take_int(sql) != 0;
    answer->value = take_span(sql, arena);
    const int64_t person = take_int(sql);
    const struct sealed_by by = {source->keyring, person, take_span(sql, arena)};
    if (answer->sensitive && !open_answer(&by, entry, field, answer->value, arena, &answer->value))
        return row_damaged(err, "an answer of entry", entry);
    return OUTCOME_OK;
}

bool take_reference(struct sql *sql, struct arena *arena, char out[REFERENCE_DIGITS + 1])
{
    const struct span reference = take_span(sql, arena);
    if (reference.len != REFERENCE_DIGITS)
        return false;
    memcpy(out, reference.at, REFERENCE_DIGITS);
    out[REFERENCE_DIGITS] = '\0';
    return true;
}

enum outcome take_request(const struct row_source *source, struct sql *sql, struct arena *arena,
                          struct request *request, struct error *err)
{
    request->id = take_int(sql);
    if (!take_reference(sql, arena, request->reference))
        return row_damaged(err, "request", request->id);
    request->person = take_int(sql);
    request->phone = take_int(sql);
    request->session = take_int(sql);
    request->entry = take_int(sql);
    request->kind = take_word(source, sql, arena);
    request->topic = take_word(source, sql, arena);
    request->state = (enum request_state)take_int(sql);
    request->urgency = (enum request_urgency)take_int(sql);
    request->created_at = take_int(sql);
    request->due_at = take_int(sql);
    request->changed_at = take_int(sql);
    request->version = (uint32_t)take_int(sql);
    request->lang = take_word(source, sql, arena);
    request->attention = (enum request_attention)take_int(sql);
    request->desk = take_word(source, sql, arena);
    request->hidden = take_int(sql) != 0;
    request->step = (enum request_step)take_int(sql);
    request->next_at = take_int(sql);
    return OUTCOME_OK;
}

/* What was blanked when its person was forgotten is empty, not sealed. */
static bool unseal_column(const struct row_source *source, struct sql *sql, int64_t id, struct arena *arena,
                          struct span *plain)
{
    const struct span sealed = take_span(sql, arena);
    *plain = SPAN_NONE;
    return sealed.len == 0 || keyring_unseal(source->keyring, id, sealed, arena, plain) == OUTCOME_OK;
}

enum outcome take_outbox(const struct row_source *source, struct sql *sql, struct arena *arena, struct outbox_row *row,
                         struct error *err)
{
    row->id = take_int(sql);
    row->session_is_over = row->phone_opted_out = false;
    row->phone = take_int(sql);
    row->session = take_int(sql);
    row->channel = take_word(source, sql, arena);
    row->state = (enum outbox_state)take_int(sql);
    row->reason = (enum outbox_reason)take_int(sql);
    row->attempts = (unsigned)take_int(sql);
    row->created_at = take_int(sql);
    row->due_at = take_int(sql);
    row->changed_at = take_int(sql);
    row->expires_at = take_int(sql);
    row->segments = (unsigned)take_int(sql);
    row->kind = (enum outbox_kind)take_int(sql);
    row->encoding = take_int(sql) == ENCODING_UCS2 ? ENCODING_UCS2 : ENCODING_GSM7;
    row->cost_micros = take_int(sql);
    row->from = take_span(sql, arena);
    row->link = take_span(sql, arena);
    row->vendor_id = take_span(sql, arena);
    const bool opened =
        unseal_column(source, sql, row->id, arena, &row->to) && unseal_column(source, sql, row->id, arena, &row->text);
    row->unasked = take_int(sql) == 0;
    row->request = take_int(sql);
    return opened ? OUTCOME_OK : row_damaged(err, "outbox row", row->id);
}

enum outcome take_triage(const struct row_source *source, struct sql *sql, struct arena *arena, struct triage_row *row,
                         struct error *err)
{
    row->id = take_int(sql);
    row->session = take_int(sql);
    row->turn = (uint32_t)take_int(sql);
    row->at = take_int(sql);
    row->person = take_int(sql);
    row->rule = take_word(source, sql, arena);
    row->urgency = (enum request_urgency)take_int(sql);
    row->word = SPAN_NONE;
    const struct span sealed = take_span(sql, arena);
    const struct sealed_by by = {source->keyring, row->person, take_span(sql, arena)};
    if (sealed.len && span_is_present(by.wrapped) && !person_open(&by, row->id, sealed, arena, &row->word))
        return row_damaged(err, "triage", row->id);
    return OUTCOME_OK;
}
