/* What a signature is made over: facts of the request, in the order and the spelling of each scheme. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "aggregator/jsonpath.h"
#include "aggregator/signature_parts.h"

#define CONTENT_MAX ((size_t)4 << 20) /* of the longest request, however it is put together */

struct fields {
    struct pair *at;
    size_t count;
};

static bool has_word(struct span text, struct span word)
{
    for (size_t i = 0; i + word.len <= text.len; i++)
        if (span_equal_nocase(span_first(span_from(text, i), word.len), word))
            return true;
    return false;
}

enum body_kind signature_body_kind(const struct http_request *request)
{
    struct span type = http_header(request, SPAN("Content-Type"));
    if (request->body.len == 0)
        return BODY_NONE;
    if (has_word(type, SPAN("x-www-form-urlencoded")))
        return BODY_FORM;
    if (has_word(type, SPAN("json")))
        return BODY_JSON;
    if (type.len > 0)
        return BODY_OTHER;
    char first = request->body.at[0];
    return first == '{' || first == '[' ? BODY_JSON : first == '<' ? BODY_OTHER : BODY_FORM;
}

/* A single value as text; absent for a list or an object, which has none. */
static struct span text_of(const json_t *value, struct arena *arena)
{
    if (json_is_string(value))
        return arena_copy(arena, (struct span){json_string_value(value), json_string_length(value)});
    if (json_is_null(value))
        return SPAN("");
    if (json_is_object(value) || json_is_array(value))
        return SPAN_NONE;
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    struct span copy = arena_copy(arena, span_of(text));
    free(text);
    return copy;
}

/* The members of an object as fields; false where one of them is no single value. */
static bool members_of(struct span body, struct arena *arena, struct fields *out)
{
    json_t *root = json_read(body);
    bool plain = json_is_object(root);
    const char *name;
    json_t *value;
    out->at = ARENA_ARRAY(arena, struct pair, json_object_size(root) + 1);
    json_object_foreach(root, name, value)
    {
        struct pair member = {arena_copy(arena, span_of(name)), text_of(value, arena)};
        plain = plain && span_is_present(member.value);
        out->at[out->count++] = member;
    }
    json_decref(root);
    return plain;
}

static bool decode_fields(struct span encoded, struct arena *arena, struct fields *out)
{
    struct error ignored;
    return !span_is_present(encoded) || form_decode(encoded, arena, &out->at, &out->count, &ignored) == OUTCOME_OK;
}

static bool body_fields(const struct http_request *request, struct arena *arena, struct fields *out)
{
    *out = (struct fields){0};
    switch (signature_body_kind(request)) {
    case BODY_NONE:
        return true;
    case BODY_FORM:
        return decode_fields(request->body, arena, out);
    case BODY_JSON:
        return members_of(request->body, arena, out);
    case BODY_OTHER:
        break;
    }
    return false;
}

/* Those of the query and of the body: what is not signed must not be read either. */
static bool all_fields(const struct http_request *request, struct arena *arena, struct fields *out)
{
    struct fields query = {0}, body;
    if (!decode_fields(request->query, arena, &query) || !body_fields(request, arena, &body))
        return false;
    out->count = query.count + body.count;
    out->at = ARENA_ARRAY(arena, struct pair, out->count + 1);
    for (size_t i = 0; i < out->count; i++)
        out->at[i] = i < query.count ? query.at[i] : body.at[i - query.count];
    return true;
}

static int compare_spans(struct span a, struct span b)
{
    int order = memcmp(a.at, b.at, a.len < b.len ? a.len : b.len);
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_pairs(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    int order = compare_spans(a->name, b->name);
    return order != 0 ? order : compare_spans(a->value, b->value);
}

static void sort_fields(struct fields *fields)
{
    if (fields->count > 1)
        qsort(fields->at, fields->count, sizeof *fields->at, compare_pairs);
}

/* Of "https://host:8443/x": ":8443"; where there is none, the empty place where it would stand. */
static struct span port_of(struct span url)
{
    const char *scheme = memmem(url.at, url.len, "://", 3);
    struct span rest = scheme == NULL ? url : span_from(url, (size_t)(scheme - url.at) + 3);
    struct span host = span_cut(&rest, '/');
    const char *colon = memrchr(host.at, ':', host.len);
    const char *bracket = memrchr(host.at, ']', host.len); /* [2001:db8::1]:8443 */
    const char *end = host.at + host.len;
    const char *port = colon == NULL || (bracket != NULL && colon < bracket) ? end : colon;
    return (struct span){port, (size_t)(end - port)};
}

/* Where the address has a port it is left out, where it has none the default one is put in. */
static void add_url(struct span url, bool other_port, struct span target, struct buffer *out)
{
    struct span port = port_of(url);
    size_t before = (size_t)(port.at - url.at);
    buffer_add(out, span_first(url, before));
    if (!other_port)
        buffer_add(out, port);
    else if (port.len == 0)
        buffer_add_text(out, span_starts_with(url, SPAN("https:")) ? ":443" : ":80");
    buffer_add(out, span_from(url, before + port.len));
    buffer_add(out, target);
}

static struct span query_field(const struct http_request *request, struct span name, struct arena *arena)
{
    struct fields query = {0};
    return decode_fields(request->query, arena, &query) ? form_find(query.at, query.count, name) : SPAN_NONE;
}

/* Whether the body is what the hash in the query says; the address, which is signed, then speaks for it. */
static bool body_is_hashed(const struct signature *s, const struct http_request *request, struct arena *arena)
{
    struct span said = span_is_present(s->body_hash) ? query_field(request, s->body_hash, arena) : SPAN_NONE;
    return span_is_present(said) && span_equal_nocase(said, signature_sha256_hex(request->body, arena));
}

static bool add_url_and_fields(const struct signature *s, const struct http_request *request, bool other_port,
                               struct arena *arena, struct buffer *out)
{
    struct fields fields = {0};
    enum body_kind kind = signature_body_kind(request);
    if (kind == BODY_FORM ? !decode_fields(request->body, arena, &fields)
                          : kind != BODY_NONE && !body_is_hashed(s, request, arena))
        return false;
    sort_fields(&fields);
    add_url(s->public_url, other_port, request->target, out);
    for (size_t i = 0; i < fields.count; i++) {
        if (i > 0 && compare_pairs(&fields.at[i - 1], &fields.at[i]) == 0)
            continue;
        buffer_add(out, fields.at[i].name);
        buffer_add(out, fields.at[i].value);
    }
    return true;
}

static void add_value(struct span value, struct buffer *out)
{
    for (size_t i = 0; i < value.len; i++)
        buffer_add_char(out, value.at[i] == '&' || value.at[i] == '=' ? '_' : value.at[i]);
}

static bool add_sorted_fields(const struct signature *s, const struct http_request *request, struct arena *arena,
                              struct buffer *out)
{
    struct fields fields;
    if (!all_fields(request, arena, &fields))
        return false;
    sort_fields(&fields);
    for (size_t i = 0; i < fields.count; i++) {
        if (span_is_present(s->field) && span_equal_nocase(fields.at[i].name, s->field))
            continue;
        buffer_add_char(out, '&');
        buffer_add(out, fields.at[i].name);
        buffer_add_char(out, '=');
        add_value(fields.at[i].value, out);
    }
    return true;
}

/* A fact that is not there is not as good as an empty one: what follows it could take its place. */
static bool add_facts(const struct signature *s, const struct http_request *request, struct arena *arena,
                      struct buffer *out)
{
    for (size_t i = 0; i < s->sign_count; i++) {
        struct span fact = signature_fact(s, &s->signs[i], request, arena);
        if (!span_is_present(fact))
            return false;
        buffer_add(out, fact);
    }
    return true;
}

struct span signature_content(const struct signature *s, const struct http_request *request, bool other_port,
                              struct arena *arena)
{
    struct buffer out;
    bool whole = false;
    buffer_init(&out, arena, CONTENT_MAX);
    switch (s->scheme) {
    case SIGNS_URL_AND_FIELDS:
        whole = add_url_and_fields(s, request, other_port, arena, &out);
        break;
    case SIGNS_SORTED_FIELDS:
        whole = add_sorted_fields(s, request, arena, &out);
        break;
    case SIGNS_CONTENT:
        whole = add_facts(s, request, arena, &out);
        break;
    }
    if (!whole || buffer_failed(&out))
        return SPAN_NONE;
    struct span content = buffer_span(&out);
    return span_is_present(content) ? content : SPAN("");
}

static struct span segment_of(struct span path, unsigned number)
{
    struct span rest = path;
    for (unsigned i = 0; i < 3; i++) /* "", the door, the channel */
        span_cut(&rest, '/');
    struct span segment = SPAN_NONE;
    for (unsigned i = 0; i < number; i++)
        segment = span_is_present(rest) ? span_cut(&rest, '/') : SPAN_NONE;
    return segment;
}

static struct span any_field(const struct http_request *request, struct span name, struct arena *arena)
{
    struct fields body;
    struct span found = query_field(request, name, arena);
    if (span_is_present(found) || !body_fields(request, arena, &body))
        return found;
    return form_find(body.at, body.count, name);
}

struct span signature_fact(const struct signature *s, const struct source *source, const struct http_request *request,
                           struct arena *arena)
{
    switch (source->place) {
    case SOURCE_QUERY:
        return query_field(request, source->name, arena);
    case SOURCE_FIELD:
        return any_field(request, source->name, arena);
    case SOURCE_HEADER:
        return http_header(request, source->name);
    case SOURCE_PATH:
        return segment_of(request->path, source->segment);
    case SOURCE_BODY:
        return span_is_present(request->body) ? request->body : SPAN("");
    case SOURCE_METHOD:
        return request->method;
    case SOURCE_URL:
        return arena_format(arena, "%.*s%.*s", SPAN_ARG(s->public_url), SPAN_ARG(request->target));
    case SOURCE_CONST:
        break;
    }
    return source->name;
}

struct span signature_presented(const struct signature *s, const struct http_request *request, struct arena *arena)
{
    return span_is_present(s->header) ? http_header(request, s->header) : any_field(request, s->field, arena);
}
