/*
 * place: typed first letters against a list's names in every language. Pure.
 *
 * The names are folded (wording_fold_case) and sorted, so that what begins with the same letters stands side by side. What
 * was found is then two numbers, where and how many; they travel in place.page, since the letters themselves are not kept.
 */
#pragma once
#include "menu/service/model.h"

struct place_match {
    size_t start, count; /* in list->index; several names of one item may stand there */
};

void place_index_sort(struct list *list);
/* All names that begin with `folded`. */
struct place_match place_find(const struct list *list, struct span folded);
/* The items of a match, each once, in the order of the index; returns how many, at most `max` are written. */
size_t place_items(const struct list *list, struct place_match match, const struct list_item **items, size_t max);
/* The one item that a name of exactly these letters stands for; NULL: none, or more than one. */
const struct list_item *place_exact(const struct list *list, struct place_match match, struct span folded);

/* A match with at most 15 names, and the page of its choices, in one page number; 0 means "nothing typed yet". */
bool place_pack(struct place_match match, unsigned page, uint16_t *packed); /* false: too many */
bool place_unpack(const struct list *list, uint16_t packed, struct place_match *match, unsigned *page);
