/* listener: a request reaches the core whole, however it arrives, and its answer the client, in the order of the requests. */
#include "listener_fixture.h"

#include "base/log.h"

static void request_and_reply(void **state)
{
    struct core *core = *state;
    struct heard heard;
    int fd = dial(core);
    say(fd, SPAN(POST));
    hear(core, fd, &heard, 1);
    assert_int_equal(status_of(&heard), 200);
    assert_heard(&heard, "\r\n\r\n" POST_ECHO);
    assert_heard(&heard, "X-Test: yes\r\n");
    assert_heard(&heard, "Content-Type: text/plain\r\n");
    turns(core, 2);
    assert_true(listener_is_quiet(core->listener));

    say(fd, SPAN("GET /b HTTP/1.1\r\nHost: h\r\n\r\n")); /* on the same connection */
    hear(core, fd, &heard, 1);
    assert_heard(&heard, "\r\n\r\nGET|/b||127.0.0.1|");
    close(fd);
}

static void headers_and_raw_target_reach_the_core(void **state)
{
    struct core *core = *state;
    core->hold = true;
    int fd = dial(core);
    say(fd, SPAN("POST /in/a%20b?x=%41&y HTTP/1.1\r\nHost: h\r\nX-Sig:  abc \r\nx-empty:\r\nX-Sig: second\r\n"
                 "Content-Length: 0\r\n\r\n"));
    park(core);
    const struct http_request *request = core->requests[0];
    assert_true(span_equal_text(request->target, "/in/a%20b?x=%41&y"));
    assert_true(span_equal_text(request->query, "x=%41&y"));
    assert_true(span_equal_text(request->path, "/in/a b"));
    assert_true(span_equal_text(http_header(request, SPAN("x-sig")), "abc"));
    assert_true(span_equal_text(http_header(request, SPAN("X-Empty")), ""));
    assert_true(span_is_present(request->body));
    assert_int_equal(request->body.len, 0);
    close(fd);
}

static void every_split(void **state)
{
    struct core *core = *state;
    const struct span whole = SPAN(POST);
    for (size_t at = 1; at < whole.len; at++) {
        struct heard heard;
        int fd = dial(core);
        say(fd, span_first(whole, at));
        turns(core, 2);
        say(fd, span_from(whole, at));
        hear(core, fd, &heard, 1);
        assert_heard(&heard, "\r\n\r\n" POST_ECHO);
        close(fd);
    }
    assert_int_equal(core->taken, whole.len - 1);
}

static void byte_by_byte(void **state)
{
    struct core *core = *state;
    const struct span whole = SPAN(POST);
    struct heard heard;
    int fd = dial(core);
    for (size_t at = 0; at < whole.len; at++) {
        say(fd, (struct span){whole.at + at, 1});
        turn(core);
    }
    hear(core, fd, &heard, 1);
    assert_heard(&heard, "\r\n\r\n" POST_ECHO);
    close(fd);
}

static void every_truncation_is_dropped(void **state)
{
    struct core *core = *state;
    const struct span whole = SPAN(POST);
    for (size_t len = 0; len < whole.len; len++) {
        int fd = dial(core);
        say(fd, span_first(whole, len));
        turns(core, 2);
        close(fd);
        turns(core, 3);
    }
    assert_int_equal(core->taken, 0);
    assert_true(listener_is_quiet(core->listener));
}

static void pipelining_keeps_the_order(void **state)
{
    struct core *core = *state;
    struct heard heard;
    int fd = dial(core);
    say(fd, SPAN("POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na"
                 "POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nbb"
                 "GET /3 HTTP/1.1\r\nHost: h\r\n\r\n"));
    hear(core, fd, &heard, 3);
    const char *first = strstr(heard.text, "POST|/1||127.0.0.1|a"),
               *second = strstr(heard.text, "POST|/2||127.0.0.1|bb"), *third = strstr(heard.text, "GET|/3||127.0.0.1|");
    assert_true(first && second && third && first < second && second < third);
    close(fd);
}

static void chunked_body(void **state)
{
    struct core *core = *state;
    struct heard heard;
    int fd = dial(core);
    say(fd, SPAN("POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
                 "chunked\r\n\r\n3\r\ntex\r\n3;x=y\r\nt=1\r\n0\r\n\r\n" POST));
    hear(core, fd, &heard, 2);
    assert_heard(&heard, "POST|/c||127.0.0.1|text=1");
    assert_heard(&heard, POST_ECHO);
    close(fd);
}

static void answer_from_within_take(void **state)
{
    struct core *core = *state;
    core->answer_in_take = true;
    struct heard heard;
    int fd = dial(core);
    say(fd, SPAN(POST POST));
    hear(core, fd, &heard, 2);
    assert_int_equal(count_replies(&heard), 2);
    close(fd);
}

static void expect_continue(void **state)
{
    struct core *core = *state;
    struct heard heard;
    int fd = dial(core);
    say(fd, SPAN("POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 6\r\n\r\n"));
    turns(core, 3);
    say(fd, SPAN("text=1"));
    hear(core, fd, &heard, 1);
    assert_heard(&heard, "HTTP/1.1 100 Continue\r\n\r\n");
    assert_heard(&heard, "|text=1");
    say(fd, SPAN("POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\n"));
    hear_close(core, fd, &heard);
    assert_int_equal(status_of(&heard), 413);
    close(fd);
}

static void large_reply(void **state)
{
    struct core *core = *state;
    struct heard heard;
    int fd = dial_and_park(core);
    size_t len = REPLY_MAX - 1024;
    char *body = arena_alloc(core->arena, len);
    memset(body, 'x', len);
    struct http_response response = {.status = 200, .body = {body, len}};
    listener_answer(core->listener, core->parked[0], &response);
    memset(body, 'y', len); /* the listener copied it */
    core->held = 0;
    hear(core, fd, &heard, 1);
    assert_int_equal(count_replies(&heard), 1);
    assert_null(strchr(strstr(heard.text, "\r\n\r\n"), 'y'));
    close(fd);
}

static void reply_that_http_cannot_say(void **state)
{
    struct core *core = *state;
    struct heard heard;
    int fd = dial_and_park(core);
    const struct pair splitting = {SPAN("X"), SPAN("a\r\nY: b")};
    struct http_response response = {.status = 200, .headers = &splitting, .header_count = 1};
    log_set_level(LOG_LEVEL_ERROR - 1);
    listener_answer(core->listener, core->parked[0], &response);
    core->held = 0;
    hear(core, fd, &heard, 1);
    assert_int_equal(status_of(&heard), 500);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_LISTENER(request_and_reply),
        ON_A_LISTENER(headers_and_raw_target_reach_the_core),
        ON_A_LISTENER(every_split),
        ON_A_LISTENER(byte_by_byte),
        ON_A_LISTENER(every_truncation_is_dropped),
        ON_A_LISTENER(pipelining_keeps_the_order),
        ON_A_LISTENER(chunked_body),
        ON_A_LISTENER(answer_from_within_take),
        ON_A_LISTENER(expect_continue),
        ON_A_LISTENER(large_reply),
        ON_A_LISTENER(reply_that_http_cannot_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
