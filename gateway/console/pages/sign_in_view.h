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
    struct span kept; /* what was sent meanwhile, sealed (door/kept.h); absent: nothing */
};

/* Nobody has signed in any more, and a form was sent: it waits. */
struct signed_out_view {
    struct frame_view *frame;
    struct span kept;
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
