/*
 * redact_page_view: what goes and what stays when words are taken out of a conversation, before it is done.
 */
#pragma once
#include "console/page/frame.h"

struct redact_page_view {
    struct frame_view *frame;
    int64_t session, request; /* request: through which it is seen; 0: as a session */
    bool is_since;            /* as transcript_view has it */
    struct span list;         /* as transcript_list has its query */
    unsigned step, from;      /* from 1; the first step of the transcript's page on which it stands, from 0 */
    struct span typed, key;
    unsigned characters;
    bool was_answer;
    const char *problem; /* name of a word, or NULL */
};
