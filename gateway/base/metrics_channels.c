#include "base/metrics_channels.h"

#include <string.h>
#include "base/metrics_text.h"

#define NAME(name) METRIC_NAME_MAX - 1, (name)

/* What stands in a label as it is: a quote or a line break would end it. */
static bool is_label(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] < ' ' || text.at[i] == '"' || text.at[i] == '\\')
            return false;
    return text.len > 0 && text.len < METRIC_NAME_MAX;
}

struct channel_metrics *metrics_channel(struct metrics *metrics, const char *channel)
{
    unsigned count = atomic_load_explicit(&metrics->channel_count, memory_order_relaxed);
    for (unsigned i = 0; i < count; i++)
        if (strcmp(metrics->channels[i].channel, channel) == 0)
            return &metrics->channels[i];
    if (count == METRIC_CHANNELS_MAX || !is_label(span_of(channel)))
        return NULL;
    memcpy(metrics->channels[count].channel, channel, strlen(channel) + 1);
    atomic_store_explicit(&metrics->channel_count, count + 1, memory_order_release);
    return &metrics->channels[count];
}

bool metrics_channel_counts_in(struct channel_metrics *channel, struct span currency)
{
    if (atomic_load_explicit(&channel->has_currency, memory_order_relaxed))
        return span_equal_text(currency, channel->currency);
    if (!is_label(currency))
        return false;
    memcpy(channel->currency, currency.at, currency.len);
    atomic_store_explicit(&channel->has_currency, true, memory_order_release);
    return true;
}

typedef void line(const struct channel_metrics *channel, struct buffer *out);

static void write_segments(const struct channel_metrics *channel, struct buffer *out)
{
    static const char form[] = "helpline_text_segments_total{channel=\"%.*s\",encoding=\"%s\"} %llu\n";
    buffer_add_format(out, form, NAME(channel->channel), "gsm7",
                      (unsigned long long)atomic_load(&channel->gsm7_segments));
    buffer_add_format(out, form, NAME(channel->channel), "ucs2",
                      (unsigned long long)atomic_load(&channel->ucs2_segments));
}

static void write_cost(const struct channel_metrics *channel, struct buffer *out)
{
    if (!atomic_load_explicit(&channel->has_currency, memory_order_acquire))
        return;
    unsigned long long micros = atomic_load(&channel->cost_micros);
    buffer_add_format(out, "helpline_text_cost_total{channel=\"%.*s\",currency=\"%.*s\"} %llu.%06llu\n",
                      NAME(channel->channel), NAME(channel->currency), micros / 1000000, micros % 1000000);
}

static void write_circuit(const struct channel_metrics *channel, struct buffer *out)
{
    buffer_add_format(out, "helpline_channel_circuit_open{channel=\"%.*s\"} %d\n", NAME(channel->channel),
                      (int)atomic_load(&channel->circuit_open));
}

static void write_lines(const struct metrics *metrics, line *write, struct buffer *out)
{
    unsigned count = atomic_load_explicit(&metrics->channel_count, memory_order_acquire);
    for (unsigned i = 0; i < count && i < METRIC_CHANNELS_MAX; i++)
        write(&metrics->channels[i], out);
}

void metrics_write_channels(const struct metrics *metrics, struct buffer *out)
{
    metrics_write_head(out, "text_segments_total", "Segments of texts that an aggregator took over.", "counter");
    write_lines(metrics, write_segments, out);
    metrics_write_head(out, "text_cost_total", "What they cost, by the channel's own price a segment.", "counter");
    write_lines(metrics, write_cost, out);
    metrics_write_head(out, "channel_circuit_open", "1: nothing is sent there after failures in a row.", "gauge");
    write_lines(metrics, write_circuit, out);
}
