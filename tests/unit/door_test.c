/* door: which route a path is, where a sign-in may lead back to, which cookie counts, and which requests come from a page of ours. */
#include <string.h>

#include "console/door/back.h"
#include "console/door/cookie.h"
#include "console/door/csrf.h"
#include "console/door/route.h"
#include "console/door/whose.h"
#include "console/routes.h"
#include "cmocka_all.h"

static const struct {
    enum route_method method;
    const char *path, *pattern; /* NULL: none */
    int64_t id;
} paths[] = {
    {ROUTE_GET, "/", "/", 0},
    {ROUTE_GET, "/queue", "/queue", 0},
    {ROUTE_GET, "/queue/", NULL, 0},
    {ROUTE_GET, "queue", NULL, 0},
    {ROUTE_GET, "//queue", NULL, 0},
    {ROUTE_GET, "", NULL, 0},
    {ROUTE_POST, "/queue", NULL, 0},
    {ROUTE_GET, "/requests/new", "/requests/new", 0},
    {ROUTE_GET, "/requests/42", "/requests/:id", 42},
    {ROUTE_GET, "/requests/9223372036854775807", "/requests/:id", INT64_MAX},
    {ROUTE_GET, "/requests/9223372036854775808", NULL, 0},
    {ROUTE_GET, "/requests/0", NULL, 0},
    {ROUTE_GET, "/requests/042", NULL, 0}, /* one address for one thing */
    {ROUTE_GET, "/requests/-1", NULL, 0},
    {ROUTE_GET, "/requests/4x", NULL, 0},
    {ROUTE_GET, "/requests/", NULL, 0},
    {ROUTE_POST, "/requests/42/claim", "/requests/:id/claim", 42},
    {ROUTE_GET, "/requests/42/claim", NULL, 0},
    {ROUTE_POST, "/requests/42/claim/", NULL, 0},
    {ROUTE_GET, "/assets/app.css", "/assets/:name", 0},
    {ROUTE_GET, "/assets/", NULL, 0},
    {ROUTE_GET, "/assets/a/b", NULL, 0},
};

static void test_routes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct route_match match = route_find(console_routes, paths[i].method, span_of(paths[i].path));
        const char *found = match.route ? match.route->path : NULL;
        if ((found == NULL) != (paths[i].pattern == NULL) || (found && strcmp(found, paths[i].pattern) != 0))
            fail_msg("%s: %s", paths[i].path, found ? found : "none");
        assert_int_equal(match.id, paths[i].id);
    }
    assert_true(route_find(console_routes, ROUTE_GET, SPAN("/sign-out")).has_other_method);
    assert_false(route_find(console_routes, ROUTE_GET, SPAN("/nothing")).has_other_method);
}

/* Each stands once, and nothing that shows or changes somebody's is open to everybody. */
static void test_the_table(void **state)
{
    (void)state;
    static const char *const open[] = {"/healthz", "/metrics", "/assets/:name", "/sign-in", "/sign-out", "/unlock"};
    for (const struct route *route = console_routes; route->path; route++) {
        assert_non_null(route->answer);
        for (const struct route *other = route + 1; other->path; other++)
            assert_false(route->method == other->method && strcmp(route->path, other->path) == 0);
        bool is_open = strncmp(route->path, "/sign-in/", 9) == 0;
        for (size_t i = 0; i < sizeof open / sizeof *open; i++)
            is_open |= strcmp(route->path, open[i]) == 0;
        if (is_open != (route->right == RIGHT_NONE))
            fail_msg("%s is open to everybody or closed to all", route->path);
    }
}

static void test_back(void **state)
{
    (void)state;
    const struct site site = {.routes = console_routes};
    static const char *const good[] = {"/queue", "/queue?tab=mine&topic=work", "/requests/42", "/settings", "/"};
    static const char *const bad[] = {"",
                                      "queue",
                                      "//evil.example",
                                      "//queue",
                                      "/\\evil.example",
                                      "https://evil.example/queue",
                                      "javascript:alert(1)",
                                      "/nothing",
                                      "/sign-out",
                                      "/assets/app.css",
                                      "/live",
                                      "/healthz",
                                      "/queue\r\nSet-Cookie: a=b",
                                      "/queue\"><script>",
                                      "/queue\x7f",
                                      "/queue?\xe0\xa6\x95"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(span_equal_text(back_safe(&site, span_of(good[i])), good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (!span_equal(back_safe(&site, span_of(bad[i])), SPAN("/")))
            fail_msg("%s", bad[i]);
    assert_true(span_equal(back_safe(&site, SPAN_NONE), SPAN("/")));
}

/* What takes the place of an answer that must not stay: never the form once more, never a page for who is not in. */
static void test_above(void **state)
{
    (void)state;
    static const struct {
        const char *path, *above;
    } rows[] = {{"/requests/7/reveal", "/requests/7"},
                {"/requests", "/"},
                {"/users/new", "/users/new"},
                {"/users/7/reset", "/users/7"},
                {"/settings/recovery", "/settings"},
                {"/settings/sign-ins/7", "/settings"},
                {"/outbox/7/dealt", "/outbox"},
                {"/sign-in/setup", "/"},
                {"/unlock", "/"},
                {"/live", "/"},
                {"//elsewhere/users", "/"},
                {"/", "/"},
                {"", "/"}};
    const struct site site = {.routes = console_routes};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct http_request request = {.path = span_of(rows[i].path)};
        const struct visit visit = {.site = &site, .request = &request};
        assert_true(span_equal_text(back_above(&visit), rows[i].above));
    }
}

static const struct {
    bool is_secure;
    const char *header, *value; /* NULL: none */
} cookies[] = {
    {false, "helpline=abc", "abc"},
    {false, "a=b; helpline=abc; c=d", "abc"},
    {false, "a=b;helpline=abc", "abc"},
    {false, "helpline=abc; helpline=abc", "abc"},
    {false, "helpline=abc; helpline=abd", NULL}, /* one of them is somebody else's */
    {false, "xhelpline=abc", NULL},
    {false, "Helpline=abc", NULL},
    {false, "helpline", NULL},
    {false, "", NULL},
    {false, "__Host-helpline=abc", NULL},
    {true, "helpline=abc", NULL},
    {true, "__Host-helpline=abc", "abc"},
};

static void test_cookies(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cookies / sizeof *cookies; i++) {
        const struct site site = {.is_secure = cookies[i].is_secure};
        const struct pair header = {SPAN("cookie"), span_of(cookies[i].header)};
        const struct http_request request = {.headers = &header, .header_count = 1};
        struct span value = cookie_read(&site, &request, COOKIE_SIGN_IN);
        if (!cookies[i].value ? span_is_present(value) : !span_equal_text(value, cookies[i].value))
            fail_msg("case %zu: %.*s", i, SPAN_ARG(value));
    }
}

static const struct {
    const char *method, *site, *mode, *dest, *origin;
    bool is_ours;
} origins[] = {
    {"POST", NULL, NULL, NULL, NULL, true}, /* a browser that says nothing: the token decides */
    {"POST", "same-origin", "navigate", "document", "http://desk:8081", true},
    {"POST", "none", NULL, NULL, NULL, true},
    {"POST", "same-site", "navigate", "document", NULL, false},
    {"POST", "cross-site", "navigate", "document", NULL, false},
    {"POST", NULL, NULL, NULL, "https://desk.example.org", true},
    {"POST", NULL, NULL, NULL, "http://desk", false},
    {"POST", NULL, NULL, NULL, "null", false},
    {"POST", NULL, NULL, NULL, "ftp://desk:8081", false},
    {"POST", NULL, NULL, NULL, "", false},
    {"GET", "cross-site", "navigate", "document", NULL, true}, /* a link in a mail */
    {"GET", "cross-site", "navigate", "iframe", NULL, false},
    {"GET", "cross-site", "no-cors", "image", NULL, false},
    {"HEAD", "cross-site", "cors", "empty", NULL, false},
    {"GET", "same-origin", "cors", "empty", NULL, true},
};

static void test_where_it_comes_from(void **state)
{
    (void)state;
    const struct console_config config = {.url = "https://desk.example.org"};
    const struct site site = {.config = &config};
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
        struct pair headers[5] = {{SPAN("Host"), SPAN("desk:8081")}};
        size_t count = 1;
        const char *const values[] = {origins[i].site, origins[i].mode, origins[i].dest, origins[i].origin};
        const char *const names[] = {"Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest", "Origin"};
        for (size_t n = 0; n < 4; n++)
            if (values[n])
                headers[count++] = (struct pair){span_of(names[n]), span_of(values[n])};
        const struct http_request request = {
            .method = span_of(origins[i].method), .headers = headers, .header_count = count};
        if (csrf_is_ours(&site, &request) != origins[i].is_ours)
            fail_msg("case %zu", i);
    }
}

static void test_how_far_in(void **state)
{
    (void)state;
    const int64_t now = 1800000000000;
    struct operator somebody = {.id = 1};
    struct sign_in fresh = {.id = 2, .operator = 1, .created_at = now - 1000, .seen_at = now - 1000};
    assert_int_equal(whose_state(&fresh, &somebody, now), WHOSE_IN);
    assert_int_equal(whose_state(&fresh, &somebody, now - 1001 + SIGN_IN_IDLE_MS), WHOSE_IN);
    assert_int_equal(whose_state(&fresh, &somebody, now - 1000 + SIGN_IN_IDLE_MS), WHOSE_LOCKED);
    fresh.is_half = true;
    assert_int_equal(whose_state(&fresh, &somebody, now), WHOSE_HALF);
    assert_int_equal(whose_state(&fresh, &somebody, now + SIGN_IN_IDLE_MS), WHOSE_NOBODY);
    fresh.is_half = false;
    fresh.is_locked = true;
    assert_int_equal(whose_state(&fresh, &somebody, now), WHOSE_LOCKED);
    fresh.is_locked = false;
    somebody.is_disabled = true;
    assert_int_equal(whose_state(&fresh, &somebody, now), WHOSE_NOBODY);
    somebody.is_disabled = false;
    fresh.created_at = now - SIGN_IN_WHOLE_MS;
    assert_int_equal(whose_state(&fresh, &somebody, now), WHOSE_NOBODY);
    fresh.created_at = now;
    fresh.ended_at = now;
    assert_int_equal(whose_state(&fresh, &somebody, now), WHOSE_NOBODY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_routes),     cmocka_unit_test(test_the_table), cmocka_unit_test(test_back),
        cmocka_unit_test(test_above),      cmocka_unit_test(test_cookies),   cmocka_unit_test(test_where_it_comes_from),
        cmocka_unit_test(test_how_far_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
