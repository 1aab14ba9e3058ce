#include <string.h>
#include "console/page/html.h"

static struct span hole(char which, struct span count, struct span first, struct span second)
{
    return which == 'n' ? count : which == '1' ? first : which == '2' ? second : SPAN_NONE;
}

/* The compiler has seen to it that each `{` begins {1}, {2} or {n}. */
static void fill(struct html *html, struct span text, struct span count, struct span first, struct span second)
{
    while (text.len > 0) {
        const char *open = memchr(text.at, '{', text.len);
        size_t len = open ? (size_t)(open - text.at) : text.len;
        html_span(html, span_first(text, len));
        text = span_from(text, len);
        if (text.len < 3)
            break;
        html_span(html, hole(text.at[1], count, first, second));
        text = span_from(text, 3);
    }
}

void html_word(struct html *html, enum word word)
{
    html_span(html, words_get(html->style.words, word));
}

void html_word_with(struct html *html, enum word word, struct span first, struct span second)
{
    fill(html, words_get(html->style.words, word), SPAN_NONE, first, second);
}

void html_word_count(struct html *html, enum word word, int64_t count)
{
    html_word_count_with(html, word, count, SPAN_NONE, SPAN_NONE);
}

void html_word_count_with(struct html *html, enum word word, int64_t count, struct span first, struct span second)
{
    fill(html, words_get_count(html->style.words, word, count), html_value_number(html, count), first, second);
}

struct span html_named(struct html *html, const char *name)
{
    enum word word = words_named(name);
    return word == WORD_COUNT ? span_of(name) : words_get(html->style.words, word);
}

void html_word_named(struct html *html, const char *name)
{
    html_span(html, html_named(html, name));
}
