/*
 * message: an HTTP request that was read whole, and the response to one. Plain data, no socket behind it.
 */
#pragma once
#include <stddef.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"
#include "http/form.h"

#define HTTP_HEADERS_MAX 64
#define HTTP_FIELD_MAX 2048 /* of an answer: the name and the value of one header, each with a NUL */

struct http_request {
    struct span method; /* "POST" */
    struct span target; /* as sent: path and query, not decoded; signatures need it so */
    struct span path;   /* decoded; never with NUL */
    struct span query;  /* as sent, after the '?'; absent when there is none */
    struct span body;
    const struct pair *headers; /* names as sent */
    size_t header_count;
    struct span peer; /* address of the other end, "127.0.0.1"; absent for a unix socket */
};

struct http_response {
    unsigned status;
    struct span content_type;   /* absent: none is sent */
    struct span body;           /* may be empty */
    const struct pair *headers; /* further ones, within HTTP_FIELD_MAX; one with an empty value is not sent */
    size_t header_count;
};

struct span http_header(const struct http_request *request, struct span name); /* first, case ignored; or absent */

/* A raw request as text ("POST /in/x HTTP/1.1\r\n..."; bare LF forgiven), for `probe` and the tests. Checked as the listener
 * checks. With Content-Length the body is exactly that long; without, it is the rest, and one line end after it is the
 * editor's. REFUSED: err says which line and why. The spans of `out` point into `raw` and the arena. */
enum outcome http_parse_request(struct span raw, struct arena *arena, struct http_request *out,
                                struct error *err) MUST_CHECK;
/* The exact bytes of a response, as HTTP/1.1 text with Content-Length; the listener adds a Date. Absent when a header cannot
 * be said in HTTP: a name that is no token, a control character in a value. */
struct span http_format_response(const struct http_response *response, struct arena *arena);
