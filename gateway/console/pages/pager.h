/*
 * pager: where in a list a page begins, as its address says, and what stands on either side of it. Nothing of it is kept anywhere: who
 * is sent the address of a page sees the rows that follow upon the same one.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct pager {
    int64_t below, above;                /* as in the address: at most one of them; 0: the newest */
    bool is_inside;                      /* it does not begin with the newest by its address */
    int64_t older, newer;                /* 0: nothing is there */
    const char *older_word, *newer_word; /* names of words */
    const char *cut_word;                /* rows were looked at in vain so long that it ends here; NULL: it is whole */
};

struct pager pager_of(int64_t below, int64_t above);
void pager_fill(struct pager *pager, int64_t older, int64_t newer, bool is_cut_short);
