/*
 * queue_row: what a page says about one request in a line: the queue's rows, and the head of a request's own page.
 */
#pragma once
#include "console/door/visit.h"
#include "console/pages/queue_address.h"
#include "console/pages/queue_view.h"
#include "menu/desk.h"

/* The name of the word for where it stands ("status_new"), by whatever page it is said; when something is to be done with it. */
const char *queue_row_status(const struct request *request, const struct request_desk *desk, int64_t now);
struct due_view queue_row_due(const struct request *request, const struct request_desk *desk, int64_t now);
/* What their answers allow; of a request made by hand what was ticked there. Without a service nothing but what is safest. */
void queue_row_rule(const struct service *service, const struct queue_row *row, struct contact_rule *out);
/* Everything but `frame`, `key`, `place` and `notice`. */
void queue_row_fill(const struct visit *visit, const struct queue_row *row, struct queue_row_view *out);
struct queue_place queue_row_place(const struct queue_address *address);
/* Ends the visit there. */
void queue_go(struct visit *visit, const struct queue_address *address);
/* Ends the visit with that part of the queue itself; `tried` NULL, or what was not saved of the form for a filter, and why. */
struct queue_saving {
    struct span name; /* as it was typed */
    const char *why;  /* the name of a word */
};
void queue_show(struct visit *visit, unsigned status, const struct queue_address *address,
                const struct queue_saving *tried);
