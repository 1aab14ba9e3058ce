#include <string.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/answer.h"
#include "http/headers.h"
#include "http/listener_internal.h"
#include "http/target.h"

/* A refused body is read and thrown away up to here, so that the client hears why instead of a reset connection. */
enum { SWALLOW_MAX = 256 * 1024 };

void intake_visitor(void *context, struct MHD_Connection *connection, void **visitor,
                    enum MHD_ConnectionNotificationCode what)
{
    struct listener *listener = context;
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        *visitor = visitor_new(&listener->visitors, connection, clock_monotonic_ms());
    else if (*visitor)
        visitor_free(&listener->visitors, *visitor);
}

static bool keep_target(struct parked *parked, struct span target)
{
    return room_reserve(&parked->target, 2 * target.len) && room_add(&parked->target, target);
}

/* Called with the target as sent, before libmicrohttpd decodes it in place. What is returned here is `*request` later;
 * NULL, for no memory or no visitor, closes the connection. */
void *intake_begin(void *context, const char *target, struct MHD_Connection *connection)
{
    struct listener *listener = context;
    struct visitor *visitor = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    struct parked *parked = visitor ? parked_new(&listener->pool) : NULL;
    if (!parked)
        return NULL;
    parked->listener = listener;
    parked->connection = connection;
    parked->visitor = visitor;
    DL_APPEND(listener->under_way, parked);
    if (!keep_target(parked, span_of(target))) {
        struct parked *lost = parked;
        intake_end(listener, connection, (void **)&lost, MHD_REQUEST_TERMINATED_WITH_ERROR);
        return NULL;
    }
    return parked;
}

void intake_end(void *context, struct MHD_Connection *connection, void **request, enum MHD_RequestTerminationCode how)
{
    (void)connection;
    (void)how;
    struct listener *listener = context;
    struct parked *parked = *request;
    *request = NULL;
    if (!parked)
        return;
    listener->ended++;
    visitor_moved(&listener->visitors, parked->visitor, listener->now_ms);
    if (parked->state == PARKED_WAITING)
        parked_detach(parked); /* the core will answer it, and then it goes */
    else
        listener_forget(listener, parked);
}

/* Prepares a refusal; the text says what to change and never repeats what was sent. */
static void refuse(struct parked *parked, unsigned status, const char *why, bool close)
{
    static const struct pair retry_after = {SPAN("Retry-After"), SPAN("1")};
    parked->state = PARKED_REFUSED;
    parked->status = status;
    parked->body.len = 0;
    if (!room_add(&parked->body, span_of(why)) || !room_add(&parked->body, SPAN("\n")))
        return;
    struct http_response response = {
        .status = status,
        .content_type = SPAN("text/plain; charset=utf-8"),
        .body = {parked->body.at, parked->body.len},
        .headers = &retry_after,
        .header_count = status == MHD_HTTP_SERVICE_UNAVAILABLE || status == MHD_HTTP_TOO_MANY_REQUESTS,
    };
    parked->state = PARKED_REFUSED;
    parked->status = status;
    parked->response = answer_make(&response, MHD_RESPMEM_PERSISTENT, close || listener_closes(parked->listener));
}

static enum MHD_Result send_response(struct parked *parked)
{
    if (!parked->response)
        return MHD_NO;
    enum MHD_Result queued = MHD_queue_response(parked->connection, parked->status, parked->response);
    MHD_destroy_response(parked->response);
    parked->response = NULL;
    parked->state = PARKED_LEAVING;
    return queued;
}

/* For requests whose end cannot be trusted: answered before another byte is read, and the connection closed. */
static enum MHD_Result refuse_now(struct parked *parked, unsigned status, const char *why)
{
    refuse(parked, status, why, true);
    return send_response(parked);
}

/* For requests with a sound frame: what is left of them is read first, and the connection lives on. */
static enum MHD_Result refuse_after_body(struct parked *parked, unsigned status, const struct framing *framing,
                                         const char *why)
{
    if (framing->expects_continue || framing->length > SWALLOW_MAX)
        return refuse_now(parked, status, why);
    refuse(parked, status, why, false);
    return MHD_YES;
}

static enum MHD_Result collect_header(void *context, enum MHD_ValueKind kind, const char *name, size_t name_len,
                                      const char *value, size_t value_len)
{
    (void)kind;
    struct parked *parked = context;
    if (parked->request.header_count == HTTP_HEADERS_MAX)
        return MHD_NO;
    parked->headers[parked->request.header_count++] = (struct pair){{name, name_len}, {value ? value : "", value_len}};
    return MHD_YES;
}

static bool collect_headers(struct parked *parked)
{
    parked->request.headers = parked->headers;
    int all = MHD_get_connection_values_n(parked->connection, MHD_HEADER_KIND, NULL, NULL);
    MHD_get_connection_values_n(parked->connection, MHD_HEADER_KIND, collect_header, parked);
    return all <= HTTP_HEADERS_MAX;
}

/* After the framing was checked: libmicrohttpd reads that off the untrimmed values, and so must we. */
static void trim_values(struct parked *parked)
{
    for (size_t i = 0; i < parked->request.header_count; i++)
        parked->headers[i].value = span_trim(parked->headers[i].value);
}

static bool has_body_by_nature(struct span method)
{
    return span_equal(method, SPAN("POST")) || span_equal(method, SPAN("PUT")) || span_equal(method, SPAN("PATCH"));
}

/* libmicrohttpd ends strings with NULs inside the one line that it read: a version that does not stand right behind the
 * target means that a NUL was sent in the target, and that its rest is hidden from us. */
static bool target_hides_nul(const struct parked *parked, const char *url, const char *version)
{
    return version != url + parked->request.target.len + 1;
}

static enum MHD_Result admit(struct parked *parked, const struct framing *framing)
{
    const struct listener *listener = parked->listener;
    const struct http_request *head = &parked->request;
    if (!framing->has_length && !framing->chunked && has_body_by_nature(head->method))
        return refuse_now(parked, MHD_HTTP_LENGTH_REQUIRED, "Content-Length is missing");
    parked->max_body = listener->max_body;
    unsigned status = listener->hooks.admit(listener->hooks.context, head, &parked->max_body);
    if (status)
        return refuse_after_body(parked, status, framing, MHD_get_reason_phrase_for(status));
    if (framing->length > parked->max_body)
        return refuse_after_body(parked, MHD_HTTP_CONTENT_TOO_LARGE, framing, "the body is too large");
    if (framing->has_length && !room_reserve(&parked->body, framing->length))
        return MHD_NO;
    parked->state = PARKED_BODY;
    return MHD_YES;
}

static enum MHD_Result read_head(struct parked *parked, const char *url, const char *method, const char *version)
{
    struct error err;
    struct framing framing;
    struct span target = {parked->target.at, parked->target.len};
    parked->request.method = span_of(method);
    parked->request.peer = visitor_peer(parked->visitor);
    if (!collect_headers(parked))
        return refuse_now(parked, MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE, "too many headers");
    if (headers_check_framing(&parked->request, &framing, &err) != OUTCOME_OK ||
        target_split(target, parked->target.at + target.len, &parked->request, &err) != OUTCOME_OK)
        return refuse_now(parked, MHD_HTTP_BAD_REQUEST, err.text);
    if (target_hides_nul(parked, url, version))
        return refuse_now(parked, MHD_HTTP_BAD_REQUEST, "the request line has a NUL in it");
    if (framing.chunked && strcmp(version, MHD_HTTP_VERSION_1_1) != 0)
        return refuse_now(parked, MHD_HTTP_BAD_REQUEST, "Transfer-Encoding needs HTTP/1.1");
    trim_values(parked);
    return admit(parked, &framing);
}

static enum MHD_Result read_body(struct parked *parked, struct span piece)
{
    if (parked->state == PARKED_BODY && parked->body.len + piece.len > parked->max_body)
        refuse(parked, MHD_HTTP_CONTENT_TOO_LARGE, "the body is too large", false);
    if (parked->state == PARKED_BODY)
        return room_add(&parked->body, piece) ? MHD_YES : MHD_NO;
    parked->swallowed += piece.len;
    return parked->swallowed <= SWALLOW_MAX ? MHD_YES : MHD_NO;
}

static enum MHD_Result park(struct parked *parked)
{
    struct listener *listener = parked->listener;
    parked->request.body = (struct span){parked->body.at ? parked->body.at : "", parked->body.len};
    parked->state = PARKED_WAITING;
    parked->visitor->waiting = true;
    parked->taken_in_run = listener->runs;
    listener->parked_count++;
    listener->hooks.take(listener->hooks.context, parked, &parked->request);
    return MHD_YES;
}

/* libmicrohttpd asks again at every run for a request that has neither a response nor was suspended. Most are answered
 * before the next run, and a suspend and resume costs three system calls, a third of what the whole request costs: so only
 * one that stays longer is suspended. */
static enum MHD_Result keep_waiting(struct parked *parked)
{
    if (parked->taken_in_run == parked->listener->runs)
        return MHD_YES;
    parked->suspended = true;
    MHD_suspend_connection(parked->connection);
    return MHD_YES;
}

enum MHD_Result intake_continue(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                const char *version, const char *upload_data, size_t *upload_data_size, void **request)
{
    (void)context;
    (void)connection;
    struct parked *parked = *request;
    if (!parked)
        return MHD_NO;
    if (parked->state == PARKED_HEAD)
        return read_head(parked, url, method, version);
    if (*upload_data_size > 0) {
        struct span piece = {upload_data, *upload_data_size};
        *upload_data_size = 0; /* always all of it: leftovers can stall an epoll connection of 0.9.75 */
        return read_body(parked, piece);
    }
    switch (parked->state) {
    case PARKED_BODY:
        return park(parked);
    case PARKED_WAITING:
        return keep_waiting(parked);
    default:
        return send_response(parked);
    }
}
