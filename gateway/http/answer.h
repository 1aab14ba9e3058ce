/*
 * answer: an http_response as libmicrohttpd wants it. Private to the HTTP listeners, this floor's and the console's.
 */
#pragma once
#include <microhttpd.h>
#include <stdbool.h>

#include "http/message.h"

/* `body` must outlive the result, whose headers are copied. NULL: no memory, or a header that HTTP cannot say. */
struct MHD_Response *answer_make(const struct http_response *response, struct span body, bool close);
