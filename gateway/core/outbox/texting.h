/*
 * texting: a text that no message of this tick asked for: by which channel it goes, into the outbox with it, and whether it may still
 * leave when it is its turn. Private to the core: follow-ups, the desk and the outbox.
 */
#pragma once
#include "base/random.h"
#include "core/catalogue.h"
#include "core/change_list.h"
#include "core/outbox.h"
#include "model/person.h"
#include "store/desk.h"

/* The texts of a person go by a channel of the service that they know: another one would not understand the answer. NULL: there is
 * none. */
const struct channel *texting_channel(const struct catalogue *catalogue, const struct service *service,
                                      struct span number);

struct texting {
    const struct channel *channel;
    struct span number, text;
    int64_t phone, session; /* session 0: none */
    int64_t request;        /* that it answers; 0: none */
    int64_t from, until;    /* it does not leave sooner, nor later; 0: at once, and as the channel says from then on */
};
/* Unasked: it goes only to who has not said STOP. */
struct outbox_row *texting_queue(const struct texting *texting, struct id_source *ids, int64_t now,
                                 struct change_list *changes);

/* Since they asked, their phone's number has become somebody else's. */
bool texting_is_anothers(const struct phone_row *phone, const struct request *request);

/* Of a text of the desk that is about to leave. Between writing and leaving lie minutes or days: the number changes hands, they move to
 * another phone, they say that they want no texts, they give other hours or take the request back, it is closed as unsafe.
 * OUTBOX_SENDING: it may leave. OUTBOX_FAILED: it is not for who would get it now, or they do not want it. OUTBOX_EXPIRED: it would
 * beep when that is not safe. BROKEN. */
enum outcome texting_ask_again(const struct outbox_pass *pass, const struct outbox_row *row, enum outbox_state *fate,
                               struct error *err) MUST_CHECK;
