/*
 * words_table: the words of all languages, as compiler/words.c lays them out in generated words_list.c. For words.c and html.c alone.
 */
#pragma once
#include "menu/drawing/plural.h"
#include "console/words_list.h"

struct words {
    struct span id, name; /* "en"; in its own script */
    enum plural_rule plural;
    struct span digits[10], months[12];
    struct span date;            /* "{day} {month} {year}" */
    const struct span *forms;    /* of all words, one after the other */
    const unsigned short *first; /* of each word, its first form; that of the next ends it. None: not translated */
};

extern const struct words words_tables[];
extern const size_t words_table_count;
extern const char *const words_names[]; /* sorted */
