#include "cli/dial_wire.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "cli/verb.h"

#define ANSWER_MAX 65536

struct dial_wire {
    CURL *curl;
    const char *address;
};

/* What comes back while one request is under way. */
struct receiving {
    struct arena *arena;
    struct buffer body;
    struct pair *headers;
    size_t header_count;
};

struct dial_wire *dial_wire_open(const char *address)
{
    struct dial_wire *wire = calloc(1, sizeof *wire);
    if (wire == NULL || curl_global_init(CURL_GLOBAL_ALL) != CURLE_OK || (wire->curl = curl_easy_init()) == NULL) {
        free(wire);
        return NULL;
    }
    wire->address = address;
    return wire;
}

void dial_wire_close(struct dial_wire *wire)
{
    if (wire == NULL)
        return;
    curl_easy_cleanup(wire->curl);
    curl_global_cleanup();
    free(wire);
}

static size_t keep_body(const char *bytes, size_t size, size_t count, void *context)
{
    struct receiving *receiving = context;
    buffer_add(&receiving->body, (struct span){bytes, size * count});
    return buffer_failed(&receiving->body) ? 0 : size * count;
}

static size_t keep_header(const char *bytes, size_t size, size_t count, void *context)
{
    struct receiving *receiving = context;
    struct span value = arena_copy(receiving->arena, (struct span){bytes, size * count});
    struct span name = span_cut(&value, ':');
    if (span_is_present(value) && receiving->header_count < HTTP_HEADERS_MAX)
        receiving->headers[receiving->header_count++] = (struct pair){name, span_trim(value)};
    return size * count;
}

static bool is_local(const struct dial_wire *wire)
{
    return strncmp(wire->address, "unix:", 5) == 0;
}

static const char *url_of(const struct dial_wire *wire, struct span target, struct arena *arena)
{
    const char *host = is_local(wire) ? "localhost" : wire->address;
    const char *no_host = host[0] == ':' ? "127.0.0.1" : "";
    return arena_text(arena, arena_format(arena, "http://%s%s%.*s", no_host, host, SPAN_ARG(target)));
}

static struct curl_slist *list_headers(const struct http_request *request, struct arena *arena)
{
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    for (size_t i = 0; list != NULL && i < request->header_count; i++)
        list = curl_slist_append(list,
                                 arena_text(arena, arena_format(arena, "%.*s: %.*s", SPAN_ARG(request->headers[i].name),
                                                                SPAN_ARG(request->headers[i].value))));
    return list;
}

static void prepare(const struct dial_wire *wire, const struct http_request *request, struct arena *arena,
                    struct receiving *receiving)
{
    CURL *curl = wire->curl;
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, url_of(wire, request->target, arena));
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L); /* a signature holds for the address as it is written */
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, 3000L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 15000L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, receiving);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, keep_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, receiving);
    if (is_local(wire))
        curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, wire->address + 5);
    if (span_equal_text(request->method, "GET"))
        return;
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)request->body.len);
    curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, request->body.len > 0 ? request->body.at : "");
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, arena_text(arena, request->method));
}

static void describe(CURL *curl, const struct receiving *receiving, struct http_response *out)
{
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    *out = (struct http_response){.status = (unsigned)status,
                                  .body = buffer_span(&receiving->body),
                                  .headers = receiving->headers,
                                  .header_count = receiving->header_count};
    for (size_t i = 0; i < out->header_count; i++)
        if (span_equal_nocase(out->headers[i].name, SPAN("Content-Type")))
            out->content_type = out->headers[i].value;
}

int dial_wire_send(struct dial_wire *wire, const struct http_request *request, struct arena *arena,
                   struct http_response *out)
{
    struct receiving receiving = {.arena = arena, .headers = ARENA_ARRAY(arena, struct pair, HTTP_HEADERS_MAX)};
    buffer_init(&receiving.body, arena, ANSWER_MAX);
    prepare(wire, request, arena, &receiving);
    struct curl_slist *headers = list_headers(request, arena);
    curl_easy_setopt(wire->curl, CURLOPT_HTTPHEADER, headers);
    CURLcode result = curl_easy_perform(wire->curl);
    curl_slist_free_all(headers);
    if (result != CURLE_OK) {
        fprintf(stderr, "helpline dial: no gateway answers at %s: %s\n", wire->address, curl_easy_strerror(result));
        return EXIT_NO_GATEWAY;
    }
    describe(wire->curl, &receiving, out);
    if (out->status >= 200 && out->status <= 299)
        return EXIT_DONE;
    fprintf(stderr, "helpline dial: the gateway answered %u: %.*s\n", out->status, SPAN_ARG(span_trim(out->body)));
    return EXIT_FINDING;
}
