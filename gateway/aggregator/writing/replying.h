/*
 * replying: how a dialect says a screen, an acknowledgement, an answer, a refusal: the profile's `reply` and `acknowledge`,
 * compiled.
 */
#pragma once
#include "aggregator/language/headers_template.h"
#include "aggregator/language/template.h"

/* A member that is set in the request's own JSON object, where that object is the reply. */
struct member_template {
    struct span name;
    struct template value;
    bool is_json; /* the value is JSON as it stands (true, 3); otherwise it is a string */
};
struct members {
    const struct member_template *at;
    size_t count;
};

struct replying {
    unsigned status;
    struct span content_type;
    struct template go_on, end;
    struct headers_template go_on_headers, end_headers;
    struct template open, closed; /* to who asks whether a session is still held; empty: an acknowledgement */
    struct translations translations;
    bool same_object;
    struct members set_go_on, set_end;
    struct {
        bool present;
        unsigned status;
        struct span content_type;
        struct template body;
    } refusal; /* instead of our 400 */
};

struct acknowledging {
    unsigned status;
    struct span content_type;
    struct template body;
    struct headers_template headers;
    bool answers; /* the dialect takes the answer to a text in the reply to it */
    struct template answer;
    struct span answer_content_type;
};

/* `all` is the channel over its profile's root. `screens`: the channel is ussd and its reply carries the screen. */
void replying_compile(struct layer all, bool screens, const struct template_names *names, struct arena *arena,
                      struct problems *problems, struct replying *out);
void acknowledging_compile(struct layer all, const struct template_names *names, struct arena *arena,
                           struct problems *problems, struct acknowledging *out);

/* The tables of the language: "reply", "reply.translate", "reply.set", "reply.refusal", "acknowledge"; NULL for another
 * name. */
const struct setting_rule *replying_rules(const char *section);
