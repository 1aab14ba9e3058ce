/*
 * reply: what a channel answers to one inbound message, before its dialect is applied. Plain data.
 */
#pragma once
#include <stdbool.h>
#include "base/span.h"

struct reply {
    struct span text; /* the screen, plain; absent: only an acknowledgement */
    bool ends;
    bool is_open; /* the answer to INBOUND_ASK */
};
