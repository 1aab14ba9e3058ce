/*
 * sample: what a refused request looked like, without a word of what it said, so that an integrator sees at a glance which
 * field is called differently or which encoding came. Private to the core. Pure.
 *
 * Digits become 9, letters a; a value keeps its punctuation and at most SAMPLE_VALUE_MAX characters. Names stay where the
 * channel's profile or HTTP itself knows them, and are masked like values where not: a sender may put anything there. Of the
 * path only the door and the channel stay.
 */
#pragma once
#include "aggregator/channel.h"
#include "base/arena.h"
#include "http/message.h"

#define SAMPLE_VALUE_MAX 40
#define SAMPLE_MAX 1000 /* bytes; "~" at the end says that there was more */

struct span sample_of(const struct channel *channel, const struct http_request *request, struct arena *arena);
