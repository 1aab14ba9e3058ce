/*
 * facts_parts: what the files of `facts` share: the request, and what was decoded of it so far. For facts*.c only.
 */
#pragma once
#include "aggregator/door/document.h"
#include "aggregator/door/facts.h"
#include "aggregator/door/posted.h"

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

/* facts_decode.c: each part of the request is decoded when first asked for, and once. */
bool facts_in_query(const struct facts *facts); /* whether its fields stand in the query, whatever is there */
bool facts_is_document(const struct facts *facts);
struct span facts_content_type(const struct facts *facts);
/* `content_type`: of a body; absent for a query. */
const struct pairs *facts_decoded(struct facts *facts, struct span encoded, struct span content_type,
                                  struct pairs *out);
const struct pairs *facts_query(struct facts *facts);
const struct pairs *facts_posted(struct facts *facts);
const struct pairs *facts_own(struct facts *facts); /* the one of the two where its fields stand */
const struct parsed *facts_parsed(struct facts *facts);
const struct document *facts_document(struct facts *facts);
/* As it was sent, where the parser had to be given something else. */
struct span facts_as_sent(const struct facts *facts, struct span value);
