#include "http/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/span.h"

union any_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un local;
};

static enum outcome refuse(const char *address, struct error *err)
{
    return error_set(err, OUTCOME_REFUSED,
                     "\"%s\" is no address to listen on: expected 127.0.0.1:8080, [::1]:8080, unix:/path or fd:3",
                     address);
}

static enum outcome broken(const char *address, struct error *err)
{
    switch (errno) {
    case EADDRINUSE:
        return error_set(err, OUTCOME_BROKEN, "%s is in use by another program: stop it or choose another address",
                         address);
    case EACCES:
        return error_set(err, OUTCOME_BROKEN, "no permission to listen on %s", address);
    case EADDRNOTAVAIL:
        return error_set(err, OUTCOME_BROKEN, "cannot listen on %s: this machine has no such address", address);
    default:
        return error_set(err, OUTCOME_BROKEN, "cannot listen on %s: %s", address, strerror(errno));
    }
}

static enum outcome close_broken(int fd, const char *address, struct error *err)
{
    enum outcome outcome = broken(address, err);
    close(fd);
    return outcome;
}

static enum outcome listen_tcp(const char *address, const union any_address *to, socklen_t len, int *out,
                               struct error *err)
{
    int fd = socket(to->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return broken(address, err);
    int on = 1;
    /* Without it a restart would wait a minute for the kernel to forget the old connections. */
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 || bind(fd, &to->any, len) < 0 ||
        listen(fd, SOMAXCONN) < 0) {
        if (errno != EADDRINUSE)
            return close_broken(fd, address, err);
        close(fd);
        return error_set(err, OUTCOME_BROKEN,
                         "port %u is in use by another program: stop it or choose another address than %s",
                         to->any.sa_family == AF_INET6 ? ntohs(to->v6.sin6_port) : ntohs(to->v4.sin_port), address);
    }
    *out = fd;
    return OUTCOME_OK;
}

/* "127.0.0.1", "localhost" or "[::1]"; a name is not looked up: that could hang, and would move with the name server. */
static socklen_t read_host(struct span host, uint16_t port, union any_address *to)
{
    char text[INET6_ADDRSTRLEN + 1] = {0};
    if (span_equal_text(host, "localhost"))
        host = SPAN("127.0.0.1");
    bool v6 = host.len > 2 && host.at[0] == '[' && host.at[host.len - 1] == ']';
    if (v6)
        host = (struct span){host.at + 1, host.len - 2};
    if (host.len >= sizeof text)
        return 0;
    memcpy(text, host.at, host.len);
    memset(to, 0, sizeof *to);
    if (v6) {
        to->v6.sin6_family = AF_INET6;
        to->v6.sin6_port = htons(port);
        return inet_pton(AF_INET6, text, &to->v6.sin6_addr) == 1 ? sizeof to->v6 : 0;
    }
    to->v4.sin_family = AF_INET;
    to->v4.sin_port = htons(port);
    return inet_pton(AF_INET, text, &to->v4.sin_addr) == 1 ? sizeof to->v4 : 0;
}

static enum outcome listen_host_and_port(const char *address, int *fd, struct error *err)
{
    const char *colon = strrchr(address, ':');
    uint64_t port;
    if (!colon || !span_to_u64(span_of(colon + 1), &port) || port > UINT16_MAX)
        return refuse(address, err);
    union any_address to;
    socklen_t len = read_host((struct span){address, (size_t)(colon - address)}, (uint16_t)port, &to);
    return len ? listen_tcp(address, &to, len, fd, err) : refuse(address, err);
}

/* A socket file outlives its program. Only one that refuses connections is taken away. */
static bool is_left_over(const union any_address *to)
{
    struct stat file;
    if (lstat(to->local.sun_path, &file) < 0 || !S_ISSOCK(file.st_mode))
        return false;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool refused = connect(fd, &to->any, sizeof to->local) < 0 && errno == ECONNREFUSED;
    close(fd);
    return refused;
}

static enum outcome listen_unix(const char *address, const char *path, int *out, struct error *err)
{
    union any_address to = {.local = {.sun_family = AF_UNIX}};
    size_t len = strlen(path);
    if (len == 0 || len >= sizeof to.local.sun_path)
        return error_set(err, OUTCOME_REFUSED, "%s: the path of a unix socket has 1 to %zu bytes", address,
                         sizeof to.local.sun_path - 1);
    memcpy(to.local.sun_path, path, len + 1);
    if (is_left_over(&to))
        unlink(path);

    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return broken(address, err);
    if (bind(fd, &to.any, sizeof to.local) < 0)
        return close_broken(fd, address, err);
    /* Nobody can connect before listen(), so there is no moment at which others get in. */
    if (chmod(path, S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) < 0 || listen(fd, SOMAXCONN) < 0) {
        enum outcome outcome = close_broken(fd, address, err);
        unlink(path);
        return outcome;
    }
    *out = fd;
    return OUTCOME_OK;
}

static enum outcome adopt_fd(const char *address, const char *number, int *out, struct error *err)
{
    uint64_t fd;
    int listening = 0;
    socklen_t len = sizeof listening;
    if (!span_to_u64(span_of(number), &fd) || fd > INT32_MAX)
        return refuse(address, err);
    if (getsockopt((int)fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &len) < 0 || !listening)
        return error_set(err, OUTCOME_BROKEN, "%s is no listening socket: was it passed by systemd?", address);
    *out = (int)fd;
    return OUTCOME_OK;
}

enum outcome address_listen(const char *address, int *fd, struct error *err)
{
    struct span s = span_of(address);
    if (span_starts_with(s, SPAN("unix:")))
        return listen_unix(address, address + 5, fd, err);
    if (span_starts_with(s, SPAN("fd:")))
        return adopt_fd(address, address + 3, fd, err);
    return listen_host_and_port(address, fd, err);
}

unsigned address_port(int fd)
{
    union any_address bound;
    socklen_t len = sizeof bound;
    if (getsockname(fd, &bound.any, &len) < 0)
        return 0;
    switch (bound.any.sa_family) {
    case AF_INET:
        return ntohs(bound.v4.sin_port);
    case AF_INET6:
        return ntohs(bound.v6.sin6_port);
    default:
        return 0;
    }
}

void address_forget(const char *address)
{
    if (span_starts_with(span_of(address), SPAN("unix:")))
        unlink(address + 5);
}
