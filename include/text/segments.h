/*
 * segments: how many parts a text message costs and where it divides (3GPP TS 23.040, 9.2.3.24.1: 160/153 septets, 70/67
 * UTF-16 units). Pure.
 */
#pragma once
#include "base/arena.h"
#include "text/screen.h"

struct segments {
    enum encoding encoding;
    size_t units; /* of the whole text */
    size_t count; /* segments; 0 for an empty text */
    size_t room;  /* units that so many segments carry, one at least */
};

struct segments segments_measure(struct span utf8);
/* The same parts as spans of `utf8`, one behind the other; their array lies in the arena. None for an empty text. */
void segments_split(struct span utf8, struct arena *arena, struct span **parts, size_t *count);

/* How a text leaves: decided once, when it is queued, and recorded with it. */
struct text_plan {
    struct span text; /* as given; or with its look-alikes replaced, where they alone would have made it UCS-2 */
    enum encoding encoding;
    unsigned segments; /* what it costs; 0 for an empty text */
};

/* `utf8` holds no marks (text/screen.h). A text that no substitution brings into GSM-7 stays as it was written. */
struct text_plan segments_plan(struct span utf8, struct arena *arena);
