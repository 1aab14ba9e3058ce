/*
 * egress: where a request of ours may go. Checked on the resolved address, when the socket is made, so that a name that
 * resolves to something else later cannot get round it. Pure but for the socket; private to this floor.
 */
#pragma once
#include <curl/curl.h>
#include <stdbool.h>
#include <sys/socket.h>

struct egress {
    bool private_only; /* plain http: what it carries could be read on the way, so it stays in the building */
    bool refused;      /* set when a socket was refused for that */
};

/* CURLOPT_OPENSOCKETFUNCTION; `context` is a struct egress. */
curl_socket_t egress_open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address);
