/* The whole tick behind real HTTP: a listener, a store, an outbox and somebody who takes its texts; and a disk that can be full. */
#pragma once
#include "core_fixture.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include "base/clock.h"
#include "base/log.h"
#include "core/tick.h"
#include "scripted_server.h"

#define CALLERS 6
#define OK_201                                                                                                         \
    "HTTP/1.1 201 Created\r\nConnection: close\r\nContent-Length: 95\r\n\r\n"                                          \
    "{\"SMSMessageData\":{\"Recipients\":[{\"statusCode\":101,\"messageId\":\"ATXid_1\",\"status\":\"Success\"}]}}"

struct gate {
    struct stage stage;
    struct metrics metrics;
    struct channel_stats_table *stats;
    struct sender *sender;
    struct outbox *outbox;
    struct tick *tick;
    struct listener *listener;
    struct server server;
};

static inline void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* Less than a page: no file takes one more, whatever a reopening makes of the log. */
static inline void fill_disk(void)
{
    limit_files(4000);
}

static inline void empty_disk(void)
{
    limit_files(RLIM_INFINITY);
}

static inline void open_all(struct gate *g)
{
    struct fixture *f = g->stage.f;
    const struct sender_config sending = {4, 16, 10000, 10000, true};
    OK(sender_open(&sending, &g->sender, &f->err));
    g->stats = channel_stats_create();
    g->outbox = outbox_create(g->sender, 16);
    const struct tick_parts parts = {f->store, f->keyring, g->outbox, g->stats, &g->metrics, NULL, 16};
    g->tick = tick_create(&parts, store_last_id(f->store));
    tick_use_catalogue(g->tick, g->stage.catalogue);
    const struct listener_config listening = {"127.0.0.1:0", 65536, 64, 10};
    const struct listener_hooks hooks = {g->tick, tick_admit, tick_take};
    OK(listener_open(&listening, &hooks, &g->listener, &f->err));
    tick_use_listener(g->tick, g->listener);
}

static inline int open_gate(void **state)
{
    static const struct step steps[] = {{OK_201, 0, 100, CLOSE}, {OK_201, 0, 0, CLOSE}, {OK_201, 0, 0, CLOSE}, {0}};
    struct gate *g = calloc(1, sizeof *g);
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    log_set_level(LOG_LEVEL_ERROR);
    start_server(&g->server, steps);
    g->stage = stage_open(g->server.port);
    open_all(g);
    *state = g;
    return 0;
}

static inline int close_gate(void **state)
{
    struct gate *g = *state;
    empty_disk();
    listener_close(g->listener);
    tick_free(g->tick);
    outbox_free(g->outbox);
    sender_close(g->sender);
    channel_stats_free(g->stats);
    stop_server(&g->server);
    stage_close(&g->stage);
    free(g);
    return 0;
}

/* ---- the other side ---- */

static inline int send_post(const struct gate *g, const char *path, const char *body)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)listener_port(g->listener))};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    char request[1024];
    int len = snprintf(request, sizeof request,
                       "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                       "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
                       path, strlen(body), body);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(send(fd, request, (size_t)len, 0), len);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static inline int send_ussd(const struct gate *g, int caller, const char *session, const char *text)
{
    char body[256];
    snprintf(body, sizeof body, "sessionId=%s&phoneNumber=%%2B88017123400%02d&serviceCode=*384%%23&text=%s", session,
             caller, text);
    return send_post(g, "/in/ussd/0123456789abcdef", body);
}

static inline int send_text(const struct gate *g, int caller, const char *id, const char *words)
{
    char body[256];
    snprintf(body, sizeof body, "id=%s&from=%%2B88017123400%02d&to=21512&text=%s", id, caller, words);
    return send_post(g, "/in/sms/0123456789abcdef", body);
}

static inline void collect(struct gate *g, size_t count)
{
    for (int64_t until = clock_monotonic_ms() + PATIENCE_MS; tick_waiting(g->tick) < count;) {
        assert_true(clock_monotonic_ms() < until);
        listener_run(g->listener);
    }
}

/* The whole response; the socket is closed. */
static inline const char *answer(struct gate *g, int fd)
{
    static char text[4096];
    size_t len = 0;
    for (int64_t until = clock_monotonic_ms() + PATIENCE_MS;;) {
        assert_true(clock_monotonic_ms() < until);
        listener_run(g->listener);
        ssize_t got = recv(fd, text + len, sizeof text - 1 - len, 0);
        if (got == 0)
            break;
        len += got > 0 ? (size_t)got : 0;
    }
    text[len] = '\0';
    close(fd);
    return text;
}

static inline void expect_answer(struct gate *g, int fd, const char *status, const char *body, int line)
{
    const char *text = answer(g, fd);
    if (strncmp(text + 9, status, 3) != 0 || !strstr(text, body)) {
        print_error("line %d: got \"%s\", wanted %s and \"%s\"\n", line, text, status, body);
        fail();
    }
}
#define EXPECT(fd, status, body) expect_answer(g, fd, status, body, __LINE__)

static inline const char *ussd(struct gate *g, int caller, const char *session, const char *text)
{
    int fd = send_ussd(g, caller, session, text);
    collect(g, 1);
    tick_run(g->tick);
    return answer(g, fd);
}

static inline int rows(struct gate *g, const char *table_where)
{
    char query[256];
    snprintf(query, sizeof query, "SELECT count(*) FROM %s", table_where);
    return atoi(fixture_ask(g->stage.f, query));
}

static inline void beside(struct gate *g, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(g->stage.f->path, &db), SQLITE_OK);
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static inline void wait_for_outcome(struct gate *g)
{
    struct pollfd poll_fd = {.fd = sender_poll_fd(g->sender), .events = POLLIN};
    assert_int_equal(poll(&poll_fd, 1, PATIENCE_MS), 1);
}
