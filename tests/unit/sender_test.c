/* sender: against a scripted server on a thread of its own, which counts every request that arrives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/sender.h"
#include "scripted_server.h"

struct fixture {
    struct server server;
    struct sender *sender;
};

static struct sender *open_sender(struct sender_config config)
{
    struct sender *sender;
    struct error err;
    if (sender_open(&config, &sender, &err) != OUTCOME_OK)
        fail_msg("%s", err.text);
    return sender;
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->sender = open_sender((struct sender_config){4, 16, 10000, 10000, true});
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    sender_close(f->sender);
    if (f->server.port)
        stop_server(&f->server);
    free(f);
    return 0;
}

static const struct pair form_type = {{"Content-Type", 12}, {"application/x-www-form-urlencoded", 33}};

static enum outcome submit_to(struct fixture *f, int64_t id, const char *method, const char *url, const char *body)
{
    struct send_job job = {id, span_of(method), span_of(url), span_of(body), &form_type, 1};
    return sender_submit(f->sender, &job);
}

static void submit(struct fixture *f, int64_t id, const char *method, const char *body)
{
    char url[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%u/send?x=1", f->server.port);
    assert_int_equal(submit_to(f, id, method, url, body), OUTCOME_OK);
}

/* The next outcome, waited for as the loop does. */
static struct send_outcome *await(struct fixture *f)
{
    struct send_outcome *outcome = NULL;
    int64_t deadline = clock_monotonic_ms() + PATIENCE_MS;
    while (!sender_take(f->sender, &outcome) && clock_monotonic_ms() < deadline) {
        struct pollfd fd = {.fd = sender_poll_fd(f->sender), .events = POLLIN};
        poll(&fd, 1, 100);
    }
    assert_non_null(outcome);
    return outcome;
}

static void await_fate(struct fixture *f, int64_t id, enum send_fate fate, unsigned status)
{
    struct send_outcome *outcome = await(f);
    if (outcome->fate != fate || outcome->status != status)
        fail_msg("fate %d, status %u: %s", (int)outcome->fate, outcome->status, outcome->why);
    assert_int_equal(outcome->id, id);
    sender_release(f->sender, outcome);
}

static void test_post_and_its_answer(void **state)
{
    struct fixture *f = *state;
    static const struct step steps[] = {{OK_REPLY, 0, 0, KEEP}, {0}};
    start_server(&f->server, steps);
    submit(f, 7, "POST", "to=%2B1&message=hi");
    struct send_outcome *outcome = await(f);
    assert_int_equal(outcome->id, 7);
    assert_int_equal(outcome->fate, SEND_ANSWERED);
    assert_int_equal(outcome->status, 200);
    assert_true(span_equal_text(outcome->body, "ok"));
    assert_int_equal(outcome->retry_after_ms, 0);
    assert_true(outcome->took_us > 0);
    assert_string_equal(outcome->why, "");
    sender_release(f->sender, outcome);

    assert_int_equal(strncmp(f->server.last, "POST /send?x=1 HTTP/1.1\r\n", 25), 0);
    assert_non_null(strstr(f->server.last, "\r\nContent-Length: 18\r\n"));
    assert_non_null(strstr(f->server.last, "\r\nContent-Type: application/x-www-form-urlencoded\r\n"));
    assert_non_null(strstr(f->server.last, "\r\n\r\nto=%2B1&message=hi"));
    assert_null(strcasestr(f->server.last, "\r\nExpect:"));
    assert_false(sender_take(f->sender, &outcome));
    struct pollfd fd = {.fd = sender_poll_fd(f->sender), .events = POLLIN};
    assert_int_equal(poll(&fd, 1, 0), 0);
}

static void test_get_without_body(void **state)
{
    struct fixture *f = *state;
    static const struct step steps[] = {{"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", 0, 0, KEEP}, {0}};
    start_server(&f->server, steps);
    submit(f, 1, "GET", NULL);
    struct send_outcome *outcome = await(f);
    assert_int_equal(outcome->status, 202);
    assert_true(span_is_present(outcome->body));
    assert_int_equal(outcome->body.len, 0);
    sender_release(f->sender, outcome);
    assert_int_equal(strncmp(f->server.last, "GET /send?x=1 HTTP/1.1\r\n", 24), 0);
    assert_null(strcasestr(f->server.last, "\r\nContent-Length:"));
}

static void test_post_with_empty_body(void **state)
{
    struct fixture *f = *state;
    static const struct step steps[] = {{OK_REPLY, 0, 0, KEEP}, {0}};
    start_server(&f->server, steps);
    submit(f, 1, "POST", "");
    await_fate(f, 1, SEND_ANSWERED, 200);
    assert_non_null(strstr(f->server.last, "\r\nContent-Length: 0\r\n"));
}

static void test_error_answers_are_answers(void **state)
{
    struct fixture *f = *state;
    static const struct step steps[] = {
        {"HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops", 0, 0, KEEP},
        {"HTTP/1.1 429 Slow\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n", 0, 0, KEEP},
        {"HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n", 0, 0, KEEP},
        {0},
    };
    start_server(&f->server, steps);
    submit(f, 1, "POST", "a=1");
    await_fate(f, 1, SEND_ANSWERED, 500);
    submit(f, 2, "POST", "a=1");
    struct send_outcome *outcome = await(f);
    assert_int_equal(outcome->status, 429);
    assert_int_equal(outcome->retry_after_ms, 120000);
    sender_release(f->sender, outcome);
    submit(f, 3, "POST", "a=1");
    await_fate(f, 3, SEND_ANSWERED, 302); /* not followed */
    assert_int_equal(atomic_load(&f->server.requests), 3);
    assert_int_equal(atomic_load(&f->server.connections), 1);
}

/* libcurl would send the second job again on a new connection, unasked, where the server has an answer ready. */
static void check_dead_connection(struct fixture *f, const char *method, const char *body, enum after after)
{
    const struct step steps[] = {{OK_REPLY, 0, 0, KEEP}, {"", 0, 0, after}, {OK_REPLY, 0, 0, KEEP}, {0}};
    start_server(&f->server, steps);
    submit(f, 1, "POST", "a=1");
    await_fate(f, 1, SEND_ANSWERED, 200);
    submit(f, 2, method, body);
    await_fate(f, 2, SEND_UNKNOWN, 0);
    usleep(200 * 1000);
    assert_int_equal(atomic_load(&f->server.requests), 2);
    stop_server(&f->server);
    f->server = (struct server){0};
}

static void test_nothing_is_sent_again_on_a_dead_connection(void **state)
{
    check_dead_connection(*state, "POST", "a=1", RESET);
    check_dead_connection(*state, "POST", "a=1", CLOSE);
    check_dead_connection(*state, "POST", "", RESET);
    check_dead_connection(*state, "POST", "", CLOSE);
    check_dead_connection(*state, "GET", NULL, RESET);
    check_dead_connection(*state, "GET", NULL, CLOSE);
}

/* Somebody's shell has a proxy in its environment: it does not get to see people's numbers. */
static void test_the_environments_proxies_are_not_asked(void **state)
{
    struct fixture *f = *state;
    static const struct step steps[] = {{LAST_REPLY, 0, 0, CLOSE}, {0}};
    static const char *const names[] = {"http_proxy", "all_proxy", "ALL_PROXY"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        setenv(names[i], "http://127.0.0.1:1", 1);
    start_server(&f->server, steps);
    submit(f, 1, "POST", "a=1");
    await_fate(f, 1, SEND_ANSWERED, 200);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unsetenv(names[i]);
}

static void test_slow_answer_is_unknown(void **state)
{
    struct fixture *f = *state;
    static const struct step steps[] = {{OK_REPLY, 0, HELD, KEEP}, {0}};
    start_server(&f->server, steps);
    sender_close(f->sender);
    f->sender = open_sender((struct sender_config){4, 16, 1000, 1000, true});
    submit(f, 1, "POST", "a=1");
    await_fate(f, 1, SEND_UNKNOWN, 0);
}

static void test_half_answers_are_unknown(void **state)
{
    struct fixture *f = *state;
    static const struct step steps[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", 0, 0, CLOSE},
        {"HTTP/1.1 20", 0, 0, CLOSE},
        {"", 0, 0, CLOSE},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal", 0, 0, CLOSE},
        {0},
    };
    start_server(&f->server, steps);
    submit(f, 1, "POST", "a=1");
    await_fate(f, 1, SEND_UNKNOWN, 200);
    submit(f, 2, "POST", "a=1");
    struct send_outcome *outcome = await(f);
    assert_int_equal(outcome->fate, SEND_UNKNOWN);
    sender_release(f->sender, outcome);
    submit(f, 3, "POST", "a=1");
    await_fate(f, 3, SEND_UNKNOWN, 0);
    submit(f, 4, "POST", "a=1");
    await_fate(f, 4, SEND_UNKNOWN, 200);
    assert_int_equal(atomic_load(&f->server.requests), 4);
}

static void test_answer_size_is_bounded(void **state)
{
    struct fixture *f = *state;
    static const struct step steps[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n", 65536, 0, KEEP},
        {"HTTP/1.1 200 OK\r\nContent-Length: 65537\r\n\r\n", 65537, 0, CLOSE},
        {"HTTP/1.1 200 OK\r\n\r\n", 4 * 1024 * 1024, 0, CLOSE},
        {0},
    };
    start_server(&f->server, steps);
    submit(f, 1, "POST", "a=1");
    struct send_outcome *outcome = await(f);
    assert_int_equal(outcome->fate, SEND_ANSWERED);
    assert_int_equal(outcome->body.len, 65536);
    sender_release(f->sender, outcome);
    for (int64_t id = 2; id <= 3; id++) {
        submit(f, id, "POST", "a=1");
        outcome = await(f);
        assert_int_equal(outcome->fate, SEND_UNKNOWN);
        assert_int_equal(outcome->status, 200);
        assert_int_equal(outcome->body.len, 0);
        assert_string_equal(outcome->why, "the answer is too large");
        sender_release(f->sender, outcome);
    }
}

static void test_proven_not_sent(void **state)
{
    struct fixture *f = *state;
    static const struct step steps[] = {{0}};
    start_server(&f->server, steps);
    char refused[64], tls[64];
    snprintf(refused, sizeof refused, "http://127.0.0.1:%u/", f->server.port);
    snprintf(tls, sizeof tls, "https://127.0.0.1:%u/", f->server.port);
    stop_server(&f->server); /* now nobody listens there */
    const char *const urls[] = {refused,
                                tls,
                                "http://name.invalid/",
                                "ftp://127.0.0.1/",
                                "file:///etc/hostname",
                                "http://",
                                "http://192.0.2.1/",
                                "http://8.8.8.8/"};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        assert_int_equal(submit_to(f, (int64_t)i, "POST", urls[i], "a=1"), OUTCOME_OK);
        struct send_outcome *outcome = await(f);
        if (outcome->fate != SEND_NOT_SENT)
            fail_msg("%s: fate %d: %s", urls[i], (int)outcome->fate, outcome->why);
        assert_true(outcome->why[0] != '\0');
        assert_null(strstr(outcome->why, "127.0.0.1"));
        sender_release(f->sender, outcome);
    }
    f->server = (struct server){0};
}

static void test_plain_http_stays_in_the_building(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(submit_to(f, 1, "POST", "http://192.0.2.1/", "a=1"), OUTCOME_OK);
    struct send_outcome *outcome = await(f);
    assert_string_equal(outcome->why, "plain http goes to loopback and private addresses only");
    sender_release(f->sender, outcome);

    static const struct step steps[] = {{OK_REPLY, 0, 0, KEEP}, {0}};
    start_server(&f->server, steps);
    sender_close(f->sender);
    f->sender = open_sender((struct sender_config){4, 16, 1000, 2000, false});
    submit(f, 2, "POST", "a=1");
    await_fate(f, 2, SEND_NOT_SENT, 0);
    assert_int_equal(atomic_load(&f->server.connections), 0);
}

static void test_tls_is_not_given_up(void **state)
{
    struct fixture *f = *state;
    static const struct step steps[] = {{LAST_REPLY, 0, 0, CLOSE}, {0}};
    start_server(&f->server, steps);
    char url[64];
    snprintf(url, sizeof url, "https://127.0.0.1:%u/", f->server.port);
    assert_int_equal(submit_to(f, 1, "POST", url, "a=1"), OUTCOME_OK);
    await_fate(f, 1, SEND_NOT_SENT, 0); /* the server does not speak TLS */
    assert_int_equal(atomic_load(&f->server.requests), 0);
}

static void test_jobs_that_http_cannot_say(void **state)
{
    struct fixture *f = *state;
    const struct pair splitting = {SPAN("X"), SPAN("a\r\nY: b")}, blank = {SPAN("X Y"), SPAN("a")};
    char *large = calloc(1, 256 * 1024 + 1);
    const struct send_job jobs[] = {
        {1, SPAN("PO ST"), SPAN("http://127.0.0.1/"), SPAN(""), NULL, 0},
        {2, SPAN_NONE, SPAN("http://127.0.0.1/"), SPAN(""), NULL, 0},
        {3, SPAN("POST"), SPAN("http://127.0.0.1/\r\nX: y"), SPAN(""), NULL, 0},
        {4, SPAN("POST"), SPAN("http://127.0.0.1/a\0b"), SPAN(""), NULL, 0},
        {5, SPAN("POST"), SPAN_NONE, SPAN(""), NULL, 0},
        {6, SPAN("POST"), SPAN("http://127.0.0.1/"), SPAN(""), &splitting, 1},
        {7, SPAN("POST"), SPAN("http://127.0.0.1/"), SPAN(""), &blank, 1},
        {8, SPAN("POST"), SPAN("http://127.0.0.1/"), {large, 256 * 1024 + 1}, NULL, 0},
    };
    log_set_level(LOG_LEVEL_ERROR - 1);
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++)
        assert_int_equal(sender_submit(f->sender, &jobs[i]), OUTCOME_REFUSED);
    log_set_level(LOG_LEVEL_ERROR);
    free(large);
}

static void test_many_jobs_each_once(void **state)
{
    struct fixture *f = *state;
    enum { JOBS = 16 };
    static const struct step steps[JOBS + 1] = {[0 ... JOBS - 1] = {LAST_REPLY, 0, 0, CLOSE}, {0}};
    start_server(&f->server, steps);
    bool seen[JOBS] = {false};
    for (int64_t id = 0; id < JOBS; id++)
        submit(f, id, "POST", "a=1");
    for (size_t i = 0; i < JOBS; i++) {
        struct send_outcome *outcome = await(f);
        assert_int_equal(outcome->fate, SEND_ANSWERED);
        assert_in_range(outcome->id, 0, JOBS - 1);
        assert_false(seen[outcome->id]);
        seen[outcome->id] = true;
        sender_release(f->sender, outcome);
    }
    assert_int_equal(atomic_load(&f->server.requests), JOBS);
}

static void test_queue_is_bounded(void **state)
{
    struct fixture *f = *state;
    static const struct step steps[] = {{LAST_REPLY, 0, HELD, CLOSE}, {0}};
    start_server(&f->server, steps);
    sender_close(f->sender);
    f->sender = open_sender((struct sender_config){1, 2, PATIENCE_MS, PATIENCE_MS, true});
    submit(f, 1, "POST", "a=1");
    await_requests(&f->server, 1);
    submit(f, 2, "POST", "a=1");
    submit(f, 3, "POST", "a=1");
    char url[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%u/", f->server.port);
    assert_int_equal(submit_to(f, 4, "POST", url, "a=1"), OUTCOME_FULL);
    release_server(&f->server);
    await_fate(f, 1, SEND_ANSWERED, 200);
    await_requests(&f->server, 2); /* the next one left the queue */
    assert_int_equal(submit_to(f, 4, "POST", url, "a=1"), OUTCOME_OK);
}

static void test_stop_reports_everything_in_time(void **state)
{
    struct fixture *f = *state;
    static const struct step steps[] = {{OK_REPLY, 0, HELD, KEEP}, {0}};
    start_server(&f->server, steps);
    sender_close(f->sender);
    f->sender = open_sender((struct sender_config){1, 16, PATIENCE_MS, PATIENCE_MS, true});
    submit(f, 1, "POST", "a=1");
    submit(f, 2, "POST", "a=1");
    await_requests(&f->server, 1);
    sender_stop(f->sender, 300);
    await_fate(f, 2, SEND_NOT_SENT, 0);
    struct send_outcome *outcome = await(f);
    assert_int_equal(outcome->fate, SEND_UNKNOWN);
    assert_string_equal(outcome->why, "the gateway stopped while it was under way"); /* and waited for no timeout */
    sender_release(f->sender, outcome);
    char url[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%u/", f->server.port);
    assert_int_equal(submit_to(f, 3, "POST", url, "a=1"), OUTCOME_FULL);
}

static void test_stop_waits_for_what_is_nearly_done(void **state)
{
    struct fixture *f = *state;
    static const struct step steps[] = {{OK_REPLY, 0, 300, KEEP}, {0}};
    start_server(&f->server, steps);
    submit(f, 1, "POST", "a=1");
    await_requests(&f->server, 1);
    sender_stop(f->sender, 10 * PATIENCE_MS); /* longer than this program may take: it ends with the answer */
    await_fate(f, 1, SEND_ANSWERED, 200);
}

static void test_close_with_work_under_way(void **state)
{
    struct fixture *f = *state;
    static const struct step steps[] = {{OK_REPLY, 0, 300, KEEP}, {0}};
    start_server(&f->server, steps);
    for (int64_t id = 0; id < 8; id++)
        submit(f, id, "POST", "a=1");
    await_requests(&f->server, 1);
    sender_close(f->sender); /* the sanitizers look for what is left */
    f->sender = NULL;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        TEST(test_post_and_its_answer),
        TEST(test_get_without_body),
        TEST(test_post_with_empty_body),
        TEST(test_error_answers_are_answers),
        TEST(test_nothing_is_sent_again_on_a_dead_connection),
        TEST(test_the_environments_proxies_are_not_asked),
        TEST(test_slow_answer_is_unknown),
        TEST(test_half_answers_are_unknown),
        TEST(test_answer_size_is_bounded),
        TEST(test_proven_not_sent),
        TEST(test_plain_http_stays_in_the_building),
        TEST(test_tls_is_not_given_up),
        TEST(test_jobs_that_http_cannot_say),
        TEST(test_many_jobs_each_once),
        TEST(test_queue_is_bounded),
        TEST(test_stop_reports_everything_in_time),
        TEST(test_stop_waits_for_what_is_nearly_done),
        TEST(test_close_with_work_under_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
