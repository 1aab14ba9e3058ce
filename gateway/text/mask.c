#include "text/mask.h"

#include <string.h>
#include "base/buffer.h"
#include "text/utf8.h"

size_t mask_count(struct span words)
{
    return utf8_count(words);
}

struct masking {
    struct span text;
    bool *is_out; /* byte by byte */
    bool any;
};

/* Letters of other scripts are no boundary that this could tell: there the words count wherever they stand. */
static bool is_inside_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool stands_alone(struct span text, size_t from, size_t len)
{
    const size_t to = from + len;
    const bool begins = from == 0 || !is_inside_word(text.at[from]) || !is_inside_word(text.at[from - 1]);
    const bool ends = to == text.len || !is_inside_word(text.at[to - 1]) || !is_inside_word(text.at[to]);
    return begins && ends;
}

static void take_out(struct masking *masking, size_t from, size_t len)
{
    memset(masking->is_out + from, true, len);
    masking->any = true;
}

static void find_whole(struct masking *masking, struct span words)
{
    const struct span text = masking->text;
    for (size_t at = 0; at + words.len <= text.len;) {
        const char *found = memmem(text.at + at, text.len - at, words.at, words.len);
        if (!found)
            return;
        at = (size_t)(found - text.at);
        if (stands_alone(text, at, words.len))
            take_out(masking, at, words.len);
        at++;
    }
}

static bool is_part(struct span part)
{
    return mask_count(part) >= MASK_PART_MIN;
}

/* The longest beginning of the words that the text ends with, and the longest end of theirs that it begins with. */
static void find_parts(struct masking *masking, struct span words)
{
    const struct span text = masking->text;
    size_t len = words.len - 1 < text.len ? words.len - 1 : text.len;
    for (; len > 0 && is_part(span_first(words, len)); len--)
        if (memcmp(text.at + text.len - len, words.at, len) == 0) {
            take_out(masking, text.len - len, len);
            break;
        }
    len = words.len - 1 < text.len ? words.len - 1 : text.len;
    for (; len > 0 && is_part(span_from(words, words.len - len)); len--)
        if (memcmp(text.at, words.at + words.len - len, len) == 0) {
            take_out(masking, 0, len);
            break;
        }
    if (is_part(text) && memmem(words.at, words.len, text.at, text.len))
        take_out(masking, 0, text.len);
}

static struct span starred(const struct masking *masking, struct arena *arena)
{
    struct buffer out;
    uint32_t character;
    buffer_init(&out, arena, masking->text.len + 1);
    for (struct span rest = masking->text, before = rest; utf8_next(&rest, &character); before = rest) {
        const struct span one = span_first(before, before.len - rest.len);
        if (masking->is_out[one.at - masking->text.at])
            buffer_add_char(&out, '*');
        else
            buffer_add(&out, one);
    }
    return buffer_span(&out);
}

bool mask_words(struct span text, struct span words, struct arena *arena, struct span *masked)
{
    *masked = SPAN_NONE;
    if (!text.len || !words.len)
        return false;
    struct masking masking = {.text = text, .is_out = ARENA_ARRAY(arena, bool, text.len)};
    if (span_equal(text, words))
        take_out(&masking, 0, text.len);
    else if (mask_count(words) >= MASK_WORDS_MIN) {
        find_whole(&masking, words);
        find_parts(&masking, words);
    }
    if (masking.any)
        *masked = starred(&masking, arena);
    return masking.any;
}
