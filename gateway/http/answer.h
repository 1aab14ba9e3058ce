/*
 * answer: an http_response as libmicrohttpd wants it. Private to the HTTP listeners, this floor's and the console's.
 */
#pragma once
#include <microhttpd.h>
#include <stdbool.h>

#include "http/message.h"

/* `memory`: MHD_RESPMEM_MUST_COPY, or MHD_RESPMEM_PERSISTENT for a body that outlives the result. Headers are copied.
 * NULL: no memory, or a header that HTTP cannot say or that is too long (HTTP_FIELD_MAX). */
struct MHD_Response *answer_make(const struct http_response *response, enum MHD_ResponseMemoryMode memory, bool close);
/* The headers of a response for one that was made otherwise. False: as above. */
bool answer_add_headers(struct MHD_Response *made, const struct http_response *response, bool close);
