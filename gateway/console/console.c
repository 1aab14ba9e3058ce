#include "console/console.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "console/console_internal.h"
#include "console/door/board.h"
#include "console/door/known.h"
#include "console/door/live.h"
#include "console/door/presence.h"
#include "console/door/readers.h"
#include "console/door/refused.h"
#include "console/door/turnstile.h"
#include "console/routes.h"
#include "http/address.h"

enum {
    HASHES_AT_ONCE = 2, /* 64 MiB each */
    HASHES_WAITING = 2,
    THREADS = HASHES_AT_ONCE + HASHES_WAITING + 1, /* one stays for everything else */
    CONNECTIONS_MAX = 512,
    IDLE_SECONDS = 15,     /* a connection that sends and takes nothing; streams are suspended and do not count */
    WHOLE_MS = 30 * 1000,  /* a request must have come whole within */
    HEAD_MAX = 32 * 1024,  /* a connection's memory for a request's head */
    CLOCK_MS = 250,        /* how often the console's own thread looks */
    STREAMS_END_MS = 3000, /* at the end they are told so, and are waited for */
};

/* Of the four places one network has two at most, and strangers leave one to who has signed in or does so where they did before. */
static const struct turnstile_size hashing = {
    .at_once = HASHES_AT_ONCE, .waiting = HASHES_WAITING, .each = 2, .strangers = 3};

/* poll and not epoll: with 0.9.75's own threads on epoll, one of 300 connections now and then waits for ever. */
static struct MHD_Daemon *start_daemon(struct console *console, int fd)
{
    return MHD_start_daemon(MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
                            console_continue, console,                              //
                            MHD_OPTION_LISTEN_SOCKET, fd,                           //
                            MHD_OPTION_STRICT_FOR_CLIENT, 1,                        //
                            MHD_OPTION_THREAD_POOL_SIZE, (unsigned)THREADS,         //
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_MAX,   //
                            MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX, //
                            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,  //
                            MHD_OPTION_URI_LOG_CALLBACK, console_begin, console,    //
                            MHD_OPTION_NOTIFY_COMPLETED, console_end, console,      //
                            MHD_OPTION_NOTIFY_CONNECTION, console_visitor, console, //
                            MHD_OPTION_END);
}

/* The console's own thread: cuts off slow senders and fills the live streams. */
static void *run_clock(void *context)
{
    struct console *console = context;
    const struct timespec moment = {.tv_nsec = CLOCK_MS * 1000L * 1000L};
    while (!atomic_load(&console->is_closing)) {
        pthread_mutex_lock(&console->lock);
        visitor_cut_slow(&console->visitors, clock_monotonic_ms(), WHOLE_MS);
        pthread_mutex_unlock(&console->lock);
        if (console->site.live)
            live_turn(console->site.live, clock_utc_ms());
        nanosleep(&moment, NULL);
    }
    return NULL;
}

static void furnish(struct console *console)
{
    struct site *site = &console->site;
    site->config = &console->config;
    site->routes = console_routes;
    site->is_secure = console->config.url && strncmp(console->config.url, "https://", 8) == 0;
    if (!console->config.desk)
        return;
    site->readers = readers_create(console->config.data_path, console->config.keyring);
    site->board = board_create(console->config.desk);
    site->presence = presence_create();
    site->known = known_create();
    desk_tell_let_in(console->config.desk, known_let_in, site->known);
    site->refused = refused_create();
    site->hashing = turnstile_create(&hashing);
    site->live = live_create(site);
}

static void unfurnish(struct console *console)
{
    if (console->config.desk)
        desk_tell_let_in(console->config.desk, NULL, NULL);
    live_free(console->site.live);
    turnstile_free(console->site.hashing);
    refused_free(console->site.refused);
    known_free(console->site.known);
    presence_free(console->site.presence);
    board_free(console->site.board);
    readers_free(console->site.readers);
}

static bool start(struct console *console, int fd)
{
    console->has_clock = pthread_create(&console->clock, NULL, run_clock, console) == 0;
    console->daemon = console->has_clock ? start_daemon(console, fd) : NULL;
    return console->daemon != NULL;
}

static void stop_clock(struct console *console)
{
    atomic_store(&console->is_closing, true);
    if (console->has_clock)
        pthread_join(console->clock, NULL);
}

static void free_console(struct console *console)
{
    unfurnish(console);
    pthread_mutex_destroy(&console->lock);
    free(console->address);
    free(console);
}

enum outcome console_open(const struct console_config *config, struct console **out, struct error *err)
{
    int fd;
    *out = NULL;
    enum outcome outcome = address_listen(config->address, &fd, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct console *console = calloc(1, sizeof *console);
    char *address = strdup(config->address);
    if (!console || !address)
        abort();
    console->config = *config;
    console->port = address_port(fd);
    console->address = address;
    pthread_mutex_init(&console->lock, NULL);
    furnish(console);
    if (!start(console, fd)) {
        stop_clock(console);
        free_console(console);
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

/* Streams first: libmicrohttpd aborts the program when it is stopped with one of them suspended. */
void console_close(struct console *console)
{
    if (!console)
        return;
    stop_clock(console);
    if (console->site.live)
        live_end(console->site.live, STREAMS_END_MS);
    MHD_stop_daemon(console->daemon);
    address_forget(console->address);
    free_console(console);
}
