/* A server on loopback that says what a test tells it to, one connection after the other, and counts what arrives. */
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

enum { PATIENCE_MS = 5000, REQUEST_MAX = 16384 };

enum after { KEEP, CLOSE, RESET };

/* What the server does with the next request: waits, says `reply` and `filler` more bytes, then keeps the connection or not. */
struct step {
    const char *reply;
    size_t filler;
    int delay_ms;
    enum after after;
};

struct server {
    int listen_fd;
    atomic_int connection; /* -1: none */
    unsigned port;
    const struct step *steps; /* ends with a NULL reply */
    atomic_int requests, connections;
    char last[REQUEST_MAX]; /* the request that came last; read it when its answer is there */
    pthread_t thread;
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
        memcpy(server->last, text, len + 1);
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

static inline void hang_up(struct server *server, int fd, bool reset)
{
    struct linger now = {reset, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    atomic_store(&server->connection, -1);
    close(fd);
}

static inline void serve_connection(struct server *server, int fd)
{
    enum after after = KEEP;
    while (after == KEEP && read_request(server, fd)) {
        const struct step *step = server->steps;
        if (!step->reply)
            break;
        server->steps++;
        usleep((useconds_t)step->delay_ms * 1000);
        send(fd, step->reply, strlen(step->reply), MSG_NOSIGNAL);
        say_filler(fd, step->filler);
        after = step->after;
    }
    hang_up(server, fd, after == RESET);
}

static inline void *serve(void *context)
{
    struct server *server = context;
    int fd;
    while ((fd = accept(server->listen_fd, NULL, NULL)) >= 0) {
        atomic_fetch_add(&server->connections, 1);
        atomic_store(&server->connection, fd);
        serve_connection(server, fd);
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
    atomic_store(&server->connection, -1);
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

static inline void stop_server(struct server *server)
{
    shutdown(server->listen_fd, SHUT_RDWR);
    if (atomic_load(&server->connection) >= 0)
        shutdown(atomic_load(&server->connection), SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listen_fd);
}
