#include "aggregator/language/valuemap.h"

static const struct setting_rule entry_rules[] = {
    {"value", SETTING_STRING, true, 0, 200, NULL, "What the aggregator says; matched without case"},
    {"means", SETTING_STRING, true, 1, 40, NULL, "What it means here"},
    {0},
};

int valuemap_word(struct setting setting, const char *const *words, struct problems *problems)
{
    struct span word = setting_as_string(setting);
    for (int i = 0; words[i] != NULL; i++)
        if (span_equal_text(word, words[i]))
            return i;
    const char *near = settings_nearest(word, words);
    setting_problem(setting, problems, "unknown word '%.*s', the nearest is '%s'", SPAN_ARG(word),
                    near != NULL ? near : words[0]);
    return -1;
}

struct valuemap valuemap_compile(struct setting list, const char *const *meanings, struct arena *arena,
                                 struct problems *problems)
{
    size_t count = setting_count(list);
    struct valuemap_entry *entries = ARENA_ARRAY(arena, struct valuemap_entry, count + 1);
    struct valuemap map = {entries, 0};
    for (size_t i = 0; i < count; i++) {
        struct setting item;
        if (!layer_entry(list, i, "{ value = \"...\"; means = \"...\"; }", entry_rules, problems, &item))
            continue;
        struct setting means = setting_get(item, "means");
        int meaning = setting_is_string(means) ? valuemap_word(means, meanings, problems) : -1;
        if (meaning >= 0)
            entries[map.count++] =
                (struct valuemap_entry){arena_copy(arena, setting_string(item, "value", "")), meaning};
    }
    return map;
}

int valuemap_find(const struct valuemap *map, struct span value, int otherwise)
{
    for (size_t i = 0; i < map->count; i++)
        if (span_equal_nocase(map->entries[i].value, value))
            return map->entries[i].means;
    return otherwise;
}
