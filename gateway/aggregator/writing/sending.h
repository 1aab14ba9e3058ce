/*
 * sending: how a text, a page or the wish for a token leaves: the request as templates, and the table that says what the
 * answer to it means; the profile's `send`, `push` and `token`, compiled.
 */
#pragma once
#include "aggregator/writing/asking.h"

enum send_meaning {
    MEANS_SENT,
    MEANS_REJECTED,
    MEANS_THROTTLED,
    MEANS_CREDIT,
    MEANS_UNREACHABLE,
    MEANS_EXPIRED,
    MEANS_UNKNOWN,
    MEANS_UNAUTHORIZED, /* the token does not hold any more */
};

/* One line of the table that says what the answer to a send means; the first that fits holds. */
struct send_rule {
    unsigned status_min, status_max;
    struct span json, xml; /* path that must lead to a value, "[*]" to some of which all fit; absent: any body */
    struct span starts;    /* how the body begins; absent: any */
    struct span contains;  /* what stands in it; absent: anything */
    const struct span *is; /* the values that fit; none: all */
    size_t is_count;
    enum send_meaning means;
    bool retry;                /* proven not taken: may be sent again */
    int64_t wait_ms;           /* before that, where the answer says no time; 0: as it comes */
    struct span wait_ms_after; /* what stands before a number of milliseconds in the body; or absent */
};

struct sending {
    bool open;
    struct asking asking;
    struct template report_url;
    const struct send_rule *rules;
    size_t rule_count;
    struct span id_path; /* in a JSON or an XML answer; absent: the aggregator gives no id */
};

struct token_asking {
    bool open;
    struct asking asking;
    struct span path, expires; /* of the token and of its life in seconds, in the JSON answer */
    int64_t lives_ms;          /* where the answer does not say */
};

/* `section` is the channel's send or push group over the profile's; absent: the channel cannot. `pushes`: it is the push. */
void sending_compile(struct layer section, bool pushes, const struct template_names *names, struct arena *arena,
                     struct problems *problems, struct sending *out);
void token_compile(struct layer section, const struct template_names *names, struct arena *arena,
                   struct problems *problems, struct token_asking *out);
/* The tables of the language: "send", "push", "send.basic", "send.outcomes", "token"; NULL for another name. */
const struct setting_rule *sending_rules(const char *section);
