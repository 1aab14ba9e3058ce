/*
 * sessions_address: which part of the sessions a page shows, as its address says it: "channel=at-ussd&end=timeout". So a page can be
 * shared; and the same text goes with whoever opens one of these sessions, as `list` of the transcript's address. What the address
 * does not say, or says in no way that is understood, is left open. Pure.
 */
#pragma once
#include "base/arena.h"
#include "http/form.h"
#include "store/desk_reader.h"

struct sessions_address {
    struct span channel, lang, end, node; /* absent: any */
    struct span from, to;                 /* days, as typed */
    bool with_request;
    int64_t person, phone; /* 0: any */
    int64_t below, above;  /* where the page begins, as struct pager has it; 0: with the newest */
};

void sessions_address_read(const struct pair *pairs, size_t count, struct sessions_address *out);
/* Of what `list` says; nothing chosen where it is absent or no query. */
void sessions_address_read_list(struct span list, struct arena *arena, struct sessions_address *out);
/* With the place of the page. Absent when it is too long to be an address. */
struct span sessions_address_write(const struct sessions_address *address, struct arena *arena);
bool sessions_address_is_filtered(const struct sessions_address *address); /* anything but the place is chosen */
/* The name of a word about days that are none, which are left open then; or NULL. */
const char *sessions_address_filter(const struct sessions_address *address, int zone_minutes,
                                    struct session_filter *out);
