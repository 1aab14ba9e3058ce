/*
 * sender: HTTP requests that we make, on one thread of its own that owns libcurl.
 *
 * It sees no database: jobs come in and outcomes go out through two bounded queues; an eventfd tells the loop. A thread,
 * because a name look-up that hangs blocks curl_multi_perform for seconds whatever the timeouts say. A job is never sent
 * twice: the body is fed without a seek function, so that libcurl answers CURLE_SEND_FAIL_REWIND instead of re-sending on a
 * dead connection. What follows is called by one thread, the loop's.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/error.h"
#include "http/message.h"

struct sender;

struct sender_config {
    unsigned max_in_flight; /* all hosts together */
    size_t queue_max;       /* jobs waiting; twice that many may wait or be done and not taken yet */
    unsigned connect_ms, total_ms;
    bool allow_plain_http; /* http:// to loopback and private networks is for an SMS gateway beside us */
};

struct send_job {
    int64_t id;                    /* the outbox row */
    struct span method, url, body; /* copied by sender_submit */
    const struct pair *headers;
    size_t header_count;
};

enum send_fate {
    SEND_ANSWERED, /* status and body are there; what they mean is the profile's to say */
    SEND_NOT_SENT, /* proven: name look-up, connect or TLS failed before a byte of the request left */
    SEND_UNKNOWN,  /* it may have arrived: timeout, reset, short or too large answer (`status` is set if it was read) */
};

struct send_outcome {
    int64_t id;
    enum send_fate fate;
    unsigned status;
    int64_t retry_after_ms; /* 0: not said */
    int64_t took_us;
    struct span body; /* at most 64 KiB; valid until sender_release */
    char why[96];     /* libcurl's word for a failure; no URL, no body */
};

/* BROKEN: no memory, descriptors or threads left. `config` is copied. */
enum outcome sender_open(const struct sender_config *config, struct sender **out, struct error *err) MUST_CHECK;
/* FULL: try later. REFUSED: a method, URL or header that HTTP cannot say, or a body over 256 KiB. */
enum outcome sender_submit(struct sender *sender, const struct send_job *job) MUST_CHECK;
int sender_poll_fd(const struct sender *sender);                    /* readable: outcomes wait */
bool sender_take(struct sender *sender, struct send_outcome **out); /* false: none left; to be released */
void sender_release(struct sender *sender, struct send_outcome *outcome);
/* Waits at most `wait_ms` for what is under way; what is not done comes out as SEND_UNKNOWN or SEND_NOT_SENT. */
void sender_stop(struct sender *sender, unsigned wait_ms);
/* Frees everything, outcomes that nobody took as well. May last as long as a name look-up that hangs; NULL is fine. */
void sender_close(struct sender *sender);
