/* The tables behind the main configuration file. A default that is said in a help text is the one in config.c. */
#include <string.h>
#include "core/config.h"

#define PATH_BYTES 4000

static const char *const levels[] = {"error", "warning", "notice", "info", "debug", NULL};

static const struct setting_rule top[] = {
    {"listen", SETTING_GROUP, false, 0, 0, NULL, "Where the gateway listens"},
    {"data", SETTING_GROUP, false, 0, 0, NULL, "Where what is kept lies"},
    {"dir", SETTING_GROUP, false, 0, 0, NULL, "Where menus and profiles lie"},
    {"limits", SETTING_GROUP, false, 0, 0, NULL, "Bounds of the webhooks' side"},
    {"retention", SETTING_GROUP, false, 0, 0, NULL, "How long what is kept stays"},
    {"desk", SETTING_GROUP, false, 0, 0, NULL, "How operators work with requests"},
    {"log", SETTING_GROUP, false, 0, 0, NULL, "What is logged"},
    {"channels", SETTING_GROUP, true, 0, 0, NULL, "One group a channel, named as in its address: /in/<channel>"},
    {"routes", SETTING_LIST, false, 0, 0, NULL,
     "Which channel takes a text that has none of its own; the first that sends"},
    {0},
};

static const struct setting_rule listen[] = {
    {"webhooks", SETTING_STRING, false, 1, 200, NULL,
     "Where aggregators' callbacks come in: HOST:PORT, [IPV6]:PORT, unix:PATH, or fd:N from systemd; 127.0.0.1:8080"},
    {"console", SETTING_STRING, false, 1, 200, NULL, "The operators' pages, /healthz and /metrics; 127.0.0.1:8081"},
    {"control", SETTING_STRING, false, 1, 107, NULL,
     "The unix socket through which verbs talk to a running gateway; .helpline/control.sock"},
    {"public_url", SETTING_STRING, false, 8, 500, NULL,
     "How aggregators reach the webhooks from outside, for the addresses we give them; http:// and listen.webhooks"},
    {"console_url", SETTING_STRING, false, 8, 500, NULL,
     "How browsers reach the operators' pages from outside; with https:// their cookies need it; as they listen"},
    {"trusted_proxies", SETTING_STRINGS, false, 1, 60, NULL,
     "Who may say in X-Forwarded-For whose call it is: networks, or unix; compared with a channel's networks; nobody"},
    {"max_connections", SETTING_INTEGER, false, 8, 60000, NULL, "Connections at a time; 4000"},
    {0},
};

static const struct setting_rule data[] = {
    {"path", SETTING_STRING, false, 1, PATH_BYTES, NULL, "The data file; .helpline/helpline.db"},
    {"keys", SETTING_STRING, false, 1, PATH_BYTES, NULL,
     "The master keys, mode 0600; back them up apart from the data; .helpline/keys"},
    {"forgotten", SETTING_STRING, false, 1, PATH_BYTES, NULL,
     "The list of who asked to be forgotten, so that an old backup brings nobody back; .helpline/forgotten"},
    {"backups", SETTING_STRING, false, 1, PATH_BYTES, NULL, "The folder of backups; .helpline/backups"},
    {"backup_every_hours", SETTING_INTEGER, false, 0, 720, NULL, "How often a backup is made; 0: never by itself; 24"},
    {"backups_kept", SETTING_INTEGER, false, 1, 1000, NULL, "Backups made by themselves that are kept, the newest; 14"},
    {0},
};

static const struct setting_rule dir[] = {
    {"menus", SETTING_STRING, false, 1, PATH_BYTES, NULL, "A folder a service; menus"},
    {"profiles", SETTING_STRING, false, 1, PATH_BYTES, NULL, "The aggregators' profiles; conf/aggregators"},
    {0},
};

static const struct setting_rule limits[] = {
    {"max_parked", SETTING_INTEGER, false, 16, 65536, NULL,
     "Requests waiting for their answer; past it callers get 503 and Retry-After; 2048"},
    {"max_body", SETTING_INTEGER, false, 1024, 1048576, NULL, "The longest request body, in bytes; 65536"},
    {"idle_seconds", SETTING_INTEGER, false, 5, 600, NULL, "A connection that sends nothing for so long is closed; 30"},
    {"drain_seconds", SETTING_INTEGER, false, 1, 600, NULL, "How long a stop waits for what is under way; 20"},
    {0},
};

static const struct setting_rule retention[] = {
    {"sessions_days", SETTING_INTEGER, false, 1, 3650, NULL,
     "A session without a request, since its last step, then it only counts; forms given up, bare numbers; 30"},
    {"requests_days", SETTING_INTEGER, false, 1, 3650, NULL,
     "Transcript and answers of a request, since it was closed; 90"},
    {"complaints_months", SETTING_INTEGER, false, 1, 240, NULL,
     "The same for what a service keeps until closed; and that there was a request at all; 24"},
    {"registrations_months", SETTING_INTEGER, false, 1, 240, NULL, "A registration, since the last contact; 24"},
    {"follow_ups_months", SETTING_INTEGER, false, 1, 240, NULL,
     "Whose answers to follow-up questions are, since they were given; the answers stay; 12"},
    {"texts_days", SETTING_INTEGER, false, 1, 3650, NULL, "A text and its reports, since its fate is known; 30"},
    {"strays_days", SETTING_INTEGER, false, 1, 3650, NULL, "What came in and could not be used, as it came; 7"},
    {"messages_days", SETTING_INTEGER, false, 7, 365, NULL,
     "Aggregators' message ids, by which a message that comes again is known; 7"},
    {0},
};

static const struct setting_rule desk[] = {
    {"return_danger_minutes", SETTING_INTEGER, false, 1, 10000, NULL,
     "A request in danger that somebody was given and did nothing with goes back to the queue after so long; 15"},
    {"return_soon_minutes", SETTING_INTEGER, false, 1, 10000, NULL,
     "The same for an urgent one, in minutes of the service's open hours; 60"},
    {"return_normal_minutes", SETTING_INTEGER, false, 1, 10000, NULL, "The same for any other one; 240"},
    {"search_notes", SETTING_BOOL, false, 0, 0, NULL,
     "Whether operators' notes are found by their words: the index of it holds those words in clear; false"},
    {0},
};

static const struct setting_rule log_settings[] = {
    {"level", SETTING_STRING, false, 0, 0, levels, "error, warning, notice, info or debug; info"},
    {0},
};

const struct setting_rule *config_rules(const char *group)
{
    static const struct {
        const char *name;
        const struct setting_rule *rules;
    } tables[] = {{"", top},          {"listen", listen},       {"data", data}, {"dir", dir},
                  {"limits", limits}, {"retention", retention}, {"desk", desk}, {"log", log_settings}};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        if (strcmp(tables[i].name, group) == 0)
            return tables[i].rules;
    return strcmp(group, "routes") == 0 ? routes_rules() : NULL;
}
