/*
 * paragraph: where a paragraph of marked text may be divided between two pages. Pure.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/span.h"
#include "text/screen.h"
#include "text/weight.h"

/* Bytes before each kind of place, the last one that the page carries; 0: none. A value (a number, an office's name) is divided
 * only when it would not fit a page of its own, a word only when no blank is left. */
struct division {
    size_t blank, blank_in_value, cluster;
    bool cluster_in_value;
};

/* `page`: what stands on the page already, its foot included. `in_value`: the text begins inside a value. */
struct division paragraph_divide(struct span text, bool in_value, struct weight page, const struct carrier *carrier);
