#include "aggregator/language/source.h"

#define SEGMENTS_MAX 9
#define NAME_BYTES_MAX 200

static const struct {
    struct span prefix;
    enum source_place place;
} prefixes[] = {{{"query:", 6}, SOURCE_QUERY},
                {{"header:", 7}, SOURCE_HEADER},
                {{"path:", 5}, SOURCE_PATH},
                {{"const:", 6}, SOURCE_CONST}};

static const struct {
    struct span word;
    enum source_place place;
} words[] = {{{"body", 4}, SOURCE_BODY}, {{"method", 6}, SOURCE_METHOD}, {{"url", 3}, SOURCE_URL}};

static struct span place_of(struct span text, enum source_place *place)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (span_equal(text, words[i].word)) {
            *place = words[i].place;
            return text;
        }
    }
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        if (span_starts_with(text, prefixes[i].prefix)) {
            *place = prefixes[i].place;
            return span_from(text, prefixes[i].prefix.len);
        }
    }
    *place = SOURCE_FIELD;
    return text;
}

static bool parse_segment(struct source *out)
{
    uint64_t number = 0;
    bool fits = span_to_u64(out->name, &number) && number >= 1 && number <= SEGMENTS_MAX;
    out->segment = (unsigned)number;
    return fits;
}

static bool has_colon(struct span name)
{
    span_cut(&name, ':');
    return span_is_present(name);
}

static void parse_field(struct arena *arena, struct source *out)
{
    out->from_top = out->name.at[0] == '/' && out->name.len > 1;
    if (out->from_top)
        out->name = span_from(out->name, 1);
    /* Which of them is meant is known to the door; a field of a form may be called anything. */
    if (!json_path_compile(out->name, arena, &out->json))
        out->json = (struct json_path){0};
    if (!xml_path_compile(out->name, arena, &out->xml))
        out->xml = (struct xml_path){0};
}

static const char *fault_of(struct span text, struct source *out)
{
    if (text.len > NAME_BYTES_MAX)
        return "it is too long";
    if (out->name.len == 0)
        return "it is empty";
    if (out->place == SOURCE_FIELD && has_colon(out->name))
        return "what stands before a colon is query, header, path or const";
    if (out->place == SOURCE_PATH && !parse_segment(out))
        return "a segment of the path is path:1 to path:9";
    return NULL;
}

bool source_parse(struct span text, struct arena *arena, struct source *out, const char **why)
{
    *out = (struct source){0};
    out->name = arena_copy(arena, place_of(text, &out->place));
    *why = fault_of(text, out);
    if (*why == NULL && out->place == SOURCE_FIELD)
        parse_field(arena, out);
    return *why == NULL;
}

static size_t add_choice(struct setting setting, struct arena *arena, struct problems *problems, struct source *out)
{
    const char *why;
    struct span text = setting_as_string(setting);
    if (!span_is_present(text))
        why = "it is no text";
    else if (source_parse(text, arena, out, &why))
        return 1;
    setting_problem(setting, problems, "this does not say where a fact is: %s", why);
    return 0;
}

struct source_choice source_choice_compile(struct setting setting, struct arena *arena, struct problems *problems)
{
    size_t most = setting_is_list(setting) ? setting_count(setting) : 1;
    struct source *sources = ARENA_ARRAY(arena, struct source, most + 1);
    struct source_choice choice = {sources, 0};
    if (!setting_is_present(setting))
        return choice;
    if (!setting_is_list(setting))
        choice.count = add_choice(setting, arena, problems, sources);
    for (size_t i = 0; setting_is_list(setting) && i < most; i++)
        choice.count += add_choice(setting_at(setting, i), arena, problems, &sources[choice.count]);
    return choice;
}

struct span source_choice_name(struct source_choice choice)
{
    return choice.count > 0 ? choice.at[0].name : SPAN_NONE;
}

static bool is_same(const struct source *a, const struct source *b)
{
    return a->place == b->place && a->from_top == b->from_top && a->segment == b->segment &&
           span_equal(a->name, b->name);
}

int source_list_add(struct source_list *list, const struct source *source)
{
    for (size_t i = 0; i < list->count; i++)
        if (is_same(&list->at[i], source))
            return (int)i;
    if (list->count == SOURCES_MAX)
        return -1;
    list->at[list->count] = *source;
    return (int)list->count++;
}
