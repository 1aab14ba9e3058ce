/* message: requests as text, hostile ones and cut ones, and the bytes of a response. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "http/message.h"

static int make_arena(void **state)
{
    *state = arena_create(4096);
    return 0;
}

static int free_arena(void **state)
{
    arena_destroy(*state);
    return 0;
}

static const char whole[] = "POST /in/at%2Dussd/x?a=%31&b HTTP/1.1\r\nHost: example.org\r\nX-Empty:\r\n"
                            "Content-Type:  application/x-www-form-urlencoded \r\nContent-Length: 6\r\n\r\ntext=1";

static void test_whole_request(void **state)
{
    struct http_request request;
    struct error err;
    assert_int_equal(http_parse_request(span_of(whole), *state, &request, &err), OUTCOME_OK);
    assert_true(span_equal_text(request.method, "POST"));
    assert_true(span_equal_text(request.target, "/in/at%2Dussd/x?a=%31&b"));
    assert_true(span_equal_text(request.path, "/in/at-ussd/x"));
    assert_true(span_equal_text(request.query, "a=%31&b"));
    assert_true(span_equal_text(request.body, "text=1"));
    assert_true(span_equal_text(http_header(&request, SPAN("content-TYPE")), "application/x-www-form-urlencoded"));
    assert_true(span_equal_text(http_header(&request, SPAN("x-empty")), ""));
    assert_false(span_is_present(http_header(&request, SPAN("x-absent"))));
    assert_false(span_is_present(request.peer));
}

static void test_every_truncation_is_refused(void **state)
{
    for (size_t len = 0; len < sizeof whole - 1; len++) {
        struct http_request request;
        struct error err;
        char exact[sizeof whole];
        memcpy(exact + sizeof exact - len, whole, len);
        struct span cut = {exact + sizeof exact - len, len};
        assert_int_equal(http_parse_request(cut, *state, &request, &err), OUTCOME_REFUSED);
    }
}

static const struct {
    const char *raw, *path, *query, *body;
} good[] = {
    {"GET / HTTP/1.1\r\n\r\n", "/", NULL, ""},
    {"GET /a?b HTTP/1.0\n\n", "/a", "b", ""},
    {"GET /a? HTTP/1.1\r\n\r\n", "/a", "", ""},
    {"GET /a%3Fb?c?d HTTP/1.1\r\n\r\n", "/a?b", "c?d", ""},
    {"GET /a+b HTTP/1.1\r\n\r\n", "/a+b", NULL, ""},
    {"POST /a HTTP/1.1\n\ntext=1\n", "/a", NULL, "text=1"},
    {"POST /a HTTP/1.1\r\n\r\ntext=1\r\n", "/a", NULL, "text=1"},
    {"POST /a HTTP/1.1\n\ntext=1\n\n", "/a", NULL, "text=1\n"},
    {"POST /a HTTP/1.1\nContent-Length: 6\n\ntext=1\n", "/a", NULL, "text=1"},
    {"POST /a HTTP/1.1\nContent-Length: 7\n\ntext=1\n", "/a", NULL, "text=1\n"},
};

static void test_good_requests(void **state)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct http_request request;
        struct error err;
        assert_int_equal(http_parse_request(span_of(good[i].raw), *state, &request, &err), OUTCOME_OK);
        assert_true(span_equal_text(request.path, good[i].path));
        assert_int_equal(span_is_present(request.query), good[i].query != NULL);
        assert_true(!good[i].query || span_equal_text(request.query, good[i].query));
        assert_true(span_equal_text(request.body, good[i].body));
    }
}

static const struct {
    const char *raw, *why;
} bad[] = {
    {"", "line 1"},
    {"\r\n\r\n", "line 1"},
    {"GET\r\n\r\n", "line 1"},
    {"GET /a\r\n\r\n", "line 1"},
    {"GET /a HTTP/2\r\n\r\n", "line 1"},
    {"GET  /a HTTP/1.1\r\n\r\n", "line 1"},
    {"G\tT /a HTTP/1.1\r\n\r\n", "line 1"},
    {"GET a HTTP/1.1\r\n\r\n", "begin with /"},
    {"GET http://h/a HTTP/1.1\r\n\r\n", "begin with /"},
    {"GET /a%00b HTTP/1.1\r\n\r\n", "control character"},
    {"GET /a%0ab HTTP/1.1\r\n\r\n", "control character"},
    {"GET /a%4 HTTP/1.1\r\n\r\n", "bad %-escape"},
    {"GET /a HTTP/1.1\r\nHost x\r\n\r\n", "line 2"},
    {"GET /a HTTP/1.1\r\nHost : x\r\n\r\n", "line 2"},
    {"GET /a HTTP/1.1\r\nA: 1\r\n folded\r\n\r\n", "line 3"},
    {"GET /a HTTP/1.1\r\n: x\r\n\r\n", "line 2"},
    {"GET /a HTTP/1.1\r\nHost: x\r\n", "has no end"},
    {"POST /a HTTP/1.1\nContent-Length: 1\nContent-Length: 1\n\na", "more than once"},
    {"POST /a HTTP/1.1\nContent-Length: 1\nTransfer-Encoding: chunked\n\na", "both given"},
    {"POST /a HTTP/1.1\nTransfer-Encoding: gzip, chunked\n\na", "must be given once"},
    {"POST /a HTTP/1.1\nTransfer-Encoding: chunked\n\n0\n\n", "chunked body"},
    {"POST /a HTTP/1.1\nContent-Length: +1\n\na", "not a number"},
    {"POST /a HTTP/1.1\nContent-Length: -1\n\na", "not a number"},
    {"POST /a HTTP/1.1\nContent-Length: 1,1\n\na", "not a number"},
    {"POST /a HTTP/1.1\nContent-Length:\n\na", "not a number"},
    {"POST /a HTTP/1.1\nContent-Length: 99999999999999999999\n\na", "not a number"},
    {"POST /a HTTP/1.1\nContent-Length: 18446744073709551615\n\na", "not a number"},
    {"POST /a HTTP/1.1\nContent-Length: 3\n\na", "has 1 bytes"},
    {"POST /a HTTP/1.1\nContent-Length: 1\n\nab", "goes on after"},
};

static void test_bad_requests_say_why(void **state)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct http_request request;
        struct error err;
        assert_int_equal(http_parse_request(span_of(bad[i].raw), *state, &request, &err), OUTCOME_REFUSED);
        if (!strstr(err.text, bad[i].why))
            fail_msg("case %zu: \"%s\"", i, err.text);
    }
}

static enum outcome parse_with_headers(struct arena *arena, size_t count)
{
    struct buffer raw;
    buffer_init(&raw, arena, 8192);
    buffer_add_text(&raw, "GET / HTTP/1.1\r\n");
    for (size_t i = 0; i < count; i++)
        buffer_add_format(&raw, "H%zu: v\r\n", i);
    buffer_add_text(&raw, "\r\n");
    struct http_request request;
    struct error err;
    return http_parse_request(buffer_span(&raw), arena, &request, &err);
}

static void test_number_of_headers_is_bounded(void **state)
{
    assert_int_equal(parse_with_headers(*state, HTTP_HEADERS_MAX), OUTCOME_OK);
    assert_int_equal(parse_with_headers(*state, HTTP_HEADERS_MAX + 1), OUTCOME_REFUSED);
}

static void test_response_bytes(void **state)
{
    const struct pair headers[] = {{SPAN("Retry-After"), SPAN("1")}};
    struct http_response response = {503, SPAN("text/plain"), SPAN("busy\n"), headers, 1};
    assert_true(span_equal_text(http_format_response(&response, *state),
                                "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\n"
                                "Content-Length: 5\r\nRetry-After: 1\r\n\r\nbusy\n"));
    struct http_response empty = {.status = 200};
    assert_true(span_equal_text(http_format_response(&empty, *state), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
}

static void test_response_headers_cannot_split_it(void **state)
{
    const struct pair bad_value[] = {{SPAN("X"), SPAN("1\r\nSet-Cookie: a")}};
    const struct pair bad_name[] = {{SPAN("X: y\r\nZ"), SPAN("1")}};
    struct http_response by_value = {.status = 200, .headers = bad_value, .header_count = 1};
    struct http_response by_name = {.status = 200, .headers = bad_name, .header_count = 1};
    struct http_response by_type = {.status = 200, .content_type = SPAN("text/plain\nX: y")};
    assert_false(span_is_present(http_format_response(&by_value, *state)));
    assert_false(span_is_present(http_format_response(&by_name, *state)));
    assert_false(span_is_present(http_format_response(&by_type, *state)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_whole_request, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_every_truncation_is_refused, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_good_requests, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_bad_requests_say_why, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_number_of_headers_is_bounded, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_response_bytes, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_response_headers_cannot_split_it, make_arena, free_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
