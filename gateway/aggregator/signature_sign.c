/* The aggregator's side: a request gets its signature. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "aggregator/jsonpath.h"
#include "aggregator/signature_parts.h"

#define REQUEST_MAX ((size_t)2 << 20)

static void add_header(struct http_request *request, struct span name, struct span value, struct arena *arena)
{
    struct pair *headers = ARENA_ARRAY(arena, struct pair, request->header_count + 1);
    for (size_t i = 0; i < request->header_count; i++)
        headers[i] = request->headers[i];
    headers[request->header_count++] = (struct pair){name, value};
    request->headers = headers;
}

static struct span with_field(struct span encoded, struct span name, struct span value, struct arena *arena)
{
    struct buffer out;
    buffer_init(&out, arena, REQUEST_MAX);
    if (encoded.len > 0) {
        buffer_add(&out, encoded);
        buffer_add_char(&out, '&');
    }
    form_encode(name, &out);
    buffer_add_char(&out, '=');
    form_encode(value, &out);
    return buffer_span(&out);
}

static void add_to_query(struct http_request *request, struct span name, struct span value, struct arena *arena)
{
    struct span rest = request->target;
    struct span path = span_cut(&rest, '?');
    request->query = with_field(request->query, name, value, arena);
    request->target = arena_format(arena, "%.*s?%.*s", SPAN_ARG(path), SPAN_ARG(request->query));
}

static bool add_to_object(struct http_request *request, struct span name, struct span value, struct arena *arena)
{
    json_t *root = json_read(request->body);
    bool added = json_object_set_new(root, arena_text(arena, name), json_stringn(value.at, value.len)) == 0;
    char *text = added ? json_dumps(root, JSON_COMPACT) : NULL;
    json_decref(root);
    if (text == NULL)
        return false;
    request->body = arena_copy(arena, span_of(text));
    free(text);
    return true;
}

/* Where the request's other fields are. */
static bool add_field(struct http_request *request, struct span name, struct span value, struct arena *arena)
{
    switch (signature_body_kind(request)) {
    case BODY_NONE:
        add_to_query(request, name, value, arena);
        return true;
    case BODY_FORM:
        request->body = with_field(request->body, name, value, arena);
        return true;
    case BODY_JSON:
        return add_to_object(request, name, value, arena);
    case BODY_OTHER:
        break;
    }
    return false;
}

static bool add_time(const struct signature *s, int64_t now, struct http_request *request, struct arena *arena)
{
    if (!s->ages || span_is_present(signature_fact(s, &s->timestamp, request, arena)))
        return true;
    struct span time = arena_format(arena, "%" PRId64, now / 1000);
    switch (s->timestamp.place) {
    case SOURCE_HEADER:
        add_header(request, s->timestamp.name, time, arena);
        return true;
    case SOURCE_QUERY:
        add_to_query(request, s->timestamp.name, time, arena);
        return true;
    case SOURCE_FIELD:
        return add_field(request, s->timestamp.name, time, arena);
    default:
        return false; /* nobody can add a segment to an address */
    }
}

bool signature_sign(const struct signature *s, int64_t now, struct arena *arena, struct http_request *request)
{
    if (!add_time(s, now, request, arena))
        return false;
    enum body_kind kind = signature_body_kind(request);
    if (span_is_present(s->body_hash) && (kind == BODY_JSON || kind == BODY_OTHER))
        add_to_query(request, s->body_hash, signature_sha256_hex(request->body, arena), arena);
    struct span content = signature_content(s, request, false, arena);
    struct span digest = span_is_present(content) ? signature_digest(s, content, arena) : SPAN_NONE;
    if (!span_is_present(digest))
        return false;
    struct span text = signature_encode(s->encoding, digest, arena);
    text = arena_format(arena, "%.*s%.*s", SPAN_ARG(s->prefix), SPAN_ARG(text));
    if (!span_is_present(s->header))
        return add_field(request, s->field, text, arena);
    add_header(request, s->header, text, arena);
    return true;
}
