#include <string.h>

#include "aggregator/writing/replying.h"

static const struct setting_rule reply[] = {
    {"status", SETTING_INTEGER, false, 100, 599, NULL, "HTTP status of a screen; 200"},
    {"content_type", SETTING_STRING, false, 1, 100, NULL, "text/plain; charset=utf-8"},
    {"continue", SETTING_STRING, false, 1, 2000, NULL, "Template of a screen that waits for an answer"},
    {"end", SETTING_STRING, false, 1, 2000, NULL, "Template of a screen that closes the session"},
    {"continue_headers", SETTING_LIST, false, 0, 0, NULL, "( { name; value = template; } ): with `continue`"},
    {"end_headers", SETTING_LIST, false, 0, 0, NULL, "The same, with `end`"},
    {"translate", SETTING_LIST, false, 0, 0, NULL, "( { text; becomes; } ): what a screen cannot hold there"},
    {"open", SETTING_STRING, false, 1, 2000, NULL, "Template: yes, that session is still held"},
    {"closed", SETTING_STRING, false, 1, 2000, NULL, "Template: no, it is not"},
    {"same_object", SETTING_BOOL, false, 0, 0, NULL, "The reply is the request's JSON object with members set; false"},
    {"set_continue", SETTING_LIST, false, 0, 0, NULL, "( { name; value = template; json; } ): the members, to go on"},
    {"set_end", SETTING_LIST, false, 0, 0, NULL, "The same, to end"},
    {"refusal", SETTING_GROUP, false, 0, 0, NULL, "Instead of our 400 for what cannot be attributed"},
    {0},
};
static const struct setting_rule translate[] = {
    {"text", SETTING_STRING, true, 1, 20, NULL, "What may stand in a screen"},
    {"becomes", SETTING_STRING, true, 0, 40, NULL, "What is said instead, as it stands"},
    {0},
};
static const struct setting_rule set[] = {
    {"name", SETTING_STRING, true, 1, 100, NULL, "The member's name"},
    {"value", SETTING_STRING, true, 0, 2000, NULL, "Template of its value, a string"},
    {"json", SETTING_BOOL, false, 0, 0, NULL, "The value is JSON as it stands: true, 3; false"},
    {0},
};
static const struct setting_rule refusal[] = {
    {"status", SETTING_INTEGER, false, 100, 599, NULL, "HTTP status; 200"},
    {"content_type", SETTING_STRING, false, 1, 100, NULL, "That of the screens"},
    {"body", SETTING_STRING, false, 0, 2000, NULL, "Template of {{reason}} and {{field}}; empty when left out"},
    {0},
};
static const struct setting_rule acknowledge[] = {
    {"status", SETTING_INTEGER, false, 100, 599, NULL, "HTTP status; 200"},
    {"content_type", SETTING_STRING, false, 1, 100, NULL, "text/plain; charset=utf-8"},
    {"body", SETTING_STRING, false, 0, 2000, NULL, "Template; empty when left out"},
    {"headers", SETTING_LIST, false, 0, 0, NULL, "( { name; value = template; } )"},
    {"answer", SETTING_STRING, false, 1, 2000, NULL, "Template of the answer to an SMS, for answer_in_reply"},
    {"answer_content_type", SETTING_STRING, false, 1, 100, NULL, "content_type when left out"},
    {0},
};

const struct setting_rule *replying_rules(const char *section)
{
    static const struct {
        const char *name;
        const struct setting_rule *rules;
    } tables[] = {
        {"reply", reply},           {"reply.translate", translate}, {"reply.set", set},
        {"reply.refusal", refusal}, {"acknowledge", acknowledge},
    };
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        if (strcmp(tables[i].name, section) == 0)
            return tables[i].rules;
    return NULL;
}
