/*
 * forget: the list of who was forgotten. It lies beside the keys, not beside the data: a backup of the data that is put back
 * meets it, and brings nobody back. One line each: "<lookup, 32 hex digits> <person> <UTC ms>", person 0 for a phone alone.
 */
#pragma once
#include "store/sqlite/writer.h"

/* Everything on the list is forgotten again where the file still has it. Run at every opening; a short list costs nothing. */
enum outcome forgotten_replay(struct store *store, struct error *err) MUST_CHECK;
/* A text to this phone has left: when its owner was forgotten since it was written, its words and its number go too. What was
 * queued before a restart goes at the one after. */
enum outcome forget_sent(struct store *store, int64_t phone, struct error *err) MUST_CHECK;
