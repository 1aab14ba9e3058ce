#include "aggregator/door/facts_parts.h"

#include "http/multipart.h"
#include "http/parameter.h"

struct facts *facts_open(const struct http_request *request, const struct shape *shape, struct span public_url,
                         unsigned own_segments, struct arena *arena)
{
    struct facts *facts = ARENA_NEW(arena, struct facts);
    facts->request = request;
    facts->shape = shape;
    facts->public_url = public_url;
    facts->own_segments = own_segments;
    facts->arena = arena;
    return facts;
}

void facts_close(struct facts *facts)
{
    json_decref(facts->parsed.document.json);
}

bool facts_are_in_query(const struct facts *facts)
{
    return facts->request->query.len > 0 && facts_in_query(facts);
}

const struct pair *facts_query_pairs(struct facts *facts, size_t *count)
{
    const struct pairs *pairs = facts_query(facts);
    *count = pairs->count;
    return pairs->at;
}

static void take_members(struct facts *facts, const json_t *object, struct pairs *out)
{
    json_t *all = (json_t *)(uintptr_t)object; /* jansson's iterators only look */
    out->at = ARENA_ARRAY(facts->arena, struct pair, json_object_size(object) + 1);
    for (void *at = json_object_iter(all); at != NULL; at = json_object_iter_next(all, at)) {
        struct span value = json_text(json_object_iter_value(at), facts->arena);
        struct span name = {json_object_iter_key(at), json_object_iter_key_len(at)};
        if (span_is_present(value))
            out->at[out->count++] =
                (struct pair){facts_as_sent(facts, arena_copy(facts->arena, name)), facts_as_sent(facts, value)};
    }
}

const struct pair *facts_body_pairs(struct facts *facts, size_t *count)
{
    struct pairs *out = &facts->body;
    if (!facts_is_document(facts)) {
        facts_posted(facts);
    } else if (!out->asked) {
        out->asked = true;
        take_members(facts, facts_document(facts)->json, out);
    }
    *count = out->count;
    return out->at;
}

static struct span find_in_document(struct facts *facts, const struct source *source)
{
    const struct document *document = facts_document(facts);
    const struct messages *messages = &facts->messages;
    if (facts->shape->encoding == DOOR_XML)
        return source->xml.count == 0
                   ? SPAN_NONE
                   : xml_text(source->from_top ? document->xml : messages->xml, &source->xml, facts->arena);
    const json_t *root = source->from_top ? document->json : messages->json;
    return source->json.count == 0 ? SPAN_NONE : json_text(json_follow(root, &source->json), facts->arena);
}

static struct span find_field(struct facts *facts, const struct source *source)
{
    if (facts_is_document(facts))
        return facts_as_sent(facts, find_in_document(facts, source));
    const struct pairs *pairs = facts_own(facts);
    return form_find(pairs->at, pairs->count, source->name);
}

static struct span find_segment(const struct facts *facts, unsigned number)
{
    struct span rest = span_from(facts->request->path, 1);
    struct span segment = SPAN_NONE;
    for (unsigned i = 0; i < facts->own_segments + number; i++)
        segment = span_is_present(rest) ? span_cut(&rest, '/') : SPAN_NONE;
    return segment;
}

struct span facts_find(struct facts *facts, const struct source *source)
{
    const struct http_request *request = facts->request;
    switch (source->place) {
    case SOURCE_FIELD:
        return find_field(facts, source);
    case SOURCE_QUERY: {
        const struct pairs *pairs = facts_query(facts);
        return form_find(pairs->at, pairs->count, source->name);
    }
    case SOURCE_HEADER:
        return http_header(request, source->name);
    case SOURCE_PATH:
        return find_segment(facts, source->segment);
    case SOURCE_BODY:
        return request->body;
    case SOURCE_METHOD:
        return request->method;
    case SOURCE_URL:
        return arena_format(facts->arena, "%.*s%.*s", SPAN_ARG(facts->public_url), SPAN_ARG(request->target));
    case SOURCE_CONST:
        return source->name;
    }
    return SPAN_NONE;
}

struct span facts_choose(struct facts *facts, struct source_choice choice)
{
    struct span best = SPAN_NONE;
    for (size_t i = 0; i < choice.count && best.len == 0; i++) {
        struct span value = facts_find(facts, &choice.at[i]);
        if (value.len > 0 || !span_is_present(best))
            best = value;
    }
    return best;
}

struct span facts_named(struct facts *facts, struct span name)
{
    size_t count;
    const struct pair *pairs = facts_query_pairs(facts, &count);
    struct span value = form_find(pairs, count, name);
    if (span_is_present(value))
        return value;
    if (facts->shape->encoding == DOOR_XML)
        return facts_as_sent(facts, xml_text(facts_document(facts)->xml, &(struct xml_path){&name, 1}, facts->arena));
    pairs = facts_body_pairs(facts, &count);
    return form_find(pairs, count, name);
}

enum outcome facts_decode(struct facts *facts, struct error *err)
{
    if (facts_is_document(facts)) {
        const struct parsed *parsed = facts_parsed(facts);
        *err = parsed->err;
        return parsed->outcome;
    }
    const struct pairs *pairs = facts_own(facts);
    *err = pairs->err;
    return pairs->outcome;
}

/* The profile's name of a form's field; absent when it has none of this name. */
static struct span known_name(const struct shape *shape, struct span name)
{
    for (int field = 0; field < FIELD_COUNT; field++)
        for (size_t i = 0; i < shape->fields[field].count; i++)
            if (span_equal_nocase(name, shape->fields[field].at[i].name))
                return shape->fields[field].at[i].name;
    return SPAN_NONE;
}

struct span facts_broken_field(struct facts *facts)
{
    bool in_query = facts_in_query(facts);
    if (facts_is_document(facts) || (!in_query && multipart_is(facts_content_type(facts))))
        return SPAN_NONE;
    struct span rest = in_query ? facts->request->query : facts->request->body;
    while (span_is_present(rest)) {
        struct span part = span_cut(&rest, '&'), value = part;
        struct span name = known_name(facts->shape, span_cut(&value, '='));
        struct pairs alone = {0};
        if (span_is_present(name) && facts_decoded(facts, part, SPAN_NONE, &alone)->outcome != OUTCOME_OK)
            return name;
    }
    return SPAN_NONE;
}

struct span facts_posted_charset(struct facts *facts)
{
    bool posted = !facts_is_document(facts) && facts->request->body.len > 0 && !multipart_is(facts_content_type(facts));
    return posted ? http_parameter(facts_content_type(facts), SPAN("charset"), facts->arena) : SPAN_NONE;
}

bool facts_is_ambiguous(struct facts *facts, const struct source *source)
{
    bool in_query = source->place == SOURCE_QUERY;
    if (!in_query && (source->place != SOURCE_FIELD || facts_is_document(facts)))
        return false;
    const struct pairs *pairs = in_query ? facts_query(facts) : facts_own(facts);
    const struct pair *first = NULL;
    for (size_t i = 0; i < pairs->count; i++) {
        const struct pair *pair = &pairs->at[i];
        if (!span_equal_nocase(pair->name, source->name))
            continue;
        if (first != NULL && pair->value.len > 0 && !span_equal(pair->value, first->value))
            return true;
        first = first != NULL ? first : pair;
    }
    return false;
}
