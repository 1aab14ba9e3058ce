#include <string.h>

#include "aggregator/profile.h"

static const char *const kinds[] = {"ussd", "sms", NULL};
static const char *const references[] = {"vendor", "ours", NULL};

const char *const encoding_words[] = {"form", "query", NULL};
const char *const new_if_words[] = {"first-seen", "text-empty", NULL};
const char *const input_words[] = {"latest", "latest-after-code", "cumulative", NULL};
const char *const from_words[] = {"plus", "digits", NULL};

static const struct setting_rule top[] = {
    {"kind", SETTING_STRING, true, 0, 0, kinds, "ussd or sms"},
    {"title", SETTING_STRING, true, 1, 100, NULL, "The aggregator and its product, as people call it"},
    {"sources", SETTING_STRINGS, false, 0, 0, NULL, "Where the facts below come from"},
    {"notes", SETTING_STRINGS, false, 0, 0, NULL, "What an integrator has to know besides"},
    {"unverified", SETTING_BOOL, false, 0, 0, NULL,
     "true: the facts are second-hand; loads only in a channel with accept_unverified"},
    {"with", SETTING_GROUP, false, 0, 0, NULL, "Defaults for {{with.NAME}}; a channel overrides them one by one"},
    {"request", SETTING_GROUP, true, 0, 0, NULL, "How a message reads: /in/<channel>"},
    {"reply", SETTING_GROUP, false, 0, 0, NULL, "How a screen is said (ussd)"},
    {"acknowledge", SETTING_GROUP, false, 0, 0, NULL, "What is answered where no screen is due"},
    {"limits", SETTING_GROUP, false, 0, 0, NULL, "What a page or text may hold"},
    {"notify", SETTING_GROUP, false, 0, 0, NULL, "How the end of a session is told: /notify/<channel>"},
    {"reports", SETTING_GROUP, false, 0, 0, NULL, "How a delivery report reads: /dlr/<channel>"},
    {"send", SETTING_GROUP, false, 0, 0, NULL, "How a text is sent"},
    {"push", SETTING_GROUP, false, 0, 0, NULL, "How a page is sent, where the reply to a request carries none (ussd)"},
    {"token", SETTING_GROUP, false, 0, 0, NULL, "How the {{token}} of send or push is asked for"},
    {"dial", SETTING_GROUP, false, 0, 0, NULL, "What `helpline dial` adds to look like the aggregator"},
    {0},
};

#define DOOR_RULES                                                                                                     \
    {"methods", SETTING_STRINGS, false, 0, 0, NULL, "Of GET, POST, PUT; [ \"POST\" ] when left out"},                  \
        {"encoding", SETTING_STRING, false, 0, 0, encoding_words, "form (body of a POST, query of a GET) or query"},   \
        {"charset", SETTING_STRING, false, 0, 0, charset_names, "Of all text fields; UTF-8 when left out"},            \
        {"fields", SETTING_GROUP, true, 0, 0, NULL, "Where each fact is: its name in the request"},                    \
        {"dates", SETTING_STRINGS, false, 0, 0, NULL, "Formats tried in order: unix, unix_ms, strptime patterns"},     \
        {"date_zone", SETTING_STRING, false, 6, 6, NULL, "Zone of dates that name none: \"+03:00\"; +00:00"},          \
    {                                                                                                                  \
        "from_format", SETTING_STRING, false, 0, 0, from_words,                                                        \
            "plus (default): as written; digits: international without its plus"                                       \
    }

static const struct setting_rule request[] = {
    DOOR_RULES,
    {"codings", SETTING_LIST, false, 0, 0, NULL, "Character set by the value of `coding`, where none is named"},
    {"new_if", SETTING_STRING, false, 0, 0, new_if_words,
     "How a new session is told: first-seen (default) or text-empty"},
    {"input", SETTING_STRING, false, 0, 0, input_words, "latest (default), latest-after-code or cumulative"},
    {"separator", SETTING_STRING, false, 1, 1, NULL, "Between the parts of cumulative input; *"},
    {"strip_parts", SETTING_INTEGER, false, 0, 9, NULL, "Leading parts of cumulative input that are no answers; 0"},
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
#define FIELD_RULE(name, help)                                                                                         \
    {                                                                                                                  \
        name, SETTING_STRING, false, 1, 100, NULL, help                                                                \
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
    {0},
};
static const struct setting_rule limits[] = {
    {"gsm7", SETTING_INTEGER, false, 20, 2000, NULL, "Septets on a USSD page (160) or in one text (160)"},
    {"ucs2", SETTING_INTEGER, false, 0, 1000, NULL, "UTF-16 units on a page or in one text (70); 0: GSM-7 only"},
    {"segments", SETTING_INTEGER, false, 1, 10, NULL, "SMS: how many parts a text may have; 3"},
    {"silence_seconds", SETTING_INTEGER, false, 1, 2592000, NULL,
     "A session is over after it; 180 (ussd), 21600 (sms)"},
    {"body_bytes", SETTING_INTEGER, false, 256, 1048576, NULL, "The longest request; 65536"},
    {0},
};
static const struct setting_rule dial[] = {
    {"extra", SETTING_LIST, false, 0, 0, NULL, "( { name; value; } ): further fields"},
    {0},
};

const struct setting_rule *profile_rules(const char *section)
{
    static const struct {
        const char *name;
        const struct setting_rule *rules;
    } tables[] = {
        {"", top},          {"request", request}, {"notify", notify}, {"reports", reports},
        {"fields", fields}, {"limits", limits},   {"dial", dial},
    };
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        if (strcmp(tables[i].name, section) == 0)
            return tables[i].rules;
    const struct setting_rule *replies = replying_rules(section);
    return replies != NULL ? replies : sending_rules(section);
}
