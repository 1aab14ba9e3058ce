#include "http/message.h"

#include <microhttpd.h>

#include "http/headers.h"
#include "http/target.h"

struct span http_header(const struct http_request *request, struct span name)
{
    return form_find(request->headers, request->header_count, name);
}

/* The next line without its end; false when no line end is left, which means that the head was cut off. */
static bool take_line(struct span *rest, struct span *line)
{
    struct span after = *rest;
    *line = span_cut(&after, '\n');
    if (!span_is_present(after))
        return false;
    if (line->len > 0 && line->at[line->len - 1] == '\r')
        line->len--;
    *rest = after;
    return true;
}

static enum outcome parse_request_line(struct span line, struct arena *arena, struct http_request *out,
                                       struct error *err)
{
    struct span version = line;
    out->method = span_cut(&version, ' ');
    struct span target = span_cut(&version, ' ');
    if (!headers_is_token(out->method) || !span_starts_with(version, SPAN("HTTP/1.")) || version.len != 8)
        return error_set(err, OUTCOME_REFUSED, "line 1: expected \"METHOD /path HTTP/1.1\"");
    char *room = arena_alloc(arena, target.len + 1);
    return target_split(target, room, out, err);
}

static enum outcome parse_headers(struct span *rest, struct arena *arena, struct http_request *out, struct error *err)
{
    struct pair *headers = ARENA_ARRAY(arena, struct pair, HTTP_HEADERS_MAX);
    out->headers = headers;
    struct span line;
    for (unsigned number = 2; take_line(rest, &line); number++) {
        if (line.len == 0)
            return OUTCOME_OK;
        if (out->header_count == HTTP_HEADERS_MAX)
            return error_set(err, OUTCOME_REFUSED, "line %u: more than %d headers", number, HTTP_HEADERS_MAX);
        struct span value = line;
        struct span name = span_cut(&value, ':');
        if (!headers_is_token(name) || !span_is_present(value))
            return error_set(err, OUTCOME_REFUSED, "line %u: expected \"Name: value\"", number);
        headers[out->header_count++] = (struct pair){name, span_trim(value)};
    }
    return error_set(err, OUTCOME_REFUSED, "the head has no end: an empty line must follow the headers");
}

/* A file that an editor saved ends in one more line end than the request had. */
static struct span without_last_line_end(struct span s)
{
    if (s.len > 0 && s.at[s.len - 1] == '\n')
        s.len--;
    if (s.len > 0 && s.at[s.len - 1] == '\r')
        s.len--;
    return s;
}

static enum outcome take_body(struct span rest, struct http_request *out, struct error *err)
{
    struct framing framing;
    enum outcome outcome = headers_check_framing(out, &framing, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (framing.chunked)
        return error_set(err, OUTCOME_REFUSED, "a chunked body cannot be read from text: give it with Content-Length");
    if (!framing.has_length) {
        out->body = without_last_line_end(rest);
        return OUTCOME_OK;
    }
    if (rest.len < framing.length)
        return error_set(err, OUTCOME_REFUSED, "the body has %zu bytes, Content-Length says %zu", rest.len,
                         framing.length);
    if (without_last_line_end(rest).len > framing.length)
        return error_set(err, OUTCOME_REFUSED, "the body goes on after the %zu bytes of Content-Length",
                         framing.length);
    out->body = span_first(rest, framing.length);
    return OUTCOME_OK;
}

enum outcome http_parse_request(struct span raw, struct arena *arena, struct http_request *out, struct error *err)
{
    *out = (struct http_request){0};
    struct span rest = raw, line;
    if (!take_line(&rest, &line))
        return error_set(err, OUTCOME_REFUSED, "line 1: expected \"METHOD /path HTTP/1.1\"");
    enum outcome outcome = parse_request_line(line, arena, out, err);
    if (outcome == OUTCOME_OK)
        outcome = parse_headers(&rest, arena, out, err);
    if (outcome == OUTCOME_OK)
        outcome = take_body(rest, out, err);
    return outcome;
}

static void add_header(struct buffer *out, struct span name, struct span value)
{
    if (value.len == 0)
        return;
    buffer_add(out, name);
    buffer_add_text(out, ": ");
    buffer_add(out, value);
    buffer_add_text(out, "\r\n");
}

struct span http_format_response(const struct http_response *response, struct arena *arena)
{
    if (!headers_are_sendable(response))
        return SPAN_NONE;
    size_t max = response->body.len + response->content_type.len + 256;
    for (size_t i = 0; i < response->header_count; i++)
        max += response->headers[i].name.len + response->headers[i].value.len + 4;

    struct buffer out;
    buffer_init(&out, arena, max);
    buffer_add_format(&out, "HTTP/1.1 %u %s\r\n", response->status, MHD_get_reason_phrase_for(response->status));
    add_header(&out, SPAN("Content-Type"), response->content_type);
    buffer_add_format(&out, "Content-Length: %zu\r\n", response->body.len);
    for (size_t i = 0; i < response->header_count; i++)
        add_header(&out, response->headers[i].name, response->headers[i].value);
    buffer_add_text(&out, "\r\n");
    buffer_add(&out, response->body);
    return buffer_span(&out);
}
