/*
 * texting: a text that no message of this tick asked for: by which channel it goes, and into the outbox with it. Private to the core:
 * follow-ups and the desk.
 */
#pragma once
#include "base/random.h"
#include "core/catalogue.h"
#include "core/change_list.h"

/* The texts of a person go by a channel of the service that they know: another one would not understand the answer. NULL: there is
 * none. */
const struct channel *texting_channel(const struct catalogue *catalogue, const struct service *service,
                                      struct span number);

struct texting {
    const struct channel *channel;
    struct span number, text;
    int64_t phone, session; /* session 0: none */
    int64_t request;        /* that it answers; 0: none */
    int64_t until;          /* it does not leave later; 0: as the channel says */
};
/* Unasked: it goes only to who has not said STOP. */
struct outbox_row *texting_queue(const struct texting *texting, struct id_source *ids, int64_t now,
                                 struct change_list *changes);
