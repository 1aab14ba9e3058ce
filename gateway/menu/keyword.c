#include "menu/keyword.h"

#include <string.h>
#include "menu/place.h"

#define DANDA SPAN("\xE0\xA5\xA4") /* the full stop of Bangla and Hindi */

/* "Stop.", "\"STOP\"", "STOP!!" as telephones and people write it. */
static struct span without_marks(struct span text)
{
    static const char marks[] = ".,;:!?'\"()*#-";
    text = span_trim(text);
    while (text.len > 0 && text.at[0] != '\0' && strchr(marks, text.at[0]))
        text = span_trim(span_from(text, 1));
    for (;;) {
        if (text.len > 0 && text.at[text.len - 1] != '\0' && strchr(marks, text.at[text.len - 1]))
            text = span_trim(span_first(text, text.len - 1));
        else if (text.len >= DANDA.len && span_equal(span_from(text, text.len - DANDA.len), DANDA))
            text = span_trim(span_first(text, text.len - DANDA.len));
        else
            return text;
    }
}

struct span keyword_fold(struct span words, struct arena *arena)
{
    return place_fold(without_marks(words), arena);
}

const struct keyword *keyword_find(const struct service *service, struct span text, struct arena *arena)
{
    struct span folded = keyword_fold(text, arena);
    for (size_t i = 0; span_is_present(folded) && i < service->keyword_count; i++)
        for (size_t w = 0; w < service->keywords[i].word_count; w++)
            if (span_equal(service->keywords[i].words[w], folded))
                return &service->keywords[i];
    return NULL;
}
