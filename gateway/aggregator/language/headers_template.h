/*
 * headers_template: ( { name = "..."; value = template; } ), the headers of a request that we send or of a reply.
 */
#pragma once
#include "aggregator/language/template.h"
#include "http/form.h"

struct header_template {
    struct span name;
    struct template value;
};
struct headers_template {
    const struct header_template *at;
    size_t count;
};

struct headers_template headers_template_compile(struct setting list, const struct template_names *names,
                                                 struct arena *arena, struct problems *problems);
/* The first of that name, whatever its case; NULL: there is none. */
const struct header_template *headers_template_find(const struct headers_template *headers, struct span name);

/* At least one more than there are fit into *pairs. False: a value came out with a control character, which would begin
 * another header, or too long; it is empty then, and an empty header is not sent. */
bool headers_template_render(const struct headers_template *headers, const struct span values[VALUE_COUNT],
                             struct arena *arena, struct pair **pairs);

/* Whether a line of HTTP could not hold it. */
bool headers_template_breaks_line(struct span value);
