/*
 * dial_wire: the requests that `helpline dial` makes of a running gateway, one at a time.
 */
#pragma once
#include "base/arena.h"
#include "http/message.h"

struct dial_wire;

/* "host:port", ":port" or "unix:PATH", which has to outlive it. NULL: no memory. */
struct dial_wire *dial_wire_open(const char *address);
void dial_wire_close(struct dial_wire *wire); /* NULL is fine */

/* 0, or the exit code with a line on standard error: no gateway answers, or it does not say 2xx. */
int dial_wire_send(struct dial_wire *wire, const struct http_request *request, struct arena *arena,
                   struct http_response *out);
