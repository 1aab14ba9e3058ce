/*
 * turn: one exchange as it is kept: what came in, what was shown. Replies are rebuilt from it. Plain data.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/span.h"

enum turn_flag {
    TURN_ENDS = 1, /* the screen closed the session */
    TURN_BAD_INPUT = 2,
    TURN_SENSITIVE_INPUT = 4,  /* input and meaning are sealed with the person's key */
    TURN_SENSITIVE_SCREEN = 8, /* the values shown are sealed too */
    TURN_SECRET_INPUT = 16,    /* a PIN: the input is not kept at all */
    TURN_UNDECODABLE = 32,
    TURN_REPLAYED = 64, /* rebuilt from cumulative text of a session that we had not seen */
    TURN_OFFERS_RESUME = 128,
    TURN_IN_REPLY = 256,         /* the answer to a text stood in the reply to it: a repeat gets it again */
    TURN_REDACTED = 512,         /* what was typed was taken out by an operator: struct redaction (model/desk.h) */
    TURN_SCREEN_REDACTED = 1024, /* the screen repeated such words: stars stand in their place */
};

struct turn {
    int64_t session;
    uint32_t number; /* from 0 within the session */
    int64_t at;
    uint64_t repeat;  /* keyed hash of what would be a repeat of it */
    struct span node; /* the node that was shown */
    uint16_t page;
    struct span lang;
    struct span asked;    /* the node that the input answered; absent on the first turn */
    struct span input;    /* as typed; absent when there was none */
    struct span meaning;  /* option id or field value that it was understood as, or absent */
    struct span skeleton; /* the screen without its run-time values (text/screen.h) */
    const struct span *values;
    size_t value_count;
    unsigned flags; /* enum turn_flag */
};
