#include <string.h>
#include "console/page/html.h"
#include "own_arena.h"

static struct html page_in(const char *language)
{
    struct html html;
    const struct html_style style = {
        .words = words_of(span_of(language)), .zone_minutes = 360, .now = INT64_C(1795330800000)}; /* 22 Nov 2026 */
    html_init(&html, arena, &style);
    return html;
}

static void assert_page(const struct html *html, const char *expected)
{
    assert_false(html_failed(html));
    assert_string_equal(arena_text(arena, span_is_present(html_done(html)) ? html_done(html) : SPAN("")), expected);
}

/* Between tags or between quotes, no byte that somebody sent can end what it stands in. */
static void no_byte_gets_out(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        const char one = (char)c;
        struct html text = page_in("en"), attribute = page_in("en"), part = page_in("en"), address = page_in("en");
        html_put(&text, ((struct span){&one, 1}));
        html_put_attribute(&attribute, ((struct span){&one, 1}));
        html_put_url(&part, ((struct span){&one, 1}));
        const char path[] = {'/', one, '\0'};
        html_put_address(&address, ((struct span){path, 2}));
        const struct html *all[] = {&text, &attribute, &part, &address};
        for (size_t i = 0; i < 4; i++) {
            struct span made = html_done(all[i]);
            assert_true(made.len > 0);
            assert_null(memchr(made.at, '<', made.len));
            assert_null(memchr(made.at, '>', made.len));
            assert_null(memchr(made.at, '"', made.len));
            assert_null(memchr(made.at, '\'', made.len));
            assert_null(memchr(made.at, '\0', made.len));
        }
        if (strchr(" \t\n\r#?&/=+%;:", c) && c)
            assert_true(html_done(&part).len == 3 && html_done(&part).at[0] == '%');
    }
}

static void what_hostile_people_type(void **state)
{
    (void)state;
    static const char hostile[] = "\"><img src=x onerror=1>";
    struct html html = page_in("en");
    html_put(&html, hostile);
    assert_page(&html, "&quot;&gt;&lt;img src=x onerror=1&gt;");
    html = page_in("en");
    html_put_url(&html, hostile);
    assert_page(&html, "%22%3E%3Cimg%20src%3Dx%20onerror%3D1%3E");
    html = page_in("en");
    html_word_with(&html, WORD_VIEWING_TOO, span_of(hostile), SPAN_NONE);
    assert_page(&html, "Also looking at this: &quot;&gt;&lt;img src=x onerror=1&gt;");
    html = page_in("en");
    html_word_named(&html, "<no such word>");
    assert_page(&html, "&lt;no such word&gt;");
}

static void addresses(void **state)
{
    (void)state;
    const struct {
        const char *given, *made;
    } cases[] = {
        {"/queue?tab=mine&topic=wages#top", "/queue?tab=mine&amp;topic=wages#top"},
        {"?below=7", "?below=7"},
        {"#main", "#main"},
        {"/", "/"},
        {"", ""},
        {"//evil.example/", "#"},
        {"/\\evil.example/", "#"},
        {"https://evil.example/", "#"},
        {"javascript:alert(1)", "#"},
        {" javascript:alert(1)", "#"},
        {"\tjava\nscript:alert(1)", "#"},
        {"data:text/html,x", "#"},
        {"/a b\"<'", "/a%20b%22%3C%27"},
        {"/\xe0\xa6\x95", "/%E0%A6%95"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct html html = page_in("en");
        html_put_address(&html, cases[i].given);
        assert_page(&html, cases[i].made);
    }
}

static void numbers(void **state)
{
    (void)state;
    struct html html = page_in("bn");
    html_put(&html, 1234567890);
    html_put(&html, (size_t)7);
    html_put(&html, INT64_C(-5));
    assert_page(&html, "১২৩৪৫৬৭৮৯০৭-৫");
    html = page_in("bn");
    html_put_attribute(&html, 42);
    html_put_url(&html, UINT64_MAX);
    assert_page(&html, "4218446744073709551615");
}

static void what_counts_as_something(void **state)
{
    (void)state;
    const struct html *nothing = NULL;
    assert_false(html_has(SPAN_NONE));
    assert_false(html_has(SPAN("")));
    assert_true(html_has(SPAN("x")));
    assert_false(html_has((const char *)NULL));
    assert_false(html_has(""));
    assert_true(html_has("x"));
    assert_false(html_has((bool)false));
    assert_false(html_has(0u));
    assert_true(html_has(INT64_C(-1)));
    assert_true(html_has((size_t)1));
    assert_false(html_has(nothing));
    assert_true(html_has(&nothing));
}

static void times(void **state)
{
    (void)state;
    const int64_t at = INT64_C(1795330800000) - 3 * 60000;
    struct html html = page_in("en");
    html_time(&html, at);
    html_ago(&html, at);
    assert_page(&html, "<time datetime=\"2026-11-22T06:57:00.000Z\">12:57</time>"
                       "<time datetime=\"2026-11-22T06:57:00.000Z\" data-ago>3 min ago</time>");
    html = page_in("bn");
    html_time(&html, at - 86400000);
    html_ago(&html, at + 3 * 60000 + 7200000);
    assert_page(&html, "<time datetime=\"2026-11-21T06:57:00.000Z\">২১ নভে ২০২৬, ১২:৫৭</time>"
                       "<time datetime=\"2026-11-22T09:00:00.000Z\" data-ago>২ ঘণ্টা পরে</time>");
    html = page_in("en");
    html_moment(&html, at);
    html_date(&html, at + 86400000);
    html_clock(&html, at - 86400000 + 7000);
    assert_page(&html, "<time datetime=\"2026-11-22T06:57:00.000Z\">22 Nov 2026, 12:57</time>"
                       "<time datetime=\"2026-11-23T06:57:00.000Z\">23 Nov 2026</time>"
                       "<time datetime=\"2026-11-21T06:57:07.000Z\">12:57:07</time>");
    html = page_in("en");
    html_time(&html, 0);
    html_date(&html, 0);
    html_clock(&html, 0);
    html_moment(&html, 0);
    html_ago(&html, 0);
    assert_page(&html, "never");
}

static void the_steps_of_ago(void **state)
{
    (void)state;
    const struct {
        int64_t before_ms;
        const char *said;
    } cases[] = {{0, "now"},           {59999, "now"},          {60000, "1 min ago"},   {3599999, "59 min ago"},
                 {3600000, "1 h ago"}, {172799999, "47 h ago"}, {172800000, "2 d ago"}, {-60000, "in 1 min"},
                 {-59999, "now"},      {-3600000, "in 1 h"},    {-172800000, "in 2 d"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct html html = page_in("en");
        html_ago(&html, html.style.now - cases[i].before_ms);
        const char *made = arena_text(arena, html_done(&html));
        assert_non_null(strstr(made, cases[i].said));
    }
}

static void lengths(void **state)
{
    (void)state;
    struct html html = page_in("en");
    html_span_ms(&html, 999);
    html_span_ms(&html, 80000);
    html_span_ms(&html, 3600000);
    assert_page(&html, "0 s1 min 20 s1 h 0 min");
}

/* A page that is too long fails as a whole. */
static void too_long_is_no_page(void **state)
{
    (void)state;
    struct html html = page_in("en");
    char *long_text = arena_alloc(arena, HTML_BYTES);
    memset(long_text, '<', HTML_BYTES / 2);
    html_put(&html, ((struct span){long_text, HTML_BYTES / 2}));
    assert_true(html_failed(&html));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_byte_gets_out),
        cmocka_unit_test(what_hostile_people_type),
        cmocka_unit_test(addresses),
        cmocka_unit_test(numbers),
        cmocka_unit_test(what_counts_as_something),
        cmocka_unit_test(times),
        cmocka_unit_test(the_steps_of_ago),
        cmocka_unit_test(lengths),
        cmocka_unit_test(too_long_is_no_page),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
