/*
 * identity: which keyed hashes an inbound message is known by. Pure.
 *
 * Numbers and aggregators' ids are looked up by keyed hash only: the file tells nobody who called. Each hash covers the
 * channel as well, but for the phone's own: one person is one person on every channel.
 */
#pragma once
#include "aggregator/channel.h"
#include "base/sealed.h"
#include "model/inbound.h"

struct identity {
    struct lookup session; /* USSD: (channel, aggregator's session id); SMS: (channel, sender) */
    struct lookup phone;   /* the number, or the masked token within its channel; zero when there is no sender */
    struct lookup message; /* (channel, sender, aggregator's message id); zero when it gives none */
    struct lookup parts;   /* of a part: what all parts of its text have in common; else zero */
    bool by_content;       /* `message` is made of what a part without an id says: it may come again, later */
    uint64_t repeat;       /* of the raw input, for finding the turn that answered it */
};

/* Whether it is one of several messages that make a text. What says so and cannot be one ("3 of 2") is a text by itself. */
bool identity_is_part(const struct inbound *inbound);

void identity_of(const struct keyring *keyring, const struct channel *channel, const struct inbound *inbound,
                 struct identity *out);
/* As `repeat` above, of the first `bytes` bytes of a cumulative text. */
uint64_t identity_of_input(const struct keyring *keyring, struct span input);
bool identity_is_given(const struct lookup *lookup); /* false: all zero */
