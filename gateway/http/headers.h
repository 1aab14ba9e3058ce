/*
 * headers: what a request's headers say about where its body ends, checked against request smuggling. Pure; private to
 * this floor. RFC 9112 section 6 (https://www.rfc-editor.org/rfc/rfc9112#section-6), with everything that it lets a
 * recipient repair refused instead: whoever stands between us and the aggregator might repair it differently.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/error.h"
#include "base/span.h"
#include "http/message.h"

struct framing {
    bool has_length, chunked, expects_continue;
    size_t length;
};

/* One or more of the characters that RFC 9110 allows in a method or a header name. */
bool headers_is_token(struct span s);

/* REFUSED: a name that is no token, Content-Length twice or not a number, Content-Length beside Transfer-Encoding, a
 * Transfer-Encoding other than "chunked". */
enum outcome headers_check_framing(const struct http_request *request, struct framing *out,
                                   struct error *err) MUST_CHECK;

/* Whether a header can be said in HTTP: its name is a token, its value holds no control character. */
bool headers_is_sendable(const struct pair *header);
bool headers_are_sendable(const struct http_response *response);
