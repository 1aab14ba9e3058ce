/*
 * transcript_list: the list of sessions from which somebody opened one, as `list` of the transcript's address says it: the way back, and
 * the sessions that stand beside this one there.
 */
#pragma once
#include "console/pages/sessions.h"

struct transcript_list {
    struct span query;    /* for addresses of this and other sessions; absent: it was opened from no part of the list */
    struct span back;     /* the address of the list, at its first page */
    int64_t below, above; /* of the page on which somebody was, as struct pager has them */
    int64_t older, newer; /* sessions; 0: none, or none was found */
    int64_t older_from, newer_from; /* so many were looked at in vain: below, above what the list goes on; or 0 */
};

/* All absent where nothing is chosen. */
enum outcome transcript_list_fill(const struct visit *visit, const struct sessions_address *address, int64_t session,
                                  struct transcript_list *out, struct error *err) MUST_CHECK;
/* "list=...&"; or "": of none, and of a text that is longer than any list is. */
struct span transcript_list_query(struct arena *arena, struct span list);
