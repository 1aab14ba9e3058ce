#include <string.h>
#include "aggregator/language/template.h"
#include "own_arena.h"
#include "seeded.h"

#define assert_span(span, text) assert_true(span_equal_text(span, text))
#define EVERYWHERE UINT32_MAX

/* Compiled as a setting of a channel that has with.host = "h&1", with.empty = "" and secrets.key = "k". */
static struct template compiled_at(const char *source, uint32_t known, bool forgiving, struct source_list *echoes,
                                   struct problems *problems)
{
    struct settings *settings;
    struct buffer quoted;
    buffer_init(&quoted, arena, 65536);
    for (const char *c = source; *c != '\0'; c++)
        buffer_add_format(&quoted, "%s%c", *c == '"' || *c == '\\' ? "\\" : "", *c);
    struct span file = arena_format(
        arena, "t = \"%.*s\"; with = { host = \"h&1\"; empty = \"\"; }; secrets = { key = \"k\"; file = \"@/none\"; };",
        SPAN_ARG(buffer_span(&quoted)));
    problems_init(problems, arena);
    assert_int_equal(settings_parse(file, "test.conf", &settings, problems), OUTCOME_OK);
    struct setting root = settings_root(settings);
    struct template_names names = {.secrets = {setting_get(root, "secrets"), {0}},
                                   .with = {{0}, setting_get(root, "with")},
                                   .forgiving = forgiving,
                                   .known = known,
                                   .echoes = echoes};
    struct template t = template_compile(setting_get(root, "t"), &names, arena, problems);
    settings_free(settings);
    return t;
}

static struct span rendered(const char *source, struct span text)
{
    struct problems problems;
    struct source_list echoes = {0};
    struct template t = compiled_at(source, EVERYWHERE, false, &echoes, &problems);
    if (problems.count > 0)
        fail_msg("%s", problems.lines[0]);
    struct span values[VALUE_COUNT] = {
        [VALUE_TEXT] = text,      [VALUE_TO] = SPAN("+880"),    [VALUE_ID] = SPAN("7"),
        [VALUE_FIELD] = SPAN(""), [VALUE_ECHO] = SPAN("first"), [VALUE_ECHO + 1] = SPAN("\"2\"")};
    struct buffer out;
    buffer_init(&out, arena, 4096);
    template_render(&t, values, &out);
    return buffer_failed(&out) ? SPAN_NONE : buffer_span(&out);
}

struct rendering {
    const char *source, *text, *rendered; /* NULL: it fails */
};

static void check_renderings(const struct rendering *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct span out = rendered(cases[i].source, span_of(cases[i].text));
        if (cases[i].rendered == NULL ? span_is_present(out) : !span_equal_text(out, cases[i].rendered))
            fail_msg("%s: %.*s", cases[i].source, SPAN_ARG(out));
    }
}

static void places_are_filled(void **state)
{
    (void)state;
    static const struct rendering cases[] = {
        {"CON {{text}}", "a", "CON a"},
        {"plain", "a", "plain"},
        {"{{text}}{{ text }}{{text|none}}{{ text | none }}", "a", "aaaa"},
        {"{{with.host|form}} {{secret.key}}", "", "h%261 k"},
        {"{{with.host}}", "", "h&1"},
        {"}} {", "", "}} {"},
        {"{\"a\":{\"b\":{{id}}}}", "", "{\"a\":{\"b\":7}}"},
        {"{{in.USERID}}-{{in.b.c[0]|json}}-{{in.USERID}}", "", "first-\\\"2\\\"-first"},
        {"{{in.query:a}}{{in.header:X-A}}", "", "first\"2\""},
    };
    check_renderings(cases, sizeof cases / sizeof cases[0]);
}

static void sections_are_left_out(void **state)
{
    (void)state;
    static const struct rendering cases[] = {
        {"a{{#link}}&link={{link}}{{/link}}b", "", "ab"},
        {"a{{#id}}&id={{id}}{{/id}}b", "", "a&id=7b"},
        {"a{{^link}}none{{/link}}b", "", "anoneb"},
        {"a{{^id}}none{{/id}}b", "", "ab"},
        {"{{#field}}a{{/field}}{{^field}}empty is absent{{/field}}", "", "empty is absent"},
        {"{{#id}}1{{#to}}2{{/to}}3{{#link}}4{{#id}}5{{/id}}{{/link}}6{{/id}}7", "",
         "123"
         "67"},
        {"{{#link}}1{{#id}}2{{/id}}3{{/link}}4", "", "4"},
        {"{{^link}}{{^link}}{{^link}}x{{/link}}{{/link}}{{/link}}", "", "x"},
        {"{{#text}}true{{/text}}{{^text}}false{{/text}}", "", "false"},
        {"{{#text}}true{{/text}}{{^text}}false{{/text}}", "x", "true"},
        {"{{#in.a}}has {{in.a}}{{/in.a}}", "", "has first"},
        {"{{#with.host}}{{with.host}}{{/with.host}}{{^with.host}}none{{/with.host}}", "", "h&1"},
        {"{{#with.empty}}a{{/with.empty}}{{^with.empty}}b{{/with.empty}}", "", "b"},
        {"{{#with.sender}}{{with.sender}}{{#id}}{{secret.no}}{{/id}}{{/with.sender}}c{{id}}", "", "c7"},
        {"{{#secret.key}}k{{#id}}d{{/id}}{{/secret.key}}", "", "kd"},
        {"{{#id}}{{#with.none}}x{{/with.none}}y{{/id}}z", "", "yz"},
    };
    check_renderings(cases, sizeof cases / sizeof cases[0]);
}

static void values_are_escaped(void **state)
{
    (void)state;
    static const struct rendering cases[] = {
        {"m={{text|form}}", "a b&\xC3\xA9", "m=a%20b%26%C3%A9"},
        {"{ m: {{text|json}} }", "a\\\"\n\x01", "{ m: a\\\\\\\"\\n\\u0001 }"},
        {"<m>{{text|xml}}</m>", "a<b>&'\"\x01", "<m>a&lt;b&gt;&amp;&#39;&quot;</m>"},
        {"{{text|xml}}",
         "a\xEF\xBF\xBE\xEF\xBF\xBD\xEF\xBF\xBF"
         "b",
         "a\xEF\xBF\xBD"
         "b"},
        {"{{text|json-value}}", "12", "12"},
        {"{{text|json-value}}", "-1.5e+3", "-1.5e+3"},
        {"{{text|json-value}}", "0", "0"},
        {"{{text|json-value}}", "true", "true"},
        {"{{text|json-value}}", "false", "false"},
        {"{{text|json-value}}", "True", "\"True\""},
        {"{{text|json-value}}", "null", "\"null\""},
        {"{{text|json-value}}", "0711", "\"0711\""},
        {"{{text|json-value}}", "+254", "\"+254\""},
        {"{{text|json-value}}", "123456789012345678", "123456789012345678"},
        {"{{text|json-value}}", "1234567890123456789", "\"1234567890123456789\""},
        {"{{text|json-value}}", "1e99", "1e99"},
        {"{{text|json-value}}", "1e+331", "\"1e+331\""},
        {"{{text|json-value}}", "00", "\"00\""},
        {"{{text|json-value}}", "1.", "\"1.\""},
        {"{{text|json-value}}", ".5", "\".5\""},
        {"{{text|json-value}}", "1e", "\"1e\""},
        {"{{text|json-value}}", "1e5x", "\"1e5x\""},
        {"{{text|json-value}}", "-", "\"-\""},
        {"{{text|json-value}}", "", "\"\""},
        {"{{text|json-value}}", "a\"b", "\"a\\\"b\""},
        {"{{link|json-value}}", "", "null"},
        {"{{text|ucs2hex}}", "A\xE0\xA6\xB8\xF0\x9F\x98\x80", "004109B8D83DDE00"},
        {"{{text|ucs2hex}}", "", ""},
        {"{{text|utf16form}}", "A\xE0\xA6\xB8", "%00A%09%B8"},
        {"{{text|gsm7form}}", "A@\xC3\xA9\xE2\x82\xAC {", "A%00%05%1Be%20%1B%28"},
        {"{{text|gsm7form}}", "A\xE0\xA6\xB8", NULL},
        {"{{^unicode}}{{text|gsm7form}}{{/unicode}}", "a", "a"},
        {"{{text|ucs2hex}}", "a\xFF", NULL},
    };
    check_renderings(cases, sizeof cases / sizeof cases[0]);
}

/* What the screen cannot hold there is said otherwise, as it stands; all else is escaped. */
static void screens_are_translated(void **state)
{
    (void)state;
    static const struct translation lines[] = {{{"\n", 1}, {"<br/>", 5}}, {{"|", 1}, {"/", 1}}, {{"&", 1}, {"", 0}}};
    static const struct translations translations = {lines, 3};
    static const struct rendering cases[] = {
        {"<div>{{text|xml}}</div>", "a\n<b>\n\n1|2&3|", "<div>a<br/>&lt;b&gt;<br/><br/>1/23/</div>"},
        {"{{text}}", "", ""},
        {"{{text}}", "\n", "<br/>"},
        {"{{text}} {{id}}", "plain", "plain i|d"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct problems problems;
        struct template t = compiled_at(cases[i].source, EVERYWHERE, false, NULL, &problems);
        struct span values[VALUE_COUNT] = {[VALUE_TEXT] = span_of(cases[i].text), [VALUE_ID] = SPAN("i|d")};
        struct buffer out;
        buffer_init(&out, arena, 4096);
        template_render_screen(&t, values, &translations, &out);
        if (!span_equal_text(buffer_span(&out), cases[i].rendered))
            fail_msg("%s: %.*s", cases[i].source, SPAN_ARG(buffer_span(&out)));
    }
}

static void what_is_wrong_is_said(void **state)
{
    (void)state;
    static const struct {
        const char *source, *said;
    } cases[] = {
        {"{{txt}}", "unknown value in a template 'txt', did you mean 'text'?"},
        {"{{text|jsn}}", "unknown escape 'jsn', did you mean 'json'?"},
        {"{{text", "never closed"},
        {"{{#id}}x", "a section that is never closed: 'id'"},
        {"x{{/id}}", "a section ends that did not begin 'id'"},
        {"{{#id}}{{#to}}{{/id}}{{/to}}", "a section ends that did not begin 'id'"},
        {"{{#nothing}}x{{/nothing}}", "unknown value"},
        {"{{secret.no}}", "needs secrets.no"},
        {"{{secret.file}}", "no such file"},
        {"{{with.no}}", "needs with.no"},
        {"{{token}}", "not known here: 'token'"},
        {"{{#reason}}x{{/reason}}", "not known here: 'reason'"},
        {"{{in.x}}", "no request is answered here"},
        {"{{#id}}{{#id}}{{#id}}{{#id}}{{#id}}{{#id}}{{#id}}{{#id}}{{#id}}x", "too many sections"},
        {"{{}}", "unknown value"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct problems problems;
        struct template t = compiled_at(cases[i].source, VALUES_OF_A_REPLY, false, NULL, &problems);
        assert_int_equal(t.count, 0);
        if (problems.count != 1 || strstr(problems.lines[0], cases[i].said) == NULL ||
            strncmp(problems.lines[0], "test.conf:1: ", 13) != 0)
            fail_msg("%s: %s", cases[i].source, problems.count > 0 ? problems.lines[0] : "taken");
    }
}

/* Nobody has made the secrets of a channel that is off: its templates are checked all the same. */
static void a_channel_that_is_off(void **state)
{
    (void)state;
    struct problems problems;
    struct template t = compiled_at("{{secret.no}}{{with.no}}{{secret.file}}", EVERYWHERE, true, NULL, &problems);
    assert_int_equal(problems.count, 0);
    assert_int_equal(t.count, 3);
}

static void too_many_echoes(void **state)
{
    (void)state;
    struct source_list echoes = {0};
    struct problems problems;
    struct buffer source;
    buffer_init(&source, arena, 4096);
    for (int i = 0; i < SOURCES_MAX; i++)
        buffer_add_format(&source, "{{in.f%d}}", i);
    compiled_at(arena_text(arena, buffer_span(&source)), EVERYWHERE, false, &echoes, &problems);
    assert_int_equal(problems.count, 0);
    assert_int_equal(echoes.count, SOURCES_MAX);
    compiled_at("{{in.f0}}", EVERYWHERE, false, &echoes, &problems);
    assert_int_equal(problems.count, 0);
    compiled_at("{{in.one_more}}", EVERYWHERE, false, &echoes, &problems);
    assert_int_equal(problems.count, 1);
}

/* Whatever stands in a profile, compiling and rendering it ends, and with a finding or a text. */
static void heaps_of_places(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "{{",           "}}",        "#",    "^",     "/", "id",        "{{#id}}",        "{{/id}}",
        "{{^link}}",    "{{/link}}", "text", "|json", "{", "with.host", "{{#with.none}}", "{{/with.none}}",
        "{{text|xml}}", "in.a",      " "};
    struct seeded seeded = {7};
    for (int round = 0; round < 3000; round++) {
        struct buffer source;
        struct problems problems;
        struct source_list echoes = {0};
        arena_reset(arena);
        buffer_init(&source, arena, 4096);
        for (uint32_t n = seeded_below(&seeded, 12); n > 0; n--)
            buffer_add_text(&source, pieces[seeded_below(&seeded, sizeof pieces / sizeof pieces[0])]);
        buffer_add_char(&source, '.');
        struct template t = compiled_at(arena_text(arena, buffer_span(&source)), EVERYWHERE, false, &echoes, &problems);
        assert_int_equal(t.count == 0, problems.count > 0);
        for (size_t i = 0; i < t.count; i++)
            assert_true(t.pieces[i].section_pieces <= t.count - i - 1);
        struct span values[VALUE_COUNT] = {[VALUE_TEXT] = SPAN("a")};
        struct buffer out;
        buffer_init(&out, arena, 65536);
        template_render(&t, values, &out);
        assert_false(buffer_failed(&out));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(places_are_filled),      TEST(sections_are_left_out), TEST(values_are_escaped),
        TEST(screens_are_translated), TEST(what_is_wrong_is_said), TEST(a_channel_that_is_off),
        TEST(too_many_echoes),        TEST(heaps_of_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
