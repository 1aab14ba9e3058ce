/* refusal_view: a whole page that says what is wrong and what to do (visit_refuse, visit_fail). */
#pragma once
#include <stdbool.h>
#include "http/form.h"
#include "model/desk.h"

struct frame_view;

struct refusal_view {
    struct frame_view *frame;
    const char *word;
    unsigned status;
    bool is_for_now;   /* it may go another time: it is not said that nothing was changed, which is not known */
    bool is_too_large; /* what was sent: how much a box takes, and what to do */
    struct span then;  /* the form that was sent, to be sent again: where to, and what was in it */
    struct pair *fields, *texts; /* texts: what was typed at length, to be seen */
    size_t field_count, text_count;
};
