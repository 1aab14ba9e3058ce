/*
 * outbox_list_view: texts and what became of them: never their words, never to whom.
 */
#pragma once
#include "console/page/frame.h"
#include "console/pages/choice.h"
#include "console/pages/pager.h"

struct outbox_line {
    int64_t id, created_at, changed_at, dealt_at;
    int64_t leaves_at;                 /* it waits until it is safe; 0: it does not */
    const char *state, *reason, *kind; /* names of words; reason "": none */
    bool is_trouble;                   /* and nobody has dealt with it yet */
    bool has_arrived;                  /* a report said so, in no words that are kept */
    struct span channel, cost, code,
        report; /* cost: "KES 0.80"; code: the aggregator's id of it; report: the last one's words */
    unsigned attempts, segments;
    int64_t request, session; /* that it answers, for who may open them */
    struct span reference, key;
};

struct outbox_list_view {
    struct frame_view *frame;
    struct choices channels, states;
    struct span channel, state;
    bool opens_requests, opens_sessions; /* who reads it may */
    bool in_trouble;                     /* only those that somebody has to deal with */
    const char *problem;                 /* name of a word, or NULL */
    struct outbox_line *lines;
    size_t line_count;
    struct pager pager;
};
