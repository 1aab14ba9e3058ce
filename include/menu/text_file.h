/*
 * text_file: one text/<lang>.conf as it is written, for the tools that change it.
 *
 * libconfig's own writer drops comments. This one reads a file into items with their comments, changes what it is told to, and
 * writes all of it in one layout, so that a change shows as itself and two tools never quarrel about blanks. It knows what text
 * files are made of: names, texts, lists of texts, groups, `#` and `//` comments. Anything else, and a comment where it could
 * not be kept, is refused with file:line rather than guessed at. What is written has been read back with the loader's own
 * reader and compared first: nothing is there but what was there before and what was set.
 *
 * Pure but for text_file_save.
 */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/problems.h"
#include "base/span.h"

struct text_file;

#define TEXT_PATH_MAX 3

/* Where a text stands: {"main", "title"}, or in a form {"call", "safe", "title"}; ended by NULL when shorter. */
struct text_path {
    const char *names[TEXT_PATH_MAX];
};

/* One text, or the forms of one that has several. */
struct text_value {
    const struct span *forms;
    size_t count;
    bool several; /* a list, also of one */
};

/* Lives in the arena, and holds on to `text` and `name`. REFUSED: findings in `problems`. */
enum outcome text_file_parse(struct span text, const char *name, struct arena *arena, struct text_file **out,
                             struct problems *problems) MUST_CHECK;

/* Groups that are missing are made; a text that is new stands at the end of its group, `first` puts it at the front. */
void text_file_set(struct text_file *file, struct text_path path, struct text_value value, bool first);

/* The file in its one layout. REFUSED: it would not read back as it should; `err` says what. */
enum outcome text_file_write(const struct text_file *file, struct arena *arena, struct span *out,
                             struct error *err) MUST_CHECK;

/* Replaces the file at `path` at once and whole, if it is not the same already. */
enum outcome text_file_save(const char *path, struct span text, struct error *err) MUST_CHECK;
