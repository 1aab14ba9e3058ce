/* Walking the tree that libconfig made. Nothing here fails: what is absent or of another type gives the default. */
#include "base/settings_internal.h"

static const config_setting_t *node_of(struct setting s)
{
    return s.node;
}

static struct setting at_node(const struct settings *settings, const config_setting_t *node)
{
    return (struct setting){settings, node};
}

static int type_of(struct setting s)
{
    return s.node ? config_setting_type(node_of(s)) : CONFIG_TYPE_NONE;
}

struct setting settings_root(const struct settings *settings)
{
    return at_node(settings, config_root_setting(&settings->config));
}

bool setting_is_present(struct setting s)
{
    return s.node != NULL;
}

bool setting_is_group(struct setting s)
{
    return type_of(s) == CONFIG_TYPE_GROUP;
}

bool setting_is_string(struct setting s)
{
    return type_of(s) == CONFIG_TYPE_STRING;
}

bool setting_is_list(struct setting s)
{
    return type_of(s) == CONFIG_TYPE_LIST || type_of(s) == CONFIG_TYPE_ARRAY;
}

struct setting setting_get(struct setting group, const char *name)
{
    return at_node(group.settings, setting_is_group(group) ? config_setting_get_member(node_of(group), name) : NULL);
}

size_t setting_count(struct setting s)
{
    return setting_is_group(s) || setting_is_list(s) ? (size_t)config_setting_length(node_of(s)) : 0;
}

struct setting setting_at(struct setting s, size_t index)
{
    return at_node(s.settings, index < setting_count(s) ? config_setting_get_elem(node_of(s), (unsigned)index) : NULL);
}

const char *setting_name(struct setting s)
{
    const char *name = s.node ? config_setting_name(node_of(s)) : NULL;
    return name ? name : "";
}

const char *setting_file(struct setting s)
{
    if (!s.settings)
        return "settings";
    return s.node && settings_is_override(node_of(s)) ? SETTINGS_OVERRIDE : s.settings->name;
}

unsigned setting_line(struct setting s)
{
    if (!s.node || settings_is_override(node_of(s)))
        return 0;
    uintptr_t corrected = (uintptr_t)config_setting_get_hook(node_of(s));
    return corrected ? (unsigned)corrected : config_setting_source_line(node_of(s));
}

struct span setting_as_string(struct setting s)
{
    return setting_is_string(s) ? span_of(config_setting_get_string(node_of(s))) : SPAN_NONE;
}

struct span setting_string(struct setting group, const char *name, const char *otherwise)
{
    struct setting s = setting_get(group, name);
    return setting_is_string(s) ? setting_as_string(s) : span_of(otherwise);
}

int64_t setting_as_integer(struct setting s, int64_t otherwise)
{
    switch (type_of(s)) {
    case CONFIG_TYPE_INT:
        return config_setting_get_int(node_of(s));
    case CONFIG_TYPE_INT64:
        return config_setting_get_int64(node_of(s));
    default:
        return otherwise;
    }
}

int64_t setting_integer(struct setting group, const char *name, int64_t otherwise)
{
    return setting_as_integer(setting_get(group, name), otherwise);
}

bool setting_bool(struct setting group, const char *name, bool otherwise)
{
    struct setting s = setting_get(group, name);
    return type_of(s) == CONFIG_TYPE_BOOL ? config_setting_get_bool(node_of(s)) : otherwise;
}

void setting_problem(struct setting s, struct problems *problems, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    problems_add_list(problems, setting_file(s), setting_line(s), format, args);
    va_end(args);
}
