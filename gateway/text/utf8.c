#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <uninorm.h>
#include <unistr.h>

/* NFC of any text is at most three times as long in UTF-8 (Unicode FAQ on normalization, "maximum expansion factors"). */
#define NFC_GROWTH 3

static const uint8_t *bytes(struct span s)
{
    return (const uint8_t *)s.at;
}

static bool is_ascii(struct span s)
{
    unsigned char all = 0;
    for (size_t i = 0; i < s.len; i++)
        all |= (unsigned char)s.at[i];
    return all < 0x80;
}

bool utf8_is_valid(struct span s)
{
    if (s.len == 0)
        return true;
    return memchr(s.at, '\0', s.len) == NULL && u8_check(bytes(s), s.len) == NULL;
}

bool utf8_next(struct span *rest, uint32_t *character)
{
    if (rest->len == 0)
        return false;
    ucs4_t next = (unsigned char)rest->at[0];
    size_t len = next < 0x80 ? 1 : (size_t)u8_mbtouc(&next, bytes(*rest), rest->len);
    *character = next;
    rest->at += len;
    rest->len -= len;
    return true;
}

size_t utf8_count(struct span s)
{
    uint32_t character;
    size_t count = 0;
    while (utf8_next(&s, &character))
        count++;
    return count;
}

size_t utf8_units(struct span s)
{
    uint32_t character;
    size_t units = 0;
    while (utf8_next(&s, &character))
        units += character > 0xFFFF ? 2 : 1;
    return units;
}

struct span utf8_compose(struct span s, struct arena *arena)
{
    if (s.len == 0 || is_ascii(s))
        return arena_copy(arena, s);
    size_t len = s.len * NFC_GROWTH;
    uint8_t *room = arena_alloc(arena, len + 1);
    uint8_t *composed = u8_normalize(UNINORM_NFC, bytes(s), s.len, room, &len);
    if (composed == room)
        return (struct span){(char *)room, len};
    /* Either no memory (nothing is composed then, and the text stays what it was) or a result that libunistring put elsewhere. */
    struct span result = composed ? arena_copy(arena, (struct span){(char *)composed, len}) : arena_copy(arena, s);
    free(composed);
    return result;
}
