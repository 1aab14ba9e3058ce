/* template_match: what template_render wrote is read back; what it cannot have written is refused. */
#include "aggregator/language/template_match.h"
#include "base/settings.h"
#include <string.h>
#include "own_arena.h"

static struct settings *settings;

/* The template lives in the arena; its settings may go. */
static struct template compile(const char *text)
{
    struct problems problems;
    problems_init(&problems, arena);
    struct span file = arena_format(arena, "t = \"%s\";", text);
    assert_int_equal(settings_parse(file, "test", &settings, &problems), OUTCOME_OK);
    struct template_names names = {.known = UINT32_MAX};
    struct template t = template_compile(setting_get(settings_root(settings), "t"), &names, arena, &problems);
    settings_free(settings);
    assert_int_equal(problems.count, 0);
    return t;
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    static const char *const templates[] = {
        "CON {{text}}",
        "1|{{text}}|null|{{to}}|end",
        "to={{to|form}}&text={{text|form}}{{#link}}&link={{link|form}}{{/link}}",
        "{'to':'{{to|json}}','text':'{{text|json}}'{{^link}},'new':1{{/link}}{{#link}},'re':'{{link|json}}'{{/link}}}",
        "<a to='{{to|xml}}'><b>{{text|xml}}</b><c>{{link|xml}}</c></a>",
        "{{#unicode}}u={{text|utf16form}}{{/unicode}}{{^unicode}}g={{text|gsm7form}}{{/unicode}}&to={{to|form}}",
        "{{text|ucs2hex}}/{{to|form}}",
        "{'a':{{to|json-value}},'t':{{text|json-value}},'b':{{text|json-value}}}",
    };
    static const char *const texts[] = {"Hello", "a&b=c|d \\\" <e> 'f' \n+%41 \xC3\xA9", "','text':'x"};
    for (size_t i = 0; i < sizeof templates / sizeof templates[0]; i++)
        for (size_t j = 0; j < sizeof texts / sizeof texts[0]; j++)
            for (int linked = 0; linked < 2; linked++) {
                struct span values[VALUE_COUNT] = {[VALUE_TEXT] = span_of(texts[j]), [VALUE_TO] = SPAN("+88017")};
                struct span read[VALUE_COUNT];
                struct buffer out;
                struct template t = compile(templates[i]);
                values[VALUE_LINK] = linked ? SPAN("l&1") : SPAN_NONE;
                buffer_init(&out, arena, 4096);
                template_render(&t, values, &out);
                assert_false(buffer_failed(&out));
                if (!template_match(&t, buffer_span(&out), NULL, arena, read))
                    fail_msg("%s: %.*s", templates[i], SPAN_ARG(buffer_span(&out)));
                assert_true(span_equal(read[VALUE_TEXT], values[VALUE_TEXT]));
                assert_true(!template_uses(&t, VALUE_TO) || span_equal(read[VALUE_TO], values[VALUE_TO]));
                assert_int_equal(read[VALUE_LINK].len, template_uses(&t, VALUE_LINK) && linked ? 3 : 0);
            }
}

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *template, *text;
    } cases[] = {
        {"CON {{text}}", "END x"},
        {"CON {{text}}", "CON"},
        {"{{text|form}}&x", "a b&x"},
        {"{{text|form}}", "a%4"},
        {"{{text|json}}", "a\"b"},
        {"{{text|json}}", "a\\"},
        {"<a>{{text|xml}}</a>", "<a><b/></a>"},
        {"<a>{{text|xml}}</a>", "<a>&no;</a>"},
        {"{{text|ucs2hex}}", "004"},
        {"{{text|ucs2hex}}", "D800"},
        {"{{text|json-value}}", "{}"},
        {"{{text}}-{{text}}", "a-b"},
        {"{{#link}}a{{/link}}-{{#link}}b{{/link}}", "a-"},
        {"{{#link}}a{{/link}}{{^link}}b{{/link}}", "ab"},
        {"{{#ends}}x{{/ends}}", "y"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct template t = compile(cases[i].template);
        struct span values[VALUE_COUNT];
        if (template_match(&t, span_of(cases[i].text), NULL, arena, values))
            fail_msg("%s took %s", cases[i].template, cases[i].text);
    }
}

static void sections_tell_what_is_there(void **state)
{
    (void)state;
    struct template t = compile("{{#ends}}fin{{/ends}}{{^ends}}cont{{/ends}}");
    struct span values[VALUE_COUNT];
    assert_true(template_match(&t, SPAN("fin"), NULL, arena, values));
    assert_true(span_equal_text(values[VALUE_ENDS], "1"));
    assert_true(template_match(&t, SPAN("cont"), NULL, arena, values));
    assert_int_equal(values[VALUE_ENDS].len, 0);
}

static void line_ends_come_back(void **state)
{
    (void)state;
    static const struct translation list[] = {{SPAN("|"), SPAN("/")}, {SPAN("\n"), SPAN("<br/>")}};
    const struct translations translations = {list, 2};
    struct template t = compile("<p>{{text|xml}}</p>");
    struct span values[VALUE_COUNT];
    assert_true(template_match(&t, SPAN("<p>a &lt;<br/>b/c<br/></p>"), &translations, arena, values));
    assert_true(span_equal_text(values[VALUE_TEXT], "a <\nb/c\n"));
}

/* Many values and nothing between them: an end, if not an answer. */
static void it_ends(void **state)
{
    (void)state;
    struct template t = compile("{{text}}{{to}}{{from}}{{link}}{{id}}{{session}}x");
    struct span values[VALUE_COUNT], long_one = {arena_alloc(arena, 60000), 60000};
    memset((char *)(uintptr_t)long_one.at, 'a', long_one.len);
    assert_false(template_match(&t, long_one, NULL, arena, values));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    static const struct CMUnitTest tests[] = {
        TEST(what_was_written_is_read),
        TEST(what_cannot_be_is_refused),
        TEST(sections_tell_what_is_there),
        TEST(line_ends_come_back),
        TEST(it_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
