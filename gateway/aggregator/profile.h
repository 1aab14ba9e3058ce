/*
 * profile: an aggregator's dialect, compiled for one channel. Made once at load, never changed, read from any thread.
 *
 * The language is conf/aggregators/README.md; its tables are in profile_rules.c. Every word that is looked up while a
 * request waits (field names, value maps, templates) is laid out here, so that reading a request allocates only what it
 * returns.
 */
#pragma once
#include <stdbool.h>
#include "aggregator/channel.h"
#include "aggregator/door.h"
#include "aggregator/exchange.h"
#include "aggregator/layer.h"
#include "aggregator/template.h"
#include "aggregator/valuemap.h"

enum send_meaning {
    MEANS_SENT,
    MEANS_REJECTED,
    MEANS_THROTTLED,
    MEANS_CREDIT,
    MEANS_UNREACHABLE,
    MEANS_EXPIRED,
    MEANS_UNKNOWN
};

/* One line of the table that says what the answer to a send means; the first that fits holds. */
struct send_rule {
    unsigned status_min, status_max;
    struct span json;      /* path that must lead to a value; absent: any body */
    struct span starts;    /* how the body begins; absent: any */
    const struct span *is; /* the values that fit; none: all */
    size_t is_count;
    enum send_meaning means;
    bool retry; /* proven not taken: may be sent again */
};

struct send_header {
    struct span name;
    struct template value;
};

struct sending {
    bool open;
    struct span method;
    struct template url, body, report_url;
    const struct send_header *headers;
    size_t header_count;
    const struct send_rule *rules;
    size_t rule_count;
    struct span id_path; /* absent: the aggregator gives no id */
};

struct profile {
    struct door doors[3]; /* by enum exchange_door */
    struct {
        unsigned status;
        struct span content_type;
        struct template go_on, end;
    } reply;
    struct {
        unsigned status;
        struct span content_type, body;
    } acknowledge;
    struct sending send;
    const struct pair *dial_extra; /* fields that only the terminal's phone sends, to look like the aggregator */
    size_t dial_extra_count;
    struct source_list echoes; /* what the templates repeat from a request: {{in.SOURCE}} */
};

/* `all` is the channel over its profile's root. Findings go to `problems`; what is returned is then not to be used. */
const struct profile *profile_compile(struct layer all, enum channel_kind kind, bool enabled, struct arena *arena,
                                      struct problems *problems);
/* The tables of the language, for the checks and the reference: "" for the top of a profile, "request", "fields",
 * "reply", "acknowledge", "limits", "reports", "notify", "send", "send.headers", "send.outcomes", "dial"; NULL for
 * another name. */
const struct setting_rule *profile_rules(const char *section);
