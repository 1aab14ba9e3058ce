/*
 * transfer: one job of the sender as libcurl sees it. Knows no queue and no thread; private to this floor.
 */
#pragma once
#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

#include "http/egress.h"
#include "http/sender.h"

enum { TRANSFER_ANSWER_MAX = 64 * 1024 };

/* An outcome on its way to the loop. Apart from the transfer, because at a stop it leaves while libcurl still works. */
struct finished {
    struct send_outcome outcome; /* first: sender_release gets a pointer to it */
    char *answer;
    struct finished *prev, *next;
};

struct transfer {
    struct sender *sender;
    struct finished *finished; /* NULL once the outcome was reported */
    bool issued;               /* the request may be on the wire from here on */
    CURL *easy;                /* NULL while it waits */
    char *method, *url, *body;
    size_t body_len, body_sent;
    struct curl_slist *headers;
    struct egress egress;
    char *answer;
    size_t answer_len, answer_size, head_len;
    bool answer_too_large;
    size_t place;                 /* among those under way */
    struct transfer *prev, *next; /* among those that wait */
};

/* REFUSED: a method, URL or header that HTTP cannot say. */
enum outcome transfer_make(const struct send_job *job, struct transfer **out, struct error *err) MUST_CHECK;
void transfer_free(struct transfer *transfer); /* with what of `finished` is still its own; not the easy handle */
void finished_free(struct finished *finished);

/* Sets every option on a fresh or reset handle. `may_issue` is asked right before the first byte would leave. */
bool transfer_set_up(struct transfer *transfer, CURL *easy, const struct sender_config *config,
                     curl_prereq_callback may_issue) MUST_CHECK;
/* Fills the outcome from the handle, and hands the answer over to it. */
void transfer_conclude(struct transfer *transfer, CURLcode code);
/* The outcome of a transfer that is given up: NOT_SENT unless it was issued. */
void transfer_give_up(struct transfer *transfer, const char *why);
