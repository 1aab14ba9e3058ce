/* metrics_channels: the part of the metrics' text that has a line a channel; private to metrics.c. */
#pragma once
#include "base/metrics.h"

void metrics_write_channels(const struct metrics *metrics, struct buffer *out);
