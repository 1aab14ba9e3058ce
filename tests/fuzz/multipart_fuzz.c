/* libFuzzer target for multipart: what decodes lies inside the body, and written again decodes to the same. The first line is the
 * Content-Type. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/multipart.h"
#include "http/parameter.h"

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void add_quoted(struct span text, struct buffer *out)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"' || text.at[i] == '\\')
            buffer_add_char(out, '\\');
        buffer_add_char(out, text.at[i]);
    }
}

/* With a boundary that is in no value: then nothing of it can be taken for an end. */
static struct span written(const struct multipart_part *parts, size_t count, struct span boundary, struct arena *arena)
{
    struct buffer out;
    buffer_init(&out, arena, 1 << 20);
    for (size_t i = 0; i < count; i++) {
        buffer_add_format(&out, "--%.*s\r\nContent-Disposition: form-data; name=\"", SPAN_ARG(boundary));
        add_quoted(parts[i].name, &out);
        buffer_add_text(&out, parts[i].is_file ? "\"; filename=x\r\n\r\n" : "\"\r\n\r\n");
        buffer_add(&out, parts[i].value);
        buffer_add_text(&out, "\r\n");
    }
    buffer_add_format(&out, "--%.*s--", SPAN_ARG(boundary));
    require(!buffer_failed(&out));
    return buffer_span(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create(4096);
    struct span body = {(const char *)data, size};
    struct span type = span_cut(&body, '\n');
    struct multipart_part *parts, *again;
    size_t count, count_again;
    struct error err;
    if (span_is_present(body) && multipart_decode(body, type, arena, &parts, &count, &err) == OUTCOME_OK) {
        struct span boundary = http_parameter(type, SPAN("boundary"), arena);
        require(count <= FORM_PAIRS_MAX && boundary.len > 0);
        struct span text = written(parts, count, boundary, arena);
        struct span same = arena_format(arena, "x; boundary=\"%.*s\"", SPAN_ARG(boundary));
        require(multipart_decode(text, same, arena, &again, &count_again, &err) == OUTCOME_OK);
        require(count == count_again);
        for (size_t i = 0; i < count; i++) {
            require(parts[i].name.len > 0 && parts[i].value.at >= body.at);
            require(parts[i].value.at + parts[i].value.len <= body.at + body.len);
            require(span_equal(parts[i].name, again[i].name) && span_equal(parts[i].value, again[i].value));
            require(parts[i].is_file == again[i].is_file);
        }
    }
    arena_destroy(arena);
    return 0;
}
