/*
 * profile: an aggregator's dialect, compiled for one channel. Made once at load, never changed, read from any thread.
 *
 * The language is conf/aggregators/README.md; its tables are in profile_rules.c. Every word that is looked up while a
 * request waits (field names, value maps, templates) is laid out here, so that reading a request allocates only what it
 * returns.
 */
#pragma once
#include <stdbool.h>
#include "aggregator/channel.h"
#include "aggregator/door.h"
#include "aggregator/exchange.h"
#include "aggregator/layer.h"
#include "aggregator/playing.h"
#include "aggregator/replying.h"
#include "aggregator/sending.h"
#include "aggregator/template.h"
#include "aggregator/valuemap.h"

struct profile {
    struct door doors[3]; /* by enum exchange_door */
    struct replying reply;
    struct acknowledging acknowledge;
    struct sending send; /* texts */
    struct sending push; /* pages of a ussd channel whose replies carry none; `send` is closed then */
    struct token_asking token;
    struct playing dial;       /* what only the terminal's phone says, to look like the aggregator */
    struct source_list echoes; /* what the templates repeat from a request: {{in.SOURCE}} */
};

/* What a row of this channel's outbox leaves by, and what its answers are judged by. */
const struct sending *profile_sending(const struct profile *profile);

/* `all` is the channel over its profile's root. Findings go to `problems`; what is returned is then not to be used. */
const struct profile *profile_compile(struct layer all, enum channel_kind kind, bool enabled, struct arena *arena,
                                      struct problems *problems);
/* The tables of the language, for the checks and the reference: "" for the top of a profile, else a section as it is written
 * there, "request", "send.outcomes", ...: profile_rules.c asks the rooms for theirs. NULL for another name. */
const struct setting_rule *profile_rules(const char *section);
