/*
 * words_read: the files of one language. name = "text"; or name = ["form", "form"]; pieces in quotes side by side are one text, and
 * # makes a comment to the end of the line.
 */
#pragma once
#include "base/arena.h"
#include "console/compiler/complain.h"
#include "menu/drawing/plural.h"

enum { ENTRIES_MAX = 4096, FORMS_MAX = 12 };

struct word_entry {
    const char *name;
    struct spot place;
    size_t count;
    struct span forms[FORMS_MAX];
};

struct word_language {
    const char *path;
    struct span id, name, date;
    enum plural_rule plural;
    const struct span *digits, *months;
    struct word_entry *entries;
    size_t count;
};

void words_read(struct word_language *language, struct arena *arena);
/* What language.conf says of the language itself: the entries language_*. */
void words_describe(struct word_language *language,
                    const struct word_entry *(*find)(const struct word_language *language, const char *name));
