/* A server on loopback that says what a test tells it to, and counts what arrives. */
#pragma once
#include <netinet/in.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_MS = 60000, REQUEST_MAX = 16384 };

enum after { KEEP, CLOSE, RESET };

enum { HELD = -1 }; /* for a delay: until release_server, or the end */

/* What the server does with the next request: waits, says `reply` and `filler` more bytes, then keeps the connection or not. */
struct step {
    const char *reply;
    size_t filler;
    int delay_ms;
    enum after after;
};

enum { CONNECTIONS_MAX = 64 };

struct server {
    int listen_fd;
    unsigned port;
    pthread_mutex_t lock;     /* for the next three */
    const struct step *steps; /* ends with a NULL reply */
    char last[REQUEST_MAX];   /* the request that came last; read it when its answer is there */
    int open[CONNECTIONS_MAX];
    atomic_int requests, connections;
    atomic_bool released;
    pthread_t thread, threads[CONNECTIONS_MAX];
};

/* One connection, with a thread of its own. */
struct line {
    struct server *server;
    int index, fd;
};

#define OK_REPLY "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
#define LAST_REPLY "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"

/* Reads one request whole; false when the other side closed. */
static inline bool read_request(struct server *server, int fd)
{
    char text[REQUEST_MAX];
    size_t len = 0;
    for (;;) {
        ssize_t got = recv(fd, text + len, sizeof text - 1 - len, 0);
        if (got <= 0)
            return false;
        len += (size_t)got;
        text[len] = '\0';
        const char *body = strstr(text, "\r\n\r\n"), *length = strcasestr(text, "Content-Length: ");
        size_t wanted = length && length < body ? strtoul(length + 16, NULL, 10) : 0;
        if (!body || len < (size_t)(body + 4 - text) + wanted)
            continue;
        pthread_mutex_lock(&server->lock);
        memcpy(server->last, text, len + 1);
        pthread_mutex_unlock(&server->lock);
        atomic_fetch_add(&server->requests, 1);
        return true;
    }
}

static inline void say_filler(int fd, size_t bytes)
{
    static const char filler[4096];
    while (bytes > 0) {
        size_t piece = bytes < sizeof filler ? bytes : sizeof filler;
        if (send(fd, filler, piece, MSG_NOSIGNAL) < 0)
            return;
        bytes -= piece;
    }
}

/* A copy: a test whose steps stood on its stack may be over before a held one is said. */
static inline bool next_step(struct server *server, struct step *step)
{
    pthread_mutex_lock(&server->lock);
    *step = *server->steps;
    if (step->reply)
        server->steps++;
    pthread_mutex_unlock(&server->lock);
    return step->reply != NULL;
}

static inline void hang_up(const struct line *line, bool reset)
{
    struct linger now = {reset, 0};
    setsockopt(line->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    pthread_mutex_lock(&line->server->lock);
    line->server->open[line->index] = -1;
    close(line->fd);
    pthread_mutex_unlock(&line->server->lock);
}

static inline void wait_before(struct server *server, int delay_ms)
{
    if (delay_ms != HELD)
        usleep((useconds_t)delay_ms * 1000);
    while (delay_ms == HELD && !atomic_load(&server->released))
        usleep(1000);
}

static inline void *serve_line(void *context)
{
    struct line *line = context;
    struct step step;
    enum after after = KEEP;
    while (after == KEEP && read_request(line->server, line->fd) && next_step(line->server, &step)) {
        wait_before(line->server, step.delay_ms);
        send(line->fd, step.reply, strlen(step.reply), MSG_NOSIGNAL);
        say_filler(line->fd, step.filler);
        after = step.after;
    }
    hang_up(line, after == RESET);
    free(line);
    return NULL;
}

static inline void *serve(void *context)
{
    struct server *server = context;
    int fd;
    while ((fd = accept(server->listen_fd, NULL, NULL)) >= 0) {
        int index = atomic_fetch_add(&server->connections, 1);
        struct line *line = malloc(sizeof *line);
        *line = (struct line){server, index, fd};
        server->open[index] = fd;
        pthread_create(&server->threads[index], NULL, serve_line, line);
    }
    return NULL;
}

static inline void start_server(struct server *server, const struct step *steps)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof at;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server->listen_fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(server->listen_fd, 16), 0);
    assert_int_equal(getsockname(server->listen_fd, (struct sockaddr *)&at, &len), 0);
    server->port = ntohs(at.sin_port);
    server->steps = steps;
    pthread_mutex_init(&server->lock, NULL);
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

static inline void release_server(struct server *server)
{
    atomic_store(&server->released, true);
}

/* Until so many requests have arrived: what was handed over before is under way. */
static inline void await_requests(struct server *server, int count)
{
    for (int waited_ms = 0; atomic_load(&server->requests) < count; waited_ms++) {
        assert_true(waited_ms < PATIENCE_MS);
        usleep(1000);
    }
}

static inline void stop_server(struct server *server)
{
    release_server(server);
    shutdown(server->listen_fd, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    for (int i = 0; i < atomic_load(&server->connections); i++) {
        pthread_mutex_lock(&server->lock);
        if (server->open[i] >= 0)
            shutdown(server->open[i], SHUT_RDWR);
        pthread_mutex_unlock(&server->lock);
        pthread_join(server->threads[i], NULL);
    }
    pthread_mutex_destroy(&server->lock);
    close(server->listen_fd);
}
