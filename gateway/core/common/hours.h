/*
 * hours: when the person of a request may be called: what they answered, by the calendar of the service that it came by. Who decides by
 * when a request is due (contact_due) asks here, and nowhere else.
 */
#pragma once
#include "core/catalogue.h"
#include "menu/desk.h"
#include "store/store.h"

struct hours {
    const struct service *service; /* the first one where that is not known any more; NULL: none is served */
    struct contact_rule rule;
};

enum outcome hours_service(struct store *store, const struct catalogue *catalogue, const struct request *request,
                           struct arena *arena, const struct service **service, struct error *err) MUST_CHECK;
enum outcome hours_load(struct store *store, const struct catalogue *catalogue, const struct request *request,
                        struct arena *arena, struct hours *hours, struct error *err) MUST_CHECK;
