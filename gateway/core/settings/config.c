#include "core/config.h"
#include "core/settings/retention.h"

#include <string.h>
#include "base/duration.h"
#include "base/log.h"

struct reading {
    struct config *config;
    struct problems *problems;
};

static struct setting group_of(const struct reading *reading, const char *name)
{
    struct setting group = setting_get(settings_root(reading->config->settings), name);
    if (setting_is_group(group))
        settings_check(group, config_rules(name), reading->problems);
    return group;
}

static const char *text_of(const struct reading *reading, struct setting group, const char *name, const char *otherwise)
{
    return arena_text(reading->config->arena, setting_string(group, name, otherwise));
}

static bool is_port(struct span text)
{
    uint64_t port;
    return text.len <= 5 && span_to_u64(text, &port) && port <= 65535;
}

/* Only its form: whether it can be listened on shows when it is tried. */
static bool is_address(struct span text)
{
    uint64_t number;
    if (span_starts_with(text, SPAN("unix:")))
        return text.len > strlen("unix:");
    if (span_starts_with(text, SPAN("fd:")))
        return span_to_u64(span_from(text, strlen("fd:")), &number) && number < 65536;
    const char *colon = memrchr(text.at, ':', text.len);
    if (!colon || colon == text.at)
        return false;
    size_t host = (size_t)(colon - text.at);
    bool bracketed = text.at[0] == '[' && text.at[host - 1] == ']';
    bool bare_ipv6 = !bracketed && memchr(text.at, ':', host) != NULL;
    return !bare_ipv6 && is_port(span_from(text, host + 1));
}

static void check_address(const struct reading *reading, struct setting listen, const char *name, const char *address)
{
    if (!is_address(span_of(address)))
        setting_problem(setting_get(listen, name), reading->problems,
                        "\"%s\" is no address; expected HOST:PORT, [IPV6]:PORT, unix:PATH or fd:N", name);
}

static void check_url(const struct reading *reading, struct setting listen, const char *name, const char *url)
{
    struct span text = span_of(url);
    bool web = span_starts_with(text, SPAN("http://")) || span_starts_with(text, SPAN("https://"));
    if (!web || text.at[text.len - 1] == '/')
        setting_problem(setting_get(listen, name), reading->problems,
                        "\"%s\" is none; expected http:// or https://, a host, and no / at the end", name);
}

static void read_listen(const struct reading *reading)
{
    struct config *config = reading->config;
    struct setting listen = group_of(reading, "listen");
    config->listen.webhooks = text_of(reading, listen, "webhooks", "127.0.0.1:8080");
    config->listen.console = text_of(reading, listen, "console", "127.0.0.1:8081");
    config->listen.control = text_of(reading, listen, "control", ".helpline/control.sock");
    const char *url = arena_format(config->arena, "http://%s", config->listen.webhooks).at;
    config->listen.public_url = text_of(reading, listen, "public_url", url);
    config->listen.console_url = text_of(reading, listen, "console_url", NULL);
    config->listen.max_connections = (unsigned)setting_integer(listen, "max_connections", 4000);
    check_address(reading, listen, "webhooks", config->listen.webhooks);
    check_address(reading, listen, "console", config->listen.console);
    check_url(reading, listen, "public_url", config->listen.public_url);
    if (config->listen.console_url)
        check_url(reading, listen, "console_url", config->listen.console_url);
    bool same = strcmp(config->listen.webhooks, config->listen.console) == 0;
    if (same &&
        !span_equal(span_from(span_of(config->listen.webhooks), strlen(config->listen.webhooks) - 2), SPAN(":0")))
        setting_problem(
            setting_get(listen, "console"), reading->problems,
            "\"console\" and \"webhooks\" are the same address; aggregators must not reach the operators' pages");
}

static void read_data(const struct reading *reading)
{
    struct config *config = reading->config;
    struct setting data = group_of(reading, "data");
    config->data.path = text_of(reading, data, "path", ".helpline/helpline.db");
    config->data.keys = text_of(reading, data, "keys", ".helpline/keys");
    config->data.forgotten = text_of(reading, data, "forgotten", ".helpline/forgotten");
    config->data.backups = text_of(reading, data, "backups", ".helpline/backups");
    config->data.backup_every_ms = setting_integer(data, "backup_every_hours", 24) * HOUR_MS;
    config->data.backups_kept = (unsigned)setting_integer(data, "backups_kept", 14);
}

static void read_dir(const struct reading *reading)
{
    struct setting dir = group_of(reading, "dir");
    reading->config->dir.menus = text_of(reading, dir, "menus", "menus");
    reading->config->dir.profiles = text_of(reading, dir, "profiles", "conf/aggregators");
}

static void read_limits(const struct reading *reading)
{
    struct config *config = reading->config;
    struct setting limits = group_of(reading, "limits");
    config->limits.max_parked = (size_t)setting_integer(limits, "max_parked", 2048);
    config->limits.max_body = (size_t)setting_integer(limits, "max_body", 65536);
    config->limits.idle_seconds = (unsigned)setting_integer(limits, "idle_seconds", 30);
    config->limits.drain_seconds = (unsigned)setting_integer(limits, "drain_seconds", 20);
}

static void read_desk(const struct reading *reading)
{
    struct config *config = reading->config;
    struct setting desk = group_of(reading, "desk");
    config->desk.return_minutes[URGENCY_DANGER] = (unsigned)setting_integer(desk, "return_danger_minutes", 15);
    config->desk.return_minutes[URGENCY_SOON] = (unsigned)setting_integer(desk, "return_soon_minutes", 60);
    config->desk.return_minutes[URGENCY_NORMAL] = (unsigned)setting_integer(desk, "return_normal_minutes", 240);
    config->desk.search_notes = setting_bool(desk, "search_notes", false);
}

static int level_of(struct span name)
{
    static const struct {
        const char *name;
        enum log_level level;
    } levels[] = {{"error", LOG_LEVEL_ERROR},
                  {"warning", LOG_LEVEL_WARNING},
                  {"notice", LOG_LEVEL_NOTICE},
                  {"debug", LOG_LEVEL_DEBUG}};
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        if (span_equal_text(name, levels[i].name))
            return (int)levels[i].level;
    return LOG_LEVEL_INFO;
}

static enum outcome read_groups(const struct reading *reading, struct error *err)
{
    size_t before = reading->problems->count;
    settings_check(settings_root(reading->config->settings), config_rules(""), reading->problems);
    read_listen(reading);
    read_data(reading);
    read_dir(reading);
    read_limits(reading);
    retention_read(group_of(reading, "retention"), &reading->config->retention);
    read_desk(reading);
    reading->config->log_level = level_of(setting_string(group_of(reading, "log"), "level", "info"));
    if (reading->problems->count > before)
        return problems_refuse(reading->problems, before, reading->config->file, err);
    return OUTCOME_OK;
}

static enum outcome override_all(struct settings *settings, const char *const *overrides, size_t count,
                                 struct problems *problems, struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        enum outcome outcome = settings_override(settings, overrides[i], err);
        if (outcome == OUTCOME_BROKEN)
            return outcome;
        if (outcome != OUTCOME_OK) {
            problems_add(problems, NULL, 0, "%s", err->text);
            return error_set(err, OUTCOME_REFUSED, "an override on the command line does not hold");
        }
    }
    return OUTCOME_OK;
}

static struct config *config_create(const char *path)
{
    struct arena *arena = arena_create(65536);
    struct config *config = ARENA_NEW(arena, struct config);
    config->arena = arena;
    config->file = arena_text(arena, span_of(path));
    return config;
}

enum outcome config_read(const char *path, const char *const *overrides, size_t override_count, struct config **out,
                         struct problems *problems, struct error *err)
{
    struct config *config = config_create(path);
    enum outcome outcome = settings_read(path, NULL, &config->settings, problems, err);
    if (outcome == OUTCOME_OK)
        outcome = override_all(config->settings, overrides, override_count, problems, err);
    if (outcome == OUTCOME_OK)
        outcome = read_groups(&(struct reading){config, problems}, err);
    if (outcome != OUTCOME_OK) {
        config_free(config);
        return outcome;
    }
    *out = config;
    return OUTCOME_OK;
}

struct channel_site config_site(const struct config *config)
{
    struct setting listen = setting_get(settings_root(config->settings), "listen");
    return (struct channel_site){.public_url = span_of(config->listen.public_url),
                                 .trusted_proxies = setting_get(listen, "trusted_proxies")};
}

static enum outcome load_routes(struct config *config, struct problems *problems, struct error *err)
{
    size_t before = problems->count;
    struct setting routes = setting_get(settings_root(config->settings), "routes");
    routes_load(routes, config->channels, config->arena, problems, &config->routes);
    return problems->count == before ? OUTCOME_OK : problems_refuse(problems, before, config->file, err);
}

enum outcome config_load(const char *path, const char *const *overrides, size_t override_count, struct config **out,
                         struct problems *problems, struct error *err)
{
    struct config *config = NULL;
    enum outcome outcome = config_read(path, overrides, override_count, &config, problems, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct setting channels = setting_get(settings_root(config->settings), "channels");
    struct channel_site site = config_site(config);
    outcome = channel_set_load(channels, config->dir.profiles, &site, &config->channels, problems, err);
    if (outcome == OUTCOME_OK)
        outcome = load_routes(config, problems, err);
    if (outcome != OUTCOME_OK) {
        config_free(config);
        return outcome;
    }
    *out = config;
    return OUTCOME_OK;
}

void config_free(struct config *config)
{
    if (!config)
        return;
    channel_set_free(config->channels);
    settings_free(config->settings);
    arena_destroy(config->arena);
}
