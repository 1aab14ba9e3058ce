/* The aggregator's side: a request gets its signature. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "aggregator/access/signature_parts.h"

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
static bool add_field(const struct shape *shape, struct span name, struct span value, struct arena *arena,
                      struct http_request *request)
{
    if (shape->encoding == DOOR_JSON && request->body.len > 0)
        return add_to_object(request, name, value, arena);
    if (shape->encoding == DOOR_FORM && request->body.len > 0)
        request->body = with_field(request->body, name, value, arena);
    else if (request->body.len == 0)
        add_to_query(request, name, value, arena);
    else
        return false;
    return true;
}

static bool add_time(const struct source *where, const struct shape *shape, struct span time, struct arena *arena,
                     struct http_request *request)
{
    switch (where->place) {
    case SOURCE_HEADER:
        add_header(request, where->name, time, arena);
        return true;
    case SOURCE_QUERY:
        add_to_query(request, where->name, time, arena);
        return true;
    case SOURCE_FIELD:
        return add_field(shape, where->name, time, arena, request);
    default:
        return false; /* nobody can add a segment to an address */
    }
}

/* The signature itself; absent when it cannot be made. */
static struct span made(const struct signature *s, const struct signed_request *r)
{
    struct span content = signature_content(s, r, false);
    struct span digest = span_is_present(content) ? signature_digest(s, content, r->arena) : SPAN_NONE;
    if (!span_is_present(digest))
        return SPAN_NONE;
    struct span text = signature_encode(s->encoding, digest, r->arena);
    return arena_format(r->arena, "%.*s%.*s", SPAN_ARG(s->prefix), SPAN_ARG(text));
}

static struct signed_request understood(const struct signature *s, const struct door *door, unsigned own_segments,
                                        const struct http_request *request, struct arena *arena)
{
    const struct shape *shape = door_shape_of(door, request);
    return (struct signed_request){request, shape, facts_open(request, shape, s->public_url, own_segments, arena),
                                   arena};
}

bool signature_sign(const struct signature *s, const struct door *door, unsigned own_segments, int64_t now,
                    struct arena *arena, struct http_request *request)
{
    struct signed_request r = understood(s, door, own_segments, request, arena);
    bool timed = !s->ages || span_is_present(facts_find(r.facts, &s->timestamp));
    facts_close(r.facts);
    if (!timed && !add_time(&s->timestamp, r.shape, arena_format(arena, "%" PRId64, now / 1000), arena, request))
        return false;
    if (span_is_present(s->body_hash) && request->body.len > 0 && !signature_has_form(&r))
        add_to_query(request, s->body_hash, signature_sha256_hex(request->body, arena), arena);

    r = understood(s, door, own_segments, request, arena); /* it is another one by now */
    struct span text = made(s, &r);
    facts_close(r.facts);
    if (span_is_present(text) && !span_is_present(s->header))
        return add_field(r.shape, s->field, text, arena, request);
    if (span_is_present(text))
        add_header(request, s->header, text, arena);
    return span_is_present(text);
}
