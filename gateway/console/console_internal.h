/*
 * console_internal: the console's parts, for the two files that make it up: console.c (opening, its clock, closing) and intake.c (what
 * libmicrohttpd calls for each request, on any of its threads).
 */
#pragma once
#include <microhttpd.h>
#include <pthread.h>

#include "console/door/visit.h"
#include "http/visitor.h"

struct console {
    struct console_config config;
    struct site site;
    char *address;
    struct MHD_Daemon *daemon;
    unsigned port;
    pthread_mutex_t lock; /* of `visitors` */
    struct visitor_list visitors;
    pthread_t clock;
    bool has_clock;
    atomic_bool is_closing;
};

/* The callbacks, as libmicrohttpd wants them; their first argument is the console. */
void *console_begin(void *console, const char *target, struct MHD_Connection *connection);
enum MHD_Result console_continue(void *console, struct MHD_Connection *connection, const char *url, const char *method,
                                 const char *version, const char *upload_data, size_t *upload_data_size,
                                 void **request);
void console_end(void *console, struct MHD_Connection *connection, void **request, enum MHD_RequestTerminationCode how);
void console_visitor(void *console, struct MHD_Connection *connection, void **visitor,
                     enum MHD_ConnectionNotificationCode what);
