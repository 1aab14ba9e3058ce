/*
 * words_read: the files of one language. name = "text"; or name = ["form", "form"]; pieces in quotes side by side are one text, and
 * # makes a comment to the end of the line.
 */
#pragma once
#include "base/arena.h"
#include "console/compiler/complain.h"
#include "console/page/plural.h"

enum { ENTRIES_MAX = 4096, FORMS_MAX = 12 };

struct entry {
    const char *name;
    struct place place;
    size_t count;
    struct span forms[FORMS_MAX];
};

struct language {
    const char *path;
    struct span id, name, date;
    enum plural plural;
    const struct span *digits, *months;
    struct entry *entries;
    size_t count;
};

void words_read(struct language *language, struct arena *arena);
/* What language.conf says of the language itself: the entries language_*. */
void words_describe(struct language *language,
                    const struct entry *(*find)(const struct language *language, const char *name));
