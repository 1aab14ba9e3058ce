/*
 * asking: a request that we make, as templates: of a text, a page or a token. Compiled at load and tried there with values as
 * hostile as they come, so that no text of a person becomes another field, header or request.
 */
#pragma once
#include "aggregator/language/headers_template.h"
#include "aggregator/language/layer.h"
#include "aggregator/language/template.h"
#include "aggregator/language/wellformed.h"
#include "http/sender.h"

struct asking {
    struct span method;
    struct template url, body;
    struct headers_template headers;
    struct span authorization; /* "Basic ..." or absent */
};

/* `section` holds method, url, headers, body and basic; `names` says what is known there. */
void asking_compile(struct layer section, enum wellformed_place place, const struct template_names *names,
                    struct arena *arena, struct problems *problems, struct asking *out);
bool asking_uses(const struct asking *asking, unsigned value);

/* All of *job but its id. False: it does not fit, or what came out is no URL or no header. */
bool asking_render(const struct asking *asking, const struct span values[VALUE_COUNT], struct arena *arena,
                   struct send_job *job) MUST_CHECK;
