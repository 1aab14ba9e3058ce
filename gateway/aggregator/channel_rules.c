/* The tables behind `channels : { ... }`. */
#include <string.h>

#include "aggregator/access/credentials.h"
#include "aggregator/channel_load.h"
#include "aggregator/profile.h"

static const char *const trusts[] = {"network-only", NULL};
static const char *const kinds[] = {"ussd", "sms", NULL};

static const struct setting_rule rules[] = {
    {"profile", SETTING_STRING, true, 1, 60, NULL, "The aggregator's dialect: conf/aggregators/<profile>.conf"},
    {"enabled", SETTING_BOOL, false, 0, 0, NULL, "false: checked, but not served; true"},
    {"kind", SETTING_STRING, false, 0, 0, kinds, "ussd or sms, where the profile speaks both"},
    {"service", SETTING_STRING, true, 1, 60, NULL, "The folder below menus/ that answers here"},
    {"code", SETTING_STRING, false, 1, 40, NULL, "The service code or short code, \"*384*123#\""},
    {"auth", SETTING_STRING, false, 0, 0, credential_words, "How a callback is known to be genuine"},
    {"trust", SETTING_STRING, false, 0, 0, trusts, "network-only: no authentication, nobody else can reach us"},
    {"secret", SETTING_STRING, false, 0, 0, NULL, "The secret, or @FILE (mode 0600)"},
    {"secret_field", SETTING_STRING, false, 1, 60, NULL, "auth = \"field\": its name; secret"},
    {"secret_header", SETTING_STRING, false, 1, 60, NULL, "auth = \"header\": its name; Authorization"},
    {"secret_prefix", SETTING_STRING, false, 1, 60, NULL, "auth = \"header\": what stands before it, \"Bearer \""},
    {"public_key", SETTING_STRING, false, 2, 4000, NULL,
     "auth = \"signature\" with RSA: @FILE, the aggregator's public key as PEM"},
    {"user", SETTING_STRING, false, 1, 60, NULL, "auth = \"basic\": the user's name"},
    {"networks", SETTING_STRINGS, false, 0, 0, NULL,
     "Source addresses that may call, CIDR; see listen.trusted_proxies"},
    {"secrets", SETTING_GROUP, false, 0, 0, NULL, "What sending needs, each a string or @FILE: {{secret.NAME}}"},
    {"with", SETTING_GROUP, false, 0, 0, NULL, "Values for {{with.NAME}} of the profile"},
    {"numbers", SETTING_GROUP, false, 0, 0, NULL, "How national numbers are read"},
    {"accept_unverified", SETTING_BOOL, false, 0, 0, NULL, "Take a profile whose facts are second-hand; false"},
    {"sends", SETTING_BOOL, false, 0, 0, NULL, "false: no texts are sent on it; true where the profile can"},
    {"idempotent", SETTING_BOOL, false, 0, 0, NULL, "The aggregator knows our ids: a send may be repeated; false"},
    {"repeat_ms", SETTING_INTEGER, false, 0, 60000, NULL, "Identical input without an id within it is a repeat; 1500"},
    {"sends_per_second", SETTING_INTEGER, false, 1, 1000, NULL, "10"},
    {"sends_in_flight", SETTING_INTEGER, false, 1, 100, NULL, "4"},
    {"text_expires_minutes", SETTING_INTEGER, false, 1, 10080, NULL, "A text not sent by then is not sent; 1440"},
    {"answer_in_reply", SETTING_BOOL, false, 0, 0, NULL,
     "sms: the answer stands in the reply to the message, and goes by no other way; false"},
    {"push_expires_seconds", SETTING_INTEGER, false, 1, 600, NULL,
     "A screen that goes out by itself is worth nothing after it; 20"},
    {"join_seconds", SETTING_INTEGER, false, 1, 86400, NULL, "How long the parts of a long text are waited for; 60"},
    {"free", SETTING_BOOL, false, 0, 0, NULL, "A call costs its caller nothing, and pages may say so; false"},
    {"airtime", SETTING_STRING, false, 1, 20, NULL, "What a call costs its caller, as pages may say it, \"Tk 2/min\""},
    {"cost", SETTING_GROUP, false, 0, 0, NULL, "What a text costs"},
    {"breaker", SETTING_GROUP, false, 0, 0, NULL, "When sending pauses by itself"},
    {"request", SETTING_GROUP, false, 0, 0, NULL, "Overrides of the profile, as are the groups that follow"},
    {"reply", SETTING_GROUP, false, 0, 0, NULL, ""},
    {"acknowledge", SETTING_GROUP, false, 0, 0, NULL, ""},
    {"limits", SETTING_GROUP, false, 0, 0, NULL, ""},
    {"notify", SETTING_GROUP, false, 0, 0, NULL, ""},
    {"reports", SETTING_GROUP, false, 0, 0, NULL, ""},
    {"send", SETTING_GROUP, false, 0, 0, NULL, ""},
    {"push", SETTING_GROUP, false, 0, 0, NULL, ""},
    {"token", SETTING_GROUP, false, 0, 0, NULL, ""},
    {"signature", SETTING_GROUP, false, 0, 0, NULL, ""},
    {"dial", SETTING_GROUP, false, 0, 0, NULL, ""},
    {0},
};
const struct setting_rule channel_number_rules[] = {
    {"country", SETTING_STRING, false, 1, 4, NULL, "Calling code without plus, \"880\"; left out: no national forms"},
    {"trunk", SETTING_STRING, false, 0, 3, NULL, "What stands before a national number, \"0\""},
    {"min", SETTING_INTEGER, false, 4, 14, NULL, "Digits after the calling code, at least; 7"},
    {"max", SETTING_INTEGER, false, 4, 14, NULL, "and at most; 12"},
    {0},
};

const struct setting_rule channel_cost_rules[] = {
    {"currency", SETTING_STRING, true, 3, 3, NULL, "Three capital letters, \"KES\""},
    {"per_segment", SETTING_STRING, true, 1, 20, NULL, "Of one segment of a text, \"0.80\""},
    {0},
};
const struct setting_rule channel_breaker_rules[] = {
    {"failures", SETTING_INTEGER, false, 0, 1000, NULL, "In a row, before nothing is sent for a while; 0: never; 5"},
    {"rest_seconds", SETTING_INTEGER, false, 1, 3600, NULL, "How long that while is; 30"},
    {0},
};

const struct setting_rule *channel_rules(const char *group)
{
    static const struct {
        const char *name;
        const struct setting_rule *rules;
    } tables[] = {{"", rules},
                  {"numbers", channel_number_rules},
                  {"cost", channel_cost_rules},
                  {"breaker", channel_breaker_rules}};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        if (strcmp(tables[i].name, group) == 0)
            return tables[i].rules;
    return profile_rules(group);
}
