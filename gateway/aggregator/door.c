#include "aggregator/door.h"

#include "aggregator/fields.h"

static const char *const field_names[FIELD_COUNT] = {
    [FIELD_SESSION] = "session", [FIELD_FROM] = "from",     [FIELD_TO] = "to",           [FIELD_TEXT] = "text",
    [FIELD_ID] = "id",           [FIELD_DATE] = "date",     [FIELD_NETWORK] = "network", [FIELD_LINK] = "link",
    [FIELD_CHARSET] = "charset", [FIELD_CODING] = "coding", [FIELD_STATUS] = "status",   [FIELD_REASON] = "reason",
};
/* In the order of enum charset. */
static const char *const charset_words[] = {"UTF-8", "ISO-8859-1", "WINDOWS-1252", "UTF-16BE", "GSM-7", "binary", NULL};

static const struct {
    struct span name;
    unsigned bit;
} methods[] = {{{"GET", 3}, METHOD_GET}, {{"POST", 4}, METHOD_POST}, {{"PUT", 3}, METHOD_PUT}};
#define METHODS (sizeof methods / sizeof methods[0])

static unsigned method_bit(struct span method)
{
    for (size_t i = 0; i < METHODS; i++)
        if (span_equal(method, methods[i].name))
            return methods[i].bit;
    return 0;
}

static int word_index(struct layer section, const char *name, const char *const *words)
{
    struct span word = layer_string(section, name, words[0]);
    for (int i = 0; words[i] != NULL; i++)
        if (span_equal_text(word, words[i]))
            return i;
    return 0; /* the table of choices was checked before */
}

static void compile_methods(struct layer section, struct arena *arena, struct problems *problems, struct door *out)
{
    struct setting list = layer_get(section, "methods");
    for (size_t i = 0; i < setting_count(list); i++) {
        unsigned bit = method_bit(setting_as_string(setting_at(list, i)));
        if (bit == 0)
            setting_problem(list, problems, "methods are GET, POST and PUT");
        out->methods |= bit;
    }
    if (!setting_is_present(list))
        out->methods = METHOD_POST;
    struct buffer allow;
    buffer_init(&allow, arena, 64);
    for (size_t i = 0; i < METHODS; i++)
        if ((out->methods & methods[i].bit) != 0)
            buffer_add_format(&allow, "%s%.*s", buffer_span(&allow).len > 0 ? ", " : "", SPAN_ARG(methods[i].name));
    out->allow = buffer_span(&allow);
}

static void compile_fields(struct layer section, struct arena *arena, struct problems *problems, struct door *out)
{
    struct layer fields = layer_group(section, "fields");
    layer_check(fields, profile_rules("fields"), problems);
    for (int i = 0; i < FIELD_COUNT; i++)
        out->fields[i] = arena_copy(arena, layer_string(fields, field_names[i], NULL));
}

static void require(struct layer section, const struct door *door, enum field field, struct problems *problems)
{
    if (!span_is_present(door->fields[field]))
        layer_problem(section, problems, "fields needs '%s'", field_names[field]);
}

static void require_fields(struct layer section, enum exchange_door which, enum channel_kind kind,
                           const struct door *door, struct problems *problems)
{
    if (which == DOOR_REPORT) {
        require(section, door, FIELD_ID, problems);
        require(section, door, FIELD_STATUS, problems);
        return;
    }
    if (kind == CHANNEL_USSD)
        require(section, door, FIELD_SESSION, problems);
    if (which == DOOR_IN) {
        require(section, door, FIELD_FROM, problems);
        require(section, door, FIELD_TEXT, problems);
    }
}

void door_compile(struct layer section, enum exchange_door which, enum channel_kind kind, struct arena *arena,
                  struct problems *problems, struct door *out)
{
    if (!layer_is_present(section))
        return;
    out->open = true;
    compile_methods(section, arena, problems, out);
    compile_fields(section, arena, problems, out);
    require_fields(section, which, kind, out, problems);
    out->encoding = (enum door_encoding)word_index(section, "encoding", encoding_words);
    out->charset = charset_find(layer_string(section, "charset", "UTF-8"));
    if (out->charset == CHARSET_UTF16BE || span_is_present(out->fields[FIELD_CHARSET]) ||
        span_is_present(out->fields[FIELD_CODING]))
        out->binary = out->fields[FIELD_TEXT];
    out->codings = valuemap_compile(layer_get(section, "codings"), charset_words, arena, problems);
    out->statuses = which == DOOR_REPORT
                        ? valuemap_compile(layer_get(section, "statuses"), delivery_words, arena, problems)
                        : valuemap_compile(layer_get(section, "causes"), end_cause_words, arena, problems);
    out->dates = dates_compile(section, arena, problems);
    out->from_format = (enum from_format)word_index(section, "from_format", from_words);
    out->new_if = (enum new_rule)word_index(section, "new_if", new_if_words);
    out->input = (enum input_form)word_index(section, "input", input_words);
    out->separator = layer_string(section, "separator", "*").at[0];
    out->strip_parts = (unsigned)layer_integer(section, "strip_parts", 0);
    out->refers_to_ours = span_equal_text(layer_string(section, "refers_to", ""), "ours");
}

bool door_takes_method(const struct door *door, struct span method)
{
    return (door->methods & method_bit(method)) != 0;
}

static struct span encoded_fields(const struct door *door, const struct http_request *request)
{
    bool in_query = door->encoding == DOOR_QUERY || method_bit(request->method) == METHOD_GET;
    struct span text = in_query ? request->query : request->body;
    return span_is_present(text) ? text : SPAN("");
}

/* The first one counts; an empty one more says nothing else. */
static void keep_field(struct door_fields *out, int field, struct span value)
{
    if (!span_is_present(out->at[field]))
        out->at[field] = value;
    else if (value.len > 0 && !span_equal(out->at[field], value))
        out->twice[field] = true;
}

enum outcome door_find_fields(const struct door *door, const struct http_request *request, struct arena *arena,
                              struct door_fields *out, struct error *err)
{
    struct pair *pairs = NULL;
    size_t count = 0;
    *out = (struct door_fields){0};
    enum outcome outcome = fields_decode(encoded_fields(door, request), door->binary, arena, &pairs, &count, err);
    for (size_t i = 0; outcome == OUTCOME_OK && i < count; i++)
        for (int field = 0; field < FIELD_COUNT; field++)
            if (span_equal_nocase(pairs[i].name, door->fields[field]))
                keep_field(out, field, pairs[i].value);
    return outcome;
}

static struct span known_name(const struct door *door, struct span name)
{
    for (int field = 0; field < FIELD_COUNT; field++)
        if (span_is_present(door->fields[field]) && span_equal_nocase(name, door->fields[field]))
            return door->fields[field];
    return SPAN_NONE;
}

struct span door_broken_field(const struct door *door, const struct http_request *request, struct arena *arena)
{
    struct span rest = encoded_fields(door, request);
    while (span_is_present(rest)) {
        struct pair *pairs;
        size_t count;
        struct error ignored;
        struct span part = span_cut(&rest, '&'), value = part;
        struct span name = known_name(door, span_cut(&value, '='));
        if (span_is_present(name) && fields_decode(part, door->binary, arena, &pairs, &count, &ignored) != OUTCOME_OK)
            return name;
    }
    return SPAN_NONE;
}
