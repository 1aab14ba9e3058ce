/*
 * divide: what a text weighs, and where it may be cut. Shared by screens (pages) and segments (parts of an SMS). Pure.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/span.h"
#include "text/screen.h"

/* Weights add up, so that a page is weighed from its pieces. Marks of values weigh nothing. */
struct weight {
    size_t septets; /* meaningless once `beyond_gsm7` */
    size_t units;   /* UTF-16 */
    bool beyond_gsm7;
};

struct weight weigh(struct span marked);
struct weight weight_add(struct weight a, struct weight b);
struct measure weight_measure(struct weight weight);

/* Bytes of the first piece that must stay whole: a base with its signs, a conjunct, CR LF; 0 at the end. */
size_t divide_cluster(struct span text);
/* Bytes of the longest beginning of `text`, in whole clusters, of at most `limit` units. A cluster that is longer than a
 * whole part is cut between characters: there is no better place. 0 only for an empty text or a limit below one character. */
size_t divide_fitting(struct span text, enum encoding encoding, size_t limit);
