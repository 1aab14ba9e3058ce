#include "cli/settings_reference.h"

#include <stdio.h>
#include "aggregator/channel.h"
#include "core/config.h"

typedef const struct setting_rule *rule_table(const char *group);

static const char *type_word(enum setting_type type)
{
    static const char *const words[] = {
        [SETTING_STRING] = "text",    [SETTING_INTEGER] = "number", [SETTING_BOOL] = "true/false",
        [SETTING_GROUP] = "group",    [SETTING_LIST] = "list",      [SETTING_STRINGS] = "texts",
        [SETTING_CHOICE] = "text(s)",
    };
    return words[type];
}

static void print_group(rule_table *table, const char *group, const char *shown)
{
    printf("\n%s\n", shown);
    for (const struct setting_rule *rule = table(group); rule && rule->name; rule++)
        printf("  %-22s %-10s %s%s\n", rule->name, type_word(rule->type), rule->help,
               rule->required ? " (required)" : "");
}

void settings_reference_print(void)
{
    static const char *const groups[] = {"listen", "data", "dir", "limits", "retention", "log"};
    static const char *const parts[] = {
        "request",   "variants",      "fields",        "phases", "reply",  "reply.translate",
        "reply.set", "reply.refusal", "acknowledge",   "limits", "notify", "reports",
        "send",      "send.basic",    "send.outcomes", "push",   "token",  "signature",
        "dial",      "dial.extra",    "dial.answer"};
    printf("What may stand in the configuration. A default stands last in its line.\n");
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++)
        print_group(config_rules, groups[i], groups[i]);
    print_group(config_rules, "routes", "routes (a list, each of them)");
    print_group(channel_rules, "", "channels.<channel>");
    print_group(channel_rules, "numbers", "channels.<channel>.numbers");
    print_group(channel_rules, "cost", "channels.<channel>.cost");
    print_group(channel_rules, "breaker", "channels.<channel>.breaker");
    printf(
        "\nWhat may stand in a profile, and in a channel to override it (fields: in request, notify and reports).\n");
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        print_group(channel_rules, parts[i], parts[i]);
}
