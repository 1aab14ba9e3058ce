#include <string.h>

#include "aggregator/writing/sending.h"

static const char *const methods[] = {"GET", "POST", NULL};

#define REQUEST_RULES                                                                                                  \
    {"method", SETTING_STRING, false, 0, 0, methods, "POST when left out"},                                            \
        {"url", SETTING_STRING, true, 1, 2000, NULL, "Template"},                                                      \
        {"headers", SETTING_LIST, false, 0, 0, NULL, "( { name; value = template; } )"},                               \
        {"body", SETTING_STRING, false, 0, 4000, NULL, "Template"},                                                    \
    {                                                                                                                  \
        "basic", SETTING_GROUP, false, 0, 0, NULL, "Authorization: Basic of user and password"                         \
    }

static const struct setting_rule send[] = {
    REQUEST_RULES,
    {"report_url", SETTING_STRING, false, 1, 1000, NULL, "Template of {{report_url}}, where reports are to go"},
    {"outcomes", SETTING_LIST, true, 0, 0, NULL, "What the answer means; the first rule that fits holds"},
    {"id", SETTING_STRING, false, 1, 200, NULL, "JSON or XML path of the aggregator's id in the answer"},
    {0},
};
static const struct setting_rule basic[] = {
    {"user", SETTING_STRING, true, 0, 200, NULL, "Template of settings alone"},
    {"password", SETTING_STRING, true, 0, 400, NULL, "The same; empty where the user is the key"},
    {0},
};
static const struct setting_rule outcomes[] = {
    {"status", SETTING_STRING, false, 3, 7, NULL, "HTTP status \"201\" or range \"500-599\"; any when left out"},
    {"json", SETTING_STRING, false, 1, 200, NULL, "JSON path that must lead to a value; with [*] to some that all fit"},
    {"xml", SETTING_STRING, false, 1, 200, NULL, "XML path that must lead to a value"},
    {"is", SETTING_STRINGS, false, 0, 0, NULL, "The values that fit; any when left out"},
    {"starts", SETTING_STRING, false, 1, 200, NULL, "How the body begins"},
    {"contains", SETTING_STRING, false, 1, 200, NULL, "What stands somewhere in the body"},
    {"means", SETTING_STRING, true, 1, 40, NULL,
     "sent, rejected, throttled, credit, unreachable, expired, unknown, unauthorized"},
    {"retry", SETTING_BOOL, false, 0, 0, NULL, "It was not taken and may be sent again; true for throttled"},
    {"wait_ms", SETTING_INTEGER, false, 1, 3600000, NULL, "How long at least, where the answer does not say"},
    {"wait_ms_after", SETTING_STRING, false, 1, 100, NULL, "What stands before a number of milliseconds in the body"},
    {0},
};
static const struct setting_rule token[] = {
    REQUEST_RULES,
    {"path", SETTING_STRING, false, 1, 200, NULL, "JSON path of {{token}} in the answer; access_token"},
    {"expires", SETTING_STRING, false, 1, 200, NULL, "JSON path of the seconds that it lives; expires_in"},
    {"lives_seconds", SETTING_INTEGER, false, 10, 2592000, NULL, "Where the answer does not say; 3600"},
    {0},
};

const struct setting_rule *sending_rules(const char *section)
{
    static const struct {
        const char *name;
        const struct setting_rule *rules;
    } tables[] = {
        {"send", send}, {"push", send}, {"send.basic", basic}, {"send.outcomes", outcomes}, {"token", token},
    };
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        if (strcmp(tables[i].name, section) == 0)
            return tables[i].rules;
    return NULL;
}
