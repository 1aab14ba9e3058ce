/*
 * context: where in HTML a template is, character by character: what the tokenizer of a browser would be doing. It decides how a
 * value that is put there must be escaped, and refuses places where no escaping would do.
 */
#pragma once
#include "base/buffer.h"
#include "console/compiler/complain.h"

enum html_place {
    IN_TEXT,
    IN_PLAIN_TEXT, /* title and textarea: text to their end tag, whatever stands there */
    IN_NOTHING,    /* script: only loaded, so nothing but its end tag */
    IN_COMMENT,
    IN_TAG_NAME,
    IN_TAG,
    IN_NAME,
    AFTER_NAME,
    BEFORE_VALUE,
    IN_VALUE,
};

#define CONTEXT_NAME 48
struct context {
    enum html_place place;
    char element[CONTEXT_NAME], attribute[CONTEXT_NAME]; /* in small letters */
    char quote;                                          /* of the value that it is in */
    bool is_end_tag;
    bool is_begun; /* something stands in this value already */
    bool is_tight; /* in a tag, right behind a name: what comes next must not become part of it */
    bool is_kept;  /* within <pre>: blanks stay as they are */
};

/* What a value that is put here is. */
enum insertion {
    INSERT_TEXT,      /* between tags */
    INSERT_ATTRIBUTE, /* in a value in quotes */
    INSERT_ADDRESS,   /* the whole of an address, or its beginning */
    INSERT_PART,      /* a part of an address, behind its beginning */
};

/* Walks over what the template says itself. What is to be written of it is added to `kept`: runs of blanks become one, comments
 * go. Complains of what has no place in a page; `place` moves on with the lines. */
void context_walk(struct context *context, struct span literal, struct spot *place, struct buffer *kept);
/* A value is put here. */
enum insertion context_insert(struct context *context, struct spot place);
/* A block begins or ends here. A name that stood here is over. */
void context_settle(struct context *context, struct spot place);
/* Whether two ways through a template end in the same place. */
bool context_same(const struct context *a, const struct context *b);
/* Where this is, in words. */
const char *context_name(const struct context *context);
