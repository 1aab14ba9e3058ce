/*
 * graph: a service's flow as a drawing in Graphviz's language: each screen with its texts, each way from one to another. Pure.
 *
 * A frame is a file of flow/. Red is danger; blue is careful: never served as a draft; grey is sensitive:
 * sealed and never resumed into; dashed ways are open to some only.
 */
#pragma once
#include "base/buffer.h"
#include "menu/service.h"

#define GRAPH_MAX (8 * 1024 * 1024) /* bytes; a buffer of this size holds any */

/* With the texts of `lang`, or of the first language when it is absent or the service has no such one. */
void graph_draw(const struct service *service, struct span lang, struct buffer *out);
