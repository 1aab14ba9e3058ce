/*
 * source: where one fact of a request is, as profiles write it: "phoneNumber", "results[0].from", "header:X-From". Pure.
 *
 * A plain NAME is meant in the encoding of its door: a form's field, a JSON path (a.b[0].c), an XML path (message/content,
 * message/@id). Where a door reads several messages from one request, a NAME is looked up in each of them, and "/NAME" from the
 * top of the request. Names match without case: vendors' own documents and their servers disagree about it. The words that have
 * a meaning of their own ("body", "method", "url") are meant as fields when written "/body".
 */
#pragma once
#include <stdbool.h>
#include "aggregator/language/jsonpath.h"
#include "aggregator/language/xml.h"
#include "base/arena.h"
#include "base/problems.h"
#include "base/settings.h"
#include "base/span.h"

enum source_place {
    SOURCE_FIELD,  /* "NAME": in the door's encoding */
    SOURCE_QUERY,  /* "query:NAME": a field of the query, whatever the encoding */
    SOURCE_HEADER, /* "header:NAME" */
    SOURCE_PATH,   /* "path:2": a segment of the path, from 1 behind the channel's name and its secret */
    SOURCE_BODY,   /* "body": all of it */
    SOURCE_METHOD, /* "method" */
    SOURCE_URL,    /* "url": the address as the aggregator was given it: public_url and the target as sent */
    SOURCE_CONST,  /* "const:VALUE" */
};

struct source {
    enum source_place place;
    struct span name;      /* without its prefix; of SOURCE_CONST the value */
    unsigned segment;      /* SOURCE_PATH */
    bool from_top;         /* "/NAME" */
    struct json_path json; /* SOURCE_FIELD: the name as each encoding understands it, made once */
    struct xml_path xml;
};

/* False: it is no source; *why then says so in a few words. */
bool source_parse(struct span text, struct arena *arena, struct source *out, const char **why);

/* What a setting says: one source, or a list of which the first that is present and not empty counts. */
struct source_choice {
    const struct source *at;
    size_t count; /* 0: the dialect has no such fact */
};
/* A string or a list of strings; what is wrong with it goes to `problems`. An absent setting gives no source. */
struct source_choice source_choice_compile(struct setting setting, struct arena *arena, struct problems *problems);
/* How the first source is written, for messages to people: never from a request. Absent when there is none. */
struct span source_choice_name(struct source_choice choice);

/* The facts that a profile's templates repeat from the request ("{{in.USERID}}"); the index is the place in inbound.echoes. */
#define SOURCES_MAX 24
struct source_list {
    struct source at[SOURCES_MAX];
    size_t count;
};
/* The index of `source`, which is added when new; -1: there are too many. */
int source_list_add(struct source_list *list, const struct source *source);
