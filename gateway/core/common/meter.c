#include "core/meter.h"

#include <string.h>

static void count_text(struct metrics *metrics, const struct channel *channel, const struct outbox_row *row)
{
    char id[METRIC_NAME_MAX] = "";
    if (channel->id.len < sizeof id)
        memcpy(id, channel->id.at, channel->id.len);
    struct channel_metrics *shown = metrics_channel(metrics, id);
    if (!shown)
        return;
    atomic_uint_least64_t *segments = row->encoding == ENCODING_UCS2 ? &shown->ucs2_segments : &shown->gsm7_segments;
    atomic_fetch_add_explicit(segments, row->segments, memory_order_relaxed);
    if (row->cost_micros > 0 && metrics_channel_counts_in(shown, channel->cost.currency))
        atomic_fetch_add_explicit(&shown->cost_micros, (uint64_t)row->cost_micros, memory_order_relaxed);
}

void meter_count(struct metrics *metrics, const struct channel_set *channels, const struct change *changes,
                 size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (changes[i].kind != CHANGE_OUTBOX_STATE || !changes[i].outbox.is_taken)
            continue;
        const struct outbox_row *row = changes[i].outbox.row;
        const struct channel *channel = channel_set_find(channels, row->channel);
        atomic_fetch_add_explicit(&metrics->texts_sent, 1, memory_order_relaxed);
        if (channel)
            count_text(metrics, channel, row);
    }
}
