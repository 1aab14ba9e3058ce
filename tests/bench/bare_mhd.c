/*
 * bare_mhd: what the gateway is measured against: libmicrohttpd in the gateway's own set-up (external epoll, one thread), which
 * reads each body and answers "CON ok". No engine, no parking.
 *
 *     build/tests/bench/bare_mhd 127.0.0.1:21090              the ceiling: nothing is kept
 *     build/tests/bench/bare_mhd 127.0.0.1:21090 FILE.db      the plain way: each request is a row and a COMMIT of its own
 *     build/tests/bench/bare_mhd 127.0.0.1:21090 --reports    a page for smsbox that asks for the same delivery reports as we
 */
#include <limits.h>
#include <microhttpd.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "http/address.h"

struct bare {
    struct MHD_Response *response;
    sqlite3 *db; /* NULL: nothing is kept */
    sqlite3_stmt *insert;
};

static enum MHD_Result keep(struct bare *bare)
{
    if (!bare->db)
        return MHD_YES;
    sqlite3_bind_text(bare->insert, 1, "CON ok", -1, SQLITE_STATIC);
    int code = sqlite3_step(bare->insert); /* outside BEGIN: a transaction and a sync of its own */
    sqlite3_reset(bare->insert);
    return code == SQLITE_DONE ? MHD_YES : MHD_NO;
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *upload_data, size_t *upload_data_size, void **request)
{
    (void)url;
    (void)method;
    (void)version;
    (void)upload_data;
    struct bare *bare = context;
    static char seen;
    if (!*request) {
        *request = &seen;
        return MHD_YES;
    }
    if (*upload_data_size > 0) {
        *upload_data_size = 0;
        return MHD_YES;
    }
    return keep(bare) == MHD_YES ? MHD_queue_response(connection, MHD_HTTP_OK, bare->response) : MHD_NO;
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

static bool open_data(struct bare *bare, const char *path)
{
    static const char schema[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                                 "CREATE TABLE IF NOT EXISTS turn (id INTEGER PRIMARY KEY, text TEXT) STRICT;";
    return sqlite3_open(path, &bare->db) == SQLITE_OK &&
           sqlite3_exec(bare->db, schema, NULL, NULL, NULL) == SQLITE_OK &&
           sqlite3_prepare_v2(bare->db, "INSERT INTO turn (text) VALUES (?1)", -1, &bare->insert, NULL) == SQLITE_OK;
}

/* What smsbox takes from a page's headers: which reports it wants, and where to. */
static bool ask_for_reports(struct MHD_Response *response, const char *address)
{
    char url[128];
    snprintf(url, sizeof url, "http://%s/dlr?status=%%d&ts=%%T", address);
    return MHD_add_response_header(response, "X-Kannel-DLR-Mask", "27") == MHD_YES &&
           MHD_add_response_header(response, "X-Kannel-DLR-URL", url) == MHD_YES;
}

int main(int argc, char **argv)
{
    static char body[] = "CON ok";
    struct bare bare = {0};
    struct error err = {0};
    int fd;
    signal(SIGPIPE, SIG_IGN);
    if (argc < 2 || argc > 3 || address_listen(argv[1], &fd, &err) != OUTCOME_OK) {
        fprintf(stderr, "usage: bare_mhd ADDRESS [FILE | --reports] %s\n", err.text);
        return 2;
    }
    bool reports = argc == 3 && strcmp(argv[2], "--reports") == 0;
    if (argc == 3 && !reports && !open_data(&bare, argv[2])) {
        fprintf(stderr, "bare_mhd: %s\n", sqlite3_errmsg(bare.db));
        return 1;
    }
    bare.response = MHD_create_response_from_buffer(sizeof body - 1, body, MHD_RESPMEM_PERSISTENT);
    struct MHD_Daemon *daemon = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, answer, &bare, MHD_OPTION_LISTEN_SOCKET,
                                                 fd, MHD_OPTION_CONNECTION_LIMIT, 2048u, MHD_OPTION_END);
    if (!bare.response || !daemon || MHD_add_response_header(bare.response, "Content-Type", "text/plain") != MHD_YES ||
        (reports && !ask_for_reports(bare.response, argv[1]))) {
        fprintf(stderr, "bare_mhd: libmicrohttpd did not start\n");
        return 1;
    }
    serve(daemon);
    return 1;
}
