#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "console/console_internal.h"
#include "console/door/door.h"
#include "console/door/live.h"
#include "http/answer.h"
#include "http/headers.h"
#include "http/target.h"
#include "model/desk.h"

enum {
    BODY_MAX = 64 * 1024,
    SWALLOW_MAX = 4 * BODY_MAX, /* so much of a refused body is read, so that its sender hears why instead of a reset */
    CALL_BYTES = 32 * 1024,
    OTHER_FIELDS = 16 * 1024, /* beside what is typed in a form's one long box: at most 64 short fields */
};
_Static_assert(TYPED_FORM_BYTES + OTHER_FIELDS <= BODY_MAX, "a form holds whatever its boxes let one type");

enum call_state { CALL_HEAD, CALL_BODY, CALL_REFUSED, CALL_LEAVING };

/* One request, from its first line to the last byte of its answer. */
struct call {
    struct arena *arena;
    struct console *console;
    struct MHD_Connection *connection;
    struct visitor *visitor;
    enum call_state state;
    struct span target;
    char *path_room;
    struct http_request request;
    struct pair headers[HTTP_HEADERS_MAX];
    char *body;
    size_t length, body_len, swallowed; /* length: as Content-Length says, at most BODY_MAX */
    unsigned refusal;
    struct span why;
};

void console_visitor(void *context, struct MHD_Connection *connection, void **visitor,
                     enum MHD_ConnectionNotificationCode what)
{
    struct console *console = context;
    pthread_mutex_lock(&console->lock);
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        *visitor = visitor_new(&console->visitors, connection, clock_monotonic_ms());
    else if (*visitor)
        visitor_free(&console->visitors, *visitor);
    pthread_mutex_unlock(&console->lock);
}

/* From now on its time counts anew; `waiting`: it is we who take the time. */
static void mark(const struct call *call, bool is_waiting)
{
    struct console *console = call->console;
    pthread_mutex_lock(&console->lock);
    call->visitor->waiting = is_waiting;
    visitor_moved(&console->visitors, call->visitor, clock_monotonic_ms());
    pthread_mutex_unlock(&console->lock);
}

/* Called with the target as sent, before libmicrohttpd decodes it in place. What is returned here is `*request` later; NULL, for no
 * visitor, closes the connection. */
void *console_begin(void *context, const char *target, struct MHD_Connection *connection)
{
    struct visitor *visitor = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    if (!visitor)
        return NULL;
    struct arena *arena = arena_create_secret(CALL_BYTES);
    struct call *call = ARENA_NEW(arena, struct call);
    call->arena = arena;
    call->console = context;
    call->connection = connection;
    call->visitor = visitor;
    call->target = arena_copy(arena, span_of(target));
    call->path_room = arena_alloc(arena, call->target.len + 1);
    return call;
}

void console_end(void *context, struct MHD_Connection *connection, void **request, enum MHD_RequestTerminationCode how)
{
    (void)context;
    (void)connection;
    (void)how;
    struct call *call = *request;
    *request = NULL;
    if (!call)
        return;
    mark(call, false);
    arena_destroy(call->arena);
}

/* ---- answering ---- */

static enum MHD_Result send_stream(struct call *call, const struct http_response *response, struct stream *stream)
{
    struct MHD_Response *made = live_response(stream, call->connection);
    if (!made)
        return MHD_NO;
    bool is_whole = answer_add_headers(made, response, true);
    enum MHD_Result queued = is_whole ? MHD_queue_response(call->connection, response->status, made) : MHD_NO;
    MHD_destroy_response(made);
    return queued;
}

static enum MHD_Result send_response(struct call *call, const struct http_response *response, bool close)
{
    call->state = CALL_LEAVING;
    struct MHD_Response *made = answer_make(response, MHD_RESPMEM_MUST_COPY, close);
    if (!made) {
        log_event(LOG_LEVEL_ERROR, "console", "answer_not_made", "status=%u", response->status);
        return MHD_NO;
    }
    enum MHD_Result queued = MHD_queue_response(call->connection, response->status, made);
    MHD_destroy_response(made);
    return queued;
}

static enum MHD_Result send_refusal(struct call *call, bool close)
{
    struct http_response response;
    if (call->refusal == MHD_HTTP_CONTENT_TOO_LARGE) {
        mark(call, true);
        door_too_large(&call->console->site, &call->request, call->arena, &response);
        mark(call, false);
    } else {
        door_refuse(call->refusal, call->why, call->arena, &response);
    }
    return send_response(call, &response, close);
}

/* For requests whose end cannot be trusted: answered before another byte is read, and the connection closed. */
static enum MHD_Result refuse_now(struct call *call, unsigned status, struct span why)
{
    call->refusal = status;
    call->why = why;
    return send_refusal(call, true);
}

/* For those with a sound frame: what is left of them is read first. */
static enum MHD_Result refuse_after_body(struct call *call, unsigned status, const struct framing *framing,
                                         struct span why)
{
    if (framing->expects_continue || framing->chunked || framing->length > SWALLOW_MAX)
        return refuse_now(call, status, why);
    call->state = CALL_REFUSED;
    call->refusal = status;
    call->why = why;
    return MHD_YES;
}

static enum MHD_Result answer(struct call *call)
{
    struct http_response response;
    struct stream *stream = NULL;
    call->request.body = (struct span){call->body ? call->body : "", call->body_len};
    mark(call, true);
    door_answer(&call->console->site, &call->request, call->arena, &response, &stream);
    if (stream) {
        call->state = CALL_LEAVING;
        return send_stream(call, &response, stream);
    }
    mark(call, false);
    return send_response(call, &response, false);
}

/* ---- reading ---- */

static enum MHD_Result collect_header(void *context, enum MHD_ValueKind kind, const char *name, size_t name_len,
                                      const char *value, size_t value_len)
{
    (void)kind;
    struct call *call = context;
    if (call->request.header_count == HTTP_HEADERS_MAX)
        return MHD_NO;
    call->headers[call->request.header_count++] = (struct pair){{name, name_len}, {value ? value : "", value_len}};
    return MHD_YES;
}

static bool collect_headers(struct call *call)
{
    call->request.headers = call->headers;
    int all = MHD_get_connection_values_n(call->connection, MHD_HEADER_KIND, NULL, NULL);
    MHD_get_connection_values_n(call->connection, MHD_HEADER_KIND, collect_header, call);
    return all <= HTTP_HEADERS_MAX;
}

/* "application/x-www-form-urlencoded", with or without a charset behind it. */
static bool is_form(const struct http_request *request)
{
    struct span type = http_header(request, SPAN("Content-Type"));
    type = span_trim(span_cut(&type, ';'));
    return span_equal_nocase(type, SPAN("application/x-www-form-urlencoded"));
}

static enum MHD_Result admit_post(struct call *call, const struct framing *framing)
{
    if (!framing->has_length)
        return refuse_now(call, MHD_HTTP_LENGTH_REQUIRED, SPAN("Content-Length is missing\n"));
    if (framing->length > BODY_MAX)
        return refuse_after_body(call, MHD_HTTP_CONTENT_TOO_LARGE, framing, SPAN_NONE);
    if (framing->length > 0 && !is_form(&call->request))
        return refuse_after_body(call, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, framing, SPAN("only forms are taken here\n"));
    call->length = framing->length;
    call->body = arena_alloc_raw(call->arena, call->length + 1);
    call->state = CALL_BODY;
    return MHD_YES;
}

static enum MHD_Result admit(struct call *call, const struct framing *framing)
{
    struct span method = call->request.method;
    if (span_equal(method, SPAN("POST")))
        return admit_post(call, framing);
    if (!span_equal(method, SPAN("GET")) && !span_equal(method, SPAN("HEAD")))
        return refuse_now(call, MHD_HTTP_METHOD_NOT_ALLOWED, SPAN("only GET, HEAD and POST\n"));
    if (framing->length > 0 || framing->chunked)
        return refuse_now(call, MHD_HTTP_BAD_REQUEST, SPAN("such a request has no body\n"));
    call->state = CALL_BODY;
    return MHD_YES;
}

/* libmicrohttpd reads the frame off values that it did not trim, and so does the check: only then are they trimmed. libmicrohttpd ends
 * strings with NULs inside the one line that it read: a version that does not stand right behind the target means that a NUL was sent
 * in the target, and that its rest is hidden from us. */
static enum MHD_Result read_head(struct call *call, const char *url, const char *method, const char *version)
{
    struct error err;
    struct framing framing;
    call->request.method = span_of(method);
    call->request.peer = visitor_peer(call->visitor);
    if (!collect_headers(call))
        return refuse_now(call, MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE, SPAN("too many headers\n"));
    if (headers_check_framing(&call->request, &framing, &err) != OUTCOME_OK)
        return refuse_now(call, MHD_HTTP_BAD_REQUEST, arena_format(call->arena, "%s\n", err.text));
    if (version != url + call->target.len + 1)
        return refuse_now(call, MHD_HTTP_BAD_REQUEST, SPAN("the request line has a NUL in it\n"));
    for (size_t i = 0; i < call->request.header_count; i++)
        call->headers[i].value = span_trim(call->headers[i].value);
    bool is_known = span_equal(call->request.method, SPAN("GET")) || span_equal(call->request.method, SPAN("HEAD")) ||
                    span_equal(call->request.method, SPAN("POST"));
    if (is_known && target_split(call->target, call->path_room, &call->request, &err) != OUTCOME_OK)
        return refuse_now(call, MHD_HTTP_BAD_REQUEST, arena_format(call->arena, "%s\n", err.text));
    return admit(call, &framing);
}

static enum MHD_Result read_body(struct call *call, struct span piece)
{
    if (call->state == CALL_BODY) {
        if (piece.len > call->length - call->body_len)
            return MHD_NO; /* more than it said: libmicrohttpd does not let that through */
        memcpy(call->body + call->body_len, piece.at, piece.len);
        call->body_len += piece.len;
        return MHD_YES;
    }
    call->swallowed += piece.len;
    return call->swallowed <= SWALLOW_MAX ? MHD_YES : MHD_NO;
}

enum MHD_Result console_continue(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                 const char *version, const char *upload_data, size_t *upload_data_size, void **request)
{
    (void)context;
    (void)connection;
    struct call *call = *request;
    if (!call)
        return MHD_NO;
    if (call->state == CALL_HEAD)
        return read_head(call, url, method, version);
    if (*upload_data_size > 0) {
        struct span piece = {upload_data, *upload_data_size};
        *upload_data_size = 0; /* always all of it: leftovers can stall a connection of 0.9.75 */
        return read_body(call, piece);
    }
    return call->state == CALL_REFUSED ? send_refusal(call, false) : answer(call);
}
