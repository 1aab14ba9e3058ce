/*
 * mistakes: what is wrong in a form, all that can be told at once: a list at the head of the page with a link to each field
 * (templates/mistakes.html), and the same beside the field (templates/mistake.html), which names it in aria-describedby.
 */
#pragma once
#include <stddef.h>
#include "base/span.h"

struct mistake {
    const char *word;  /* the name of the word for what is wrong; NULL: nothing */
    const char *field; /* the id of what it is about; NULL: the page */
    struct span label; /* what the page calls that field, where the word alone would not say which; or absent */
};

/* More than any page of ours has fields: the questions of a service on how to reach somebody, and as many of our own. */
#define MISTAKES_MAX 32
struct mistakes {
    struct mistake list[MISTAKES_MAX];
    size_t count;
};

/* In the order of the page. What there is no room for is told once these are mended. */
void mistakes_add(struct mistakes *mistakes, struct mistake mistake);
/* The first about this field; its word is NULL where there is none. */
struct mistake mistakes_at(const struct mistakes *mistakes, const char *field);
/* The one of a form's table with this word; about the page where it is none of them. */
struct mistake mistake_known(const struct mistake *known, size_t count, const char *word);
