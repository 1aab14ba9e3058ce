#include "aggregator/fields.h"

#include <string.h>

#include "http/percent.h"

/* The value of the first field `name`, still encoded; absent when there is none. */
static struct span find_encoded(struct span encoded, struct span name)
{
    while (span_is_present(encoded)) {
        struct span value = span_cut(&encoded, '&');
        if (span_equal_nocase(span_cut(&value, '='), name))
            return value;
    }
    return SPAN_NONE;
}

static bool decode_bytes(struct span encoded, struct arena *arena, struct span *out)
{
    char *bytes = arena_alloc(arena, encoded.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < encoded.len; i++) {
        char c = encoded.at[i] == '+' ? ' ' : encoded.at[i];
        if (c == '%') {
            if (!percent_decode_one(span_from(encoded, i), &c))
                return false;
            i += 2;
        }
        bytes[len++] = c;
    }
    *out = (struct span){bytes, len};
    return true;
}

static struct pair *with_pair(const struct pair *pairs, size_t count, struct pair added, struct arena *arena)
{
    struct pair *all = ARENA_ARRAY(arena, struct pair, count + 1);
    all[0] = added; /* before the emptied one that form_decode found */
    if (count > 0)
        memcpy(all + 1, pairs, count * sizeof *pairs);
    return all;
}

enum outcome fields_decode(struct span encoded, struct span binary, struct arena *arena, struct pair **pairs,
                           size_t *count, struct error *err)
{
    enum outcome outcome = form_decode(encoded, arena, pairs, count, err);
    bool has_nul =
        outcome != OUTCOME_OK && span_is_present(binary) && memmem(encoded.at, encoded.len, "%00", 3) != NULL;
    struct span value = has_nul ? find_encoded(encoded, binary) : SPAN_NONE;
    if (!span_is_present(value))
        return outcome;
    size_t before = (size_t)(value.at - encoded.at);
    struct buffer rest;
    buffer_init(&rest, arena, encoded.len);
    buffer_add(&rest, span_first(encoded, before));
    buffer_add(&rest, span_from(encoded, before + value.len));
    struct span bytes;
    if (!decode_bytes(value, arena, &bytes))
        return outcome; /* err says where already */
    outcome = form_decode(buffer_span(&rest), arena, pairs, count, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    *pairs = with_pair(*pairs, *count, (struct pair){binary, bytes}, arena);
    *count += 1;
    return OUTCOME_OK;
}
