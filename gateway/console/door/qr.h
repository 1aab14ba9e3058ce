/*
 * qr: a QR code as the path of an SVG of one colour, so that a page can show it under its strict policy. Private to the console.
 */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"

struct qr {
    unsigned size;    /* of the drawing, its quiet margin of four modules included */
    struct span path; /* "M4 4h7v1h-7z..." */
};

/* False: it does not fit a QR code. */
bool qr_draw(struct span text, struct arena *arena, struct qr *out) MUST_CHECK;
