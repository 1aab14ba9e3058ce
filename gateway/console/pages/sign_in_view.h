/* sign_in_view: the pages before the desk: name and password, the second factor, the password again. */
#pragma once
#include <stdbool.h>
#include "http/form.h"

struct frame_view;

struct sign_in_view {
    struct frame_view *frame;
    const char *problem; /* a word, or NULL */
    struct span name, back;
    bool is_from_elsewhere; /* a link of another site led here: the browser sent no cookie, which a click sets right */
};

struct code_view {
    struct frame_view *frame;
    const char *problem;
    struct span back;
};

struct unlock_view {
    struct frame_view *frame;
    const char *problem;
    struct span operator_name, back;
    struct span then; /* a form that was sent meanwhile is carried along: where to, and what was in it */
    const struct pair *fields;
    size_t field_count;
};

/* Unlocked: what was sent before is sent with one more click. */
struct resume_view {
    struct frame_view *frame;
    struct span then;
    const struct pair *fields;
    size_t field_count;
};

struct setup_view {
    struct frame_view *frame;
    const char *problem;
    struct span back, secret, qr_path;
    unsigned qr_size;
    bool asks_password; /* they have signed in: whoever sits there may be somebody else */
    bool has_one;
};

struct recovery_view {
    struct frame_view *frame;
    struct span back;
    const struct span *codes;
    size_t code_count;
};
