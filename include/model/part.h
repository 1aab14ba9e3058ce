/*
 * part: one of the messages that a long text came in, as it is kept until the others are there. Plain data.
 */
#pragma once
#include <stdint.h>
#include "base/sealed.h"
#include "model/inbound.h"

struct part {
    struct part *next;     /* of the same text, by number; or NULL */
    struct lookup key;     /* keyed hash of what the parts have in common: channel, sender, code, reference */
    struct lookup message; /* by which a repeat of this part is known, now and once the text was taken in */
    struct lookup phone;   /* keyed hash of the sender: a part goes with whoever is forgotten */
    struct span channel;
    int64_t at;     /* when it came */
    int64_t due_at; /* when the text is taken in without the parts that are missing; the same for all of them */
    /* .part says which it is. Kept of the rest: session, sender, code, text, raw, link, network. */
    struct inbound inbound;
};
