#include "http/transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/headers.h"

enum {
    JOB_BODY_MAX = 256 * 1024,
    CONNECTION_IDLE_S = 30,      /* below what the other side keeps: fewer requests on dying connections */
    CONNECTION_LIFETIME_S = 300, /* follows a change of their address */
};

static char *copy_text(struct span s)
{
    return strndup(s.at ? s.at : "", s.len);
}

static bool is_printable(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] <= ' ' || s.at[i] == 0x7f)
            return false;
    return s.len > 0;
}

static enum outcome check_job(const struct send_job *job, struct error *err)
{
    if (!headers_is_token(job->method))
        return error_set(err, OUTCOME_REFUSED, "the method of the request is not one");
    if (!is_printable(job->url))
        return error_set(err, OUTCOME_REFUSED, "the URL of the request is empty or has a blank or control character");
    if (job->body.len > JOB_BODY_MAX)
        return error_set(err, OUTCOME_REFUSED, "the body of the request is larger than %d bytes", JOB_BODY_MAX);
    for (size_t i = 0; i < job->header_count; i++)
        if (!headers_is_sendable(&job->headers[i]))
            return error_set(err, OUTCOME_REFUSED, "header %zu of the request holds what HTTP cannot say", i + 1);
    return OUTCOME_OK;
}

static bool append(struct curl_slist **list, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*list, line);
    if (longer)
        *list = longer;
    return longer != NULL;
}

/* libcurl sends an empty header only when it is written with ';'. */
static bool append_header(struct curl_slist **list, const struct pair *header)
{
    char *line = NULL;
    int len = header->value.len ? asprintf(&line, "%.*s: %.*s", SPAN_ARG(header->name), SPAN_ARG(header->value))
                                : asprintf(&line, "%.*s;", SPAN_ARG(header->name));
    bool fits = len >= 0 && append(list, line);
    if (len >= 0)
        free(line);
    return fits;
}

static bool copy_headers(struct transfer *transfer, const struct send_job *job)
{
    /* Waiting for "100 Continue" costs a second with servers that do not know it, and a Content-Type is the job's to say. */
    if (!append(&transfer->headers, "Expect:"))
        return false;
    if (!span_is_present(form_find(job->headers, job->header_count, SPAN("Content-Type"))) &&
        !append(&transfer->headers, "Content-Type:"))
        return false;
    for (size_t i = 0; i < job->header_count; i++)
        if (!append_header(&transfer->headers, &job->headers[i]))
            return false;
    return true;
}

static bool copy_job(struct transfer *transfer, const struct send_job *job)
{
    transfer->finished = calloc(1, sizeof *transfer->finished);
    transfer->method = copy_text(job->method);
    transfer->url = copy_text(job->url);
    transfer->body = malloc(job->body.len + 1);
    if (!transfer->finished || !transfer->method || !transfer->url || !transfer->body || !copy_headers(transfer, job))
        return false;
    transfer->finished->outcome.id = job->id;
    transfer->body_len = job->body.len;
    if (job->body.len > 0)
        memcpy(transfer->body, job->body.at, job->body.len);
    return true;
}

enum outcome transfer_make(const struct send_job *job, struct transfer **out, struct error *err)
{
    enum outcome outcome = check_job(job, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct transfer *transfer = calloc(1, sizeof *transfer);
    if (!transfer || !copy_job(transfer, job)) {
        transfer_free(transfer);
        return error_set(err, OUTCOME_BROKEN, "no memory for a request");
    }
    *out = transfer;
    return OUTCOME_OK;
}

void finished_free(struct finished *finished)
{
    if (!finished)
        return;
    free(finished->answer);
    free(finished);
}

void transfer_free(struct transfer *transfer)
{
    if (!transfer)
        return;
    finished_free(transfer->finished);
    curl_slist_free_all(transfer->headers);
    free(transfer->method);
    free(transfer->url);
    free(transfer->body);
    free(transfer->answer);
    free(transfer);
}

static size_t read_body(char *room, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    size_t left = transfer->body_len - transfer->body_sent;
    size_t piece = size * count < left ? size * count : left;
    memcpy(room, transfer->body + transfer->body_sent, piece);
    transfer->body_sent += piece;
    return piece;
}

static size_t write_answer(char *data, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    size_t len = size * count;
    if (transfer->answer_len + len > TRANSFER_ANSWER_MAX) {
        transfer->answer_too_large = true;
        return 0;
    }
    if (transfer->answer_len + len > transfer->answer_size) {
        size_t wanted = 2 * (transfer->answer_len + len);
        char *answer = realloc(transfer->answer, wanted);
        if (!answer)
            return 0;
        transfer->answer = answer;
        transfer->answer_size = wanted;
    }
    memcpy(transfer->answer + transfer->answer_len, data, len);
    transfer->answer_len += len;
    return len;
}

/* libcurl keeps every header line; 7.88 has no bound on how many. */
// NOLINTNEXTLINE(readability-non-const-parameter): libcurl's type
static size_t count_head(char *data, size_t size, size_t count, void *context)
{
    (void)data;
    struct transfer *transfer = context;
    transfer->head_len += size * count;
    transfer->answer_too_large |= transfer->head_len > TRANSFER_ANSWER_MAX;
    return transfer->answer_too_large ? 0 : size * count;
}

#define SET(option, value)                                                                                             \
    if (curl_easy_setopt(easy, (option), (value)) != CURLE_OK)                                                         \
    return false

static bool set_limits(CURL *easy, const struct sender_config *config)
{
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)config->connect_ms);
    SET(CURLOPT_TIMEOUT_MS, (long)config->total_ms);
    SET(CURLOPT_MAXAGE_CONN, (long)CONNECTION_IDLE_S);
    SET(CURLOPT_MAXLIFETIME_CONN, (long)CONNECTION_LIFETIME_S);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    return true;
}

/* Only where the job's URL says, only over TLS that was verified, or in plain inside the building. */
static bool set_safety(struct transfer *transfer, CURL *easy, const struct sender_config *config)
{
    transfer->egress = (struct egress){.private_only = strncasecmp(transfer->url, "https:", 6) != 0};
    SET(CURLOPT_PROTOCOLS_STR, config->allow_plain_http ? "https,http" : "https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_OPENSOCKETFUNCTION, egress_open_socket);
    SET(CURLOPT_OPENSOCKETDATA, &transfer->egress);
    return true;
}

static bool has_body_by_nature(const char *method)
{
    return strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 || strcmp(method, "PATCH") == 0;
}

/* libcurl sends a request again, unasked, when a connection that it used before dies without an answer. It cannot when it
 * would have to rewind a body and has no way to; without a body, only a new connection keeps it from that. */
static bool set_request(struct transfer *transfer, CURL *easy)
{
    SET(CURLOPT_URL, transfer->url);
    SET(CURLOPT_USERAGENT, "helpline");
    SET(CURLOPT_HTTPHEADER, transfer->headers);
    if (transfer->body_len > 0 || has_body_by_nature(transfer->method)) {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)transfer->body_len);
        SET(CURLOPT_READFUNCTION, read_body);
        SET(CURLOPT_READDATA, transfer);
    } else if (strcmp(transfer->method, "HEAD") == 0) {
        SET(CURLOPT_NOBODY, 1L);
    }
    SET(CURLOPT_CUSTOMREQUEST, transfer->method);
    SET(CURLOPT_FRESH_CONNECT, transfer->body_len == 0 ? 1L : 0L);
    return true;
}

bool transfer_set_up(struct transfer *transfer, CURL *easy, const struct sender_config *config,
                     curl_prereq_callback may_issue)
{
    if (!set_limits(easy, config) || !set_safety(transfer, easy, config) || !set_request(transfer, easy))
        return false;
    SET(CURLOPT_WRITEFUNCTION, write_answer);
    SET(CURLOPT_WRITEDATA, transfer);
    SET(CURLOPT_HEADERFUNCTION, count_head);
    SET(CURLOPT_HEADERDATA, transfer);
    SET(CURLOPT_PREREQFUNCTION, may_issue);
    SET(CURLOPT_PREREQDATA, transfer);
    SET(CURLOPT_PRIVATE, transfer);
    transfer->easy = easy;
    return true;
}

static void say_why(struct send_outcome *outcome, const char *why)
{
    snprintf(outcome->why, sizeof outcome->why, "%s", why);
}

static const char *why_it_failed(const struct transfer *transfer, CURLcode code)
{
    if (transfer->egress.refused)
        return "plain http goes to loopback and private addresses only";
    if (transfer->answer_too_large)
        return "the answer is too large";
    return curl_easy_strerror(code);
}

static int64_t retry_after_ms(CURL *easy)
{
    curl_off_t seconds = 0;
    if (curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds) != CURLE_OK || seconds <= 0)
        return 0;
    return seconds < INT32_MAX ? (int64_t)seconds * 1000 : (int64_t)INT32_MAX * 1000;
}

void transfer_conclude(struct transfer *transfer, CURLcode code)
{
    struct finished *finished = transfer->finished;
    struct send_outcome *outcome = &finished->outcome;
    long status = 0;
    curl_off_t took = 0;
    if (curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK && status > 0)
        outcome->status = (unsigned)status;
    if (curl_easy_getinfo(transfer->easy, CURLINFO_TOTAL_TIME_T, &took) == CURLE_OK)
        outcome->took_us = (int64_t)took;
    outcome->retry_after_ms = retry_after_ms(transfer->easy);
    if (code != CURLE_OK) {
        transfer_give_up(transfer, why_it_failed(transfer, code));
        return;
    }
    outcome->fate = SEND_ANSWERED;
    finished->answer = transfer->answer;
    outcome->body = (struct span){transfer->answer ? transfer->answer : "", transfer->answer_len};
    transfer->answer = NULL;
}

void transfer_give_up(struct transfer *transfer, const char *why)
{
    struct send_outcome *outcome = &transfer->finished->outcome;
    outcome->fate = transfer->issued ? SEND_UNKNOWN : SEND_NOT_SENT;
    outcome->body = SPAN("");
    say_why(outcome, why);
}
