/* What profiles are made of: character sets, dates, networks, JSON paths. */
#include <string.h>
#include "aggregator/access/network.h"
#include "aggregator/door/fields.h"
#include "aggregator/language/charset.h"
#include "aggregator/language/dates.h"
#include "aggregator/language/jsonpath.h"
#include "own_arena.h"

#define assert_span(span, text) assert_true(span_equal_text(span, text))

static struct settings *parse(const char *text, struct problems *problems)
{
    struct settings *settings;
    problems_init(problems, arena);
    assert_int_equal(settings_parse(span_of(text), "test.conf", &settings, problems), OUTCOME_OK);
    return settings;
}

static void character_sets(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct span bytes;
        bool whole;
        const char *text;
    } cases[] = {
        {"UTF-8", {"abc", 3}, true, "abc"},
        {"utf-8", {"e\xCC\x81", 3}, true, "\xC3\xA9"},
        {"UTF-8",
         {"a\0b", 3},
         false,
         "a\xEF\xBF\xBD"
         "b"},
        {"UTF-8", {"\xC0\xAF", 2}, false, "\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"UTF-8", {"\xED\xA0\x80", 3}, false, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"ISO-8859-1", {"\xE9\x80", 2}, true, "\xC3\xA9\xC2\x80"},
        {"WINDOWS-1252", {"\x80\x9F", 2}, true, "\xE2\x82\xAC\xC5\xB8"},
        {"windows-1252", {"\x81", 1}, false, "\xEF\xBF\xBD"},
        {"UTF-16BE", {"\0A\x09\xB8", 4}, true, "A\xE0\xA6\xB8"},
        {"UTF-16BE", {"\xD8\x3D\xDE\x00", 4}, true, "\xF0\x9F\x98\x80"},
        {"UTF-16BE", {"\xD8\x3D", 2}, false, "\xEF\xBF\xBD"},
        {"UTF-16BE",
         {"\xDE\x00\x00"
          "A",
          4},
         false,
         "\xEF\xBF\xBD"
         "A"},
        {"UTF-16BE", {"\x09", 1}, false, "\xEF\xBF\xBD"},
        {"GSM-7", {"\x00\x1B\x65", 3}, true, "@\xE2\x82\xAC"},
        {"8-BIT", {"abc", 3}, false, "abc"},
        {"KOI8-R", {"", 0}, true, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct span text;
        enum charset charset = charset_find(span_of(cases[i].name));
        if (charset_decode(charset, cases[i].bytes, arena, &text) != cases[i].whole ||
            !span_equal_text(text, cases[i].text))
            fail_msg("case %zu: %.*s", i, SPAN_ARG(text));
    }
}

static void times(void **state)
{
    (void)state;
    struct problems problems;
    struct settings *settings = parse("dates = [ \"unix\", \"%Y-%m-%dT%H:%M:%SZ\", \"%Y-%m-%d %H:%M:%S\","
                                      " \"%Y-%m-%dT%H:%M:%S.%f%z\", \"%a %b %d %Y %H:%M:%S GMT%z\", \"%Y%m%d%H%M%S\","
                                      " \"%Y-%m-%d%H:%M:%S\", \"%Y-%m-%d %H:%M:%S.%f\" ];"
                                      "date_zone = \"+03:00\";",
                                      &problems);
    struct layer door = {settings_root(settings), {0}};
    struct dates dates = dates_compile(door, arena, &problems);
    settings_free(settings);
    static const struct {
        const char *text;
        int64_t at;
    } cases[] = {
        {"1511300000", 1511300000000},
        {" 1511300000 ", 1511300000000},
        {"2017-05-03 06:04:45", 1493780685000},
        {"2017-05-03T06:04:45Z", 1493791485000},
        {"2017-02-31 06:04:45", 0},
        {"2016-10-06T09:28:39.220+0000", 1475746119220},
        {"2016-10-06T09:28:39.2+0130", 1475740719200},
        {"2016-10-06T09:28:39.220987654Z", 1475746119220},
        {"2016-10-06T09:28:39.+0000", 0},
        {"2016-10-06T09:28:39.220", 0},
        {"Fri Nov 22 2013 12:12:13 GMT+0000 (UTC)", 1385122333000},
        {"Fri Nov 22 2013 20:12:13 GMT+0800 (Philippine Standard Time)", 1385122333000},
        {"Fri Nov 22 2013 12:12:13 GMT+0000", 1385122333000},
        {"Fri Nov 22 2013 12:12:13 GMT+0000 (UTC", 0},
        {"Fri Nov 22 2013 12:12:13 GMT+0000 (UTC) x", 0},
        {"2016-03-3019:33:06", 1459355586000},
        {"2017-01-01 00:00:00.05", 1483218000050},
        {"1511300000.25", 1511300000250},
        {"1511300000.", 0},
        {"1970-01-01 00:00:00", 0},
        {"2017-05-03 06:04:60", 0},
        {"2017-05-03 06:04", 0},
        {"2017-05-03 06:04:45x", 0},
        {"99999999999999999999", 0},
        {"253402300800", 0},
        {"", 0},
        {"yesterday", 0},
        {"-1", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (dates_read(&dates, span_of(cases[i].text)) != cases[i].at)
            fail_msg("%s", cases[i].text);
    assert_int_equal(dates_read(&dates, (struct span){"1511300000\0", 11}), 0);
}

/* The digits alone, as message centres write them; the order of the list decides where several could be meant. */
static void times_in_digits(void **state)
{
    (void)state;
    static const struct {
        const char *formats, *text;
        int64_t at;
    } cases[] = {
        {"\"%Y%m%d%H%M%S\", \"%y%m%d%H%M\"", "20160330193306", 1459366386000},
        {"\"%Y%m%d%H%M%S\", \"%y%m%d%H%M\"", "1603301933", 1459366380000},
        {"\"%y%m%d%H%M\", \"unix\"", "1613301933", 1613301933000},
        {"\"unix_ms\"", "1459366386123", 1459366386123},
        {"\"unix_ms\"", "1459366386123.5", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct problems problems;
        struct settings *settings = parse(arena_format(arena, "dates = [ %s ];", cases[i].formats).at, &problems);
        struct dates dates = dates_compile((struct layer){settings_root(settings), {0}}, arena, &problems);
        settings_free(settings);
        if (dates_read(&dates, span_of(cases[i].text)) != cases[i].at)
            fail_msg("%s: %lld", cases[i].text, (long long)dates_read(&dates, span_of(cases[i].text)));
    }
}

static void networks(void **state)
{
    (void)state;
    static const struct {
        const char *network, *address;
        bool holds;
    } cases[] = {
        {"192.0.2.0/24", "192.0.2.255", true},
        {"192.0.2.0/24", "192.0.3.0", false},
        {"192.0.2.7", "192.0.2.7", true},
        {"192.0.2.7", "192.0.2.6", false},
        {"0.0.0.0/0", "8.8.8.8", true},
        {"0.0.0.0/0", "2001:db8::1", false},
        {"::/0", "8.8.8.8", false},
        {"::/0", "2001:db8::1", true},
        {"2001:db8::/33", "2001:db8::1", true},
        {"2001:db8::/33", "2001:db8:8000::1", false},
        {"10.0.0.0/9", "10.127.0.1", true},
        {"10.0.0.0/9", "10.128.0.1", false},
        {"10.0.0.0/8", "::ffff:10.1.2.3", true},
        {"10.0.0.0/8", "", false},
        {"10.0.0.0/8", "10.1.2.3.4", false},
        {"10.0.0.0/8", "nonsense", false},
    };
    struct network network;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(network_read(span_of(cases[i].network), &network));
        if (network_holds(&network, 1, span_of(cases[i].address)) != cases[i].holds)
            fail_msg("%s in %s", cases[i].address, cases[i].network);
    }
    static const char *const wrong[] = {"",         "10.0.0.0/", "10.0.0.0/33",  "::/129",
                                        "10.0.0/8", "x",         "10.0.0.0/8/8", "/8"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(network_read(span_of(wrong[i]), &network));
}

static void json_paths(void **state)
{
    (void)state;
    json_t *root = json_read(SPAN("{\"a\":{\"b\":[{\"c\":102},{\"c\":\"x\"}],\"t\":true,\"n\":null},\"m\":[[1,2]]}"));
    static const struct {
        const char *path, *value;
    } cases[] = {
        {"a.b[0].c", "102"}, {"a.b[1].c", "x"},   {"a.t", "true"},  {"m[0][1]", "2"},
        {"a.n", NULL},       {"A.B[0].C", "102"}, {"a.b", NULL},    {"a.b[2].c", NULL},
        {"b", NULL},         {"a.t.x", NULL},     {"m[0].c", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct span value = json_at_path(root, span_of(cases[i].path), arena);
        if (cases[i].value == NULL ? span_is_present(value) : !span_equal_text(value, cases[i].value))
            fail_msg("%s: %.*s", cases[i].path, SPAN_ARG(value));
    }
    json_decref(root);
    assert_null(json_read(SPAN("{\"a\":1,\"a\":2}")));
    assert_null(json_read(SPAN("{} x")));
    assert_null(json_read(SPAN_NONE));
    static const char *const wrong[] = {"", ".", "a.", "a[", "a[x]", "a[0", "[]", "a.[0]", "a[0]b", "a[-1]"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(json_path_is_valid(span_of(wrong[i])));
}

static void texts_with_nul(void **state)
{
    (void)state;
    struct pair *pairs;
    size_t count;
    struct error err;
    struct span text = SPAN("text");
    assert_int_equal(fields_decode(SPAN("from=1&text=%00A%00+&id=2"), text, arena, &pairs, &count, &err), OUTCOME_OK);
    assert_true(span_equal(form_find(pairs, count, text), (struct span){"\0A\0 ", 4}));
    assert_span(form_find(pairs, count, SPAN("from")), "1");
    assert_span(form_find(pairs, count, SPAN("id")), "2");
    static const char *const refused[] = {"text=%00%0", "text=%00%", "text=%00%zz", "text=a&id=%00", "id=%00"};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        assert_int_equal(fields_decode(span_of(refused[i]), text, arena, &pairs, &count, &err), OUTCOME_REFUSED);
    assert_int_equal(fields_decode(SPAN("text=%00A"), SPAN_NONE, arena, &pairs, &count, &err), OUTCOME_REFUSED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(character_sets), TEST(times),      TEST(times_in_digits),
        TEST(networks),       TEST(json_paths), TEST(texts_with_nul),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
