/* listener: a real client on a socket against the listener, both on one thread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/log.h"
#include "http/listener.h"

enum { PARKED_MAX = 64, REPLY_MAX = 65536, PATIENCE_MS = 3000 };

/* The core's part: holds what was taken until the test, or the next turn, answers it. */
struct core {
    struct listener *listener;
    struct arena *arena;
    struct parked *parked[PARKED_MAX];
    const struct http_request *requests[PARKED_MAX];
    size_t held, taken, admitted;
    unsigned admit_status;
    size_t admit_max; /* 0: the listener's own */
    bool hold, answer_in_take;
    int reset_in_take; /* a client that goes at that moment */
};

static void reset(int fd)
{
    struct linger now = {1, 0};
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now), 0);
    close(fd);
}

static unsigned admit(void *context, const struct http_request *head, size_t *max_body)
{
    struct core *core = context;
    core->admitted++;
    assert_int_equal(head->body.len, 0);
    if (core->admit_max)
        *max_body = core->admit_max;
    return core->admit_status;
}

static void answer_echo(struct core *core, struct parked *parked, const struct http_request *request)
{
    static const struct pair headers[] = {{{"X-Test", 6}, {"yes", 3}}};
    struct http_response response = {
        .status = 200,
        .content_type = SPAN("text/plain"),
        .body =
            arena_format(core->arena, "%.*s|%.*s|%.*s|%.*s|%.*s", SPAN_ARG(request->method), SPAN_ARG(request->path),
                         SPAN_ARG(request->query), SPAN_ARG(request->peer), SPAN_ARG(request->body)),
        .headers = headers,
        .header_count = 1,
    };
    listener_answer(core->listener, parked, &response);
}

static void take(void *context, struct parked *parked, const struct http_request *request)
{
    struct core *core = context;
    core->taken++;
    if (core->answer_in_take) {
        answer_echo(core, parked, request);
        return;
    }
    if (core->reset_in_take)
        reset(core->reset_in_take);
    core->reset_in_take = 0;
    assert_in_range(core->held, 0, PARKED_MAX - 1);
    core->parked[core->held] = parked;
    core->requests[core->held++] = request;
}

static void answer_held(struct core *core)
{
    for (size_t i = 0; i < core->held; i++)
        answer_echo(core, core->parked[i], core->requests[i]);
    core->held = 0;
}

/* One turn of the loop. */
static void turn(struct core *core)
{
    int wait = listener_wait_ms(core->listener);
    struct pollfd fd = {.fd = listener_poll_fd(core->listener), .events = POLLIN};
    poll(&fd, 1, wait < 0 || wait > 5 ? 5 : wait);
    listener_run(core->listener);
    if (!core->hold)
        answer_held(core);
}

static void turns(struct core *core, int count)
{
    for (int i = 0; i < count; i++)
        turn(core);
}

static void open_listener(struct core *core, struct listener_config config)
{
    struct listener_hooks hooks = {core, admit, take};
    struct error err;
    if (listener_open(&config, &hooks, &core->listener, &err) != OUTCOME_OK)
        fail_msg("%s", err.text);
}

static int set_up(void **state)
{
    struct core *core = calloc(1, sizeof *core);
    core->arena = arena_create(65536);
    open_listener(core, (struct listener_config){"127.0.0.1:0", 1024, 64, 30});
    *state = core;
    return 0;
}

static int tear_down(void **state)
{
    struct core *core = *state;
    core->hold = false;
    if (core->listener)
        answer_held(core);
    listener_close(core->listener);
    arena_destroy(core->arena);
    free(core);
    return 0;
}

static int dial(const struct core *core)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)listener_port(core->listener))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    return fd;
}

static void say(int fd, struct span s)
{
    ssize_t sent = send(fd, s.at, s.len, MSG_NOSIGNAL);
    assert_true(sent == (ssize_t)s.len || errno == EPIPE || errno == ECONNRESET);
}

struct heard {
    char text[REPLY_MAX];
    size_t len;
    bool closed;
};

/* Number of whole replies, each told by its Content-Length. */
static size_t count_replies(const struct heard *heard)
{
    size_t count = 0;
    const char *at = heard->text;
    for (;;) {
        const char *body = strstr(at, "\r\n\r\n");
        const char *length = strstr(at, "Content-Length: ");
        if (!body || !length || length > body)
            return count;
        at = body + 4 + strtoul(length + 16, NULL, 10);
        if (at > heard->text + heard->len)
            return count;
        count++;
    }
}

static void hear_more(int fd, struct heard *heard)
{
    ssize_t got = recv(fd, heard->text + heard->len, sizeof heard->text - 1 - heard->len, 0);
    if (got > 0)
        heard->len += (size_t)got;
    heard->closed |= got == 0 || (got < 0 && errno != EAGAIN);
    heard->text[heard->len] = '\0';
}

/* Turns the loop until `replies` are whole, or the connection is closed. */
static void hear(struct core *core, int fd, struct heard *heard, size_t replies)
{
    memset(heard, 0, sizeof *heard);
    int64_t deadline = clock_monotonic_ms() + PATIENCE_MS;
    while (!heard->closed && count_replies(heard) < replies && clock_monotonic_ms() < deadline) {
        turn(core);
        hear_more(fd, heard);
    }
}

static void hear_close(struct core *core, int fd, struct heard *heard)
{
    hear(core, fd, heard, SIZE_MAX);
    assert_true(heard->closed);
}

static unsigned status_of(const struct heard *heard)
{
    return heard->len > 12 ? (unsigned)strtoul(heard->text + 9, NULL, 10) : 0;
}

static void assert_heard(const struct heard *heard, const char *text)
{
    if (!strstr(heard->text, text))
        fail_msg("\"%s\" is not in: %s", text, heard->text);
}

#define POST "POST /in/x%2Dy?a=%31 HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\ntext=1"
#define POST_ECHO "POST|/in/x-y|a=%31|127.0.0.1|text=1"

static void test_request_and_reply(void **state)
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

static void test_headers_and_raw_target_reach_the_core(void **state)
{
    struct core *core = *state;
    core->hold = true;
    int fd = dial(core);
    say(fd, SPAN("POST /in/a%20b?x=%41&y HTTP/1.1\r\nHost: h\r\nX-Sig:  abc \r\nx-empty:\r\nX-Sig: second\r\n"
                 "Content-Length: 0\r\n\r\n"));
    for (int i = 0; i < 100 && core->held == 0; i++)
        turn(core);
    assert_int_equal(core->held, 1);
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

static void test_every_split(void **state)
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

static void test_byte_by_byte(void **state)
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

static void test_every_truncation_is_dropped(void **state)
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

static void test_pipelining_keeps_the_order(void **state)
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

static void test_chunked_body(void **state)
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

static void test_answer_from_within_take(void **state)
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

/* Frames that two servers could read differently: one clear 400, the connection closed, and what follows never run. */
static const char *const smuggling[] = {
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

static void test_smuggling(void **state)
{
    struct core *core = *state;
    for (size_t i = 0; i < sizeof smuggling / sizeof *smuggling; i++) {
        struct heard heard;
        int fd = dial(core);
        say(fd, span_of(smuggling[i]));
        say(fd, SPAN("GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"));
        hear_close(core, fd, &heard);
        if (status_of(&heard) != 400 || core->taken || core->admitted)
            fail_msg("case %zu: status %u, taken %zu", i, status_of(&heard), core->taken);
        close(fd);
    }
}

static void test_blank_in_the_target(void **state)
{
    struct core *core = *state;
    struct heard heard;
    int fd = dial(core);
    say(fd, SPAN("GET /a b HTTP/1.1\r\nHost: h\r\n\r\n"));
    hear_close(core, fd, &heard); /* libmicrohttpd says nothing here */
    assert_int_equal(core->admitted, 0);
    close(fd);
}

static void test_nul_in_the_request_line(void **state)
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

static void test_post_without_length(void **state)
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

static void test_number_of_headers_is_bounded(void **state)
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

static void test_body_cap(void **state)
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

static void test_chunked_body_cap(void **state)
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
static void test_endless_chunks_are_cut(void **state)
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

static void test_admit_can_raise_the_cap(void **state)
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

static void test_admit_refuses(void **state)
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

static void test_expect_continue(void **state)
{
    struct core *core = *state;
    struct heard heard;
    int fd = dial(core);
    say(fd, SPAN("POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 6\r\n\r\n"));
    for (int i = 0; i < 3; i++)
        turn(core);
    say(fd, SPAN("text=1"));
    hear(core, fd, &heard, 1);
    assert_heard(&heard, "HTTP/1.1 100 Continue\r\n\r\n");
    assert_heard(&heard, "|text=1");
    say(fd, SPAN("POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\n"));
    hear_close(core, fd, &heard);
    assert_int_equal(status_of(&heard), 413);
    close(fd);
}

static void test_client_gone_while_parked(void **state)
{
    struct core *core = *state;
    for (int with_reset = 0; with_reset < 2; with_reset++) {
        core->hold = true;
        int fd = dial(core);
        say(fd, SPAN(POST));
        for (int i = 0; i < 100 && core->held == 0; i++)
            turn(core);
        assert_int_equal(core->held, 1);
        with_reset ? reset(fd) : (void)close(fd);
        turns(core, 3);
        assert_true(span_equal_text(core->requests[0]->body, "text=1"));
        core->hold = false;
        answer_held(core);
        turns(core, 3);
        assert_true(listener_is_quiet(core->listener));
    }
}

/* Lost within the very run that took it, while libmicrohttpd still watches the connection. */
static void test_lost_request_keeps_its_words(void **state)
{
    struct core *core = *state;
    core->hold = true;
    int fd = dial(core);
    say(fd, SPAN("PATCH /p HTTP/1.1\r\nHost: h\r\nX-Sig: abc\r\nX-Empty:\r\nContent-Length: 1\r\n\r\nx"));
    core->reset_in_take = fd;
    for (int i = 0; i < 100 && core->held == 0; i++)
        turn(core);
    assert_int_equal(core->held, 1);
    turns(core, 3);
    const struct http_request *request = core->requests[0];
    assert_true(span_equal_text(request->method, "PATCH"));
    assert_true(span_equal_text(request->peer, "127.0.0.1"));
    assert_true(span_equal_text(http_header(request, SPAN("x-sig")), "abc"));
    assert_true(span_equal_text(http_header(request, SPAN("x-empty")), ""));
    assert_int_equal(listener_parked(core->listener), 1);
    assert_false(listener_is_quiet(core->listener));
    core->hold = false;
    answer_held(core);
    turns(core, 2);
    assert_true(listener_is_quiet(core->listener));
}

/* Reset between the run that takes a request and the run after it, at which it is suspended. */
static void test_client_gone_before_the_suspend(void **state)
{
    struct core *core = *state;
    core->hold = true;
    int fd = dial(core);
    say(fd, SPAN(POST));
    for (int i = 0; i < 100 && core->held == 0; i++)
        turn(core);
    reset(fd);
    turns(core, 3);
    assert_int_equal(listener_parked(core->listener), 1);
    assert_true(span_equal_text(http_header(core->requests[0], SPAN("Host")), "h"));
    assert_true(span_equal_text(core->requests[0]->peer, "127.0.0.1"));
    listener_close(core->listener); /* and closing with a lost one is no harm either */
    core->listener = NULL;
    core->held = 0;
}

static void test_answer_after_many_turns(void **state)
{
    struct core *core = *state;
    core->hold = true;
    struct heard heard;
    int fd = dial(core);
    say(fd, SPAN(POST POST));
    for (int i = 0; i < 20; i++)
        turn(core);
    assert_int_equal(core->taken, 1); /* the second waits behind the first */
    core->hold = false;
    answer_held(core);
    hear(core, fd, &heard, 2);
    assert_int_equal(count_replies(&heard), 2);
    close(fd);
}

static void test_never_waits_while_parked(void **state)
{
    struct core *core = *state;
    core->hold = true;
    int fd = dial(core);
    say(fd, SPAN(POST));
    for (int i = 0; i < 100 && core->held == 0; i++)
        turn(core);
    assert_int_equal(listener_parked(core->listener), 1);
    assert_int_equal(listener_wait_ms(core->listener), 0);
    answer_held(core);
    assert_int_equal(listener_parked(core->listener), 0);
    assert_int_equal(listener_wait_ms(core->listener), 0);
    close(fd);
}

static void test_reply_that_http_cannot_say(void **state)
{
    struct core *core = *state;
    core->hold = true;
    struct heard heard;
    int fd = dial(core);
    say(fd, SPAN(POST));
    for (int i = 0; i < 100 && core->held == 0; i++)
        turn(core);
    const struct pair splitting = {SPAN("X"), SPAN("a\r\nY: b")};
    struct http_response response = {.status = 200, .headers = &splitting, .header_count = 1};
    log_set_level(LOG_LEVEL_ERROR - 1);
    listener_answer(core->listener, core->parked[0], &response);
    core->held = 0;
    hear(core, fd, &heard, 1);
    assert_int_equal(status_of(&heard), 500);
    close(fd);
}

static void test_large_reply(void **state)
{
    struct core *core = *state;
    core->hold = true;
    struct heard heard;
    int fd = dial(core);
    say(fd, SPAN(POST));
    for (int i = 0; i < 100 && core->held == 0; i++)
        turn(core);
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

static void test_quiesce_serves_the_backlog_and_closes(void **state)
{
    struct core *core = *state;
    struct heard heard;
    int early[20];
    core->hold = true;
    for (size_t i = 0; i < 20; i++) {
        early[i] = dial(core);
        say(early[i], SPAN(POST));
    }
    listener_quiesce(core->listener);
    core->hold = false;
    for (size_t i = 0; i < 20; i++) {
        hear_close(core, early[i], &heard);
        assert_heard(&heard, POST_ECHO);
        assert_heard(&heard, "Connection: close\r\n");
        close(early[i]);
    }
    assert_true(listener_is_quiet(core->listener));

    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)listener_port(core->listener))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int late = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(late, (struct sockaddr *)&to, sizeof to), -1);
    close(late);
}

static void test_close_answers_what_is_parked(void **state)
{
    struct core *core = *state;
    core->hold = true;
    struct heard heard = {.len = 0};
    int fd = dial(core), half = dial(core);
    say(fd, SPAN(POST));
    say(half, SPAN("POST /a HTTP/1.1\r\nHost: h\r\nContent-Le"));
    for (int i = 0; i < 100 && core->held == 0; i++)
        turn(core);
    assert_false(listener_is_quiet(core->listener));
    log_set_level(LOG_LEVEL_ERROR);
    listener_close(core->listener);
    core->listener = NULL;
    core->held = 0;
    hear_more(fd, &heard);
    assert_int_equal(status_of(&heard), 503);
    close(fd);
    close(half);
}

/* A byte now and then keeps libmicrohttpd's own timeout from ever firing. */
static void test_slow_sender_is_cut(void **state)
{
    struct core *core = *state;
    listener_close(core->listener);
    open_listener(core, (struct listener_config){"127.0.0.1:0", 1024, 64, 1});
    struct heard heard = {.closed = false};
    int fd = dial(core);
    say(fd, SPAN("POST /a HTTP/1.1\r\nX: "));
    int64_t start = clock_monotonic_ms();
    while (!heard.closed && clock_monotonic_ms() - start < 8000) {
        say(fd, SPAN("x"));
        usleep(100 * 1000);
        turn(core);
        hear_more(fd, &heard);
    }
    assert_true(heard.closed);
    assert_in_range(clock_monotonic_ms() - start, 1900, 5000);
    close(fd);
}

static void test_silent_connection_times_out(void **state)
{
    struct core *core = *state;
    listener_close(core->listener);
    open_listener(core, (struct listener_config){"127.0.0.1:0", 1024, 64, 1});
    struct heard heard = {.closed = false};
    int fd = dial(core);
    int64_t start = clock_monotonic_ms();
    while (!heard.closed && clock_monotonic_ms() - start < 5000) {
        turn(core);
        hear_more(fd, &heard);
    }
    assert_true(heard.closed);
    close(fd);
}

static void test_connection_limit_makes_others_wait(void **state)
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

static void test_unix_socket(void **state)
{
    struct core *core = *state;
    char address[64], *path = address + 5;
    snprintf(address, sizeof address, "unix:/tmp/helpline-listener-test-%d.sock", (int)getpid());
    listener_close(core->listener);
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    snprintf(to.sun_path, sizeof to.sun_path, "%s", path);
    int left_over = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(left_over, (struct sockaddr *)&to, sizeof to), 0);
    close(left_over); /* the file stays, as after a crash */

    open_listener(core, (struct listener_config){address, 1024, 64, 30});
    struct stat file;
    assert_int_equal(stat(path, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0660);
    assert_int_equal(listener_port(core->listener), 0);
    struct heard heard;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    say(fd, SPAN(POST));
    hear(core, fd, &heard, 1);
    assert_heard(&heard, "POST|/in/x-y|a=%31||text=1"); /* no peer */
    close(fd);

    struct listener *other;
    struct listener_hooks hooks = {core, admit, take};
    struct listener_config config = {address, 1024, 64, 30};
    struct error err;
    assert_int_equal(listener_open(&config, &hooks, &other, &err), OUTCOME_BROKEN);
    assert_non_null(strstr(err.text, "in use by another program"));
    listener_close(core->listener);
    core->listener = NULL;
    assert_int_equal(stat(path, &file), -1);
}

static void test_port_in_use_is_one_clear_sentence(void **state)
{
    struct core *core = *state;
    char address[32], expected[64];
    snprintf(address, sizeof address, "127.0.0.1:%u", listener_port(core->listener));
    snprintf(expected, sizeof expected, "port %u is in use by another program", listener_port(core->listener));
    struct listener *other;
    struct listener_hooks hooks = {core, admit, take};
    struct listener_config config = {address, 1024, 64, 30};
    struct error err;
    assert_int_equal(listener_open(&config, &hooks, &other, &err), OUTCOME_BROKEN);
    assert_non_null(strstr(err.text, expected));
    assert_null(other);
}

static const struct {
    const char *address;
    enum outcome outcome;
} bad_addresses[] = {
    {"", OUTCOME_REFUSED},
    {"8080", OUTCOME_REFUSED},
    {":8080", OUTCOME_REFUSED},
    {"127.0.0.1", OUTCOME_REFUSED},
    {"127.0.0.1:", OUTCOME_REFUSED},
    {"127.0.0.1:65536", OUTCOME_REFUSED},
    {"127.0.0.1:80a", OUTCOME_REFUSED},
    {"127.0.0.1:-1", OUTCOME_REFUSED},
    {"::1:8080", OUTCOME_REFUSED},
    {"[::1]", OUTCOME_REFUSED},
    {"[::1:8080", OUTCOME_REFUSED},
    {"[127.0.0.1]:8080", OUTCOME_REFUSED},
    {"[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000]:8080", OUTCOME_REFUSED},
    {"example.org:8080", OUTCOME_REFUSED},
    {"unix:", OUTCOME_REFUSED},
    {"fd:", OUTCOME_REFUSED},
    {"fd:x", OUTCOME_REFUSED},
    {"fd:99999999999", OUTCOME_REFUSED},
    {"fd:0", OUTCOME_BROKEN},
    {"fd:999", OUTCOME_BROKEN},
    {"192.0.2.1:8080", OUTCOME_BROKEN},
    {"unix:/nonexistent/x.sock", OUTCOME_BROKEN},
    {"unix:/tmp", OUTCOME_BROKEN},
};

static void test_bad_addresses(void **state)
{
    struct core *core = *state;
    for (size_t i = 0; i < sizeof bad_addresses / sizeof *bad_addresses; i++) {
        struct listener *other;
        struct listener_hooks hooks = {core, admit, take};
        struct listener_config config = {bad_addresses[i].address, 1024, 64, 30};
        struct error err;
        if (listener_open(&config, &hooks, &other, &err) != bad_addresses[i].outcome)
            fail_msg("%s: %s", bad_addresses[i].address, err.text);
        assert_null(other);
    }
}

static void test_passed_descriptor(void **state)
{
    struct core *core = *state;
    listener_close(core->listener);
    struct sockaddr_in at = {.sin_family = AF_INET};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 16), 0);
    char address[16];
    snprintf(address, sizeof address, "fd:%d", fd);
    open_listener(core, (struct listener_config){address, 1024, 64, 30});
    struct heard heard;
    int client = dial(core);
    say(client, SPAN(POST));
    hear(core, client, &heard, 1);
    assert_heard(&heard, POST_ECHO);
    close(client);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        TEST(test_request_and_reply),
        TEST(test_headers_and_raw_target_reach_the_core),
        TEST(test_every_split),
        TEST(test_byte_by_byte),
        TEST(test_every_truncation_is_dropped),
        TEST(test_pipelining_keeps_the_order),
        TEST(test_chunked_body),
        TEST(test_answer_from_within_take),
        TEST(test_smuggling),
        TEST(test_blank_in_the_target),
        TEST(test_nul_in_the_request_line),
        TEST(test_post_without_length),
        TEST(test_number_of_headers_is_bounded),
        TEST(test_body_cap),
        TEST(test_chunked_body_cap),
        TEST(test_endless_chunks_are_cut),
        TEST(test_admit_can_raise_the_cap),
        TEST(test_admit_refuses),
        TEST(test_expect_continue),
        TEST(test_client_gone_while_parked),
        TEST(test_lost_request_keeps_its_words),
        TEST(test_client_gone_before_the_suspend),
        TEST(test_answer_after_many_turns),
        TEST(test_never_waits_while_parked),
        TEST(test_reply_that_http_cannot_say),
        TEST(test_large_reply),
        TEST(test_quiesce_serves_the_backlog_and_closes),
        TEST(test_close_answers_what_is_parked),
        TEST(test_slow_sender_is_cut),
        TEST(test_silent_connection_times_out),
        TEST(test_connection_limit_makes_others_wait),
        TEST(test_unix_socket),
        TEST(test_port_in_use_is_one_clear_sentence),
        TEST(test_bad_addresses),
        TEST(test_passed_descriptor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
