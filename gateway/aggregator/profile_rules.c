#include <string.h>

#include "aggregator/access/signature.h"
#include "aggregator/profile.h"

static const char *const kinds[] = {"ussd", "sms", "both", NULL};
static const char *const evidences[] = {"vendor", "tests", NULL};

static const struct setting_rule top[] = {
    {"kind", SETTING_STRING, true, 0, 0, kinds, "ussd, sms, or both: a channel says which"},
    {"title", SETTING_STRING, true, 1, 100, NULL, "The aggregator and its product, as people call it"},
    {"sources", SETTING_STRINGS, false, 0, 0, NULL, "Where the facts below come from"},
    {"notes", SETTING_STRINGS, false, 0, 0, NULL, "What an integrator has to know besides"},
    {"evidence", SETTING_STRING, false, 0, 0, evidences,
     "What is behind the facts: vendor (a document of theirs) or tests"},
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
    {"push", SETTING_GROUP, false, 0, 0, NULL,
     "How a screen is sent, where the reply to a request carries none (ussd)"},
    {"token", SETTING_GROUP, false, 0, 0, NULL, "How the token that sending needs is asked for"},
    {"signature", SETTING_GROUP, false, 0, 0, NULL, "How a request is signed, for channels with auth = \"signature\""},
    {"dial", SETTING_GROUP, false, 0, 0, NULL, "What `helpline dial` adds to look like the aggregator"},
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

const struct setting_rule *profile_rules(const char *section)
{
    static const struct {
        const char *name;
        const struct setting_rule *rules;
    } tables[] = {
        {"", top},
        {"limits", limits},
        {"signature", signature_rules},
    };
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        if (strcmp(tables[i].name, section) == 0)
            return tables[i].rules;
    const struct setting_rule *rules = door_rules(section);
    if (rules == NULL)
        rules = replying_rules(section);
    if (rules == NULL)
        rules = sending_rules(section);
    return rules != NULL ? rules : playing_rules(section);
}
