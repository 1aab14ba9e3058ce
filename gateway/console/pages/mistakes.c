#include "console/pages/mistakes.h"

#include <string.h>

void mistakes_add(struct mistakes *mistakes, struct mistake mistake)
{
    if (mistakes->count < MISTAKES_MAX)
        mistakes->list[mistakes->count++] = mistake;
}

struct mistake mistakes_at(const struct mistakes *mistakes, const char *field)
{
    for (size_t i = 0; i < mistakes->count; i++)
        if (mistakes->list[i].field && strcmp(mistakes->list[i].field, field) == 0)
            return mistakes->list[i];
    return (struct mistake){.field = field};
}

struct mistake mistake_known(const struct mistake *known, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(known[i].word, word) == 0)
            return known[i];
    return (struct mistake){.word = word};
}
