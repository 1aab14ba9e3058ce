#include "menu/engine/keyword.h"

#include "menu/service/wording.h"

/* How many bytes of the text this word accounts for; 0: it does not match. */
static size_t match(const struct keyword *keyword, struct span word, struct span folded, bool only_whole)
{
    if (span_equal(word, folded))
        return folded.len;
    bool first = keyword->match == KEYWORD_FIRST && !only_whole && wording_begins(folded, word);
    return first ? word.len : 0;
}

const struct keyword *keyword_find(const struct service *service, struct span text, bool only_whole,
                                   struct arena *arena, bool *alone)
{
    struct span folded = wording_fold(text, arena);
    const struct keyword *found = NULL;
    size_t longest = 0;
    for (size_t i = 0; span_is_present(folded) && i < service->keyword_count; i++)
        for (size_t w = 0; w < service->keywords[i].word_count; w++) {
            const struct keyword *keyword = &service->keywords[i];
            size_t len = match(keyword, keyword->words[w].folded, folded, only_whole);
            if (len > longest) {
                longest = len;
                found = keyword;
            }
        }
    *alone = found && longest == folded.len;
    return found;
}
