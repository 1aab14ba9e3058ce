#include "aggregator/language/headers_template.h"
#include "aggregator/language/layer.h"

#include <string.h>

#define VALUE_MAX 8192

static const struct setting_rule rules[] = {
    {"name", SETTING_STRING, true, 1, 100, NULL, "Header name"},
    {"value", SETTING_STRING, true, 0, 1000, NULL, "Template"},
    {0},
};

bool headers_template_breaks_line(struct span value)
{
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.at[i] < ' ' || value.at[i] == 0x7f)
            return true;
    return false;
}

/* RFC 9110, 5.6.2. */
static bool is_token(struct span name)
{
    static const char marks[] = "!#$%&'*+-.^_`|~";
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i], small = (char)(c | 0x20);
        bool plain = (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9');
        if (!plain && (c == '\0' || strchr(marks, c) == NULL))
            return false;
    }
    return name.len > 0;
}

static void check_literals(const struct template *value, struct setting item, struct problems *problems)
{
    for (size_t i = 0; i < value->count; i++)
        if (headers_template_breaks_line(value->pieces[i].literal)) {
            setting_problem(item, problems, "a header's value holds a line break or another control character");
            return;
        }
}

struct headers_template headers_template_compile(struct setting list, const struct template_names *names,
                                                 struct arena *arena, struct problems *problems)
{
    size_t count = setting_count(list);
    struct header_template *headers = ARENA_ARRAY(arena, struct header_template, count + 1);
    struct headers_template out = {headers, 0};
    for (size_t i = 0; i < count; i++) {
        struct setting item;
        if (!layer_entry(list, i, "{ name = \"...\"; value = \"...\"; }", rules, problems, &item))
            continue;
        struct header_template *header = &headers[out.count++];
        header->name = arena_copy(arena, setting_string(item, "name", ""));
        header->value = template_compile(setting_get(item, "value"), names, arena, problems);
        if (!is_token(header->name))
            setting_problem(item, problems, "a header's name is made of letters, digits and -");
        check_literals(&header->value, item, problems);
    }
    return out;
}

const struct header_template *headers_template_find(const struct headers_template *headers, struct span name)
{
    for (size_t i = 0; i < headers->count; i++)
        if (span_equal_nocase(headers->at[i].name, name))
            return &headers->at[i];
    return NULL;
}

bool headers_template_render(const struct headers_template *headers, const struct span values[VALUE_COUNT],
                             struct arena *arena, struct pair **pairs)
{
    bool sound = true;
    *pairs = ARENA_ARRAY(arena, struct pair, headers->count + 1);
    for (size_t i = 0; i < headers->count; i++) {
        struct buffer value;
        buffer_init(&value, arena, VALUE_MAX);
        template_render(&headers->at[i].value, values, &value);
        bool fits = !buffer_failed(&value) && !headers_template_breaks_line(buffer_span(&value));
        (*pairs)[i] = (struct pair){headers->at[i].name, fits ? buffer_span(&value) : SPAN("")};
        sound = sound && fits;
    }
    return sound;
}
