/*
 * note_words: which notes hold a word, for the search over them. An index stores words in clear, in the data file and in every
 * backup of it: so it is there only when it was asked for (store_options.search_notes), made of the notes that are there when it
 * is, and destroyed when it is not. Private to gateway/store/sqlite/.
 *
 * FTS5 keeps what was deleted until its pieces are merged: before the WAL is emptied after a forgetting they are (optimize).
 */
#pragma once
#include "store/sqlite/writer.h"

struct reader;

/* Makes, keeps or destroys it, as was asked for; then prepares what is below. */
enum outcome note_words_open(struct store *store, struct error *err) MUST_CHECK;
void note_words_close(struct store *store);

/* Each does nothing when there is no index. */
enum outcome note_words_add(struct store *store, const struct note *note, struct error *err) MUST_CHECK;
enum outcome note_words_drop(struct store *store, int64_t request, struct error *err) MUST_CHECK; /* before its notes */
/* Of the requests of a person that do not stay: as SQL_FORGET_NOTES, and before it. */
enum outcome note_words_forget(struct store *store, int64_t person, struct span kept, int64_t at,
                               struct error *err) MUST_CHECK;
enum outcome note_words_optimize(struct store *store, struct error *err) MUST_CHECK;

/* As words are compared, in notes and in what is looked for: composed, and with the letters that the tokenizer does not fold. */
struct span note_words_fold(struct span text, struct arena *arena);
