/*
 * facts: one request, decoded once and asked often: whatever a profile or a channel names with a source (source.h). Pure.
 *
 * Nothing is decoded before somebody asks for it, and nothing twice. What is found lives in the arena or in the request.
 */
#pragma once
#include "aggregator/door/door.h"
#include "aggregator/language/source.h"
#include "http/message.h"

struct facts;

/* The request as `shape` (door_shape_of) understands it. `public_url`: the channel's; `own_segments`: how many segments of the
 * path stand before "path:1" (credentials_own_segments). */
struct facts *facts_open(const struct http_request *request, const struct shape *shape, struct span public_url,
                         unsigned own_segments, struct arena *arena);
void facts_close(struct facts *facts);

/* Absent: it is not there, or what it would be in cannot be decoded. */
struct span facts_find(struct facts *facts, const struct source *source);
struct span facts_choose(struct facts *facts,
                         struct source_choice choice); /* the first present and not empty one; else an empty one */
/* A field by its name alone, for a channel's own settings: in the query, else at the top of the body, whatever its encoding. */
struct span facts_named(struct facts *facts, struct span name);

/* Whether plain names are looked up in the query of this request, and there are some. */
bool facts_are_in_query(const struct facts *facts);

/* Fields as they came, in their order, repeated ones too: of the query, of the body. A JSON object's members count as fields where
 * they are no objects and no lists. NULL and 0 when there are none or they cannot be decoded. */
const struct pair *facts_query_pairs(struct facts *facts, size_t *count);
const struct pair *facts_body_pairs(struct facts *facts, size_t *count);

/* REFUSED: what the shape's own fields are in cannot be decoded; err says what is wrong with it and no word of it. */
enum outcome facts_decode(struct facts *facts, struct error *err) MUST_CHECK;

/* After that: which of the profile's own fields cannot be decoded; absent when it is another one. Never the sender's words: a name
 * that no profile knows may be a number. */
struct span facts_broken_field(struct facts *facts);

/* How many messages the request holds: those at the shape's `items`; one where it has none. False: what stands there is no list. */
bool facts_count(struct facts *facts, size_t *count);
/* Plain names are looked up in this message from now on. */
void facts_turn_to(struct facts *facts, size_t index);
/* The message as it was sent, or as JSON says the same; the whole body or query where the request is one message. */
struct span facts_raw(struct facts *facts);
/* The bytes of the text that was found as `value`; all of the message where its own cannot be told. */
struct span facts_text_raw(struct facts *facts, struct span value);
/* The character set that the Content-Type names of an urlencoded form or a plain body; absent where it names none. */
struct span facts_posted_charset(struct facts *facts);
/* The body as UTF-8, when it is one JSON object; else absent. */
struct span facts_object(struct facts *facts);
/* A form's field that is there twice, with different values. Always false where `source` is no field of a form. */
bool facts_is_ambiguous(struct facts *facts, const struct source *source);
