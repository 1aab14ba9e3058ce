#include "aggregator/facts.h"

#include "aggregator/badbytes.h"
#include "aggregator/document.h"
#include "aggregator/posted.h"
#include "http/multipart.h"
#include "http/parameter.h"

/* Fields of the query or the body, decoded when first asked for. */
struct pairs {
    bool asked;
    enum outcome outcome;
    struct error err;
    struct pair *at;
    size_t count;
};

struct parsed {
    bool asked;
    enum outcome outcome;
    struct error err;
    struct document document;
};

/* Where plain names are looked up, and what else is there. */
struct messages {
    const json_t *json_list; /* NULL: the one below is all there is */
    const json_t *json;
    const struct xml_node **xml_list;
    const struct xml_node *xml;
};

struct facts {
    const struct http_request *request;
    const struct shape *shape;
    struct span public_url;
    unsigned own_segments;
    struct arena *arena;
    struct pairs query, body;
    struct parsed parsed;
    struct messages messages;
};

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

static bool has_fields_in_query(const struct facts *facts)
{
    const struct http_request *request = facts->request;
    bool form = facts->shape->encoding == DOOR_FORM;
    bool no_body = request->body.len == 0 && span_is_present(request->query);
    return facts->shape->encoding == DOOR_QUERY || facts->shape->encoding == DOOR_TEXT ||
           (form && (span_equal_text(request->method, "GET") || no_body));
}

bool facts_are_in_query(const struct facts *facts)
{
    return facts->request->query.len > 0 && has_fields_in_query(facts);
}

/* `content_type`: of a body; absent for a query. */
static const struct pairs *decoded(struct facts *facts, struct span encoded, struct span content_type,
                                   struct pairs *out)
{
    if (out->asked)
        return out;
    out->asked = true;
    out->outcome = posted_decode(span_is_present(encoded) ? encoded : SPAN(""), content_type, facts->shape->binary,
                                 facts->arena, &out->at, &out->count, &out->err);
    if (out->outcome != OUTCOME_OK)
        out->count = 0;
    return out;
}

static struct span content_type_of(const struct facts *facts)
{
    return http_header(facts->request, SPAN("Content-Type"));
}

static const struct pairs *query_of(struct facts *facts)
{
    return decoded(facts, facts->request->query, SPAN_NONE, &facts->query);
}

static const struct pairs *posted_of(struct facts *facts)
{
    return decoded(facts, facts->request->body, content_type_of(facts), &facts->body);
}

static const struct parsed *parsed_of(struct facts *facts)
{
    struct parsed *out = &facts->parsed;
    struct span body = facts->request->body;
    if (out->asked)
        return out;
    out->asked = true;
    if (body.len == 0)
        return out; /* everything may stand in the path and the query */
    out->outcome = (facts->shape->encoding == DOOR_JSON ? document_read_json : document_read_xml)(
        body, content_type_of(facts), facts->arena, &out->document, &out->err);
    facts->messages.json = out->document.json;
    facts->messages.xml = out->document.xml;
    return out;
}

static const struct document *document_of(struct facts *facts)
{
    return &parsed_of(facts)->document;
}

/* As it was sent, where the parser had to be given something else. */
static struct span as_sent(const struct facts *facts, struct span value)
{
    return document_value(&facts->parsed.document, value, facts->arena);
}

static bool is_document(const struct facts *facts)
{
    return facts->shape->encoding == DOOR_JSON || facts->shape->encoding == DOOR_XML;
}

const struct pair *facts_query_pairs(struct facts *facts, size_t *count)
{
    const struct pairs *pairs = query_of(facts);
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
                (struct pair){as_sent(facts, arena_copy(facts->arena, name)), as_sent(facts, value)};
    }
}

const struct pair *facts_body_pairs(struct facts *facts, size_t *count)
{
    struct pairs *out = &facts->body;
    if (!is_document(facts)) {
        posted_of(facts);
    } else if (!out->asked) {
        out->asked = true;
        take_members(facts, document_of(facts)->json, out);
    }
    *count = out->count;
    return out->at;
}

static const struct pairs *own_pairs(struct facts *facts)
{
    return has_fields_in_query(facts) ? query_of(facts) : posted_of(facts);
}

static struct span find_in_document(struct facts *facts, const struct source *source)
{
    const struct document *document = document_of(facts);
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
    if (is_document(facts))
        return as_sent(facts, find_in_document(facts, source));
    const struct pairs *pairs = own_pairs(facts);
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
        const struct pairs *pairs = query_of(facts);
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
        return as_sent(facts, xml_text(document_of(facts)->xml, &(struct xml_path){&name, 1}, facts->arena));
    pairs = facts_body_pairs(facts, &count);
    return form_find(pairs, count, name);
}

enum outcome facts_decode(struct facts *facts, struct error *err)
{
    if (is_document(facts)) {
        const struct parsed *parsed = parsed_of(facts);
        *err = parsed->err;
        return parsed->outcome;
    }
    const struct pairs *pairs = own_pairs(facts);
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
    bool in_query = has_fields_in_query(facts);
    if (is_document(facts) || (!in_query && multipart_is(content_type_of(facts))))
        return SPAN_NONE;
    struct span rest = in_query ? facts->request->query : facts->request->body;
    while (span_is_present(rest)) {
        struct span part = span_cut(&rest, '&'), value = part;
        struct span name = known_name(facts->shape, span_cut(&value, '='));
        struct pairs alone = {0};
        if (span_is_present(name) && decoded(facts, part, SPAN_NONE, &alone)->outcome != OUTCOME_OK)
            return name;
    }
    return SPAN_NONE;
}

/* A list holds as many messages as it has items, and an object is one of them. Where nothing stands, the whole is the message. */
static bool count_json(struct facts *facts, size_t *count)
{
    const json_t *list = json_follow(document_of(facts)->json, &facts->shape->items.json);
    *count = json_is_array(list) ? json_array_size(list) : 1;
    facts->messages.json_list = json_is_array(list) ? list : NULL;
    if (list != NULL)
        facts->messages.json = list;
    return list == NULL || json_is_array(list) || json_is_object(list);
}

static bool count_xml(struct facts *facts, size_t *count)
{
    const struct xml_path *path = &facts->shape->items.xml;
    size_t found = xml_find(document_of(facts)->xml, path, NULL, 0);
    *count = 1;
    if (found == 0)
        return true;
    *count = found;
    facts->messages.xml_list = ARENA_ARRAY(facts->arena, const struct xml_node *, found);
    xml_find(document_of(facts)->xml, path, facts->messages.xml_list, found);
    return true;
}

bool facts_count(struct facts *facts, size_t *count)
{
    *count = 1;
    if (!facts->shape->has_items || !is_document(facts))
        return true;
    return facts->shape->encoding == DOOR_XML ? count_xml(facts, count) : count_json(facts, count);
}

void facts_turn_to(struct facts *facts, size_t index)
{
    struct messages *messages = &facts->messages;
    if (messages->json_list != NULL)
        messages->json = json_array_get(messages->json_list, index);
    if (messages->xml_list != NULL)
        messages->xml = messages->xml_list[index];
}

static struct span dumped(const json_t *value, struct arena *arena)
{
    size_t flags = JSON_COMPACT | JSON_ENCODE_ANY;
    size_t len = json_dumpb(value, NULL, 0, flags);
    char *text = arena_alloc_raw(arena, len + 1);
    return (struct span){text, json_dumpb(value, text, len, flags)};
}

struct span facts_raw(struct facts *facts)
{
    const struct messages *messages = &facts->messages;
    if (messages->json_list != NULL)
        return as_sent(facts, dumped(messages->json, facts->arena));
    if (messages->xml_list != NULL)
        return as_sent(facts, messages->xml->raw);
    return !is_document(facts) && has_fields_in_query(facts) ? facts->request->query : facts->request->body;
}

struct span facts_object(struct facts *facts)
{
    if (facts->shape->encoding != DOOR_JSON || !json_is_object(document_of(facts)->json))
        return SPAN_NONE;
    const struct document *document = document_of(facts);
    return document->mended ? badbytes_replace(document->text, facts->arena) : document->text;
}

struct span facts_text_raw(struct facts *facts, struct span value)
{
    return facts->parsed.document.converted ? facts_raw(facts) : value;
}

struct span facts_posted_charset(struct facts *facts)
{
    bool posted = !is_document(facts) && facts->request->body.len > 0 && !multipart_is(content_type_of(facts));
    return posted ? http_parameter(content_type_of(facts), SPAN("charset"), facts->arena) : SPAN_NONE;
}

bool facts_is_ambiguous(struct facts *facts, const struct source *source)
{
    bool in_query = source->place == SOURCE_QUERY;
    if (!in_query && (source->place != SOURCE_FIELD || is_document(facts)))
        return false;
    const struct pairs *pairs = in_query ? query_of(facts) : own_pairs(facts);
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
