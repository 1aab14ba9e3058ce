/*
 * meter: what the texts that left came to, in segments and money, counted when it is committed and not before. The loop's
 * thread.
 */
#pragma once
#include "aggregator/channel.h"
#include "base/metrics.h"
#include "store/store.h"

void meter_count(struct metrics *metrics, const struct channel_set *channels, const struct change *changes,
                 size_t count);
