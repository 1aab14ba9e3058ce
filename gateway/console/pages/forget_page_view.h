/*
 * forget_page_view: what goes and what stays when somebody is forgotten, before it is done.
 */
#pragma once
#include "console/page/frame.h"
#include "console/pages/lines.h"

struct forget_page_view {
    struct frame_view *frame;
    int64_t id;
    struct span masked;
    unsigned registrations, answers, sessions; /* that go; `has_more_sessions`: at least */
    bool has_more_sessions, has_pin;
    unsigned flags, follow_ups;
    struct request_line *requests; /* all of them that are theirs to see: `stays` says which */
    size_t request_count;
    unsigned going, staying; /* of all requests, also those that are not theirs to see */
    struct span word;        /* to type */
    struct span typed, key;
    const char *problem; /* name of a word, or NULL */
};
