/*
 * hours: when the person of a request may be called: what they answered, by the calendar of the service that it came by. Who decides by
 * when a request is due (contact_due) asks here, and nowhere else.
 */
#pragma once
#include "core/catalogue.h"
#include "core/change_list.h"
#include "menu/desk.h"

struct hours {
    const struct service *service; /* the first one where that is not known any more; NULL: none is served */
    struct contact_rule rule;
};

/* Where it is known from. */
struct hours_source {
    struct store *store;
    const struct change_list *changes; /* what waits to be saved; or NULL */
    const struct catalogue *catalogue;
    struct arena *arena;
    const struct session *in_hand; /* one that may not be saved yet; or NULL */
};

/* Whose calendar and rules are this request's, of which these were the answers: the first one's where that is not known any more. NULL:
 * none is served. */
enum outcome hours_service(const struct hours_source *from, const struct request *request, const struct answer *answers,
                           size_t count, const struct service **service, struct error *err) MUST_CHECK;

enum outcome hours_load(const struct hours_source *from, const struct request *request, struct hours *hours,
                        struct error *err) MUST_CHECK;
