/*
 * live_text: what a live stream says. Private to the console.
 */
#pragma once
#include "console/door/visit.h"

#define LIVE_HELLO "retry: 3000\n\n" /* so long a browser waits before it comes again */
#define LIVE_COMMENT ": still here\n\n"
#define LIVE_OVER "event: over\ndata: {}\n\n"

/* The page that listens. */
struct live_page {
    struct lookup token;
    int64_t since, request;
};

/* With what is looked. */
struct live_look {
    const struct site *site;
    struct reader *reader;
    struct arena *arena;
    int64_t now;
};

/* The event to say now. NOT_FOUND: the sign-in is over, REFUSED: locked or idle for too long. FULL: reading took too long, BROKEN: it
 * failed; neither says anything of the sign-in, and the next look may tell. */
enum outcome live_event(const struct live_look *look, const struct live_page *page, struct span *event,
                        struct error *err) MUST_CHECK;

/* Whether that means LIVE_OVER: the page is loaded anew, and what is typed in it goes with the lock. */
bool live_is_over(enum outcome outcome);

/* The counters alone, as JSON: for pages that ask again and again instead of keeping a stream open. */
enum outcome live_counts(const struct visit *visit, int64_t since, int64_t request, struct span *json,
                         struct error *err) MUST_CHECK;
