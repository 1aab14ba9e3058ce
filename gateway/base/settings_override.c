#include <string.h>
#include <unistr.h>

#include "base/settings_internal.h"
#include "base/whole_file.h"

#define VALUE_BYTES_MAX ((size_t)64 * 1024)

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* libconfig's own rule for a name. */
static bool settings_name_is_valid(struct span name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool inside = (c >= '0' && c <= '9') || c == '-' || c == '_';
        if (!is_letter(c) && c != '*' && !(inside && i > 0))
            return false;
    }
    return name.len > 0;
}

/* The value itself, or what "@file" names. No message shows it: this is the way of secrets. */
static enum outcome load_value(struct span value, struct arena *arena, struct span *out, struct error *err)
{
    if (!span_starts_with(value, SPAN("@")) || span_starts_with(value, SPAN("@@"))) {
        *out = span_from(value, span_starts_with(value, SPAN("@@")));
    } else {
        enum outcome outcome =
            whole_file_read(arena_text(arena, span_from(value, 1)), VALUE_BYTES_MAX, arena, out, err);
        if (outcome != OUTCOME_OK)
            return outcome;
        while (out->len > 0 && strchr(" \t\r\n", out->at[out->len - 1]))
            out->len--;
    }
    if (out->len > 0 && (memchr(out->at, '\n', out->len) || memchr(out->at, '\0', out->len)))
        return error_set(err, OUTCOME_REFUSED, "--set: the value is more than one line");
    if (out->len > 0 && u8_check((const uint8_t *)out->at, out->len))
        return error_set(err, OUTCOME_REFUSED, "--set: the value is not valid UTF-8");
    return OUTCOME_OK;
}

static enum outcome enter_group(config_setting_t **group, const char *name, struct error *err)
{
    config_setting_t *next = config_setting_get_member(*group, name);
    if (!next) {
        next = config_setting_add(*group, name, CONFIG_TYPE_GROUP);
        if (next)
            config_setting_set_hook(next, (void *)(uintptr_t)SETTINGS_OVERRIDE);
    }
    if (!next)
        return error_set(err, OUTCOME_BROKEN, "--set: \"%s\" cannot be made", name);
    if (!config_setting_is_group(next))
        return error_set(err, OUTCOME_REFUSED, "--set: \"%s\" is not a group: nothing can stand below it", name);
    *group = next;
    return OUTCOME_OK;
}

/* A group, or a list that holds more than plain values: too much for one line of text. */
static bool is_tree(const config_setting_t *node)
{
    int count = config_setting_is_list(node) ? config_setting_length(node) : 0;
    for (int i = 0; i < count; i++)
        if (config_setting_is_aggregate(config_setting_get_elem(node, (unsigned)i)))
            return true;
    return config_setting_is_group(node);
}

static enum outcome replace(config_setting_t *group, const char *name, struct span value, struct error *err)
{
    const config_setting_t *old = config_setting_get_member(group, name);
    if (old && is_tree(old)) {
        return error_set(err, OUTCOME_REFUSED,
                         "--set: \"%s\" is a group or a list of groups: expected the path of one value", name);
    }
    if (old)
        config_setting_remove(group, name);
    config_setting_t *node = config_setting_add(group, name, CONFIG_TYPE_STRING);
    if (!node || !settings_set_text(node, value))
        return error_set(err, OUTCOME_BROKEN, "--set: \"%s\" cannot be set", name);
    config_setting_set_hook(node, (void *)(uintptr_t)SETTINGS_OVERRIDE);
    return OUTCOME_OK;
}

static enum outcome set_at_path(struct settings *settings, struct span path, struct span value, struct arena *scratch,
                                struct error *err)
{
    config_setting_t *group = config_root_setting(&settings->config);
    for (;;) {
        struct span part = span_cut(&path, '.');
        if (!settings_name_is_valid(part))
            return error_set(err, OUTCOME_REFUSED, "--set: expected NAME.NAME=VALUE; a name starts with a letter");
        const char *name = arena_text(scratch, part);
        if (!span_is_present(path))
            return replace(group, name, value, err);
        enum outcome outcome = enter_group(&group, name, err);
        if (outcome != OUTCOME_OK)
            return outcome;
    }
}

enum outcome settings_override(struct settings *settings, const char *path_and_value, struct error *err)
{
    struct span value = span_of(path_and_value);
    struct span path = span_cut(&value, '=');
    if (!span_is_present(value))
        return error_set(err, OUTCOME_REFUSED, "--set %s: expected NAME.NAME=VALUE", path_and_value);
    struct arena *scratch = arena_create(4096);
    enum outcome outcome = load_value(value, scratch, &value, err);
    if (outcome == OUTCOME_OK)
        outcome = set_at_path(settings, path, value, scratch, err);
    arena_destroy(scratch);
    return outcome;
}
