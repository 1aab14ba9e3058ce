/*
 * sessions_view: what the page of sessions shows: a line for each, the newest first, and the filter that its address carries.
 */
#pragma once
#include "console/page/frame.h"
#include "console/pages/choice.h"
#include "console/pages/pager.h"
#include "console/pages/said.h"
#include "console/pages/sessions_address.h"

struct session_line {
    int64_t id, started_at, length_ms;
    struct span channel, lang;
    bool is_sms;
    struct span node, screen; /* that was reached last, and in words */
    unsigned steps;
    const char *end; /* name of a word */
    bool is_cut_off; /* it did not end by itself */
    int64_t request; /* that was made in it, for who may open requests; 0: none */
    struct span reference;
};

struct sessions_view {
    struct frame_view *frame;
    /* the filter, as it stands in the address */
    struct sessions_address filter; /* phone: as a search for its number found it */
    struct choices channels, ends, langs;
    struct span node_words; /* absent: whichever screen was last */
    bool is_filtered;
    struct span list;    /* the filter and the place of this page, for who opens a session; absent: all sessions */
    const char *problem; /* name of a word about the days, or NULL */

    struct session_line *lines;
    size_t line_count;
    struct pager pager;
};
