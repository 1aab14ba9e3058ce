/* Parts of long texts, from the first one to the last, or until their time is over. */
#include <string.h>

#include "store/sqlite/changes.h"
#include "store/sqlite/pack.h"
#include "store/sqlite/rows.h"

/* A part opens only in its own place. */
static int64_t seal_context(const struct lookup *key, unsigned number)
{
    int64_t context;
    memcpy(&context, key->at, sizeof context);
    return context ^ (int64_t)number;
}

static struct span pack_part(const struct inbound *inbound, struct arena *arena)
{
    struct packer packer = pack_begin(arena, inbound->input.len + inbound->raw.len + 128);
    pack_number(&packer, inbound->from.kind);
    pack_number(&packer, inbound->undecodable);
    pack_span(&packer, inbound->from.text);
    pack_span(&packer, inbound->session);
    pack_span(&packer, inbound->to);
    pack_span(&packer, inbound->link);
    pack_span(&packer, inbound->network);
    pack_span(&packer, inbound->raw);
    pack_span(&packer, inbound->input);
    return pack_done(&packer);
}

static bool unpack_part(struct span packed, struct inbound *inbound)
{
    struct unpacker unpacker = unpack_begin(packed);
    inbound->from.kind = (enum phone_kind)unpack_number(&unpacker, PHONE_ALPHA);
    inbound->undecodable = unpack_number(&unpacker, 1) != 0;
    inbound->from.text = unpack_span(&unpacker);
    inbound->session = unpack_span(&unpacker);
    inbound->to = unpack_span(&unpacker);
    inbound->link = unpack_span(&unpacker);
    inbound->network = unpack_span(&unpacker);
    inbound->raw = unpack_span(&unpacker);
    inbound->input = unpack_span(&unpacker);
    return unpack_done(&unpacker);
}

enum outcome change_part(struct store *store, const struct change *change, struct error *err)
{
    const struct part *row = change->part.row;
    const struct inbound *inbound = &row->inbound;
    int64_t channel = 0;
    enum outcome outcome = intern(store, row->channel, &channel, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_PART_INSERT);
    put_lookup(&sql, &row->key);
    put_int(&sql, inbound->part.number);
    put_int(&sql, inbound->part.total);
    put_id(&sql, channel);
    put_lookup(&sql, &row->phone);
    put_int(&sql, row->at);
    put_int(&sql, row->due_at);
    put_lookup(&sql, &row->message);
    put_blob(&sql, keyring_seal(store->source.keyring, seal_context(&row->key, inbound->part.number),
                                pack_part(inbound, store->scratch), store->scratch));
    return sql_run(&sql, err);
}

enum outcome change_parts_taken(struct store *store, const struct change *change, struct error *err)
{
    struct sql sql = sql_start(store, SQL_PARTS_DELETE);
    put_lookup(&sql, &change->parts_taken.key);
    return sql_run(&sql, err);
}

enum outcome take_part(const struct row_source *source, struct sql *sql, struct arena *arena, struct part *part,
                       struct error *err)
{
    struct inbound *inbound = &part->inbound;
    *part = (struct part){0};
    inbound->kind = INBOUND_SMS;
    inbound->event = INBOUND_RESUME;
    bool keyed = take_lookup(sql, &part->key);
    inbound->part.number = (unsigned)take_int(sql);
    inbound->part.total = (unsigned)take_int(sql);
    part->channel = arena_copy(arena, words_text(source->words, take_int(sql)));
    keyed = take_lookup(sql, &part->phone) && keyed;
    part->at = take_int(sql);
    part->due_at = take_int(sql);
    keyed = take_lookup(sql, &part->message) && keyed;
    const struct span sealed = take_span(sql, arena);
    struct span plain = SPAN_NONE;
    if (!keyed ||
        keyring_unseal(source->keyring, seal_context(&part->key, inbound->part.number), sealed, arena, &plain) !=
            OUTCOME_OK ||
        !unpack_part(plain, inbound))
        return error_set(err, OUTCOME_REFUSED, "a part of a long text does not hold together: run helpline verify");
    return OUTCOME_OK;
}

enum outcome store_load_parts(struct store *store, const struct lookup *key, struct arena *arena, struct part **first,
                              struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    *first = NULL;
    if (outcome != OUTCOME_OK)
        return outcome;
    struct part **end = first;
    struct sql sql = sql_start(store, SQL_PARTS_OF_KEY);
    put_lookup(&sql, key);
    while (outcome == OUTCOME_OK && sql_next(&sql)) {
        *end = ARENA_NEW(arena, struct part);
        outcome = take_part(&store->source, &sql, arena, *end, err);
        end = &(*end)->next;
    }
    return sql_end_after(&sql, outcome, err);
}

enum outcome store_load_due_parts(struct store *store, int64_t now, struct lookup *keys, size_t room, size_t *count,
                                  struct error *err)
{
    enum outcome outcome = store_usable(store, err);
    *count = 0;
    if (outcome != OUTCOME_OK)
        return outcome;
    struct sql sql = sql_start(store, SQL_PARTS_DUE);
    put_int(&sql, now);
    while (*count < room && sql_next(&sql))
        *count += take_lookup(&sql, &keys[*count]);
    return sql_end(&sql, err);
}

int64_t store_next_due_parts(struct store *store)
{
    struct error ignored;
    if (store_usable(store, &ignored) != OUTCOME_OK)
        return 0;
    struct sql sql = sql_start(store, SQL_PARTS_NEXT_DUE);
    const int64_t due = sql_next(&sql) ? take_int(&sql) : 0;
    return sql_end(&sql, &ignored) == OUTCOME_OK ? due : 0;
}
