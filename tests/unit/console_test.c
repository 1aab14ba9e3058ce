/* console: its own threads, talked to over sockets; health by the heartbeat; three hundred connections at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "console/console.h"

enum { REPLY_MAX = 32768, MANY = 300 };

struct fixture {
    struct metrics metrics;
    atomic_int_least64_t heartbeat;
    struct console *console;
    char reply[REPLY_MAX];
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct console_config config = {.address = "127.0.0.1:0",
                                    .metrics = &f->metrics,
                                    .heartbeat = &f->heartbeat,
                                    .url = "https://desk.example.org"};
    struct error err;
    if (console_open(&config, &f->console, &err) != OUTCOME_OK)
        fail_msg("%s", err.text);
    atomic_store(&f->heartbeat, clock_utc_ms());
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    console_close(f->console);
    free(f);
    return 0;
}

static int dial(const struct fixture *f)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)console_port(f->console))};
    struct timeval patience = {.tv_sec = 60};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static void say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* Reads until the head and Content-Length bytes of body are there, or the connection is closed. */
static void hear(struct fixture *f, int fd, bool head_only)
{
    size_t len = 0;
    for (;;) {
        f->reply[len] = '\0';
        const char *body = strstr(f->reply, "\r\n\r\n"), *length = strstr(f->reply, "Content-Length: ");
        if (body && length && (head_only || f->reply + len >= body + 4 + strtoul(length + 16, NULL, 10)))
            return;
        ssize_t got = recv(fd, f->reply + len, sizeof f->reply - 1 - len, 0);
        if (got <= 0)
            return;
        len += (size_t)got;
    }
}

static unsigned ask(struct fixture *f, const char *request)
{
    int fd = dial(f);
    say(fd, request);
    hear(f, fd, strncmp(request, "HEAD", 4) == 0);
    close(fd);
    return strncmp(f->reply, "HTTP/1.1 ", 9) == 0 ? (unsigned)strtoul(f->reply + 9, NULL, 10) : 0;
}

#define POST(path, headers, body)                                                                                      \
    "POST " path " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n" headers         \
    "\r\n" body
#define BY_NAME(host) "GET /healthz HTTP/1.1\r\nHost: " host "\r\n\r\n"
#define GET(path) "GET " path " HTTP/1.1\r\nHost: localhost\r\n\r\n"

static void assert_heard(const struct fixture *f, const char *text)
{
    if (!strstr(f->reply, text))
        fail_msg("\"%s\" is not in: %s", text, f->reply);
}

static void test_health_follows_the_heartbeat(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(ask(f, GET("/healthz")), 200);
    assert_heard(f, "\r\n\r\nok\n");
    atomic_store(&f->heartbeat, clock_utc_ms() - CONSOLE_STALE_MS / 2); /* as much again, and it is stale */
    assert_int_equal(ask(f, GET("/healthz")), 200);
    atomic_store(&f->heartbeat, clock_utc_ms() - CONSOLE_STALE_MS - 2000);
    assert_int_equal(ask(f, GET("/healthz")), 503);
    const char *said = strstr(f->reply, "\r\n\r\nthe loop last turned ");
    unsigned seconds = 0;
    assert_true(said && sscanf(said, "\r\n\r\nthe loop last turned %u seconds ago\n", &seconds) == 1);
    assert_in_range(seconds, 12, 12 + 60);
    atomic_store(&f->heartbeat, 0);
    assert_int_equal(ask(f, GET("/healthz")), 503);
    assert_heard(f, "\r\n\r\nthe loop has not turned yet\n");
}

static void test_drafts_are_told(void **state)
{
    struct fixture *f = *state;
    atomic_store(&f->metrics.drafts_shown, 1701);
    assert_int_equal(ask(f, GET("/healthz")), 200);
    assert_heard(f, "\r\n\r\nok\na demonstration: 1701 of the texts that callers see are drafts\n");
    assert_int_equal(ask(f, GET("/metrics")), 200);
    assert_heard(f, "helpline_drafts_shown 1701\n");
}

static void test_metrics(void **state)
{
    struct fixture *f = *state;
    atomic_store(&f->metrics.steps, 41);
    assert_int_equal(ask(f, GET("/metrics")), 200);
    assert_heard(f, "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n");
    assert_heard(f, " 41\n");
    atomic_fetch_add(&f->metrics.steps, 1);
    assert_int_equal(ask(f, GET("/metrics?x=1")), 200);
    assert_heard(f, " 42\n");
}

static void test_head_has_no_body(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(ask(f, "HEAD /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), 200);
    assert_heard(f, "Content-Length: 3\r\n");
    assert_null(strstr(f->reply, "ok\n"));
}

static void test_safety_headers_are_on_everything(void **state)
{
    struct fixture *f = *state;
    const char *const requests[] = {GET("/healthz"), GET("/metrics"), GET("/nothing"),
                                    "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
                                    BY_NAME("rebound.example")};
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        assert_true(ask(f, requests[i]) > 0);
        assert_heard(f, "X-Content-Type-Options: nosniff\r\n");
        assert_heard(f, "Cache-Control: no-store\r\n");
        assert_heard(f, "Content-Security-Policy: default-src 'none'");
        assert_heard(f, "X-Frame-Options: DENY\r\n");
        assert_heard(f, "Referrer-Policy: no-referrer\r\n");
        assert_heard(f, "Cross-Origin-Opener-Policy: same-origin\r\n");
    }
}

static const struct {
    const char *request;
    unsigned status;
} refused[] = {
    {GET("/"), 404},
    {GET("/sign-in"), 404}, /* there is no desk behind this one */
    {GET("/healthz/"), 404},
    {GET("/healthzz"), 404},
    {GET("//healthz"), 404},
    {GET("/../etc/passwd"), 404},
    {GET("/assets/../../etc/passwd"), 404},
    {GET("/assets/app.css"), 404}, /* without its hash */
    {POST("/healthz", "Content-Length: 4\r\n", "a=hi"), 405},
    {POST("/healthz", "Content-Length: 0\r\n", ""), 405},
    {"PUT /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", 405},
    {"DELETE /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", 405},
    {"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 405},
    {"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi", 400},
    {"GET /healthz HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"GET /healthz HTTP/1.1\r\n\r\n", 400},
    {BY_NAME("localhost"), 200},
    {BY_NAME("LocalHost:8081"), 200},
    {BY_NAME("127.0.0.1:8081"), 200},
    {BY_NAME("[::1]:8081"), 200},
    {BY_NAME("10.0.0.7"), 200}, /* a number points where it points: nobody else makes it ours */
    {BY_NAME("desk.example.org"), 200},
    {BY_NAME("Desk.Example.org:443"), 200},
    {BY_NAME("desk.example.org."), 421},
    {BY_NAME("desk.example.org.rebound.example"), 421},
    {BY_NAME("rebound.example"), 421},
    {BY_NAME("rebound.example:8081"), 421},
    {BY_NAME("localhost.rebound.example"), 421},
    {BY_NAME("localhost:8081.rebound.example"), 421},
    {BY_NAME("127.0.0.1.rebound.example"), 421},
    {BY_NAME("127.1"), 421}, /* no browser says it so */
    {BY_NAME("[::1].rebound.example"), 421},
    {BY_NAME("[rebound.example]"), 421},
    {BY_NAME("user@localhost"), 421},
    {BY_NAME("localhost, rebound.example"), 421},
    {BY_NAME(""), 421},
    {BY_NAME("localhost\r\nHost: rebound.example"), 421},
    {BY_NAME("rebound.example\r\nX-Forwarded-Host: localhost"), 421},
    {"GET /sign-in HTTP/1.1\r\nHost: rebound.example\r\n\r\n", 421},
    {"GET /nothing HTTP/1.1\r\nHost: rebound.example\r\n\r\n", 421},
    {"GET /healthz HTTP/1.0\r\n\r\n", 200},
    {"GET /healthz%00x HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
    {"GET /healthz?a=%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
    {"GET /healthz?a=%ff HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
    {POST("/x", "", ""), 411},
    {POST("/x", "Transfer-Encoding: chunked\r\n", "4\r\na=hi\r\n0\r\n\r\n"), 411},
    {POST("/x", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "a=hi"), 400},
    {POST("/x", "Content-Length: 4\r\nContent-Length: 4\r\n", "a=hi"), 400},
    {POST("/x", "Content-Length : 4\r\n", "a=hi"), 400},
    {POST("/x", "Content-Length: 4000000000\r\n", "a=hi"), 413},
    {POST("/x", "Content-Length: 4\r\n", "a=%0"), 400},
    {POST("/x", "Content-Length: 5\r\n", "a=%01"), 400},
    {POST("/x", "Content-Length: 5\r\n", "a=%ff"), 400},
    {POST("/x", "Content-Length: 5\r\n", "a=%00"), 400},
    {"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\na=hi", 415},
    {"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", 415},
    {"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencodedX\r\nContent-Length: "
     "4\r\n\r\na=hi",
     415},
    {"GET /healthz HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n\r\n", 403},
    {"GET /healthz HTTP/1.1\r\nHost: localhost\r\nOrigin: http://elsewhere\r\n\r\n", 403},
    {"GET /healthz HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n\r\n", 403},
    {"GET /healthz HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n\r\n",
     200},
};

static void test_everything_else_is_refused(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        unsigned status = ask(f, refused[i].request);
        if (status != refused[i].status)
            fail_msg("case %zu: %u", i, status);
        assert_int_equal(strstr(f->reply, "Allow: GET, HEAD") != NULL, status == 405);
    }
}

static void test_many_connections_at_once(void **state)
{
    struct fixture *f = *state;
    int fds[MANY];
    for (size_t i = 0; i < MANY; i++)
        fds[i] = dial(f);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < MANY; i++)
            say(fds[i], GET("/healthz"));
        for (size_t i = 0; i < MANY; i++) {
            hear(f, fds[i], false);
            assert_heard(f, "\r\n\r\nok\n");
        }
    }
    for (size_t i = 0; i < MANY; i++)
        close(fds[i]);
}

/* Half a request must not hold up others, nor the closing. */
static void test_half_requests_hold_up_nobody(void **state)
{
    struct fixture *f = *state;
    int half[8];
    for (size_t i = 0; i < 8; i++) {
        half[i] = dial(f);
        say(half[i], "GET /healthz HTTP/1.1\r\nHo");
    }
    assert_int_equal(ask(f, GET("/healthz")), 200);
    console_close(f->console);
    f->console = NULL;
    for (size_t i = 0; i < 8; i++)
        close(half[i]);
}

static void test_address_in_use(void **state)
{
    struct fixture *f = *state;
    char address[32];
    snprintf(address, sizeof address, "127.0.0.1:%u", console_port(f->console));
    struct console_config config = {.address = address, .metrics = &f->metrics, .heartbeat = &f->heartbeat};
    struct console *other;
    struct error err;
    assert_int_equal(console_open(&config, &other, &err), OUTCOME_BROKEN);
    assert_non_null(strstr(err.text, "in use by another program"));
    assert_null(other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        TEST(test_health_follows_the_heartbeat),
        TEST(test_drafts_are_told),
        TEST(test_metrics),
        TEST(test_head_has_no_body),
        TEST(test_safety_headers_are_on_everything),
        TEST(test_everything_else_is_refused),
        TEST(test_many_connections_at_once),
        TEST(test_half_requests_hold_up_nobody),
        TEST(test_address_in_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
