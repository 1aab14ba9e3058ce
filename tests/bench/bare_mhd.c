/*
 * bare_mhd: the ceiling that the gateway is measured against: libmicrohttpd in the gateway's own set-up (external epoll,
 * one thread), which reads each body and answers "CON ok". No store, no engine, no parking.
 *
 *     build/tests/bench/bare_mhd 127.0.0.1:21090
 */
#include <limits.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "http/address.h"

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *upload_data, size_t *upload_data_size, void **request)
{
    (void)url;
    (void)method;
    (void)version;
    (void)upload_data;
    static char seen;
    if (!*request) {
        *request = &seen;
        return MHD_YES;
    }
    if (*upload_data_size > 0) {
        *upload_data_size = 0;
        return MHD_YES;
    }
    return MHD_queue_response(connection, MHD_HTTP_OK, context);
}

static void serve(struct MHD_Daemon *daemon)
{
    int inner = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    int outer = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN};
    if (outer < 0 || epoll_ctl(outer, EPOLL_CTL_ADD, inner, &event) < 0)
        return;
    for (;;) {
        unsigned MHD_LONG_LONG wait;
        int timeout = -1;
        if (MHD_get_timeout(daemon, &wait) == MHD_YES)
            timeout = wait < INT_MAX ? (int)wait : INT_MAX;
        epoll_wait(outer, &event, 1, timeout);
        MHD_run(daemon);
    }
}

int main(int argc, char **argv)
{
    static char body[] = "CON ok";
    struct error err = {0};
    int fd;
    signal(SIGPIPE, SIG_IGN);
    if (argc != 2 || address_listen(argv[1], &fd, &err) != OUTCOME_OK) {
        fprintf(stderr, "usage: bare_mhd ADDRESS %s\n", err.text);
        return 2;
    }
    struct MHD_Response *response = MHD_create_response_from_buffer(sizeof body - 1, body, MHD_RESPMEM_PERSISTENT);
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, answer, response, MHD_OPTION_LISTEN_SOCKET, fd,
                         MHD_OPTION_CONNECTION_LIMIT, 2048u, MHD_OPTION_END);
    if (!response || !daemon || MHD_add_response_header(response, "Content-Type", "text/plain") != MHD_YES) {
        fprintf(stderr, "bare_mhd: libmicrohttpd did not start\n");
        return 1;
    }
    serve(daemon);
    return 1;
}
