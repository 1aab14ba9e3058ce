/* The session's blob. Version 1: place, history, language, counts, shape, entry, topic; names as numbers of words. */
#include "store/sqlite/pack.h"
#include "store/sqlite/rows.h"

#define STATE_VERSION 1
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

enum outcome state_pack(struct store *store, const struct session_state *state, struct span *packed, struct error *err)
{
    if (state->history_count > HISTORY_MAX)
        return error_set(err, OUTCOME_REFUSED, "a history of %d places, at most %d", state->history_count, HISTORY_MAX);
    struct writing to = {store, pack_begin(store->scratch, STATE_BYTES_USUAL), OUTCOME_OK, err};
    pack_number(&to.packer, STATE_VERSION);
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

bool state_unpack(const struct words *words, struct span packed, struct arena *arena, struct session_state *state)
{
    struct reading from = {words, arena, unpack_begin(packed)};
    *state = (struct session_state){0};
    if (unpack_number(&from.unpacker, STATE_VERSION) != STATE_VERSION)
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
    return unpack_done(&from.unpacker);
}
