/*
 * source: where one fact of a request is, as profiles write it: "phoneNumber", "results[0].from", "header:X-Kannel-From". Pure.
 *
 * A plain NAME is meant in the encoding of its door: a form's field, a JSON path (a.b[0].c), an XML path (message/content,
 * message/@id). Where a door reads several messages from one request, a NAME is looked up in each of them, and "/NAME" from the
 * top of the request. Names match without case: vendors' own documents and their servers disagree about it.
 */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
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
    struct span name; /* without its prefix; of SOURCE_CONST the value */
    unsigned segment; /* SOURCE_PATH */
    bool from_top;    /* "/NAME" */
};

/* False: it is no source; *why then says so in a few words. */
bool source_parse(struct span text, struct arena *arena, struct source *out, const char **why);

/* The facts that a profile's templates repeat from the request ("{{in.USERID}}"); the index is the place in inbound.echoes. */
#define SOURCES_MAX 24
struct source_list {
    struct source at[SOURCES_MAX];
    size_t count;
};
/* The index of `source`, which is added when new; -1: there are too many. */
int source_list_add(struct source_list *list, const struct source *source);
