#include <string.h>

#include "base/buffer.h"
#include "base/settings_internal.h"

static const char *type_name(enum setting_type type)
{
    static const char *const names[] = {
        [SETTING_STRING] = "text in quotes",
        [SETTING_INTEGER] = "a whole number",
        [SETTING_BOOL] = "true or false",
        [SETTING_GROUP] = "a group { }",
        [SETTING_LIST] = "a list ( ) or array [ ]",
        [SETTING_STRINGS] = "a list of texts",
        [SETTING_CHOICE] = "text in quotes, or a list of texts",
        [SETTING_FLAG] = "true, false or text in quotes",
    };
    return names[type];
}

static bool to_integer(struct span text, long long *out)
{
    bool negative = span_starts_with(text, SPAN("-"));
    uint64_t value;
    if (!span_to_u64(span_from(text, negative), &value) || value > INT64_MAX)
        return false;
    *out = negative ? -(long long)value : (long long)value;
    return true;
}

/* "a, b" becomes two texts; an empty value becomes none. */
static bool fill_list(config_setting_t *list, struct span text, struct arena *arena)
{
    struct span rest = text.len > 0 ? text : SPAN_NONE;
    while (span_is_present(rest)) {
        struct span item = span_trim(span_cut(&rest, ','));
        config_setting_t *node = config_setting_add(list, NULL, CONFIG_TYPE_STRING);
        if (!node || !config_setting_set_string(node, arena_text(arena, item)))
            return false;
        config_setting_set_hook(node, (void *)(uintptr_t)SETTINGS_OVERRIDE);
    }
    return true;
}

static int libconfig_type(enum setting_type type)
{
    return type == SETTING_INTEGER ? CONFIG_TYPE_INT64 : type == SETTING_BOOL ? CONFIG_TYPE_BOOL : CONFIG_TYPE_ARRAY;
}

/*
 * --set gives every value as text, since only the table knows the types: here the text becomes what the rule wants. What
 * cannot be turned stays a text and is reported by the type check. The tree is ours, its const only the cursor's promise.
 */
static void convert_override(config_setting_t *group, const struct setting_rule *rule, struct arena *arena)
{
    const config_setting_t *old = config_setting_get_member(group, rule->name);
    if (!old || !settings_is_override(old) || config_setting_type(old) != CONFIG_TYPE_STRING)
        return;
    struct span text = arena_copy(arena, span_of(config_setting_get_string(old)));
    long long number = 0;
    bool truth = span_equal(text, SPAN("true"));
    bool turns = (rule->type == SETTING_INTEGER && to_integer(text, &number)) ||
                 (rule->type == SETTING_BOOL && (truth || span_equal(text, SPAN("false")))) ||
                 rule->type == SETTING_STRINGS;
    if (!turns)
        return;
    config_setting_remove(group, rule->name);
    config_setting_t *node = config_setting_add(group, rule->name, libconfig_type(rule->type));
    config_setting_set_hook(node, (void *)(uintptr_t)SETTINGS_OVERRIDE);
    if (rule->type == SETTING_INTEGER)
        config_setting_set_int64(node, number);
    else if (rule->type == SETTING_BOOL)
        config_setting_set_bool(node, truth);
    else
        fill_list(node, text, arena);
}

static bool has_type(struct setting s, enum setting_type type)
{
    switch (type) {
    case SETTING_STRING:
        return setting_is_string(s);
    case SETTING_INTEGER:
        return config_setting_type((const config_setting_t *)s.node) == CONFIG_TYPE_INT ||
               config_setting_type((const config_setting_t *)s.node) == CONFIG_TYPE_INT64;
    case SETTING_BOOL:
        return config_setting_type((const config_setting_t *)s.node) == CONFIG_TYPE_BOOL;
    case SETTING_GROUP:
        return setting_is_group(s);
    case SETTING_LIST:
    case SETTING_STRINGS:
        return setting_is_list(s);
    case SETTING_CHOICE:
        return setting_is_string(s) || setting_is_list(s);
    case SETTING_FLAG:
        return setting_is_string(s) || has_type(s, SETTING_BOOL);
    }
    return false;
}

static void check_range(struct setting s, const struct setting_rule *rule, int64_t value, const char *what,
                        struct problems *problems)
{
    if (value >= rule->min && (rule->max == 0 || value <= rule->max))
        return;
    if (rule->max == 0) {
        setting_problem(s, problems, "\"%s\" is out of range; expected %s %lld or more", rule->name, what,
                        (long long)rule->min);
    } else {
        setting_problem(s, problems, "\"%s\" is out of range; expected %s %lld to %lld", rule->name, what,
                        (long long)rule->min, (long long)rule->max);
    }
}

static const char *joined(const char *const *names, struct arena *arena)
{
    struct buffer text;
    buffer_init(&text, arena, 1024);
    for (size_t i = 0; names[i]; i++) {
        buffer_add_text(&text, i > 0 ? ", " : "");
        buffer_add_text(&text, names[i]);
    }
    return buffer_failed(&text) ? "one of many" : arena_text(arena, buffer_span(&text));
}

static bool is_choice(struct span text, const char *const *choices)
{
    for (; *choices; choices++)
        if (span_equal_text(text, *choices))
            return true;
    return false;
}

static void check_text(struct setting s, const struct setting_rule *rule, struct problems *problems)
{
    struct span text = setting_as_string(s);
    if (!span_is_present(text)) {
        setting_problem(s, problems, "an item of \"%s\" is not text; expected text in quotes", rule->name);
        return;
    }
    if (!rule->choices) {
        check_range(s, rule, (int64_t)text.len, "a length in bytes of", problems);
    } else if (!is_choice(text, rule->choices)) {
        const char *nearest = settings_nearest(text, rule->choices);
        setting_problem(s, problems, "\"%s\" is none of: %s%s%s", rule->name, joined(rule->choices, problems->arena),
                        nearest ? "; nearest is " : "", nearest ? nearest : "");
    }
}

static void check_value(struct setting s, const struct setting_rule *rule, struct setting group,
                        struct problems *problems)
{
    if (!has_type(s, rule->type))
        setting_problem(s, problems, "\"%s\" has the wrong type; expected %s", rule->name, type_name(rule->type));
    else if (rule->type == SETTING_INTEGER)
        check_range(s, rule, setting_integer(group, rule->name, 0), "a number of", problems);
    else if (rule->type == SETTING_STRING ||
             ((rule->type == SETTING_CHOICE || rule->type == SETTING_FLAG) && setting_is_string(s)))
        check_text(s, rule, problems);
    else if (rule->type == SETTING_STRINGS || rule->type == SETTING_CHOICE)
        for (size_t i = 0; i < setting_count(s); i++)
            check_text(setting_at(s, i), rule, problems);
}

static const char *const *rule_names(const struct setting_rule *rules, struct arena *arena)
{
    size_t count = 0;
    while (rules[count].name)
        count++;
    const char **names = ARENA_ARRAY(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        names[i] = rules[i].name;
    return names;
}

static void check_names(struct setting group, const struct setting_rule *rules, struct problems *problems)
{
    const char *const *names = rule_names(rules, problems->arena);
    for (size_t i = 0; i < setting_count(group); i++) {
        struct setting member = setting_at(group, i);
        const char *name = setting_name(member);
        if (is_choice(span_of(name), names))
            continue;
        const char *nearest = settings_nearest(span_of(name), names);
        setting_problem(
            member, problems, "\"%s\" is not known here; %s %s", name,
            nearest ? "nearest is" : "expected one of:", nearest ? nearest : joined(names, problems->arena));
    }
}

static void report_missing(struct setting group, const struct setting_rule *rule, struct problems *problems)
{
    const char *name = setting_name(group);
    setting_problem(group, problems, "\"%s\" is missing%s%s; expected %s", rule->name, name[0] ? " in " : "", name,
                    type_name(rule->type));
}

void settings_check(struct setting group, const struct setting_rule *rules, struct problems *problems)
{
    if (!setting_is_group(group)) {
        setting_problem(group, problems, "expected a group { }");
        return;
    }
    check_names(group, rules, problems);
    for (const struct setting_rule *rule = rules; rule->name; rule++) {
        convert_override((config_setting_t *)(uintptr_t)group.node, rule, problems->arena);
        struct setting s = setting_get(group, rule->name);
        if (setting_is_present(s))
            check_value(s, rule, group, problems);
        else if (rule->required)
            report_missing(group, rule, problems);
    }
}
