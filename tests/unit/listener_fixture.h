/* A listener on a free port, a core that answers or holds what it takes, and a real client on a socket: all on one thread. */
#pragma once
#include "cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "http/listener.h"

enum { PARKED_MAX = 64, REPLY_MAX = 65536, PATIENCE_MS = 30000 };

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

static inline void reset(int fd)
{
    struct linger now = {1, 0};
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now), 0);
    close(fd);
}

static inline unsigned admit(void *context, const struct http_request *head, size_t *max_body)
{
    struct core *core = context;
    core->admitted++;
    assert_int_equal(head->body.len, 0);
    if (core->admit_max)
        *max_body = core->admit_max;
    return core->admit_status;
}

static inline void answer_echo(struct core *core, struct parked *parked, const struct http_request *request)
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

static inline void take(void *context, struct parked *parked, const struct http_request *request)
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

static inline void answer_held(struct core *core)
{
    for (size_t i = 0; i < core->held; i++)
        answer_echo(core, core->parked[i], core->requests[i]);
    core->held = 0;
}

/* One turn of the loop. */
static inline void turn(struct core *core)
{
    int wait = listener_wait_ms(core->listener);
    struct pollfd fd = {.fd = listener_poll_fd(core->listener), .events = POLLIN};
    poll(&fd, 1, wait < 0 || wait > 5 ? 5 : wait);
    listener_run(core->listener);
    if (!core->hold)
        answer_held(core);
}

static inline void turns(struct core *core, int count)
{
    for (int i = 0; i < count; i++)
        turn(core);
}

/* Turns the loop until the core holds a request. */
static inline void park(struct core *core)
{
    for (int64_t until = clock_monotonic_ms() + PATIENCE_MS; core->held == 0 && clock_monotonic_ms() < until;)
        turn(core);
    assert_int_equal(core->held, 1);
}

static inline void open_listener(struct core *core, struct listener_config config)
{
    struct listener_hooks hooks = {core, admit, take};
    struct error err;
    if (listener_open(&config, &hooks, &core->listener, &err) != OUTCOME_OK)
        fail_msg("%s", err.text);
}

static inline int set_up(void **state)
{
    signal(SIGPIPE, SIG_IGN);
    struct core *core = calloc(1, sizeof *core);
    core->arena = arena_create(65536);
    open_listener(core, (struct listener_config){"127.0.0.1:0", 1024, 64, 30});
    *state = core;
    return 0;
}

static inline int tear_down(void **state)
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

static inline struct sockaddr_in address_of(const struct core *core)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)listener_port(core->listener))};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
}

static inline int dial(const struct core *core)
{
    struct sockaddr_in to = address_of(core);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    return fd;
}

static inline void say(int fd, struct span s)
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
static inline size_t count_replies(const struct heard *heard)
{
    size_t count = 0;
    const char *at = heard->text;
    for (;;) {
        const char *body = strstr(at, "\r\n\r\n");
        const char *length = strstr(at, "Content-Length: ");
        if (body && strncmp(at, "HTTP/1.1 100 ", 13) == 0) { /* a reply is to come */
            at = body + 4;
            continue;
        }
        if (!body || !length || length > body)
            return count;
        at = body + 4 + strtoul(length + 16, NULL, 10);
        if (at > heard->text + heard->len)
            return count;
        count++;
    }
}

static inline void hear_more(int fd, struct heard *heard)
{
    ssize_t got = recv(fd, heard->text + heard->len, sizeof heard->text - 1 - heard->len, 0);
    if (got > 0)
        heard->len += (size_t)got;
    heard->closed |= got == 0 || (got < 0 && errno != EAGAIN);
    heard->text[heard->len] = '\0';
}

/* Turns the loop until `replies` are whole, or the connection is closed: how long that takes is nobody's promise. */
static inline void hear(struct core *core, int fd, struct heard *heard, size_t replies)
{
    memset(heard, 0, sizeof *heard);
    int64_t deadline = clock_monotonic_ms() + PATIENCE_MS;
    while (!heard->closed && count_replies(heard) < replies && clock_monotonic_ms() < deadline) {
        turn(core);
        hear_more(fd, heard);
    }
}

static inline void hear_close(struct core *core, int fd, struct heard *heard)
{
    hear(core, fd, heard, SIZE_MAX);
    assert_true(heard->closed);
}

static inline unsigned status_of(const struct heard *heard)
{
    return heard->len > 12 ? (unsigned)strtoul(heard->text + 9, NULL, 10) : 0;
}

static inline void assert_heard(const struct heard *heard, const char *text)
{
    if (!strstr(heard->text, text))
        fail_msg("\"%s\" is not in: %s", text, heard->text);
}

#define POST "POST /in/x%2Dy?a=%31 HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\ntext=1"
#define POST_ECHO "POST|/in/x-y|a=%31|127.0.0.1|text=1"

/* A request that the core holds; gives its connection. */
static inline int dial_and_park(struct core *core)
{
    core->hold = true;
    int fd = dial(core);
    say(fd, SPAN(POST));
    park(core);
    return fd;
}

#define ON_A_LISTENER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
