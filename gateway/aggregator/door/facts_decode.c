#include "aggregator/door/facts_parts.h"

#include "http/multipart.h"

bool facts_in_query(const struct facts *facts)
{
    const struct http_request *request = facts->request;
    bool form = facts->shape->encoding == DOOR_FORM;
    bool no_body = request->body.len == 0 && span_is_present(request->query);
    return facts->shape->encoding == DOOR_QUERY || facts->shape->encoding == DOOR_TEXT ||
           (form && (span_equal_text(request->method, "GET") || no_body));
}

const struct pairs *facts_decoded(struct facts *facts, struct span encoded, struct span content_type, struct pairs *out)
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

struct span facts_content_type(const struct facts *facts)
{
    return http_header(facts->request, SPAN("Content-Type"));
}

const struct pairs *facts_query(struct facts *facts)
{
    return facts_decoded(facts, facts->request->query, SPAN_NONE, &facts->query);
}

const struct pairs *facts_posted(struct facts *facts)
{
    struct pairs *out = &facts->body;
    return out->asked ? out : facts_decoded(facts, facts->request->body, facts_content_type(facts), out);
}

const struct parsed *facts_parsed(struct facts *facts)
{
    struct parsed *out = &facts->parsed;
    struct span body = facts->request->body;
    if (out->asked)
        return out;
    out->asked = true;
    if (body.len == 0)
        return out; /* everything may stand in the path and the query */
    out->outcome = (facts->shape->encoding == DOOR_JSON ? document_read_json : document_read_xml)(
        body, facts_content_type(facts), facts->arena, &out->document, &out->err);
    facts->messages.json = out->document.json;
    facts->messages.xml = out->document.xml;
    return out;
}

const struct document *facts_document(struct facts *facts)
{
    return &facts_parsed(facts)->document;
}

struct span facts_as_sent(const struct facts *facts, struct span value)
{
    return document_value(&facts->parsed.document, value, facts->arena);
}

bool facts_is_document(const struct facts *facts)
{
    return facts->shape->encoding == DOOR_JSON || facts->shape->encoding == DOOR_XML;
}

const struct pairs *facts_own(struct facts *facts)
{
    return facts_in_query(facts) ? facts_query(facts) : facts_posted(facts);
}
