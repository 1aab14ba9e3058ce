#include "core/common/given.h"

#include <string.h>

struct giving {
    struct arena *arena;
    struct answer *list;
    size_t count, room;
};

static void put(struct giving *giving, const struct answer *answer)
{
    for (size_t i = 0; i < giving->count; i++)
        if (span_equal(giving->list[i].field, answer->field)) {
            giving->list[i] = *answer;
            return;
        }
    if (giving->count == giving->room) {
        const size_t room = giving->room ? 2 * giving->room : 8;
        struct answer *more = ARENA_ARRAY(giving->arena, struct answer, room);
        if (giving->count)
            memcpy(more, giving->list, giving->count * sizeof *more);
        giving->list = more;
        giving->room = room;
    }
    giving->list[giving->count++] = *answer;
}

static enum outcome put_stored(struct giving *giving, struct store *store, int64_t entry, struct error *err)
{
    struct answer *stored = NULL;
    size_t count = 0;
    enum outcome outcome = store_load_answers(store, entry, giving->arena, &stored, &count, err);
    for (size_t i = 0; i < count && outcome == OUTCOME_OK; i++)
        put(giving, &stored[i]);
    return outcome;
}

static void put_fresh(struct giving *giving, const struct change *change, int64_t entry)
{
    if (change->kind == CHANGE_ANSWER && change->answer.entry == entry)
        put(giving, change->answer.row);
}

/* A form that has joined the entry was closed then: nothing has joined that one. */
static enum outcome put_joined(struct giving *giving, struct store *store, const struct change_list *changes,
                               size_t before, int64_t entry, struct error *err)
{
    enum outcome outcome = put_stored(giving, store, entry, err);
    for (size_t i = 0; i < before && outcome == OUTCOME_OK; i++)
        put_fresh(giving, &changes->at[i], entry);
    return outcome;
}

enum outcome given_load(struct store *store, const struct change_list *changes, int64_t entry, struct arena *arena,
                        struct answer **answers, size_t *count, struct error *err)
{
    struct giving giving = {.arena = arena};
    enum outcome outcome = put_stored(&giving, store, entry, err);
    for (size_t i = 0; changes && i < changes->count && outcome == OUTCOME_OK; i++) {
        const struct change *change = &changes->at[i];
        put_fresh(&giving, change, entry);
        if (change->kind == CHANGE_ENTRY_MERGED && change->merge.into == entry)
            outcome = put_joined(&giving, store, changes, i, change->merge.from, err);
    }
    *answers = giving.list;
    *count = outcome == OUTCOME_OK ? giving.count : 0;
    return outcome;
}
