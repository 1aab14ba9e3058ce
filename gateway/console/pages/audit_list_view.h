/*
 * audit_list_view: who did what, the newest first, and by what it is proven that nothing was changed since.
 */
#pragma once
#include "console/page/frame.h"
#include "console/pages/choice.h"
#include "console/pages/pager.h"

struct audit_line {
    int64_t id, at;
    struct span who; /* absent: the program, or nobody */
    bool is_program;
    struct span action, object, detail, peer; /* in words; the address as it is */
    struct span named;                        /* the object's reference or number */
    const char *place;                        /* of its page, "requests"; NULL: it has none, or not for this operator */
    int64_t object_id;
    bool is_refusal;
};

struct audit_list_view {
    struct frame_view *frame;
    struct choices operators, actions, objects;
    struct span who, action, object, from, to;
    int64_t object_id;
    bool is_filtered;
    const char *problem; /* name of a word, or NULL */
    struct audit_line *lines;
    size_t line_count;
    struct pager pager;
    int64_t head_id, head_at; /* the newest row of all; 0: there is none */
    struct span head;         /* its link of the chain, in hexadecimal digits */
};
