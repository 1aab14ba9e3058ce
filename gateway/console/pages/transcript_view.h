/*
 * transcript_view: what the page of one session shows: what was typed and what was answered, step by step.
 */
#pragma once
#include "console/page/frame.h"
#include "console/pages/lines.h"
#include "console/pages/steps.h"
#include "console/pages/transcript_list.h"

struct transcript_view {
    struct frame_view *frame;
    int64_t request; /* through which it was opened; 0: as a session */
    bool is_since;   /* of that request: what was said last, not what led to it */
    struct transcript_list list;
    int64_t id, started_at, ended_at, length_ms;
    struct span zone; /* "UTC+05:00", where its times are not those of the desk's zone; or absent */
    struct span channel, profile, lang;
    bool is_sms, is_cut_off, is_danger;
    const char *end;                  /* name of a word */
    unsigned length;                  /* in steps */
    int64_t person;                   /* for who may open people; 0: nobody known */
    int64_t resumed_from, resumed_by; /* sessions */
    struct request_line *requests;    /* made in it, that are theirs to see */
    size_t request_count, hidden_requests;
    bool in_my_language;
    bool can_translate; /* there is a service whose words could be shown */
    unsigned from;      /* the first step of this page, from 0 */
    bool has_earlier;   /* steps before it that may be read here */
    struct steps_view steps;
    unsigned next; /* the first step of the page after; 0: these were the last */
};
