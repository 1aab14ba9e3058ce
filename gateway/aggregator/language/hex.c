#include "aggregator/language/hex.h"

#include <sodium.h>

bool hex_decode(struct span text, struct arena *arena, struct span *bytes)
{
    char *out = arena_alloc_raw(arena, text.len / 2 + 1);
    size_t len = 0;
    const char *end = NULL;
    if (sodium_hex2bin((unsigned char *)out, text.len / 2 + 1, text.at, text.len, NULL, &len, &end) != 0 ||
        end != text.at + text.len || text.len % 2 != 0)
        return false;
    *bytes = (struct span){out, len};
    return true;
}

void hex_encode(struct span bytes, struct buffer *out)
{
    for (size_t i = 0; i < bytes.len; i++)
        buffer_add_format(out, "%02X", (unsigned char)bytes.at[i]);
}
