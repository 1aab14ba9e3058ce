#include "console/pages/pager.h"

#include <stddef.h>

struct pager pager_of(int64_t below, int64_t above)
{
    return (struct pager){.below = above ? 0 : below, .above = above, .is_inside = below || above};
}

void pager_fill(struct pager *pager, int64_t older, int64_t newer, bool is_cut_short)
{
    const bool is_up = pager->above != 0;
    pager->older = older;
    pager->newer = newer;
    pager->older_word = is_cut_short && !is_up ? "sessions_go_on" : "sessions_older";
    pager->newer_word = is_cut_short && is_up ? "sessions_go_on" : "sessions_newer";
    pager->cut_word = !is_cut_short ? NULL : is_up ? "sessions_cut_short_up" : "sessions_cut_short";
}
