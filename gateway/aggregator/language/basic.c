#include "aggregator/language/basic.h"

#include <sodium.h>

struct span basic_authorization(struct span user, struct span password, struct arena *arena)
{
    struct span plain = arena_format(arena, "%.*s:%.*s", SPAN_ARG(user), SPAN_ARG(password));
    size_t room = sodium_base64_ENCODED_LEN(plain.len, sodium_base64_VARIANT_ORIGINAL);
    char *text = arena_alloc(arena, room);
    sodium_bin2base64(text, room, (const unsigned char *)plain.at, plain.len, sodium_base64_VARIANT_ORIGINAL);
    return arena_format(arena, "Basic %s", text);
}
