/* listener: what it refuses: frames that two servers could read differently, what is too many or too large, who takes too long. */
#include "listener_fixture.h"

/* Frames that two servers could read differently: one clear 400, the connection closed, and what follows never run. */
static const char *const ambiguous[] = {
    "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nContent-Length: 44\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: h\r\ncontent-length: 0\r\nCONTENT-LENGTH: 44\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length : 0\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nTransfer-Encoding : chunked\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nX\tY: 1\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nX\x01: 1\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: +0\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 0,0\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 0x0\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \x0b"
    "chunked\r\n\r\n0\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n",
    "POST /a HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "GET /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "GET /a%00b HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET /a%0d%0ab HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET /a%zz HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET a HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET http://h/a HTTP/1.1\r\nHost: h\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked \r\n\r\n0\r\n\r\n",
    "GET /a HTTP/1.1\r\n\r\n", /* no Host */
};

static void frames_of_two_readings_are_refused(void **state)
{
    struct core *core = *state;
    for (size_t i = 0; i < sizeof ambiguous / sizeof *ambiguous; i++) {
        struct heard heard;
        int fd = dial(core);
        say(fd, span_of(ambiguous[i]));
        say(fd, SPAN("GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"));
        hear_close(core, fd, &heard);
        if (status_of(&heard) != 400 || core->taken || core->admitted)
            fail_msg("case %zu: status %u, taken %zu", i, status_of(&heard), core->taken);
        close(fd);
    }
}

static void blank_in_the_target(void **state)
{
    struct core *core = *state;
    struct heard heard;
    int fd = dial(core);
    say(fd, SPAN("GET /a b HTTP/1.1\r\nHost: h\r\n\r\n"));
    hear_close(core, fd, &heard); /* libmicrohttpd says nothing here */
    assert_int_equal(core->admitted, 0);
    close(fd);
}

static void nul_in_the_request_line(void **state)
{
    struct core *core = *state;
    const struct span lines[] = {SPAN("GET /a\0b HTTP/1.1\r\nHost: h\r\n\r\n"),
                                 SPAN("GET /a?b\0c HTTP/1.1\r\nHost: h\r\n\r\n")};
    for (size_t i = 0; i < 2; i++) {
        struct heard heard;
        int fd = dial(core);
        say(fd, lines[i]);
        hear_close(core, fd, &heard);
        assert_int_equal(status_of(&heard), 400);
        close(fd);
    }
    assert_int_equal(core->admitted, 0);
}

static void post_without_length(void **state)
{
    struct core *core = *state;
    struct heard heard;
    int fd = dial(core);
    say(fd, SPAN("POST /a HTTP/1.1\r\nHost: h\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"));
    hear_close(core, fd, &heard);
    assert_int_equal(status_of(&heard), 411);
    assert_int_equal(core->taken, 0);
    close(fd);
}

static void say_headers(int fd, size_t count)
{
    say(fd, SPAN("GET /a HTTP/1.1\r\nHost: h\r\n"));
    for (size_t i = 1; i < count; i++)
        say(fd, SPAN("X-Many: 1\r\n"));
    say(fd, SPAN("\r\n"));
}

static void number_of_headers_is_bounded(void **state)
{
    struct core *core = *state;
    struct heard heard;
    int fd = dial(core);
    say_headers(fd, HTTP_HEADERS_MAX);
    hear(core, fd, &heard, 1);
    assert_int_equal(status_of(&heard), 200);
    say_headers(fd, HTTP_HEADERS_MAX + 1);
    hear_close(core, fd, &heard);
    assert_int_equal(status_of(&heard), 431);
    close(fd);
}

static void say_body(int fd, const char *head, size_t bytes)
{
    static const char filler[1024];
    say(fd, span_of(head));
    for (; bytes > 0; bytes -= bytes < sizeof filler ? bytes : sizeof filler)
        say(fd, (struct span){filler, bytes < sizeof filler ? bytes : sizeof filler});
}

static void body_cap(void **state)
{
    struct core *core = *state;
    struct heard heard;
    int fd = dial(core);
    say_body(fd, "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1024\r\n\r\n", 1024);
    hear(core, fd, &heard, 1);
    assert_int_equal(status_of(&heard), 200);
    say_body(fd, "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1025\r\n\r\n", 1025);
    hear(core, fd, &heard, 1);
    assert_int_equal(status_of(&heard), 413);
    assert_false(heard.closed);
    say(fd, SPAN(POST)); /* the frame was sound: the connection lives on */
    hear(core, fd, &heard, 1);
    assert_int_equal(status_of(&heard), 200);
    say(fd, SPAN("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n\r\nabc"));
    hear_close(core, fd, &heard);
    assert_int_equal(status_of(&heard), 413);
    assert_int_equal(core->taken, 2);
    close(fd);
}

static void chunked_body_cap(void **state)
{
    struct core *core = *state;
    struct heard heard;
    int fd = dial(core);
    say_body(fd, "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n", 1024);
    say(fd, SPAN("\r\n1\r\nx\r\n0\r\n\r\n"));
    hear(core, fd, &heard, 1);
    assert_int_equal(status_of(&heard), 413);
    assert_int_equal(core->taken, 0);
    close(fd);
}

/* Endless chunks: not answered, but not read for ever either. */
static void endless_chunks_are_cut(void **state)
{
    struct core *core = *state;
    struct heard heard = {.closed = false};
    int fd = dial(core);
    say(fd, SPAN("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"));
    for (int i = 0; i < 2000 && !heard.closed; i++) {
        say_body(fd, "400\r\n", 1024);
        say(fd, SPAN("\r\n"));
        turn(core);
        hear_more(fd, &heard);
    }
    assert_true(heard.closed);
    assert_true(listener_is_quiet(core->listener));
    close(fd);
}

static void admit_can_raise_the_cap(void **state)
{
    struct core *core = *state;
    core->admit_max = 4096;
    struct heard heard;
    int fd = dial(core);
    say_body(fd, "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4096\r\n\r\n", 4096);
    hear(core, fd, &heard, 1);
    assert_int_equal(status_of(&heard), 200);
    close(fd);
}

static void admit_refuses(void **state)
{
    struct core *core = *state;
    static const unsigned statuses[] = {404, 405, 503};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        struct heard heard;
        int fd = dial(core);
        core->admit_status = statuses[i];
        say(fd, SPAN(POST POST));
        hear(core, fd, &heard, 2);
        assert_int_equal(status_of(&heard), statuses[i]);
        assert_int_equal(count_replies(&heard), 2);
        assert_int_equal(strstr(heard.text, "Retry-After: 1\r\n") != NULL, statuses[i] == 503);
        close(fd);
    }
    assert_int_equal(core->taken, 0);
}

/* A byte now and then keeps libmicrohttpd's own timeout from ever firing. When exactly it is cut: visitor_test.c. */
static void slow_sender_is_cut(void **state)
{
    struct core *core = *state;
    listener_close(core->listener);
    open_listener(core, (struct listener_config){"127.0.0.1:0", 1024, 64, 1});
    struct heard heard = {.closed = false};
    int fd = dial(core);
    say(fd, SPAN("POST /a HTTP/1.1\r\nX: "));
    for (int64_t until = clock_monotonic_ms() + PATIENCE_MS; !heard.closed && clock_monotonic_ms() < until;) {
        say(fd, SPAN("x"));
        usleep(100 * 1000);
        turn(core);
        hear_more(fd, &heard);
    }
    assert_true(heard.closed);
    close(fd);
}

static void silent_connection_times_out(void **state)
{
    struct core *core = *state;
    listener_close(core->listener);
    open_listener(core, (struct listener_config){"127.0.0.1:0", 1024, 64, 1});
    struct heard heard;
    int fd = dial(core);
    hear_close(core, fd, &heard);
    close(fd);
}

static void connection_limit_makes_others_wait(void **state)
{
    struct core *core = *state;
    listener_close(core->listener);
    open_listener(core, (struct listener_config){"127.0.0.1:0", 1024, 2, 30});
    struct heard heard;
    int first = dial(core), second = dial(core), third = dial(core);
    turns(core, 3);
    say(third, SPAN(POST));
    turns(core, 5);
    assert_int_equal(core->taken, 0);
    close(first);
    hear(core, third, &heard, 1);
    assert_heard(&heard, POST_ECHO);
    close(second);
    close(third);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_LISTENER(frames_of_two_readings_are_refused),
        ON_A_LISTENER(blank_in_the_target),
        ON_A_LISTENER(nul_in_the_request_line),
        ON_A_LISTENER(post_without_length),
        ON_A_LISTENER(number_of_headers_is_bounded),
        ON_A_LISTENER(body_cap),
        ON_A_LISTENER(chunked_body_cap),
        ON_A_LISTENER(endless_chunks_are_cut),
        ON_A_LISTENER(admit_can_raise_the_cap),
        ON_A_LISTENER(admit_refuses),
        ON_A_LISTENER(slow_sender_is_cut),
        ON_A_LISTENER(silent_connection_times_out),
        ON_A_LISTENER(connection_limit_makes_others_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
