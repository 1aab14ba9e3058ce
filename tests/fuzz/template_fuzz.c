/* libFuzzer target for templates: whatever a profile writes compiles to a finding or to pieces that hold together, and whatever
 * a person writes is said as JSON, XML, a form or a header line without becoming anything else. The input: a template, a line
 * end, a text. */
#include <stdlib.h>
#include <string.h>

#include "aggregator/language/wellformed.h"
#include "aggregator/writing/asking.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* As a setting of a channel with {{with.a}} and {{secret.b}}; no control character, which settings refuse in a string. */
static struct template compile(struct span source, struct source_list *echoes, struct problems *problems,
                               struct arena *arena)
{
    struct buffer file;
    struct settings *settings;
    struct template t = {NULL, 0};
    buffer_init(&file, arena, 65536);
    buffer_add_text(&file, "with = { a = \"1\"; }; secrets = { b = \"2\"; }; t = \"");
    for (size_t i = 0; i < source.len; i++)
        if (source.at[i] == '"' || source.at[i] == '\\')
            buffer_add_format(&file, "\\%c", source.at[i]);
        else if ((unsigned char)source.at[i] >= ' ' && source.at[i] != 0x7f)
            buffer_add_char(&file, source.at[i]);
    buffer_add_text(&file, "\";");
    if (buffer_failed(&file) || settings_parse(buffer_span(&file), "fuzz", &settings, problems) != OUTCOME_OK)
        return t;
    struct setting root = settings_root(settings);
    struct template_names names = {.secrets = {setting_get(root, "secrets"), {0}},
                                   .with = {setting_get(root, "with"), {0}},
                                   .known = UINT32_MAX,
                                   .echoes = echoes};
    size_t before = problems->count;
    t = template_compile(setting_get(root, "t"), &names, arena, problems);
    require(problems->count == before || t.count == 0);
    settings_free(settings);
    return t;
}

static struct span say(const struct template *t, struct span text, struct arena *arena)
{
    struct span values[VALUE_COUNT];
    struct buffer out;
    buffer_init(&out, arena, 1 << 20);
    for (size_t i = 0; i < VALUE_COUNT; i++)
        values[i] = text;
    template_render(t, values, &out);
    return buffer_failed(&out) ? SPAN_NONE : buffer_span(&out);
}

/* Places as profiles have them. */
static void say_safely(struct span text, struct arena *arena)
{
    static const struct {
        const char *source, *type;
    } places[] = {
        {"{\"a\":{\"b\":\"{{text|json}}\",\"c\":{{in.x|json-value}}{{#link}},\"d\":[{{text|json-value}}]{{/link}}}}",
         "json"},
        {"<a b=\"{{text|xml}}\" c='{{to|xml}}'>{{text|xml}}{{^link}}<d/>{{/link}}</a>", "xml"},
        {"a={{text|form}}{{#to}}&b={{to|form}}{{/to}}&c={{text|utf16form}}&d={{text|ucs2hex}}",
         "x-www-form-urlencoded"},
    };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct problems problems;
        struct source_list echoes = {0};
        problems_init(&problems, arena);
        struct template t = compile(span_of(places[i].source), &echoes, &problems, arena);
        require(t.count > 0);
        struct span said = say(&t, text, arena);
        require(!span_is_present(said) || wellformed_complaint(span_of(places[i].type), said, arena) == NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = {(const char *)data, size};
    struct span source = span_cut(&text, '\n');
    struct arena *arena = arena_create(65536);
    struct problems problems;
    struct source_list echoes = {0};
    problems_init(&problems, arena);
    struct template t = compile(source, &echoes, &problems, arena);
    for (size_t i = 0; i < t.count; i++)
        require(t.pieces[i].section_pieces < t.count - i && t.pieces[i].value < VALUE_COUNT);
    (void)say(&t, text, arena);
    if (span_is_present(text) && text.len < 10000 && utf8_is_valid(text))
        say_safely(text, arena);
    arena_destroy(arena);
    return 0;
}
