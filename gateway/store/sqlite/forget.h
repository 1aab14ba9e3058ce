/*
 * forget: what goes when somebody is forgotten, now or when the list (forgotten.h) is replayed: the list lies beside the keys and
 * not beside the data, so a backup of the data that is put back meets it, and brings nobody back.
 */
#pragma once
#include <stdbool.h>
#include "store/sqlite/writer.h"

/* Everything on the list is forgotten again where the file still has it. Run at every opening; a short list costs nothing. */
enum outcome forgotten_replay(struct store *store, struct error *err) MUST_CHECK;
/* Inside a transaction: the sessions in which somebody asked for it, once they are over, only count as all others of theirs. */
enum outcome forget_settle(struct store *store, int64_t now, size_t *settled, struct error *err) MUST_CHECK;
/* Sessions that were a person's until `whose->at`, without those in which what they keep was asked for; and those of a phone on which
 * nobody was anybody yet. */
struct forgotten;
struct id_list;
enum outcome person_sessions(struct store *store, const struct forgotten *whose, struct id_list *out,
                             struct error *err) MUST_CHECK;
enum outcome phone_sessions(struct store *store, int64_t phone, int64_t until, struct id_list *out,
                            struct error *err) MUST_CHECK;
/* A text to this phone has left: when its owner was forgotten since it was written, its words and its number go too. What was
 * queued before a restart goes at the one after. */
enum outcome forget_sent(struct store *store, int64_t phone, struct error *err) MUST_CHECK;
