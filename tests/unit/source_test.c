/* Where a fact is: sources, JSON and XML paths, and XML itself with everything that is hostile about it. */
#include <string.h>
#include "aggregator/language/source.h"
#include "base/buffer.h"
#include "own_arena.h"

#define assert_span(span, text) assert_true(span_equal_text(span, text))

static void sources(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum source_place place;
        const char *name;
        bool from_top;
    } cases[] = {
        {"phoneNumber", SOURCE_FIELD, "phoneNumber", false},
        {"results[0].from", SOURCE_FIELD, "results[0].from", false},
        {"/bulkId", SOURCE_FIELD, "bulkId", true},
        {"/body", SOURCE_FIELD, "body", true},
        {"Body", SOURCE_FIELD, "Body", false},
        {"query:from", SOURCE_QUERY, "from", false},
        {"header:X-From", SOURCE_HEADER, "X-From", false},
        {"path:2", SOURCE_PATH, "2", false},
        {"body", SOURCE_BODY, "body", false},
        {"method", SOURCE_METHOD, "method", false},
        {"url", SOURCE_URL, "url", false},
        {"const:vendor:1", SOURCE_CONST, "vendor:1", false},
    };
    const char *why;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct source source;
        if (!source_parse(span_of(cases[i].text), arena, &source, &why) || source.place != cases[i].place ||
            !span_equal_text(source.name, cases[i].name) || source.from_top != cases[i].from_top)
            fail_msg("%s", cases[i].text);
    }
}

static void no_sources(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",        "query:", "header:", "path:",  "path:0",
                                        "path:10", "path:x", "const:",  "quary:x"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct source source;
        const char *why = NULL;
        if (source_parse(span_of(wrong[i]), arena, &source, &why) || why == NULL)
            fail_msg("%s", wrong[i]);
    }
    char text[202];
    struct source source;
    const char *why;
    memset(text, 'a', sizeof text);
    assert_true(source_parse((struct span){text, 200}, arena, &source, &why));
    assert_false(source_parse((struct span){text, 201}, arena, &source, &why));
}

static void a_list_holds_each_source_once(void **state)
{
    (void)state;
    struct source_list list = {.count = 0};
    struct source source;
    const char *why;
    for (int i = 0; i < SOURCES_MAX; i++) {
        assert_true(source_parse(arena_format(arena, "f%d", i), arena, &source, &why));
        assert_int_equal(source_list_add(&list, &source), i);
        assert_int_equal(source_list_add(&list, &source), i);
    }
    assert_true(source_parse(SPAN("/f0"), arena, &source, &why));
    assert_int_equal(source_list_add(&list, &source), -1);
    assert_int_equal(list.count, SOURCES_MAX);
}

static const char *xml_value(const struct xml_node *root, const char *path)
{
    struct xml_path steps;
    assert_true(xml_path_compile(span_of(path), arena, &steps));
    return arena_text(arena, xml_text(root, &steps, arena));
}

static void xml_paths(void **state)
{
    (void)state;
    const struct xml_node *root =
        xml_read(SPAN("<?xml version=\"1.0\"?>\n<ns:Page version='2.0' xmlns:ns='urn:x'><A>one &amp; <!-- no -->two</A>"
                      "<b><c id=\"7\">x</c><C>y<![CDATA[<z>]]></C><d/></b><b><c/></b><e>  </e></ns:Page>"),
                 arena);
    assert_non_null(root);
    static const struct {
        const char *path, *value;
    } cases[] = {
        {"a", "one & two"}, {"@version", "2.0"}, {"page/@VERSION", "2.0"}, {"b/c", "xy<z>"}, {"b/c/@id", "7"},
        {"b/d", ""},        {"e", "  "},         {"page/b/c", "xy<z>"},    {"b", ""},        {"f", NULL},
        {"b/@id", NULL},    {"a/b", NULL},       {"page/page", NULL},      {"c", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *value = xml_value(root, cases[i].path);
        if (cases[i].value == NULL ? value != NULL : value == NULL || strcmp(value, cases[i].value) != 0)
            fail_msg("%s: %s", cases[i].path, value ? value : "absent");
    }
    static const char *const wrong[] = {"", "/", "a/", "/a", "a//b", "@", "@a/b", "a/@"};
    struct xml_path steps;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (xml_path_compile(span_of(wrong[i]), arena, &steps))
            fail_msg("%s", wrong[i]);
}

/* An element that cannot be attributed is kept as it came. */
static void xml_keeps_what_was_sent(void **state)
{
    (void)state;
    const struct xml_node *root = xml_read(SPAN("<r>\n<m a='1'>x<n/></m><m/> <m\n></m></r>"), arena);
    const struct xml_node *found[4];
    struct xml_path path;
    assert_true(xml_path_compile(SPAN("m"), arena, &path));
    assert_int_equal(xml_find(root, &path, found, 4), 3);
    assert_int_equal(xml_find(root, &path, found, 1), 3);
    assert_int_equal(xml_find(root, &path, found, 3), 3);
    assert_span(found[0]->raw, "<m a='1'>x<n/></m>");
    assert_span(found[1]->raw, "<m/>");
    assert_span(found[2]->raw, "<m\n></m>");
}

static void xml_in_other_character_sets(void **state)
{
    (void)state;
    const struct xml_node *root =
        xml_read(SPAN("<?xml version='1.0' encoding='ISO-8859-1'?><r><t>\xE9</t></r>"), arena);
    assert_non_null(root);
    assert_string_equal(xml_value(root, "t"), "\xC3\xA9");
    root = xml_read((struct span){"\xFE\xFF\0<\0r\0>\x09\x95\0<\0/\0r\0>", 18}, arena);
    assert_non_null(root);
    assert_span(root->text, "\xE0\xA6\x95");
}

static void hostile_xml(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        " ",
        "text",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "<a b=1/>",
        "<a>\xFF</a>",
        "<a>&nbsp;</a>",
        "<a>&#0;</a>",
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
        "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
        "<?xml version='1.0' encoding='no-such-set'?><a/>",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (xml_read(span_of(wrong[i]), arena) != NULL)
            fail_msg("%s", wrong[i]);
    assert_null(xml_read(SPAN_NONE, arena));
    assert_null(xml_read((struct span){"<a>\0</a>", 8}, arena));
}

static struct span repeated(const char *before, const char *piece, size_t times, const char *after)
{
    struct buffer text;
    buffer_init(&text, arena, 1 << 20);
    buffer_add_text(&text, before);
    for (size_t i = 0; i < times; i++)
        buffer_add_text(&text, piece);
    buffer_add_text(&text, after);
    assert_false(buffer_failed(&text));
    return buffer_span(&text);
}

static void xml_has_bounds(void **state)
{
    (void)state;
    static const size_t depths[] = {XML_DEPTH_MAX, XML_DEPTH_MAX + 1};
    for (size_t i = 0; i < 2; i++) {
        struct span open = repeated("", "<a>", depths[i], "");
        struct span text = repeated(arena_text(arena, open), "</a>", depths[i], "");
        assert_int_equal(xml_read(text, arena) != NULL, i == 0);
    }
    assert_non_null(xml_read(repeated("<a>", "<b/>", XML_NODES_MAX - 1, "</a>"), arena));
    assert_null(xml_read(repeated("<a>", "<b/>", XML_NODES_MAX, "</a>"), arena));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(sources),
        TEST(no_sources),
        TEST(a_list_holds_each_source_once),
        TEST(xml_paths),
        TEST(xml_keeps_what_was_sent),
        TEST(xml_in_other_character_sets),
        TEST(hostile_xml),
        TEST(xml_has_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
