/*
 * door: one of the three addresses of a channel (in, reports, notify), compiled from a profile: the shapes of request that it takes
 * and where each fact is in them. Made once at load, never changed.
 */
#pragma once
#include "aggregator/exchange.h"
#include "aggregator/language/charset.h"
#include "aggregator/language/dates.h"
#include "aggregator/language/layer.h"
#include "aggregator/language/source.h"
#include "aggregator/language/valuemap.h"
#include "http/message.h"

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
    FIELD_PHASE,
    FIELD_PART_REF,
    FIELD_PART_NUMBER,
    FIELD_PART_TOTAL,
    FIELD_UDH,
    FIELD_COUNT
};

enum door_encoding {
    DOOR_FORM,  /* form fields: in the body of a POST, in the query of a GET */
    DOOR_QUERY, /* always in the query */
    DOOR_JSON,
    DOOR_XML,
    DOOR_TEXT, /* the whole body is one value; plain names are fields of the query */
};
enum new_rule { NEW_FIRST_SEEN, NEW_TEXT_EMPTY, NEW_PHASE };
enum from_format { FROM_PLUS, FROM_DIGITS, FROM_OPAQUE };
enum text_form {
    TEXT_PLAIN,
    TEXT_PERCENT,      /* percent-encoded bytes, where the request names a character set that is not UTF-8 */
    TEXT_HEX,          /* bytes in hexadecimal */
    TEXT_BASE64_GUESS, /* some carriers' long texts come in base64, and nothing says so */
};
/* How a dialect's input is written; what leaves here as cumulative is always without the code. */
enum door_input { DOOR_LATEST, DOOR_LATEST_AFTER_CODE, DOOR_CUMULATIVE, DOOR_CUMULATIVE_AFTER_CODE };

enum phase { PHASE_NONE, PHASE_NEW, PHASE_RESUME, PHASE_CLOSE, PHASE_ABORT, PHASE_TIMEOUT, PHASE_FAIL, PHASE_ASK };
/* One line of the table that says where in a session a request stands; the first that fits holds. */
struct phase_rule {
    struct source_choice field; /* none: the shape's FIELD_PHASE */
    struct span value;          /* matched without case */
    bool begins;                /* `value` is how it begins; with an empty value anything fits that is not empty */
    enum phase means;
};

/* One way of saying a message. */
struct shape {
    enum door_encoding encoding;
    struct source_choice fields[FIELD_COUNT];
    /* The text's form field, which may hold NULs (fields.h): other character sets have them, and what is unreadable is kept;
     * or absent. */
    struct span binary;
    bool has_items; /* several messages in one request */
    struct source items;
    struct span items_name; /* as the profile writes it */
    enum text_form text_as;
    enum charset charset;
    struct valuemap codings;  /* value of FIELD_CODING -> enum charset */
    struct valuemap statuses; /* value of FIELD_STATUS -> enum delivery or enum end_cause */
    struct dates dates;
    enum from_format from_format;
    bool from_first_only; /* only a request that begins a session names the caller */
    const struct phase_rule *phases;
    size_t phase_count;
    enum new_rule new_if;
    enum door_input input;
    char separator;
    unsigned strip_parts;
};

#define METHOD_GET 1u
#define METHOD_POST 2u
#define METHOD_PUT 4u

struct door {
    bool open;
    unsigned methods;  /* METHOD_ bits */
    struct span allow; /* the same as an Allow header */
    struct shape own;
    const struct shape *variants; /* `own` with changes, for other encodings at the same address */
    size_t variant_count;
    bool setup_call; /* a call without any field is how the address is set up */
    bool refers_to_ours;
};

void door_compile(struct layer section, enum exchange_door which, enum channel_kind kind, struct arena *arena,
                  struct problems *problems, struct door *out);

bool door_takes_method(const struct door *door, struct span method);
/* Which shape a request has: by its method, Content-Type, or first byte. */
const struct shape *door_shape_of(const struct door *door, const struct http_request *request);

/* The tables of the language for doors: "request", "notify", "reports", "fields", "variants", "phases"; NULL for another name. */
const struct setting_rule *door_rules(const char *section);

/* The words that stand for an enum in a profile, in its order, the default first; each list ends with NULL. */
extern const char *const encoding_words[];
extern const char *const new_if_words[];
extern const char *const input_words[];
extern const char *const from_words[];
extern const char *const text_as_words[];
extern const char *const field_words[]; /* by enum field */
