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
};

struct segments segments_measure(struct span utf8);
void segments_split(struct span utf8, struct arena *arena, struct span **parts, size_t *count);
