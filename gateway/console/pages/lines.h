/*
 * lines: what several pages show of a session and of a request, filled once for all of them. Private to the pages.
 */
#pragma once
#include "console/door/visit.h"
#include "console/pages/queue_view.h"
#include "console/pages/said.h"
#include "console/pages/sessions_view.h"

/* A node in words, in the language of who looks, by the service that the channel belongs to; its id where there are none. */
struct span line_screen_words(const struct visit *visit, struct span channel, struct span node);
struct session_line line_of_session(const struct visit *visit, const struct session_row *row);

struct request_line {
    int64_t id, created_at;
    struct span reference, about; /* in words */
    const char *state;            /* name of a word */
    struct due_view due;
    bool is_open;
    bool is_danger; /* marked with that word: `about` does not say it again */
    bool stays;     /* it outlasts its person's wish to be forgotten, until it is closed */
};
/* Those that are this operator's to see; how many are not goes to `hidden`. */
size_t lines_of_requests(const struct visit *visit, const struct request_list *requests, struct request_line **lines,
                         size_t *hidden);
/* It outlasts its person's wish to be forgotten, until it is closed. `service`, whose it is, may be NULL. */
bool request_stays(const struct service *service, const struct request *request);
