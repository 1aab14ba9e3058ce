/* What a signature is made over: facts of the request, in the order and the spelling of each scheme. */
#include <stdlib.h>
#include <string.h>

#include "aggregator/access/signature_parts.h"
#include "http/multipart.h"

#define CONTENT_MAX ((size_t)4 << 20) /* of the longest request, however it is put together */

struct fields {
    struct pair *at;
    size_t count;
};

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

static struct fields sorted(const struct pair *some, size_t some_count, const struct pair *more, size_t more_count,
                            struct arena *arena)
{
    struct fields all = {ARENA_ARRAY(arena, struct pair, some_count + more_count + 1), some_count + more_count};
    for (size_t i = 0; i < some_count; i++)
        all.at[i] = some[i];
    for (size_t i = 0; i < more_count; i++)
        all.at[some_count + i] = more[i];
    qsort(all.at, all.count, sizeof *all.at, compare_pairs);
    return all;
}

/* Members that hold members have no text to sign: a request with one is not signed whole. */
static bool is_flat_object(struct span object, size_t members)
{
    json_t *root = json_read(object);
    bool flat = json_is_object(root) && json_object_size(root) == members;
    json_decref(root);
    return flat;
}

/* All fields of the query and the body: what is not signed must not be read either. False: they cannot all be told. */
static bool all_fields(const struct signed_request *r, struct fields *out)
{
    size_t in_query, in_body;
    const struct pair *query = facts_query_pairs(r->facts, &in_query);
    const struct pair *body = facts_body_pairs(r->facts, &in_body);
    bool whole = (r->request->query.len == 0 || in_query > 0) && (r->request->body.len == 0 || in_body > 0);
    if (whole && r->shape->encoding == DOOR_JSON && r->request->body.len > 0)
        whole = is_flat_object(facts_object(r->facts), in_body);
    *out = sorted(query, in_query, body, in_body, r->arena);
    return whole;
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

/* Whether the body is what the hash in the query says; the address, which is signed, then speaks for it. */
static bool body_is_hashed(const struct signature *s, const struct signed_request *r)
{
    size_t count;
    const struct pair *query = facts_query_pairs(r->facts, &count);
    struct span said = span_is_present(s->body_hash) ? form_find(query, count, s->body_hash) : SPAN_NONE;
    return span_is_present(said) && span_equal_nocase(said, signature_sha256_hex(r->request->body, r->arena));
}

static bool add_url_and_fields(const struct signature *s, const struct signed_request *r, bool other_port,
                               struct buffer *out)
{
    struct fields fields = {0};
    if (r->request->body.len > 0 && !body_is_hashed(s, r)) {
        size_t count;
        const struct pair *body = facts_body_pairs(r->facts, &count);
        if (!signature_has_form(r) || count == 0)
            return false;
        fields = sorted(body, count, NULL, 0, r->arena);
    }
    add_url(s->public_url, other_port, r->request->target, out);
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

/* A name with a sign between fields in it could stand for several of them, under the signature that those had. */
static bool could_be_several(struct span name)
{
    return name.len > 0 && (memchr(name.at, '&', name.len) != NULL || memchr(name.at, '=', name.len) != NULL);
}

static bool add_sorted_fields(const struct signature *s, const struct signed_request *r, struct buffer *out)
{
    struct fields fields;
    if (!all_fields(r, &fields))
        return false;
    for (size_t i = 0; i < fields.count; i++) {
        if (could_be_several(fields.at[i].name))
            return false;
        if (span_equal_nocase(fields.at[i].name, s->field))
            continue;
        buffer_add_char(out, '&');
        buffer_add(out, fields.at[i].name);
        buffer_add_char(out, '=');
        add_value(fields.at[i].value, out);
    }
    return true;
}

static bool signs_fields(const struct signature *s)
{
    for (size_t i = 0; i < s->sign_count; i++) {
        enum source_place place = s->signs[i].place;
        if (place == SOURCE_URL || place == SOURCE_QUERY || place == SOURCE_FIELD)
            return true;
    }
    return false;
}

/* A fact that is not there is not as good as an empty one: what follows it could take its place. */
static bool add_facts(const struct signature *s, const struct signed_request *r, struct buffer *out)
{
    if (facts_are_in_query(r->facts) && !signs_fields(s))
        return false; /* a signature over an empty body would speak for any query */
    for (size_t i = 0; i < s->sign_count; i++) {
        struct span fact = facts_find(r->facts, &s->signs[i]);
        if (!span_is_present(fact) && s->signs[i].place != SOURCE_BODY)
            return false;
        buffer_add(out, fact);
    }
    return true;
}

struct span signature_content(const struct signature *s, const struct signed_request *r, bool other_port)
{
    struct buffer out;
    bool whole = false;
    buffer_init(&out, r->arena, CONTENT_MAX);
    switch (s->scheme) {
    case SIGNS_URL_AND_FIELDS:
        whole = add_url_and_fields(s, r, other_port, &out);
        break;
    case SIGNS_SORTED_FIELDS:
        whole = add_sorted_fields(s, r, &out);
        break;
    case SIGNS_CONTENT:
        whole = add_facts(s, r, &out);
        break;
    }
    if (!whole || buffer_failed(&out))
        return SPAN_NONE;
    struct span content = buffer_span(&out);
    return span_is_present(content) ? content : SPAN("");
}

bool signature_has_form(const struct signed_request *r)
{
    bool document =
        r->shape->encoding == DOOR_JSON || r->shape->encoding == DOOR_XML || r->shape->encoding == DOOR_TEXT;
    return r->request->body.len > 0 && !document && !multipart_is(http_header(r->request, SPAN("Content-Type")));
}

struct span signature_presented(const struct signature *s, const struct signed_request *r)
{
    return span_is_present(s->header) ? http_header(r->request, s->header) : facts_named(r->facts, s->field);
}
