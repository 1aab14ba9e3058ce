/*
 * audit: the chain of who did what. Each row's mac is keyed and covers the one before and all of its own columns, so that no row
 * can be changed, taken out of the middle or put in without the keys. The end alone can be cut off: that is seen by who has kept a
 * head (the log does, daily). Private to gateway/store/sqlite/.
 *
 * The newest link is kept in memory (writer.h), true after a rollback too.
 */
#pragma once
#include "store/sqlite/writer.h"

enum outcome audit_load(struct store *store, struct error *err) MUST_CHECK;

void audit_mac(const struct keyring *keyring, const unsigned char before[AUDIT_MAC_BYTES], const struct audit_row *row,
               struct arena *arena, unsigned char out[AUDIT_MAC_BYTES]);
