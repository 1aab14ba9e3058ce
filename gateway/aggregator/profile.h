/*
 * profile: an aggregator's dialect, compiled for one channel. Made once at load, never changed, read from any thread.
 *
 * The language is conf/aggregators/README.md; its tables are in profile_rules.c. Every word that is looked up while a
 * request waits (field names, value maps, templates) is laid out here, so that reading a request allocates only what it
 * returns.
 */
#pragma once
#include <stdbool.h>
#include "aggregator/charset.h"
#include "aggregator/channel.h"
#include "aggregator/dates.h"
#include "aggregator/exchange.h"
#include "aggregator/layer.h"
#include "aggregator/replying.h"
#include "aggregator/sending.h"
#include "aggregator/template.h"
#include "aggregator/valuemap.h"

enum field {
    FIELD_SESSION,
    FIELD_FROM,
    FIELD_TO,
    FIELD_TEXT,
    FIELD_ID,
    FIELD_DATE,
    FIELD_NETWORK,
    FIELD_LINK,
    FIELD_CHARSET,
    FIELD_CODING,
    FIELD_STATUS,
    FIELD_REASON,
    FIELD_COUNT
};

enum door_encoding {
    DOOR_FORM, /* form fields: in the body of a POST, in the query of a GET */
    DOOR_QUERY /* always in the query */
};
enum new_rule { NEW_FIRST_SEEN, NEW_TEXT_EMPTY };
enum from_format { FROM_PLUS, FROM_DIGITS };

#define METHOD_GET 1u
#define METHOD_POST 2u
#define METHOD_PUT 4u

struct door {
    bool open;
    unsigned methods;  /* METHOD_ bits */
    struct span allow; /* the same as an Allow header */
    enum door_encoding encoding;
    struct span fields[FIELD_COUNT]; /* absent: the dialect has no such field */
    enum charset charset;
    struct span binary;       /* the text's name where it may be UTF-16 (fields.h); else absent */
    struct valuemap codings;  /* value of FIELD_CODING -> enum charset */
    struct valuemap statuses; /* value of FIELD_STATUS -> enum delivery or enum end_cause */
    struct dates dates;
    enum from_format from_format;
    enum new_rule new_if;
    enum input_form input;
    char separator;
    unsigned strip_parts;
    bool refers_to_ours;
};

struct profile {
    struct door doors[3]; /* by enum exchange_door */
    struct replying reply;
    struct acknowledging acknowledge;
    struct sending send; /* texts */
    struct sending push; /* pages of a ussd channel whose replies carry none; `send` is closed then */
    struct token_asking token;
    const struct pair *dial_extra; /* fields that only the terminal's phone sends, to look like the aggregator */
    size_t dial_extra_count;
    struct source_list echoes; /* what the templates repeat from a request: {{in.SOURCE}} */
};

/* What a row of this channel's outbox leaves by, and what its answers are judged by. */
const struct sending *profile_sending(const struct profile *profile);

/* `all` is the channel over its profile's root. Findings go to `problems`; what is returned is then not to be used. */
const struct profile *profile_compile(struct layer all, enum channel_kind kind, bool enabled, struct arena *arena,
                                      struct problems *problems);
/* The tables of the language, for the checks and the reference: "" for the top of a profile, "request", "fields",
 * "reply", "acknowledge", "limits", "reports", "notify", "send", "send.headers", "send.outcomes", "dial"; NULL for
 * another name. */
const struct setting_rule *profile_rules(const char *section);

/* The words that stand for an enum in a profile, in its order, the default first; each list ends with NULL. */
extern const char *const encoding_words[];
extern const char *const new_if_words[];
extern const char *const input_words[];
extern const char *const from_words[];
