#include "base/settings.h"

#include <stdlib.h>
#include <string.h>
#include <uninorm.h>
#include <unistr.h>

#include "base/settings_internal.h"
#include "base/settings_lint.h"
#include "base/whole_file.h"

const char SETTINGS_OVERRIDE[] = "--set";

bool settings_is_override(const config_setting_t *node)
{
    return config_setting_get_hook(node) == SETTINGS_OVERRIDE;
}

bool settings_set_text(config_setting_t *node, struct span text)
{
    size_t len = 0;
    uint8_t *normal = u8_normalize(UNINORM_NFC, (const uint8_t *)text.at, text.len, NULL, &len);
    if (!normal)
        return false;
    char *copy = strndup((const char *)normal, len);
    bool done = copy && config_setting_set_string(node, copy);
    free(copy);
    free(normal);
    return done;
}

static bool is_ascii(const char *text)
{
    while (*text && !(*text & 0x80))
        text++;
    return *text == '\0';
}

/* Brings texts to NFC and hangs the true line on those that stand in lists. Nesting is bounded by the lint. */
static bool finish_tree(config_setting_t *parent, const struct string_lines *lines, size_t *next_line)
{
    int count = config_setting_length(parent);
    for (int i = 0; i < count; i++) {
        config_setting_t *node = config_setting_get_elem(parent, (unsigned)i);
        if (config_setting_is_aggregate(node)) {
            if (!finish_tree(node, lines, next_line))
                return false;
            continue;
        }
        const char *text = config_setting_get_string(node);
        if (!text)
            continue;
        if (!config_setting_is_group(parent) && *next_line < lines->count)
            config_setting_set_hook(node, (void *)(uintptr_t)lines->at[(*next_line)++]);
        if (!is_ascii(text) && !settings_set_text(node, span_of(text)))
            return false;
    }
    return true;
}

static struct settings *settings_create(const char *name)
{
    struct settings *settings = calloc(1, sizeof *settings);
    char *copy = strdup(name ? name : "settings");
    if (!settings || !copy)
        abort();
    config_init(&settings->config);
    settings->name = copy;
    return settings;
}

void settings_free(struct settings *settings)
{
    if (settings) {
        config_destroy(&settings->config);
        free((char *)(uintptr_t)settings->name);
        free(settings);
    }
}

static bool parse_linted(struct settings *settings, const char *text, const struct string_lines *lines,
                         struct problems *problems)
{
    if (!config_read_string(&settings->config, text)) {
        problems_add(problems, settings->name, (unsigned)config_error_line(&settings->config), "%s",
                     config_error_text(&settings->config));
        return false;
    }
    size_t next_line = 0;
    if (!finish_tree(config_root_setting(&settings->config), lines, &next_line)) {
        problems_add(problems, settings->name, 0, "a text could not be brought to NFC");
        return false;
    }
    return true;
}

enum outcome settings_parse(struct span text, const char *name, struct settings **out, struct problems *problems)
{
    *out = NULL;
    struct settings *settings = settings_create(name);
    struct arena *scratch = arena_create(text.len + 4096);
    struct string_lines lines = {.arena = scratch};
    bool good = false;
    if (text.len > SETTINGS_BYTES_MAX) {
        problems_add(problems, settings->name, 0, "is larger than 1 MiB");
    } else if (settings_lint(text, settings->name, &lines, problems)) {
        /* libconfig knows a `#` comment only by the line break behind it. */
        struct span closed = arena_format(scratch, "%.*s\n", SPAN_ARG(text));
        good = parse_linted(settings, closed.at, &lines, problems);
    }
    arena_destroy(scratch);
    if (!good) {
        settings_free(settings);
        return OUTCOME_REFUSED;
    }
    *out = settings;
    return OUTCOME_OK;
}

enum outcome settings_read(const char *path, const char *name, struct settings **out, struct problems *problems,
                           struct error *err)
{
    *out = NULL;
    struct arena *scratch = arena_create(4096);
    struct span text;
    const char *shown = name ? name : path;
    size_t before = problems->count;
    enum outcome outcome = whole_file_read(path, SETTINGS_BYTES_MAX, scratch, &text, err);
    if (outcome == OUTCOME_OK) {
        outcome = settings_parse(text, shown, out, problems);
        if (outcome == OUTCOME_REFUSED)
            (void)problems_refuse(problems, before, shown, err);
    } else if (outcome == OUTCOME_REFUSED) {
        problems_add(problems, NULL, 0, "%s", err->text);
    }
    arena_destroy(scratch);
    return outcome;
}
