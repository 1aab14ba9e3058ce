/* The session's blob. Version 1: place, history, language, counts, shape, entry, topic; names as numbers of words. Version 2
 * adds what only some sessions have (struct tail below); the others go on as version 1, which is shorter. */
#include <string.h>

#include "store/sqlite/pack.h"
#include "store/sqlite/rows.h"

#define STATE_PLAIN 1
#define STATE_WITH_TAIL 2
#define STATE_BYTES_USUAL 64

struct writing {
    struct store *store;
    struct packer packer;
    enum outcome outcome;
    struct error *err;
};

static void pack_word(struct writing *to, struct span text)
{
    int64_t id = 0;
    if (to->outcome == OUTCOME_OK)
        to->outcome = words_intern(to->store->source.words, to->store->sql[SQL_WORD_INSERT], text, &id, to->err);
    pack_number(&to->packer, (uint64_t)id);
}

static void pack_place(struct writing *to, const struct place *place)
{
    pack_word(to, place->node);
    pack_number(&to->packer, place->page);
}

static bool has_tail(const struct session *session)
{
    const struct session_state *state = &session->state;
    return span_is_present(state->wanted) || state->reference[0] || state->opened || state->acting || state->urgency ||
           session->replied.words || session->replied.keys;
}

static void pack_tail(struct writing *to, const struct session *session)
{
    const struct session_state *state = &session->state;
    pack_word(to, state->wanted);
    pack_span(&to->packer, span_of(state->reference));
    pack_number(&to->packer, (uint64_t)state->opened);
    pack_number(&to->packer, (uint64_t)state->acting);
    pack_number(&to->packer, state->urgency);
    pack_number(&to->packer, session->replied.words);
    pack_number(&to->packer, session->replied.keys);
    pack_number(&to->packer, (uint64_t)session->replied.since);
}

enum outcome state_pack(struct store *store, const struct session *session, struct span *packed, struct error *err)
{
    const struct session_state *state = &session->state;
    const bool tailed = has_tail(session);
    if (state->history_count > HISTORY_MAX)
        return error_set(err, OUTCOME_REFUSED, "a history of %d places, at most %d", state->history_count, HISTORY_MAX);
    struct writing to = {store, pack_begin(store->scratch, STATE_BYTES_USUAL), OUTCOME_OK, err};
    pack_number(&to.packer, tailed ? STATE_WITH_TAIL : STATE_PLAIN);
    pack_place(&to, &state->at);
    pack_number(&to.packer, state->history_count);
    for (unsigned i = 0; i < state->history_count; i++)
        pack_place(&to, &state->history[i]);
    pack_word(&to, state->lang);
    pack_number(&to.packer, state->bad_answers);
    pack_number(&to.packer, state->form_step);
    pack_number(&to.packer, state->shape);
    pack_number(&to.packer, (uint64_t)state->entry);
    pack_word(&to, state->topic);
    if (tailed)
        pack_tail(&to, session);
    *packed = pack_done(&to.packer);
    return to.outcome;
}

struct reading {
    const struct words *words;
    struct arena *arena;
    struct unpacker unpacker;
};

static struct span unpack_word(struct reading *from)
{
    const uint64_t id = unpack_number(&from->unpacker, INT64_MAX);
    const struct span text = words_text(from->words, (int64_t)id);
    if (id && !span_is_present(text))
        from->unpacker.bad = true;
    return arena_copy(from->arena, text);
}

static struct place unpack_place(struct reading *from)
{
    const struct span node = unpack_word(from);
    return (struct place){.node = node, .page = (uint16_t)unpack_number(&from->unpacker, UINT16_MAX)};
}

static void unpack_reference(struct reading *from, char out[REFERENCE_DIGITS + 1])
{
    const struct span reference = unpack_span(&from->unpacker);
    if (reference.len && reference.len != REFERENCE_DIGITS)
        from->unpacker.bad = true;
    else if (reference.len)
        memcpy(out, reference.at, REFERENCE_DIGITS);
}

static void unpack_tail(struct reading *from, struct session *session)
{
    struct session_state *state = &session->state;
    state->wanted = unpack_word(from);
    unpack_reference(from, state->reference);
    state->opened = (int64_t)unpack_number(&from->unpacker, INT64_MAX);
    state->acting = (int64_t)unpack_number(&from->unpacker, INT64_MAX);
    state->urgency = (uint8_t)unpack_number(&from->unpacker, URGENCY_DANGER);
    session->replied.words = (unsigned)unpack_number(&from->unpacker, UINT32_MAX);
    session->replied.keys = (unsigned)unpack_number(&from->unpacker, UINT32_MAX);
    session->replied.since = (int64_t)unpack_number(&from->unpacker, INT64_MAX);
}

bool state_unpack(const struct words *words, struct span packed, struct arena *arena, struct session *session)
{
    struct reading from = {words, arena, unpack_begin(packed)};
    struct session_state *state = &session->state;
    *state = (struct session_state){0};
    const uint64_t version = unpack_number(&from.unpacker, STATE_WITH_TAIL);
    if (version != STATE_PLAIN && version != STATE_WITH_TAIL)
        return false;
    state->at = unpack_place(&from);
    state->history_count = (uint8_t)unpack_number(&from.unpacker, HISTORY_MAX);
    for (unsigned i = 0; i < state->history_count; i++)
        state->history[i] = unpack_place(&from);
    state->lang = unpack_word(&from);
    state->bad_answers = (uint8_t)unpack_number(&from.unpacker, UINT8_MAX);
    state->form_step = (uint8_t)unpack_number(&from.unpacker, UINT8_MAX);
    state->shape = (uint32_t)unpack_number(&from.unpacker, UINT32_MAX);
    state->entry = (int64_t)unpack_number(&from.unpacker, INT64_MAX);
    state->topic = unpack_word(&from);
    if (version == STATE_WITH_TAIL)
        unpack_tail(&from, session);
    return unpack_done(&from.unpacker);
}
