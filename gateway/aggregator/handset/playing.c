#include "aggregator/handset/playing.h"

#include <string.h>

#include "aggregator/language/source.h"

static const struct setting_rule dial[] = {
    {"extra", SETTING_LIST, false, 0, 0, NULL, "( { name = SOURCE; value; } ): further facts of a request"},
    {"answer", SETTING_GROUP, false, 0, 0, NULL,
     "What the aggregator answers to send and push; made of the first "
     "outcome that means sent when left out"},
    {0},
};
static const struct setting_rule dial_extra[] = {
    {"name", SETTING_STRING, true, 1, 200, NULL, "Where it stands: a source"},
    {"value", SETTING_STRING, true, 0, 1000, NULL, "What it says"},
    {0},
};
static const struct setting_rule dial_answer[] = {
    {"status", SETTING_INTEGER, false, 100, 599, NULL, "200"},
    {"content_type", SETTING_STRING, false, 1, 100, NULL, "Of the body; none is sent when left out"},
    {"body", SETTING_STRING, false, 0, 8000, NULL, "A template with {{id}}: what the aggregator calls the text"},
    {0},
};

const struct setting_rule *playing_rules(const char *section)
{
    if (strcmp(section, "dial") == 0)
        return dial;
    if (strcmp(section, "dial.extra") == 0)
        return dial_extra;
    return strcmp(section, "dial.answer") == 0 ? dial_answer : NULL;
}

static void compile_extra(struct setting item, struct arena *arena, struct problems *problems, struct pair *out)
{
    struct source source;
    const char *why = "";
    settings_check(item, dial_extra, problems);
    out->name = arena_copy(arena, setting_string(item, "name", ""));
    out->value = arena_copy(arena, setting_string(item, "value", ""));
    if (!source_parse(out->name, arena, &source, &why))
        setting_problem(item, problems, "name: %s", why);
}

void playing_compile(struct layer section, const struct template_names *names, struct arena *arena,
                     struct problems *problems, struct playing *out)
{
    struct setting extra = layer_get(section, "extra");
    struct layer answer = layer_group(section, "answer");
    struct pair *pairs = ARENA_ARRAY(arena, struct pair, setting_count(extra) + 1);
    for (size_t i = 0; i < setting_count(extra); i++)
        if (setting_is_group(setting_at(extra, i)))
            compile_extra(setting_at(extra, i), arena, problems, &pairs[out->extra_count++]);
        else
            setting_problem(setting_at(extra, i), problems, "expected { name = \"...\"; value = \"...\"; }");
    out->extra = pairs;
    layer_check(answer, dial_answer, problems);
    out->answers = layer_is_present(answer);
    out->status = (unsigned)layer_integer(answer, "status", 200);
    out->content_type = arena_copy(arena, layer_string(answer, "content_type", NULL));
    struct template_names known = *names;
    known.known = VALUES_OF(VALUE_ID);
    known.echoes = NULL;
    out->answer = template_compile(layer_get(answer, "body"), &known, arena, problems);
}
