#include "aggregator/door/door.h"

#include "aggregator/door/document.h"
#include "aggregator/door/phases.h"
#include "http/multipart.h"

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

/* The index of a setting's word; where it says nothing, what is there stays. The table of choices was checked before. */
static int word_or(struct layer section, const char *name, const char *const *words, int kept)
{
    struct span word = layer_string(section, name, NULL);
    for (int i = 0; span_is_present(word) && words[i] != NULL; i++)
        if (span_equal_text(word, words[i]))
            return i;
    return kept;
}

static bool says(struct layer section, const char *name)
{
    return setting_is_present(layer_get(section, name));
}

static void check_path(struct setting at, const struct source *source, enum door_encoding encoding,
                       struct problems *problems)
{
    if (source->place != SOURCE_FIELD)
        return;
    if (encoding == DOOR_JSON && source->json.count == 0)
        setting_problem(at, problems, "this is no path in JSON, like \"a.b[0].c\"");
    if (encoding == DOOR_XML && source->xml.count == 0)
        setting_problem(at, problems, "this is no path in XML, like \"message/content\" or \"message/@id\"");
}

static void compile_fields(struct layer section, struct arena *arena, struct problems *problems, struct shape *out)
{
    struct layer fields = layer_group(section, "fields");
    layer_check(fields, door_rules("fields"), problems);
    for (int i = 0; i < FIELD_COUNT; i++) {
        struct setting setting = layer_get(fields, field_words[i]);
        if (!setting_is_present(setting))
            continue;
        out->fields[i] = source_choice_compile(setting, arena, problems);
        for (size_t j = 0; j < out->fields[i].count; j++)
            check_path(setting, &out->fields[i].at[j], out->encoding, problems);
    }
}

static void compile_items(struct layer section, struct arena *arena, struct problems *problems, struct shape *out)
{
    const char *why;
    struct span items = layer_string(section, "items", NULL);
    if (!span_is_present(items))
        return;
    out->has_items = true;
    out->items = (struct source){.from_top = true};
    out->items_name = arena_copy(arena, items);
    if (out->encoding != DOOR_JSON && out->encoding != DOOR_XML)
        setting_problem(layer_get(section, "items"), problems, "items are of JSON and XML");
    else if (items.len > 0 && !source_parse(items, arena, &out->items, &why))
        setting_problem(layer_get(section, "items"), problems, "this is no path: %s", why);
    else if (items.len > 0)
        check_path(layer_get(section, "items"), &out->items, out->encoding, problems);
}

static void compile_maps(struct layer section, enum exchange_door which, struct arena *arena, struct problems *problems,
                         struct shape *out)
{
    if (says(section, "codings"))
        out->codings = valuemap_compile(layer_get(section, "codings"), charset_words, arena, problems);
    if (says(section, "statuses"))
        out->statuses = valuemap_compile(layer_get(section, "statuses"), delivery_words, arena, problems);
    if (which != DOOR_REPORT && says(section, "causes"))
        out->statuses = valuemap_compile(layer_get(section, "causes"), end_cause_words, arena, problems);
    if (says(section, "dates") || says(section, "date_zone"))
        out->dates = dates_compile(section, arena, problems);
    if (says(section, "phases"))
        phases_compile(layer_get(section, "phases"), arena, problems, out);
}

/* Lays what `section` says over what is there: first a group over the defaults, then a variant over its group. */
static void compile_shape(struct layer section, enum exchange_door which, struct arena *arena,
                          struct problems *problems, struct shape *out)
{
    out->encoding = (enum door_encoding)word_or(section, "encoding", encoding_words, (int)out->encoding);
    compile_fields(section, arena, problems, out);
    compile_items(section, arena, problems, out);
    compile_maps(section, which, arena, problems, out);
    if (says(section, "charset"))
        out->charset = charset_find(layer_string(section, "charset", NULL));
    out->binary = source_choice_name(out->fields[FIELD_TEXT]);
    out->text_as = (enum text_form)word_or(section, "text_as", text_as_words, (int)out->text_as);
    out->from_format = (enum from_format)word_or(section, "from_format", from_words, (int)out->from_format);
    out->from_first_only = layer_bool(section, "from_first_only", out->from_first_only);
    out->new_if = (enum new_rule)word_or(section, "new_if", new_if_words, (int)out->new_if);
    out->input = (enum door_input)word_or(section, "input", input_words, (int)out->input);
    if (says(section, "separator"))
        out->separator = layer_string(section, "separator", NULL).at[0];
    out->strip_parts = (unsigned)layer_integer(section, "strip_parts", out->strip_parts);
}

static void require(struct layer section, const struct shape *shape, enum field field, struct problems *problems)
{
    if (shape->fields[field].count == 0)
        layer_problem(section, problems, "fields needs '%s'", field_words[field]);
}

static void require_fields(struct layer section, enum exchange_door which, enum channel_kind kind,
                           const struct shape *shape, struct problems *problems)
{
    if (which == DOOR_REPORT) {
        require(section, shape, FIELD_ID, problems);
        require(section, shape, FIELD_STATUS, problems);
        return;
    }
    if (kind == CHANNEL_USSD)
        require(section, shape, FIELD_SESSION, problems);
    if (which == DOOR_IN) {
        require(section, shape, FIELD_FROM, problems);
        require(section, shape, FIELD_TEXT, problems);
    }
}

static void compile_variants(struct layer section, enum exchange_door which, enum channel_kind kind,
                             struct arena *arena, struct problems *problems, struct door *out)
{
    struct setting list = layer_get(section, "variants");
    struct shape *variants = ARENA_ARRAY(arena, struct shape, setting_count(list) + 1);
    for (size_t i = 0; i < setting_count(list); i++) {
        struct layer variant = {setting_at(list, i), {0}};
        variants[i] = out->own;
        if (!setting_is_group(variant.over)) {
            setting_problem(variant.over, problems, "expected { encoding = \"...\"; ... }");
            continue;
        }
        layer_check(variant, door_rules("variants"), problems);
        compile_shape(variant, which, arena, problems, &variants[i]);
        require_fields(variant, which, kind, &variants[i], problems);
    }
    out->variants = variants;
    out->variant_count = setting_count(list);
}

void door_compile(struct layer section, enum exchange_door which, enum channel_kind kind, struct arena *arena,
                  struct problems *problems, struct door *out)
{
    if (!layer_is_present(section))
        return;
    out->open = true;
    out->own.separator = '*';
    compile_methods(section, arena, problems, out);
    compile_shape(section, which, arena, problems, &out->own);
    require_fields(section, which, kind, &out->own, problems);
    compile_variants(section, which, kind, arena, problems, out);
    out->setup_call = layer_bool(section, "setup_call", false);
    out->refers_to_ours = span_equal_text(layer_string(section, "refers_to", ""), "ours");
}

bool door_takes_method(const struct door *door, struct span method)
{
    return (door->methods & method_bit(method)) != 0;
}

static enum door_encoding by_first_byte(struct span body)
{
    char first = document_first_character(body);
    return first == '{' || first == '[' ? DOOR_JSON : first == '<' ? DOOR_XML : DOOR_FORM;
}

/* What a request looks like. Content-Type is believed where it names one of our encodings, and only there. */
static enum door_encoding looks_like(const struct http_request *request)
{
    struct span type = http_header(request, SPAN("Content-Type"));
    struct span essence = span_cut(&type, ';');
    if (method_bit(request->method) == METHOD_GET || request->body.len == 0)
        return DOOR_QUERY;
    if (span_holds_nocase(essence, SPAN("json")))
        return DOOR_JSON;
    if (span_holds_nocase(essence, SPAN("xml")))
        return DOOR_XML;
    if (span_holds_nocase(essence, SPAN("form-urlencoded")) || multipart_is(essence))
        return DOOR_FORM;
    enum door_encoding encoding = by_first_byte(request->body);
    return encoding == DOOR_FORM && span_holds_nocase(essence, SPAN("text/plain")) ? DOOR_TEXT : encoding;
}

static bool fits(enum door_encoding offered, enum door_encoding looks)
{
    bool fields = offered == DOOR_FORM || offered == DOOR_QUERY;
    return offered == looks || (looks == DOOR_QUERY && fields);
}

const struct shape *door_shape_of(const struct door *door, const struct http_request *request)
{
    if (door->variant_count == 0)
        return &door->own;
    enum door_encoding looks = looks_like(request);
    for (size_t i = 0; i < door->variant_count; i++)
        if (fits(door->variants[i].encoding, looks))
            return &door->variants[i];
    return &door->own;
}
