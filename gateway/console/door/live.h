/*
 * live: the streams of events (text/event-stream) by which open pages learn what is new: counters, and how many requests came or
 * changed since the page was made. A stream is suspended between events, so that it costs nothing, and woken when something changed
 * or every fifteen seconds with a comment, so that a browser that is gone is noticed. It ends with its sign-in.
 *
 * Streams are written to by libmicrohttpd's threads and filled by one thread, the console's clock, which calls live_turn. A stream
 * that is suspended when libmicrohttpd is stopped would abort the program: live_end first. Private to the console.
 *
 *     event: counts
 *     data: {"mine":2,"unassigned":7,"all":31,"danger":1,"due_hour":3,"overdue":0,"waiting":4,"trouble":1,"new":3,"newest":1763800000000,
 *            "viewing":["Rina"]}
 *
 * `new` counts from the page's own `since` (what `newest` was when it was made); `viewing` are others who have the same request open.
 * "event: over" says that there is no sign-in any more, or that it is locked: the page is to be loaded again.
 */
#pragma once
#include <microhttpd.h>
#include "console/door/visit.h"

/* Who goes from page to page leaves a stream behind at each, and that its browser is gone is seen when it is next written to: thirty
 * operators with a page in five seconds have four each. */
#define LIVE_STREAMS 240
#define LIVE_COMMENT_MS 15000
#define LIVE_LOOK_MS 1000 /* a stream says no more than one thing in so long */

struct live;
struct stream;

struct live *live_create(const struct site *site);
void live_free(struct live *live); /* after libmicrohttpd was stopped; NULL is fine */
void live_turn(struct live *live, int64_t now);
size_t live_count(struct live *live); /* streams that are open */
/* Every stream is told to end; returns when all have, or after `wait_ms`. */
void live_end(struct live *live, int64_t wait_ms);

/* FULL: there are LIVE_STREAMS already. What it needs of the visit is copied. `request`: that the page shows, 0: none. */
enum outcome live_open(struct live *live, const struct visit *visit, int64_t since, int64_t request,
                       struct stream **out) MUST_CHECK;
/* The stream as libmicrohttpd wants it, which owns it from now on; NULL: no memory, and the stream is gone. */
struct MHD_Response *live_response(struct stream *stream, struct MHD_Connection *connection);
