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

/* With a boundary that is in no value: then nothing of it can be taken for an end. A name that came without quotes can be longer with
 * them, and its head longer than is read: `fits` tells. */
static struct span written(const struct multipart_part *parts, size_t count, struct span boundary, struct arena *arena,
                           bool *fits)
{
    struct buffer out;
    buffer_init(&out, arena, 1 << 20);
    *fits = true;
    for (size_t i = 0; i < count; i++) {
        buffer_add_format(&out, "--%.*s\r\n", SPAN_ARG(boundary));
        size_t head_at = buffer_span(&out).len;
        buffer_add_text(&out, "Content-Disposition: form-data; name=\"");
        add_quoted(parts[i].name, &out);
        buffer_add_text(&out, parts[i].is_file ? "\"; filename=x\r\n\r\n" : "\"\r\n\r\n");
        *fits &= buffer_span(&out).len - head_at <= MULTIPART_HEAD_MAX;
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
    bool fits;
    if (span_is_present(body) && multipart_decode(body, type, arena, &parts, &count, &err) == OUTCOME_OK) {
        struct span boundary = http_parameter(type, SPAN("boundary"), arena);
        require(count <= FORM_PAIRS_MAX && boundary.len > 0);
        struct span text = written(parts, count, boundary, arena, &fits);
        struct span same = arena_format(arena, "x; boundary=\"%.*s\"", SPAN_ARG(boundary));
        enum outcome outcome = multipart_decode(text, same, arena, &again, &count_again, &err);
        require(outcome == (fits ? OUTCOME_OK : OUTCOME_REFUSED));
        require(!fits || count == count_again);
        for (size_t i = 0; i < count && fits; i++) {
            require(parts[i].name.len > 0 && parts[i].value.at >= body.at);
            require(parts[i].value.at + parts[i].value.len <= body.at + body.len);
            require(span_equal(parts[i].name, again[i].name) && span_equal(parts[i].value, again[i].value));
            require(parts[i].is_file == again[i].is_file);
        }
    }
    arena_destroy(arena);
    return 0;
}
