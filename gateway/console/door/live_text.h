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
    int64_t sign_in;
    struct lookup token;
    int64_t since, request;
};

/* The event to say now. NOT_FOUND: the sign-in is over, REFUSED: locked or idle for too long. */
enum outcome live_event(const struct site *site, struct reader *reader, const struct live_page *page, int64_t now,
                        struct arena *arena, struct span *event, struct error *err) MUST_CHECK;
