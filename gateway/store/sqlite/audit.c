#include "store/sqlite/audit.h"

#include <string.h>

#include "store/sqlite/changes.h"
#include "store/sqlite/pack.h"

#define ROW_USUAL 128

/* Canonical: numbers and texts one behind the other, each with its length, so that no two rows are written alike. The detail is
 * the word itself and not its number, which another table would explain. */
void audit_mac(const struct keyring *keyring, const unsigned char before[AUDIT_MAC_BYTES], const struct audit_row *row,
               struct arena *arena, unsigned char out[AUDIT_MAC_BYTES])
{
    struct packer packer = pack_begin(arena, ROW_USUAL);
    pack_span(&packer, (struct span){(const char *)before, AUDIT_MAC_BYTES});
    pack_number(&packer, (uint64_t)row->id);
    pack_number(&packer, (uint64_t)row->at);
    pack_number(&packer, (uint64_t)row->operator);
    pack_number(&packer, (uint64_t)row->action);
    pack_number(&packer, (uint64_t)row->object);
    pack_number(&packer, (uint64_t)row->object_id);
    pack_span(&packer, row->detail);
    pack_span(&packer, row->peer);
    keyring_audit_mac(keyring, pack_done(&packer), out);
}

enum outcome audit_load(struct store *store, struct error *err)
{
    struct audit_head *head = &store->audit.now;
    struct span mac = SPAN_NONE;
    *head = (struct audit_head){0};
    struct sql sql = sql_start(store, SQL_AUDIT_LAST);
    if (sql_next(&sql)) {
        head->id = take_int(&sql);
        mac = take_span(&sql, store->scratch);
        head->count = take_int(&sql);
    }
    enum outcome outcome = sql_end(&sql, err);
    if (mac.len ==
        sizeof head->mac) /* what is shorter is no link: the proof says so, and the next row follows from nothing */
        memcpy(head->mac, mac.at, sizeof head->mac);
    store->audit.committed = *head;
    return outcome;
}

enum outcome store_audit_head(struct store *store, struct audit_head *out, struct error *err)
{
    *out = store->audit.committed;
    return store_usable(store, err);
}

static enum outcome insert(struct store *store, const struct audit_row *row, int64_t detail,
                           const unsigned char mac[AUDIT_MAC_BYTES], struct error *err)
{
    struct sql sql = sql_start(store, SQL_AUDIT_INSERT);
    put_int(&sql, row->id);
    put_int(&sql, row->at);
    put_id(&sql, row->operator);
    put_int(&sql, row->action);
    put_int(&sql, row->object);
    put_id(&sql, row->object_id);
    put_id(&sql, detail);
    put_text(&sql, row->peer);
    put_blob(&sql, (struct span){(const char *)mac, AUDIT_MAC_BYTES});
    return sql_run(&sql, err);
}

enum outcome change_audit(struct store *store, const struct change *change, struct error *err)
{
    const struct audit_row *row = change->audit.row;
    struct audit_head *head = &store->audit.now;
    int64_t detail = 0;
    if (row->id <= head->id)
        return error_set(err, OUTCOME_REFUSED, "a line of the audit before the last one");
    struct audit_head next = {.count = head->count + 1, .id = row->id};
    enum outcome outcome = intern(store, row->detail, &detail, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    audit_mac(store->source.keyring, head->mac, row, store->scratch, next.mac);
    outcome = insert(store, row, detail, next.mac, err);
    if (outcome == OUTCOME_OK)
        *head = next;
    return outcome;
}
