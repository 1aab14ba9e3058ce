/*
 * proxies: who calls, where a proxy stands between: listen.trusted_proxies and X-Forwarded-For. Pure.
 *
 * Each proxy adds the address that it saw at the end of the header, and a caller can write anything before that. So the header is
 * read from its end, and the first address that is none of our proxies is the caller.
 */
#pragma once
#include "aggregator/access/network.h"
#include "base/arena.h"
#include "base/problems.h"
#include "base/settings.h"
#include "http/message.h"

struct proxies {
    const struct network *networks;
    size_t count;
    bool unix_socket; /* who comes through a unix socket is one */
};

/* `list` holds networks and "unix"; absent: nobody is trusted, and no header is believed. */
const struct proxies *proxies_read(struct setting list, struct arena *arena, struct problems *problems);
/* The caller's address: the peer's own, unless that is a proxy. Absent: it is not known (a unix socket, a header that is missing or
 * holds no address where the next one should be), and then it is in no network. */
struct span proxies_caller(const struct proxies *proxies, const struct http_request *request);
