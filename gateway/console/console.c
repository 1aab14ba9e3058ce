#include "console/console.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "console/pages.h"
#include "http/address.h"
#include "http/answer.h"

enum {
    THREADS = 2,
    CONNECTIONS_MAX = 512,
    IDLE_SECONDS = 15,
    PAGE_BYTES = 32 * 1024,
};

struct console {
    struct console_config config;
    char *address;
    struct MHD_Daemon *daemon;
    unsigned port;
};

/* On every reply: pages load nothing from elsewhere, are shown in no frame, and are not kept by a shared computer. */
static const struct pair safety_headers[] = {
    {SPAN("Cache-Control"), SPAN("no-store")},
    {SPAN("Content-Security-Policy"), SPAN("default-src 'none'; frame-ancestors 'none'; base-uri 'none'")},
    {SPAN("Referrer-Policy"), SPAN("no-referrer")},
    {SPAN("X-Content-Type-Options"), SPAN("nosniff")},
    {SPAN("X-Frame-Options"), SPAN("DENY")},
    {SPAN("Allow"), SPAN("GET, HEAD")}, /* last: only sent with 405 */
};

static enum MHD_Result reply(struct MHD_Connection *connection, struct http_response *response, bool close)
{
    size_t all = sizeof safety_headers / sizeof *safety_headers;
    response->headers = safety_headers;
    response->header_count = response->status == MHD_HTTP_METHOD_NOT_ALLOWED ? all : all - 1;
    struct MHD_Response *made = answer_make(response, MHD_RESPMEM_MUST_COPY, close);
    if (!made)
        return MHD_NO;
    enum MHD_Result queued = MHD_queue_response(connection, response->status, made);
    MHD_destroy_response(made);
    return queued;
}

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned status, struct span why)
{
    struct http_response response = {.status = status, .content_type = SPAN("text/plain; charset=utf-8"), .body = why};
    return reply(connection, &response, true);
}

static bool has_body(struct MHD_Connection *connection)
{
    const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return (length && strcmp(length, "0") != 0) ||
           MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_TRANSFER_ENCODING);
}

/* By the head alone. A body could hide a second request from whoever stands in front: there is none to read here. */
static enum MHD_Result read_head(struct MHD_Connection *connection, const char *method)
{
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, SPAN("only GET and HEAD\n"));
    if (has_body(connection))
        return refuse(connection, MHD_HTTP_BAD_REQUEST, SPAN("a request here has no body\n"));
    return MHD_YES;
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *upload_data, size_t *upload_data_size, void **request)
{
    static char head_was_read;
    (void)version;
    (void)upload_data;
    const struct console *console = context;
    if (!*request) {
        *request = &head_was_read;
        return read_head(connection, method);
    }
    if (*upload_data_size > 0) {
        *upload_data_size = 0;
        return MHD_YES;
    }
    struct arena *arena = arena_create(PAGE_BYTES);
    struct http_response response;
    pages_show(&console->config, span_of(url), arena, &response);
    enum MHD_Result queued = reply(connection, &response, false);
    arena_destroy(arena);
    return queued;
}

/* poll and not epoll: with 0.9.75's own threads on epoll, one of 300 connections now and then waits for ever. */
static struct MHD_Daemon *start_daemon(struct console *console, int fd)
{
    return MHD_start_daemon(MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_ITC, 0, NULL, NULL, answer, console,
                            MHD_OPTION_LISTEN_SOCKET, fd,                           //
                            MHD_OPTION_STRICT_FOR_CLIENT, 1,                        //
                            MHD_OPTION_THREAD_POOL_SIZE, (unsigned)THREADS,         //
                            MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX, //
                            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,  //
                            MHD_OPTION_END);
}

enum outcome console_open(const struct console_config *config, struct console **out, struct error *err)
{
    int fd;
    *out = NULL;
    enum outcome outcome = address_listen(config->address, &fd, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct console *console = calloc(1, sizeof *console);
    if (console) {
        console->config = *config;
        console->port = address_port(fd);
        console->address = strdup(config->address);
        console->daemon = console->address ? start_daemon(console, fd) : NULL;
    }
    if (!console || !console->daemon) {
        free(console ? console->address : NULL);
        free(console);
        close(fd);
        address_forget(config->address);
        return error_set(err, OUTCOME_BROKEN, "cannot start the console on %s: no memory, descriptors or threads left",
                         config->address);
    }
    *out = console;
    return OUTCOME_OK;
}

unsigned console_port(const struct console *console)
{
    return console->port;
}

void console_close(struct console *console)
{
    if (!console)
        return;
    MHD_stop_daemon(console->daemon);
    address_forget(console->address);
    free(console->address);
    free(console);
}
