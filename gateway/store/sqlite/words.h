/*
 * words: the dictionary of short names (nodes, languages, channels, fields), all of it in memory.
 *
 * There is one writer, so memory is the truth: a name that is not here is not in the file. Names come from configuration and
 * services, never from people: the table stays small. A word that a rolled-back transaction added is taken out again.
 */
#pragma once
#include <sqlite3.h>
#include "base/error.h"
#include "base/span.h"

#define WORD_BYTES_MAX 500

struct words;

enum outcome words_load(sqlite3 *db, struct words **out, struct error *err) MUST_CHECK;
/* What was added to the file since: words are never changed nor taken out, so a reader goes on with those that it has. `newer` is
 * WORDS_NEWER. */
enum outcome words_follow(struct words *words, sqlite3_stmt *newer, struct error *err) MUST_CHECK;
#define WORDS_NEWER "SELECT id, text FROM word WHERE id > ?1 ORDER BY id"
void words_free(struct words *words); /* NULL is fine */

/* The word's id, written with `insert` when it is new; absent gives 0. REFUSED: longer than WORD_BYTES_MAX. */
enum outcome words_intern(struct words *words, sqlite3_stmt *insert, struct span text, int64_t *id,
                          struct error *err) MUST_CHECK;
int64_t words_find(const struct words *words, struct span text); /* 0: never stored */
struct span words_text(const struct words *words, int64_t id);   /* absent for 0 and for what does not exist */

void words_commit(struct words *words);   /* what was added stays */
void words_rollback(struct words *words); /* what was added since the last commit goes */
