/*
 * metrics: counters, gauges and histograms that one thread writes and another reads, and their Prometheus text.
 *
 * The loop and the sender add with relaxed atomics; the console's threads read. Nothing here names a person or a number.
 * Histograms are log-linear in microseconds (1 us to 17 minutes, 16 steps an octave: 6 % resolution) in fixed memory.
 * Text format: https://prometheus.io/docs/instrumenting/exposition_formats/ (version 0.0.4).
 */
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/buffer.h"

#define HISTOGRAM_BUCKETS 432

struct histogram {
    atomic_uint_least64_t count, sum_us, buckets[HISTOGRAM_BUCKETS];
};
void histogram_add(struct histogram *histogram, int64_t us); /* any thread; below 0 counts as 0 */
/* `quantile` from 0 to 1; 0 when nothing was added. */
int64_t histogram_quantile(const struct histogram *histogram, double quantile); /* upper edge of the bucket, us */

enum metric_error {
    METRIC_ERROR_COMMIT,
    METRIC_ERROR_STATEMENT,
    METRIC_ERROR_UNREADABLE,
    METRIC_ERROR_AUTH,
    METRIC_ERROR_FULL,
    METRIC_ERROR_SEND,
    METRIC_ERROR_COUNT
};

#define METRIC_CLASSES_MAX 24
#define METRIC_CHANNELS_MAX 64
#define METRIC_NAME_MAX 64

/* What a channel's texts came to. */
struct channel_metrics {
    char channel[METRIC_NAME_MAX];
    atomic_uint_least64_t gsm7_segments, ucs2_segments, cost_micros;
    atomic_bool circuit_open, has_currency;
    char currency[METRIC_NAME_MAX]; /* of cost_micros, once has_currency */
};

struct metrics {
    atomic_uint_least64_t steps, ticks, repeats, requests_made, registrations_made, texts_sent, reports_unclaimed;
    atomic_uint_least64_t errors[METRIC_ERROR_COUNT];
    atomic_uint_least64_t retained[METRIC_CLASSES_MAX]; /* rows that went by their age, by class */
    struct histogram answer_us, commit_us;              /* request read whole to reply handed over; COMMIT alone */
    struct histogram batch;                             /* messages a tick, kept in the same buckets */
    atomic_int_least64_t sessions_open, data_bytes, wal_bytes, outbox_oldest_at, backup_at, started_at; /* 0: none */
    atomic_int_least64_t drafts_shown; /* texts of the services in use that nobody has reviewed, and callers see */
    struct channel_metrics channels[METRIC_CHANNELS_MAX];
    atomic_uint channel_count;         /* they are whole from the moment that they are counted */
    const char *const *retained_names; /* of the classes; set before other threads read, ended by NULL; or NULL */
    const char *version;               /* set before other threads read, or NULL */
};

void metrics_count_error(struct metrics *metrics, enum metric_error kind); /* any thread */

/* The entry of this channel, made when new; the loop's thread only. NULL: there are too many, or its name is too long or
 * cannot stand in a label. */
struct channel_metrics *metrics_channel(struct metrics *metrics, const char *channel);
/* Its currency is this from now on. False: it is another one already, and sums of two say nothing. */
bool metrics_channel_counts_in(struct channel_metrics *channel, struct span currency);

/* At `now_ms` (UTC), of which ages are reckoned. Any thread. METRICS_TEXT_MAX is room enough for `out`, whatever the values are. */
#define METRICS_TEXT_MAX 65536
void metrics_write(const struct metrics *metrics, int64_t now_ms, struct buffer *out);
