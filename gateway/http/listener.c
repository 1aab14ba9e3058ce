#include "http/listener.h"

#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/address.h"
#include "http/answer.h"
#include "http/listener_internal.h"

enum {
    DESCRIPTORS_BESIDE = 64, /* data file, WAL, sender, console: what the program opens besides connections */
    BACKLOG_RUNS = 64,       /* a run accepts about ten connections */
    HEAD_MAX = 16 * 1024,    /* a connection's memory for a request's head; it is zeroed for every request */
    CROWD_PERCENT = 75,      /* of the connections that may be */
    SLOW_IDLE_TIMES = 2,     /* a whole request has to arrive within so many idle times */
};

static void on_panic(void *context, const char *file, unsigned line, const char *reason)
{
    (void)context;
    (void)file;
    log_event(LOG_LEVEL_ERROR, "http", "panic", "line=%u reason=\"%s\"", line, reason);
    abort();
}

static void warn_of_few_descriptors(unsigned max_connections)
{
    struct rlimit limit;
    rlim_t wanted = (rlim_t)max_connections + DESCRIPTORS_BESIDE;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < wanted)
        log_event(LOG_LEVEL_WARNING, "http", "few_descriptors", "limit=%llu wanted=%llu",
                  (unsigned long long)limit.rlim_cur, (unsigned long long)wanted);
}

static struct MHD_Daemon *start_daemon(struct listener *listener, const struct listener_config *config)
{
    MHD_set_panic_func(on_panic, NULL);
    return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, intake_continue, listener,
                            MHD_OPTION_LISTEN_SOCKET, listener->fd,                 //
                            MHD_OPTION_STRICT_FOR_CLIENT, 1,                        //
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_MAX,   //
                            MHD_OPTION_CONNECTION_LIMIT, config->max_connections,   //
                            MHD_OPTION_CONNECTION_TIMEOUT, config->idle_seconds,    //
                            MHD_OPTION_URI_LOG_CALLBACK, intake_begin, listener,    //
                            MHD_OPTION_NOTIFY_COMPLETED, intake_end, listener,      //
                            MHD_OPTION_NOTIFY_CONNECTION, intake_visitor, listener, //
                            MHD_OPTION_END);
}

enum outcome listener_open(const struct listener_config *config, const struct listener_hooks *hooks,
                           struct listener **out, struct error *err)
{
    *out = NULL;
    int fd;
    enum outcome outcome = address_listen(config->address, &fd, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct listener *listener = calloc(1, sizeof *listener);
    if (listener) {
        listener->hooks = *hooks;
        listener->address = strdup(config->address);
        listener->fd = fd;
        listener->port = address_port(fd);
        listener->max_body = config->max_body;
        listener->crowd = (size_t)config->max_connections * CROWD_PERCENT / 100;
        listener->slow_ms = (int64_t)config->idle_seconds * 1000 * SLOW_IDLE_TIMES;
        listener->now_ms = clock_monotonic_ms();
        listener->daemon = listener->address ? start_daemon(listener, config) : NULL;
    }
    if (!listener || !listener->daemon) {
        free(listener ? listener->address : NULL);
        free(listener);
        close(fd);
        address_forget(config->address);
        return error_set(err, OUTCOME_BROKEN, "cannot start to listen on %s: no memory or descriptors left",
                         config->address);
    }
    warn_of_few_descriptors(config->max_connections);
    *out = listener;
    return OUTCOME_OK;
}

int listener_poll_fd(const struct listener *listener)
{
    return MHD_get_daemon_info(listener->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

int listener_wait_ms(struct listener *listener)
{
    unsigned MHD_LONG_LONG wait;
    if (listener->resumed || listener->parked_count > 0)
        return 0;
    if (MHD_get_timeout(listener->daemon, &wait) != MHD_YES)
        return -1;
    return wait < INT_MAX ? (int)wait : INT_MAX;
}

/* While some are answered and others read, more arrive: they may as well share the coming sync. An answer that went out in one
 * look brings the next request of its client a moment later, so the look after it counts as well. Nobody is waited for: a look
 * that neither finds nor finishes anything ends it, and a connection can be found once. */
static void run_while_more_come(struct listener *listener)
{
    size_t parked;
    uint64_t ended;
    do {
        parked = listener->parked_count;
        ended = listener->ended;
        MHD_run(listener->daemon);
    } while (listener->parked_count > parked || listener->ended > ended);
}

void listener_run(struct listener *listener)
{
    listener->resumed = false;
    listener->runs++;
    listener->now_ms = clock_monotonic_ms();
    visitor_cut_slow(&listener->visitors, listener->now_ms, listener->slow_ms);
    run_while_more_come(listener);
}

unsigned listener_port(const struct listener *listener)
{
    return listener->port;
}

/* A client that keeps a connection for each request of a burst (Kannel does) would hold all that there are, idle, and
 * whoever comes next would wait in the kernel until the first of them times out. */
bool listener_closes(const struct listener *listener)
{
    return listener->draining || listener->visitors.count >= listener->crowd;
}

static struct MHD_Response *make_response(struct parked *parked, const struct http_response *response)
{
    parked->status = response->status;
    parked->reply.len = 0;
    if (!room_add(&parked->reply, response->body))
        return NULL;
    struct http_response kept = *response;
    kept.body = (struct span){parked->reply.at, parked->reply.len};
    return answer_make(&kept, MHD_RESPMEM_PERSISTENT, listener_closes(parked->listener));
}

void listener_forget(struct listener *listener, struct parked *parked)
{
    DL_DELETE(listener->under_way, parked);
    parked_release(&listener->pool, parked);
}

void listener_answer(struct listener *listener, struct parked *parked, const struct http_response *response)
{
    static const struct http_response internal_error = {.status = MHD_HTTP_INTERNAL_SERVER_ERROR};
    listener->parked_count--;
    listener->resumed = true;
    if (!parked->connection) {
        listener_forget(listener, parked);
        return;
    }
    parked->response = make_response(parked, response);
    if (!parked->response) {
        log_event(LOG_LEVEL_ERROR, "http", "reply_not_sendable", "status=%u", response->status);
        parked->response = make_response(parked, &internal_error);
    }
    parked->state = PARKED_ANSWERED;
    parked->visitor->waiting = false;
    visitor_moved(&listener->visitors, parked->visitor, listener->now_ms);
    if (parked->suspended)
        MHD_resume_connection(parked->connection);
}

size_t listener_parked(const struct listener *listener)
{
    return listener->parked_count;
}

static bool has_backlog(const struct listener *listener)
{
    struct pollfd fd = {.fd = listener->fd, .events = POLLIN};
    return poll(&fd, 1, 0) > 0;
}

void listener_quiesce(struct listener *listener)
{
    if (listener->fd < 0)
        return;
    /* Clients that the kernel accepted for us would be reset by the close. */
    for (int i = 0; i < BACKLOG_RUNS && has_backlog(listener); i++)
        listener_run(listener);
    listener->draining = true;
    MHD_quiesce_daemon(listener->daemon);
    close(listener->fd);
    listener->fd = -1;
    address_forget(listener->address);
}

bool listener_is_quiet(struct listener *listener)
{
    return !listener->under_way;
}

/* Stopping libmicrohttpd with anything suspended aborts the process. */
static void answer_leftovers(struct listener *listener)
{
    static const struct http_response gone = {.status = MHD_HTTP_SERVICE_UNAVAILABLE};
    struct parked *parked, *next;
    while (listener->parked_count > 0) {
        log_event(LOG_LEVEL_WARNING, "http", "unanswered_at_close", "count=%zu", listener->parked_count);
        DL_FOREACH_SAFE(listener->under_way, parked, next)
        {
            if (parked->state == PARKED_WAITING)
                listener_answer(listener, parked, &gone);
        }
        listener_run(listener);
    }
}

void listener_close(struct listener *listener)
{
    if (!listener)
        return;
    listener_quiesce(listener);
    answer_leftovers(listener);
    listener_run(listener); /* a resume without a run loses the reply */
    answer_leftovers(listener);
    MHD_stop_daemon(listener->daemon);
    parked_pool_empty(&listener->pool);
    free(listener->address);
    free(listener);
}
