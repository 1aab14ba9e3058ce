#include "store/sqlite/turns.h"

#include "store/sqlite/pack.h"

struct turn_parts turn_divide(const struct turn *turn, struct arena *arena)
{
    struct turn_parts parts = {turn->input, turn->meaning, pack_list(arena, turn->values, turn->value_count),
                               SPAN_NONE};
    struct span hidden[3] = {SPAN_NONE, SPAN_NONE, SPAN_NONE};
    if (turn->flags & TURN_SECRET_INPUT) {
        parts.input = SPAN_NONE;
        parts.meaning = SPAN_NONE;
    }
    if (turn->flags & TURN_SENSITIVE_INPUT) {
        hidden[0] = parts.input;
        hidden[1] = parts.meaning;
        parts.input = SPAN_NONE;
        parts.meaning = SPAN_NONE;
    }
    if (turn->flags & TURN_SENSITIVE_SCREEN) {
        hidden[2] = parts.shown;
        parts.shown = SPAN_NONE;
    }
    if (hidden[0].at || hidden[1].at || hidden[2].at) {
        struct packer packer = pack_begin(arena, 128);
        pack_number(&packer, turn->number);
        for (int i = 0; i < 3; i++)
            pack_span(&packer, hidden[i]);
        parts.secret = pack_done(&packer);
    }
    return parts;
}

static bool open_secret(struct turn *turn, struct span secret, struct span *shown)
{
    struct unpacker unpacker = unpack_begin(secret);
    if (unpack_number(&unpacker, UINT32_MAX) != turn->number)
        return false;
    const struct span input = unpack_span(&unpacker);
    const struct span meaning = unpack_span(&unpacker);
    const struct span values = unpack_span(&unpacker);
    if (turn->flags & TURN_SENSITIVE_INPUT) {
        turn->input = input;
        turn->meaning = meaning;
    }
    if (turn->flags & TURN_SENSITIVE_SCREEN)
        *shown = values;
    return unpack_done(&unpacker);
}

bool turn_unite(struct turn *turn, const struct turn_parts *parts, struct arena *arena)
{
    struct span shown = parts->shown;
    turn->input = parts->input;
    turn->meaning = parts->meaning;
    if (span_is_present(parts->secret) && !open_secret(turn, parts->secret, &shown))
        return false;
    struct span *values = NULL;
    const bool held = unpack_list(shown, arena, &values, &turn->value_count);
    turn->values = values;
    return held;
}
