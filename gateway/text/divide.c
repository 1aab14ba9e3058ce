#include "text/divide.h"

#include <unictype.h>
#include <unigbrk.h>
#include "text/utf8_decode.h"
#include "text/weight.h"

#define ZERO_WIDTH_JOINER 0x200D
#define THAI_PHINTHU 0x0E3A
#define LAO_PALI_VIRAMA 0x0EBA
#define MYANMAR_ASAT 0x103A

/* Signs that make the next consonant join. Some of canonical class 9 are visible killers and join nothing. */
static bool is_virama(uint32_t character)
{
    return character >= 0x94D && uc_combining_class((ucs4_t)character) == UC_CCC_VR && character != THAI_PHINTHU &&
           character != LAO_PALI_VIRAMA && character != MYANMAR_ASAT;
}

/* Whether a cluster ends with a virama, further signs or a joiner behind it allowed. */
static bool ends_joining(struct span cluster)
{
    const unsigned char *at = (const unsigned char *)cluster.at, *end = at + cluster.len;
    bool joining = false;
    while (at < end) {
        uint32_t character;
        at += utf8_decode(at, &character);
        if (is_virama(character))
            joining = true;
        else if (character != ZERO_WIDTH_JOINER && uc_combining_class((ucs4_t)character) == UC_CCC_NR)
            joining = false;
    }
    return joining;
}

static bool begins_with_consonant(struct span text)
{
    uint32_t character;
    if (text.len == 0)
        return false;
    utf8_decode((const unsigned char *)text.at, &character);
    return uc_is_general_category_withtable((ucs4_t)character, UC_CATEGORY_MASK_Lo);
}

size_t divide_cluster(struct span text)
{
    const uint8_t *from = (const uint8_t *)text.at, *end = from + text.len;
    size_t len = 0;
    while (len < text.len) {
        size_t grapheme = (size_t)(u8_grapheme_next(from + len, end) - (from + len));
        struct span added = {text.at + len, grapheme};
        len += grapheme;
        if (!ends_joining(added) || !begins_with_consonant(span_from(text, len)))
            break;
    }
    return len;
}

static size_t units_of(struct span piece, enum encoding encoding)
{
    struct weight weight = weigh(piece);
    return encoding == ENCODING_GSM7 ? weight.septets : weight.units;
}

static size_t divide_characters(struct span text, enum encoding encoding, size_t limit)
{
    size_t len = 0, used = 0;
    while (len < text.len) {
        uint32_t character;
        size_t step = utf8_decode((const unsigned char *)text.at + len, &character);
        used += units_of((struct span){text.at + len, step}, encoding);
        if (used > limit)
            break;
        len += step;
    }
    return len;
}

size_t divide_fitting(struct span text, enum encoding encoding, size_t limit)
{
    size_t len = 0, used = 0;
    while (len < text.len) {
        size_t cluster = divide_cluster(span_from(text, len));
        used += units_of((struct span){text.at + len, cluster}, encoding);
        if (used > limit)
            return len > 0 ? len : divide_characters(text, encoding, limit);
        len += cluster;
    }
    return len;
}
