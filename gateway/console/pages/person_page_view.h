/*
 * person_page_view: what is kept of somebody, on one page.
 */
#pragma once
#include "console/page/frame.h"
#include "console/pages/lines.h"
#include "console/pages/mistakes.h"

struct kept_answer {
    struct span question, answer; /* in words */
};
struct kept_registration {
    struct span reference, consent_version, lang;
    int64_t created_at, corrected_at, withdrawn_at;
    int64_t session; /* that it was made in, for who may open sessions */
    struct kept_answer *answers;
    size_t answer_count;
};
struct flag_line {
    int64_t id, at, until, dropped_at;
    struct span text, author;
    struct span key; /* of the form that drops it */
};
struct follow_up_line {
    unsigned month;
    int64_t due_at, answered_at, session;
    const char *state; /* name of a word */
};

/* At its fields. */
struct person_page_wrong {
    struct mistake text, until, sure; /* sure: "this number is somebody else's" was sent without its tick */
};

struct person_page_view {
    struct frame_view *frame;
    int64_t id;
    struct span masked;
    bool opted_out, has_pin, may_forget, may_browse;
    unsigned tries; /* wrong PINs lately */
    int64_t tries_at;
    int64_t created_at, first_at, last_at, forgotten_at, renewed_at, leaving_at;
    struct kept_registration *registrations;
    size_t registration_count;
    struct request_line *requests;
    size_t request_count, hidden_requests;
    struct session_line *sessions;
    size_t session_count;
    struct follow_up_line *follow_ups;
    size_t follow_up_count;
    struct flag_line *flags;
    size_t flag_count;
    struct flag_line *past_flags;
    size_t past_flag_count;

    /* the form for one more flag, as it was typed; and what was wrong with it or another */
    struct span key, flag_text, flag_until;
    struct span number_key;
    struct mistakes mistakes;
    struct person_page_wrong wrong;
    bool is_flag_wrong;
};
