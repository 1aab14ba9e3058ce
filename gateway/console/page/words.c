#include "console/page/words.h"

#include <stdlib.h>
#include <string.h>
#include "console/page/words_table.h"

const struct words *words_of(struct span language)
{
    for (size_t i = 0; i < words_table_count; i++)
        if (span_equal(words_tables[i].id, language))
            return &words_tables[i];
    return &words_tables[0];
}

size_t words_language_count(void)
{
    return words_table_count;
}

struct span words_language(size_t index)
{
    return words_tables[index].id;
}

struct span words_language_name(size_t index)
{
    return words_tables[index].name;
}

struct span words_id(const struct words *words)
{
    return words->id;
}

bool words_has(const struct words *words, enum word word)
{
    return words->first[word] < words->first[word + 1];
}

static struct span form(const struct words *words, enum word word, int64_t count)
{
    if (!words_has(words, word))
        words = &words_tables[0];
    size_t first = words->first[word], forms = words->first[word + 1] - first;
    return words->forms[first + (forms > 1 ? plural_form(words->plural, count) : 0)];
}

struct span words_get(const struct words *words, enum word word)
{
    return words_get_count(words, word, 0);
}

struct span words_get_count(const struct words *words, enum word word, int64_t count)
{
    return (int)word >= 0 && word < WORD_COUNT ? form(words, word, count) : SPAN_NONE;
}

static int by_name(const void *key, const void *entry)
{
    return strcmp(key, *(const char *const *)entry);
}

enum word words_named(const char *name)
{
    const char *const *found = name ? bsearch(name, words_names, WORD_COUNT, sizeof *words_names, by_name) : NULL;
    return found ? (enum word)(found - words_names) : WORD_COUNT;
}

struct span words_digits(const struct words *words, struct span ascii, char *room, size_t bytes)
{
    size_t len = 0;
    for (size_t i = 0; i < ascii.len; i++) {
        char c = ascii.at[i];
        struct span one = c >= '0' && c <= '9' ? words->digits[c - '0'] : (struct span){&ascii.at[i], 1};
        if (one.len > bytes - len)
            return ascii;
        memcpy(room + len, one.at, one.len);
        len += one.len;
    }
    return (struct span){room, len};
}

struct span words_month(const struct words *words, int month)
{
    return month >= 1 && month <= 12 ? words->months[month - 1] : SPAN_NONE;
}

struct span words_date(const struct words *words)
{
    return words->date;
}
