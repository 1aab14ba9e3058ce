/*
 * service_facts: {fact.police} in a text: what is another in every country and constant within a service. Put in when a
 * service is loaded, so that a text which holds nothing else is as fixed as one without. Pure.
 */
#pragma once
#include "base/problems.h"
#include "menu/service/model.h"

/* `text` in `language` with its facts put in; all else stays as written. A fact that service.conf lacks is a finding at
 * `origin`. */
struct span service_facts_fill(const struct service *service, size_t language, struct span text, struct origin origin,
                               struct problems *problems);
