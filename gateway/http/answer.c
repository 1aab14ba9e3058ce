#include "http/answer.h"

#include <string.h>

#include "http/headers.h"

/* libmicrohttpd takes C strings, copies them, and refuses an empty value. */
static bool add_header(struct MHD_Response *made, struct span name, struct span value)
{
    char text[HTTP_FIELD_MAX];
    if (value.len == 0)
        return true;
    if (name.len + value.len + 2 > sizeof text)
        return false;
    memcpy(text, name.at, name.len);
    text[name.len] = '\0';
    char *value_text = text + name.len + 1;
    memcpy(value_text, value.at, value.len);
    value_text[value.len] = '\0';
    return MHD_add_response_header(made, text, value_text) == MHD_YES;
}

bool answer_add_headers(struct MHD_Response *made, const struct http_response *response, bool close)
{
    if (!headers_are_sendable(response))
        return false;
    if (!add_header(made, SPAN(MHD_HTTP_HEADER_CONTENT_TYPE), response->content_type))
        return false;
    for (size_t i = 0; i < response->header_count; i++)
        if (!add_header(made, response->headers[i].name, response->headers[i].value))
            return false;
    return !close || MHD_add_response_header(made, MHD_HTTP_HEADER_CONNECTION, "close") == MHD_YES;
}

struct MHD_Response *answer_make(const struct http_response *response, enum MHD_ResponseMemoryMode memory, bool close)
{
    /* Neither kind of memory is written to; the library's type just does not say so. */
    union {
        const char *read_only;
        void *unqualified;
    } body = {.read_only = response->body.at};
    struct MHD_Response *made = MHD_create_response_from_buffer(response->body.len, body.unqualified, memory);
    if (made && !answer_add_headers(made, response, close)) {
        MHD_destroy_response(made);
        return NULL;
    }
    return made;
}
