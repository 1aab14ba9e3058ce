/* libFuzzer target for form: whatever decodes lies inside its bounds, and encoded again decodes to the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/form.h"

static void require(bool holds)
{
    if (!holds)
        abort();
}

static struct span encode(const struct pair *pairs, size_t count, struct arena *arena, size_t text_len)
{
    struct buffer out;
    buffer_init(&out, arena, 3 * text_len + 2 * FORM_PAIRS_MAX);
    for (size_t i = 0; i < count; i++) {
        form_encode(pairs[i].name, &out);
        buffer_add_char(&out, '=');
        form_encode(pairs[i].value, &out);
        buffer_add_char(&out, '&');
    }
    require(!buffer_failed(&out));
    return buffer_span(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create(4096);
    struct span text = {(const char *)data, size};
    struct pair *pairs, *again;
    size_t count, count_again;
    struct error err;
    if (form_decode(text, arena, &pairs, &count, &err) == OUTCOME_OK) {
        require(count <= FORM_PAIRS_MAX);
        struct span encoded = encode(pairs, count, arena, size);
        require(form_decode(encoded, arena, &again, &count_again, &err) == OUTCOME_OK && count == count_again);
        for (size_t i = 0; i < count; i++) {
            require(pairs[i].name.len > 0 && !memchr(pairs[i].name.at, '\0', pairs[i].name.len));
            require(span_equal(pairs[i].name, again[i].name) && span_equal(pairs[i].value, again[i].value));
        }
    }
    arena_destroy(arena);
    return 0;
}
