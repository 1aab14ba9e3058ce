/*
 * playing: what a profile says for those who play its aggregator: the facts that its requests hold besides, and its answer to
 * what is sent to it; the profile's `dial`, compiled.
 */
#pragma once
#include "aggregator/language/layer.h"
#include "aggregator/language/template.h"
#include "http/form.h"

struct playing {
    const struct pair *extra; /* where (source.h) and what */
    size_t extra_count;
    bool answers; /* the profile shows how the aggregator says yes */
    unsigned status;
    struct span content_type;
    struct template answer; /* {{id}} is the aggregator's id of what was sent */
};

void playing_compile(struct layer dial, const struct template_names *names, struct arena *arena,
                     struct problems *problems, struct playing *out);
/* The tables of the language: "dial", "dial.extra", "dial.answer"; NULL for another name. */
const struct setting_rule *playing_rules(const char *section);
