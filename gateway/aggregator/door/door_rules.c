#include <string.h>

#include "aggregator/door/door.h"

static const char *const references[] = {"vendor", "ours", NULL};

const char *const encoding_words[] = {"form", "query", "json", "xml", "text", NULL};
const char *const new_if_words[] = {"first-seen", "text-empty", "phase", NULL};
const char *const input_words[] = {"latest", "latest-after-code", "cumulative", "cumulative-after-code", NULL};
const char *const from_words[] = {"plus", "digits", "opaque", NULL};
const char *const text_as_words[] = {"plain", "percent", "hex", "base64-guess", NULL};
const char *const field_words[] = {
    [FIELD_SESSION] = "session",
    [FIELD_FROM] = "from",
    [FIELD_TO] = "to",
    [FIELD_TEXT] = "text",
    [FIELD_ID] = "id",
    [FIELD_DATE] = "date",
    [FIELD_NETWORK] = "network",
    [FIELD_LINK] = "link",
    [FIELD_CHARSET] = "charset",
    [FIELD_CODING] = "coding",
    [FIELD_STATUS] = "status",
    [FIELD_REASON] = "reason",
    [FIELD_PHASE] = "phase",
    [FIELD_PART_REF] = "part_ref",
    [FIELD_PART_NUMBER] = "part_number",
    [FIELD_PART_TOTAL] = "part_total",
    [FIELD_UDH] = "udh",
    [FIELD_COUNT] = NULL,
};

/* What every door and each of its variants may say. */
#define SHAPE_RULES(fields_are_required)                                                                               \
    {"encoding",                                                                                                       \
     SETTING_STRING,                                                                                                   \
     false,                                                                                                            \
     0,                                                                                                                \
     0,                                                                                                                \
     encoding_words,                                                                                                   \
     "form (body of a POST, query of a GET), query, json, xml or text (the whole body)"},                              \
        {"fields", SETTING_GROUP, fields_are_required, 0, 0, NULL, "Where each fact is: a source, or a list of them"}, \
        {"items", SETTING_STRING, false, 0, 200, NULL, "Where several messages are in one request; \"\": the top"},    \
        {"charset", SETTING_STRING, false, 0, 0, charset_names, "Of all text fields; UTF-8 when left out"},            \
        {"text_as",                                                                                                    \
         SETTING_STRING,                                                                                               \
         false,                                                                                                        \
         0,                                                                                                            \
         0,                                                                                                            \
         text_as_words,                                                                                                \
         "How the text is wrapped: plain (default), percent, hex, base64-guess"},                                      \
        {"codings", SETTING_LIST, false, 0, 0, NULL, "Character set by the value of `coding`, where none is named"},   \
        {"dates", SETTING_STRINGS, false, 0, 0, NULL, "Formats tried in order: unix, unix_ms, strptime patterns"},     \
        {"date_zone", SETTING_STRING, false, 6, 6, NULL, "Zone of dates that name none: \"+03:00\"; +00:00"},          \
    {                                                                                                                  \
        "from_format", SETTING_STRING, false, 0, 0, from_words,                                                        \
            "plus (default): as written; digits: international without its plus; opaque: never a number"               \
    }
#define REQUEST_RULES                                                                                                  \
    {                                                                                                                  \
        "from_first_only",                                                                                             \
        SETTING_BOOL,                                                                                                  \
        false,                                                                                                         \
        0,                                                                                                             \
        0,                                                                                                             \
        NULL,                                                                                                          \
        "true: only a request that begins a session names the caller"},                                                \
        {"phases", SETTING_LIST, false, 0, 0, NULL, "Where in a session a request stands; the first rule that fits"},  \
        {"new_if",                                                                                                     \
         SETTING_STRING,                                                                                               \
         false,                                                                                                        \
         0,                                                                                                            \
         0,                                                                                                            \
         new_if_words,                                                                                                 \
         "How a new session is told: first-seen (default), text-empty or phase"},                                      \
        {"input",                                                                                                      \
         SETTING_STRING,                                                                                               \
         false,                                                                                                        \
         0,                                                                                                            \
         0,                                                                                                            \
         input_words,                                                                                                  \
         "latest (default), latest-after-code, cumulative or cumulative-after-code"},                                  \
        {"separator", SETTING_STRING, false, 1, 1, NULL, "Between the parts of cumulative input; *"},                  \
    {                                                                                                                  \
        "strip_parts", SETTING_INTEGER, false, 0, 9, NULL, "Leading parts of cumulative input that are no answers; 0"  \
    }
#define DOOR_RULES                                                                                                     \
    {"methods", SETTING_STRINGS, false, 0, 0, NULL, "Of GET, POST, PUT; [ \"POST\" ] when left out"},                  \
        {"variants", SETTING_LIST, false, 0, 0, NULL, "Other shapes at the same address, each laid over this one"},    \
        {"setup_call", SETTING_BOOL, false, 0, 0, NULL, "true: a call without any field is the address being set up"}, \
        SHAPE_RULES(true)

static const struct setting_rule request[] = {
    DOOR_RULES,
    REQUEST_RULES,
    {0},
};
static const struct setting_rule notify[] = {
    DOOR_RULES,
    {"causes", SETTING_LIST, false, 0, 0, NULL, "What `status` means: answered, closed, timeout, failed, dropped"},
    {0},
};
static const struct setting_rule reports[] = {
    DOOR_RULES,
    {"refers_to", SETTING_STRING, false, 0, 0, references, "Whose id `id` is: vendor (default) or ours"},
    {"statuses", SETTING_LIST, false, 0, 0, NULL, "What `status` means: sent, delivered, failed, expired, unknown"},
    {0},
};
static const struct setting_rule variants[] = {
    SHAPE_RULES(false),
    REQUEST_RULES,
    {"causes", SETTING_LIST, false, 0, 0, NULL, "notify: what `status` means here"},
    {"statuses", SETTING_LIST, false, 0, 0, NULL, "reports: what `status` means here"},
    {0},
};
static const struct setting_rule phases[] = {
    {"field", SETTING_CHOICE, false, 1, 200, NULL, "What is looked at; fields.phase when left out"},
    {"value", SETTING_STRING, true, 0, 200, NULL,
     "Matched without case; \"BEG*\": begins so; \"*\": anything not empty"},
    {"means", SETTING_STRING, true, 1, 40, NULL, "new, resume, close, abort, timeout, fail, ask"},
    {0},
};
#define FIELD_RULE(name, help)                                                                                         \
    {                                                                                                                  \
        name, SETTING_CHOICE, false, 1, 200, NULL, help                                                                \
    }
static const struct setting_rule fields[] = {
    FIELD_RULE("session", "The aggregator's session id"),
    FIELD_RULE("from", "The person's number"),
    FIELD_RULE("to", "The code that was dialled or texted"),
    FIELD_RULE("text", "What the person typed"),
    FIELD_RULE("id", "The aggregator's id of this message, or the id that a report is about"),
    FIELD_RULE("date", "When it happened"),
    FIELD_RULE("network", "The operator's network"),
    FIELD_RULE("link", "An id that the answer must carry back"),
    FIELD_RULE("charset", "Name of the text's character set"),
    FIELD_RULE("coding", "Number of the text's coding"),
    FIELD_RULE("status", "How it went"),
    FIELD_RULE("reason", "Why it failed: a code"),
    FIELD_RULE("phase", "Where in the session the request stands; see phases"),
    FIELD_RULE("part_ref", "Of a long text in several messages: what they have in common"),
    FIELD_RULE("part_number", "which of them this one is, from 1"),
    FIELD_RULE("part_total", "and how many there are"),
    FIELD_RULE("udh", "The same in hexadecimal, as the network says it (3GPP TS 23.040)"),
    {0},
};

const struct setting_rule *door_rules(const char *section)
{
    static const struct {
        const char *name;
        const struct setting_rule *rules;
    } tables[] = {{"request", request}, {"notify", notify},     {"reports", reports},
                  {"fields", fields},   {"variants", variants}, {"phases", phases}};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        if (strcmp(tables[i].name, section) == 0)
            return tables[i].rules;
    return NULL;
}
