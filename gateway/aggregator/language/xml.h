/*
 * xml: a small XML text as a tree, and what a path in it leads to: "message/content", "message/@id". Pure; over expat.
 *
 * A document type is refused, and with it every entity of one's own; so is what is deeper, or of more elements, than any message
 * of an aggregator. Names match without case and without their namespace's prefix.
 */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "base/span.h"

#define XML_DEPTH_MAX 32
#define XML_NODES_MAX 16384 /* elements and attributes */

struct xml_node {
    struct span name;              /* without prefix; of an attribute with its '@' */
    struct span text;              /* what stands directly in it, in one piece; its children's is not */
    struct span raw;               /* the element as it was sent; absent for an attribute */
    struct xml_node *first, *next; /* children, attributes before elements; the one behind it */
};

/* The root element; NULL when it is no well-formed XML or more than is taken. Text is UTF-8, whatever the document was in. */
const struct xml_node *xml_read(struct span text, struct arena *arena);
/* The same in this encoding ("UTF-8"), whatever the document says of itself. */
const struct xml_node *xml_read_as(struct span text, const char *encoding, struct arena *arena);

struct xml_path {
    const struct span *steps;
    size_t count; /* 0: the node itself */
};
bool xml_path_compile(struct span path, struct arena *arena, struct xml_path *out); /* false: it is none */

/* Whatever stands at the path below `root`, in document order; a path may begin with the root's own name. `found` may be NULL. */
size_t xml_find(const struct xml_node *root, const struct xml_path *path, const struct xml_node **found, size_t room);
/* The texts of all of them joined; absent when there is none. */
struct span xml_text(const struct xml_node *root, const struct xml_path *path, struct arena *arena);
