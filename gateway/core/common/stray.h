/*
 * stray: what came in, could be attributed to a channel and could not be used. Kept as it came, sealed, for a person to look at;
 * private to the core.
 */
#pragma once
#include "aggregator/channel.h"
#include "base/random.h"
#include "core/change_list.h"

struct stray {
    const struct channel *channel;
    const char *why; /* a word: "undecodable" */
    struct span raw; /* absent: it held nothing */
    unsigned message;
    const struct lookup
        *sender; /* NULL: no person's. Of what a person sent, four digits in a row are not kept: see PINs */
};

void stray_add(struct change_list *changes, struct id_source *ids, int64_t now, const struct stray *stray);

/* What is kept of a message: its bytes where they could not be read, else its input. */
struct span stray_raw(const struct inbound *inbound);
