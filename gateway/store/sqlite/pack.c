#include "store/sqlite/pack.h"

#include <string.h>

#define LIST_MAX 1000

struct packer pack_begin(struct arena *arena, size_t room)
{
    return (struct packer){.arena = arena, .at = arena_alloc(arena, room), .room = room};
}

static unsigned char *pack_room(struct packer *packer, size_t bytes)
{
    if (packer->room - packer->len < bytes) {
        const size_t room = 2 * packer->room + bytes;
        unsigned char *wider = arena_alloc(packer->arena, room);
        if (packer->len)
            memcpy(wider, packer->at, packer->len);
        packer->at = wider;
        packer->room = room;
    }
    unsigned char *here = packer->at + packer->len;
    packer->len += bytes;
    return here;
}

void pack_number(struct packer *packer, uint64_t number)
{
    for (; number > 0x7f; number >>= 7)
        *pack_room(packer, 1) = (unsigned char)(number | 0x80);
    *pack_room(packer, 1) = (unsigned char)number;
}

void pack_span(struct packer *packer, struct span s)
{
    pack_number(packer, s.at ? s.len + 1 : 0);
    if (s.at && s.len)
        memcpy(pack_room(packer, s.len), s.at, s.len);
}

struct span pack_done(const struct packer *packer)
{
    return (struct span){(const char *)packer->at, packer->len};
}

struct unpacker unpack_begin(struct span packed)
{
    return (struct unpacker){.rest = packed};
}

uint64_t unpack_number(struct unpacker *unpacker, uint64_t max)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 64 && unpacker->rest.len; shift += 7) {
        const unsigned char byte = (unsigned char)unpacker->rest.at[0];
        unpacker->rest.at++;
        unpacker->rest.len--;
        if (shift == 63 && byte > 1)
            break; /* over 64 bits */
        number |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            const bool padded = byte == 0 && shift > 0; /* a number has one form */
            unpacker->bad = unpacker->bad || padded || number > max;
            return unpacker->bad ? 0 : number;
        }
    }
    unpacker->bad = true;
    return 0;
}

struct span unpack_span(struct unpacker *unpacker)
{
    const uint64_t marked = unpack_number(unpacker, unpacker->rest.len + 1);
    if (marked == 0)
        return SPAN_NONE;
    const size_t len = (size_t)marked - 1;
    if (len > unpacker->rest.len) {
        unpacker->bad = true;
        return SPAN_NONE;
    }
    const struct span s = {unpacker->rest.at, len};
    unpacker->rest.at += len;
    unpacker->rest.len -= len;
    return s;
}

bool unpack_done(const struct unpacker *unpacker)
{
    return !unpacker->bad && unpacker->rest.len == 0;
}

struct span pack_list(struct arena *arena, const struct span *list, size_t count)
{
    if (!count)
        return SPAN_NONE;
    struct packer packer = pack_begin(arena, 64);
    pack_number(&packer, count);
    for (size_t i = 0; i < count; i++)
        pack_span(&packer, list[i]);
    return pack_done(&packer);
}

bool unpack_list(struct span packed, struct arena *arena, struct span **list, size_t *count)
{
    *list = NULL;
    *count = 0;
    if (!span_is_present(packed))
        return true;
    struct unpacker unpacker = unpack_begin(packed);
    const size_t found = (size_t)unpack_number(&unpacker, LIST_MAX);
    struct span *texts = ARENA_ARRAY(arena, struct span, found);
    for (size_t i = 0; i < found; i++)
        texts[i] = unpack_span(&unpacker);
    if (!unpack_done(&unpacker))
        return false;
    *list = texts;
    *count = found;
    return true;
}
