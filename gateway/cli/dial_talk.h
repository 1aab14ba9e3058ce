/*
 * dial_talk: a conversation of `helpline dial`, from the first request to the end of the input.
 */
#pragma once
#include "cli/dial_api.h"
#include "cli/dial_wire.h"

struct dial_call {
    const struct channel *channel;
    struct dial_wire *wire;
    struct dial_api *api; /* NULL: nothing that the gateway sends of itself can arrive here */
    struct arena *arena;
    struct handset handset; /* from and to */
    bool reports;           /* each text is reported as delivered */
    int wait_ms;            /* for what the gateway sends of itself */
};

/* Both return an exit code. Keys come from standard input, one answer a line; its end hangs up. */
int dial_talk_ussd(struct dial_call *call);
int dial_talk_sms(struct dial_call *call);
