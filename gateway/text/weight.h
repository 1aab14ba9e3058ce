/*
 * weight: what a text weighs in both encodings at once. Weights add up, so that a page is weighed from its pieces before it is
 * put together. Marks of values weigh nothing. Pure.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/span.h"
#include "text/screen.h"

struct weight {
    size_t septets; /* meaningless once `beyond_gsm7` */
    size_t units;   /* UTF-16 */
    bool beyond_gsm7;
};

struct weight weigh(struct span marked);
struct weight weight_add(struct weight a, struct weight b);
struct weight weight_add_line(struct weight page, struct weight line); /* with the line end between, if one is needed */
struct measure weight_measure(struct weight weight);
size_t weight_limit(const struct carrier *carrier, enum encoding encoding);
bool weight_fits(struct weight weight, const struct carrier *carrier);
size_t weight_over(struct weight weight,
                   const struct carrier *carrier); /* units over the limit; only when it does not fit */
