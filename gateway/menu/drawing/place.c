#include "menu/drawing/place.h"
#include <stdlib.h>
#include <string.h>

/* 10 bits of start (PLACE_INDEX_MAX), 4 of count, 2 of page: 6 places in at most 3 ways of writing, on at most 4 pages. */
#define COUNT_BITS 4
#define PAGE_BITS 2
#define COUNT_MAX ((1u << COUNT_BITS) - 1)
#define PAGE_MAX ((1u << PAGE_BITS) - 1)

static int compare_names(const void *a, const void *b)
{
    const struct place_name *left = a, *right = b;
    size_t shorter = left->folded.len < right->folded.len ? left->folded.len : right->folded.len;
    int order = memcmp(left->folded.at, right->folded.at, shorter);
    if (order == 0)
        order = (left->folded.len > right->folded.len) - (left->folded.len < right->folded.len);
    return order ? order : (left->item > right->item) - (left->item < right->item);
}

void place_index_sort(struct list *list)
{
    if (list->index_count > 1)
        qsort(list->index, list->index_count, sizeof *list->index, compare_names);
}

struct place_match place_find(const struct list *list, struct span folded)
{
    struct place_match match = {0, 0};
    for (size_t i = 0; i < list->index_count; i++) {
        if (!span_starts_with(list->index[i].folded, folded))
            continue;
        if (match.count++ == 0)
            match.start = i;
    }
    return match;
}

size_t place_items(const struct list *list, struct place_match match, const struct list_item **items, size_t max)
{
    size_t count = 0;
    for (size_t i = match.start; i < match.start + match.count; i++) {
        bool seen = false;
        for (size_t earlier = match.start; earlier < i; earlier++)
            seen = seen || list->index[earlier].item == list->index[i].item;
        if (!seen && count++ < max)
            items[count - 1] = list->index[i].item;
    }
    return count;
}

const struct list_item *place_exact(const struct list *list, struct place_match match, struct span folded)
{
    const struct list_item *found = NULL;
    for (size_t i = match.start; i < match.start + match.count; i++) {
        if (!span_equal(list->index[i].folded, folded))
            continue;
        if (found && found != list->index[i].item)
            return NULL;
        found = list->index[i].item;
    }
    return found;
}

bool place_pack(struct place_match match, unsigned page, uint16_t *packed)
{
    if (match.count == 0 || match.count > COUNT_MAX || match.start > PLACE_INDEX_MAX || page > PAGE_MAX)
        return false;
    *packed = (uint16_t)(match.start << (COUNT_BITS + PAGE_BITS) | match.count << PAGE_BITS | page);
    return true;
}

bool place_unpack(const struct list *list, uint16_t packed, struct place_match *match, unsigned *page)
{
    match->start = packed >> (COUNT_BITS + PAGE_BITS);
    match->count = (packed >> PAGE_BITS) & COUNT_MAX;
    *page = packed & PAGE_MAX;
    return match->count > 0 && match->start + match->count <= list->index_count;
}
