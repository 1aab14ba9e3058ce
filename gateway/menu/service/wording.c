#include "menu/service/wording.h"

#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <uninorm.h>
#include <unictype.h>
#include <unistr.h>
#include "text/utf8.h"

static bool is_seen(ucs4_t character)
{
    return !uc_is_general_category(character, UC_FORMAT);
}

static bool is_of_a_word(ucs4_t character)
{
    return uc_is_general_category_withtable(character, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_N);
}

/* Words with one blank between them, into `out`, which has room for all of `text`. */
static size_t join_words(struct span text, char *out)
{
    size_t len = 0;
    bool between = false;
    uint32_t character;
    for (const char *from = text.at; utf8_next(&text, &character); from = text.at) {
        if (!is_seen(character))
            continue;
        if (!is_of_a_word(character)) {
            between = true;
            continue;
        }
        if (between && len > 0)
            out[len++] = ' ';
        between = false;
        size_t bytes = (size_t)(text.at - from);
        memcpy(out + len, from, bytes);
        len += bytes;
    }
    return len;
}

struct span wording_fold_case(struct span written, struct arena *arena)
{
    struct span text = span_trim(written);
    size_t len = 0;
    if (text.len == 0)
        return SPAN_NONE;
    uint8_t *folded = u8_casefold((const uint8_t *)text.at, text.len, NULL, UNINORM_NFC, NULL, &len);
    if (!folded)
        return SPAN_NONE;
    struct span kept = arena_copy(arena, (struct span){(const char *)folded, len});
    free(folded);
    return kept;
}

struct span wording_fold(struct span written, struct arena *arena)
{
    struct span folded = wording_fold_case(written, arena);
    if (!folded.at)
        return SPAN_NONE;
    char *out = arena_alloc(arena, folded.len + 1);
    size_t joined = join_words(folded, out);
    return joined ? (struct span){out, joined} : SPAN_NONE;
}

bool wording_is_digits(struct span folded)
{
    uint32_t character;
    while (utf8_next(&folded, &character))
        if (character != ' ' && uc_decimal_value(character) < 0)
            return false;
    return true;
}

/* The scripts that put no blanks between words: line breaking class SA of Unicode. */
static bool is_unspaced(ucs4_t character)
{
    static const struct {
        ucs4_t first, last;
    } ranges[] = {{0x0E00, 0x0EFF}, {0x1000, 0x109F}, {0x1780, 0x17FF}, {0x1950, 0x19DF},
                  {0x1A20, 0x1AAF}, {0xA9E0, 0xA9FF}, {0xAA60, 0xAADF}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (character >= ranges[i].first && character <= ranges[i].last)
            return true;
    return false;
}

/* Whether a word may begin or end between these two: not before a mark that belongs to the letter, nor after one that joins. */
static bool parts_letters(ucs4_t before, ucs4_t after)
{
    return (is_unspaced(before) || is_unspaced(after)) &&
           !uc_is_general_category_withtable(after, UC_CATEGORY_MASK_M) && uc_combining_class(before) != UC_CCC_VR;
}

static bool is_boundary(struct span folded, size_t at)
{
    ucs4_t before, after;
    if (at == 0 || at == folded.len || folded.at[at] == ' ' || folded.at[at - 1] == ' ')
        return true;
    const uint8_t *bytes = (const uint8_t *)folded.at;
    return u8_prev(&before, bytes + at, bytes) && u8_mbtouc(&after, bytes + at, folded.len - at) > 0 &&
           parts_letters(before, after);
}

bool wording_begins(struct span folded, struct span phrase)
{
    return span_is_present(phrase) && span_starts_with(folded, phrase) && is_boundary(folded, phrase.len);
}

bool wording_holds(struct span folded, struct span phrase)
{
    for (size_t from = 0; phrase.len > 0 && from + phrase.len <= folded.len; from++) {
        const char *found = memmem(folded.at + from, folded.len - from, phrase.at, phrase.len);
        if (!found)
            return false;
        from = (size_t)(found - folded.at);
        if (is_boundary(folded, from) && is_boundary(folded, from + phrase.len))
            return true;
    }
    return false;
}
