#include "base/metrics.h"

#include <stddef.h>
#include "base/metrics_channels.h"
#include "base/metrics_text.h"

#define STEPS_BITS 4 /* 16 buckets an octave; the numbers below 16 have one each */
#define STEPS (1u << STEPS_BITS)

static size_t bucket_of(uint64_t value)
{
    if (value < STEPS)
        return (size_t)value;
    unsigned octave = 63 - (unsigned)__builtin_clzll(value);
    size_t bucket = (size_t)(octave - STEPS_BITS + 1) * STEPS + ((value >> (octave - STEPS_BITS)) & (STEPS - 1));
    return bucket < HISTOGRAM_BUCKETS ? bucket : HISTOGRAM_BUCKETS - 1;
}

/* The largest number that falls into it. */
static int64_t bucket_end(size_t bucket)
{
    if (bucket < STEPS)
        return (int64_t)bucket;
    unsigned shift = (unsigned)(bucket / STEPS) - 1;
    return ((int64_t)(STEPS + bucket % STEPS + 1) << shift) - 1;
}

static uint64_t load(const atomic_uint_least64_t *value)
{
    return atomic_load_explicit(value, memory_order_relaxed);
}

static void add(atomic_uint_least64_t *value, uint64_t more)
{
    atomic_fetch_add_explicit(value, more, memory_order_relaxed);
}

void histogram_add(struct histogram *histogram, int64_t us)
{
    uint64_t value = us > 0 ? (uint64_t)us : 0;
    add(&histogram->count, 1);
    add(&histogram->sum_us, value);
    add(&histogram->buckets[bucket_of(value)], 1);
}

int64_t histogram_quantile(const struct histogram *histogram, double quantile)
{
    uint64_t total = 0;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        total += load(&histogram->buckets[i]);
    double wanted = quantile * (double)total;
    uint64_t seen = 0;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        uint64_t here = load(&histogram->buckets[i]);
        seen += here;
        if (here > 0 && (double)seen >= wanted)
            return bucket_end(i);
    }
    return 0;
}

struct row {
    const char *name;
    const char *help;
    size_t member; /* offset in struct metrics */
};

static const struct row counters[] = {
    {"steps_total", "Messages that were answered.", offsetof(struct metrics, steps)},
    {"ticks_total", "Rounds of the loop that had something to do.", offsetof(struct metrics, ticks)},
    {"repeats_total", "Repeated callbacks that got their first answer again.", offsetof(struct metrics, repeats)},
    {"requests_total", "Requests that people made.", offsetof(struct metrics, requests_made)},
    {"registrations_total", "Registrations that people made.", offsetof(struct metrics, registrations_made)},
    {"texts_sent_total", "Text messages that an aggregator took over.", offsetof(struct metrics, texts_sent)},
    {"reports_unclaimed_total", "Delivery reports for no text of ours, given up after a week.",
     offsetof(struct metrics, reports_unclaimed)},
};

static const struct row gauges[] = {
    {"sessions_open", "Conversations that have not ended.", offsetof(struct metrics, sessions_open)},
    {"data_bytes", "Size of the data file.", offsetof(struct metrics, data_bytes)},
    {"wal_bytes", "Size of the write-ahead log beside it.", offsetof(struct metrics, wal_bytes)},
    {"drafts_shown", "Texts that callers are shown and nobody has reviewed: a demonstration.",
     offsetof(struct metrics, drafts_shown)},
};

static const char *const error_kinds[METRIC_ERROR_COUNT] = {
    [METRIC_ERROR_COMMIT] = "commit", [METRIC_ERROR_STATEMENT] = "statement", [METRIC_ERROR_UNREADABLE] = "unreadable",
    [METRIC_ERROR_AUTH] = "auth",     [METRIC_ERROR_FULL] = "full",           [METRIC_ERROR_SEND] = "send",
};

static void write_counters(const struct metrics *metrics, struct buffer *out)
{
    for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++) {
        const void *member = (const char *)metrics + counters[i].member;
        const atomic_uint_least64_t *value = member;
        metrics_write_head(out, counters[i].name, counters[i].help, "counter");
        buffer_add_format(out, "helpline_%s %llu\n", counters[i].name, (unsigned long long)load(value));
    }
    metrics_write_head(out, "errors_total", "What went wrong, by kind.", "counter");
    for (size_t i = 0; i < METRIC_ERROR_COUNT; i++) {
        buffer_add_format(out, "helpline_errors_total{kind=\"%s\"} %llu\n", error_kinds[i],
                          (unsigned long long)load(&metrics->errors[i]));
    }
}

static void write_retained(const struct metrics *metrics, struct buffer *out)
{
    if (!metrics->retained_names)
        return;
    metrics_write_head(out, "retention_rows_total", "Rows that went, or were reduced, by their age.", "counter");
    for (size_t i = 0; i < METRIC_CLASSES_MAX && metrics->retained_names[i]; i++)
        buffer_add_format(out, "helpline_retention_rows_total{class=\"%s\"} %llu\n", metrics->retained_names[i],
                          (unsigned long long)load(&metrics->retained[i]));
}

static int64_t load_signed(const atomic_int_least64_t *value)
{
    return atomic_load_explicit(value, memory_order_relaxed);
}

static void write_gauges(const struct metrics *metrics, struct buffer *out)
{
    for (size_t i = 0; i < sizeof gauges / sizeof gauges[0]; i++) {
        const void *member = (const char *)metrics + gauges[i].member;
        const atomic_int_least64_t *value = member;
        metrics_write_head(out, gauges[i].name, gauges[i].help, "gauge");
        buffer_add_format(out, "helpline_%s %lld\n", gauges[i].name, (long long)load_signed(value));
    }
}

/* `none` is shown for what never was. A clock that stepped back makes nothing younger than new. */
static void write_age(struct buffer *out, const char *name, const char *help, int64_t at, int64_t now_ms,
                      const char *none)
{
    metrics_write_head(out, name, help, "gauge");
    if (at == 0) {
        buffer_add_format(out, "helpline_%s %s\n", name, none);
        return;
    }
    int64_t age = now_ms > at ? now_ms - at : 0;
    buffer_add_format(out, "helpline_%s %lld.%03lld\n", name, (long long)(age / 1000), (long long)(age % 1000));
}

/*
 * One `le` an octave, from 2^first - 1 to 2^last - 1: there the edges of ours and of Prometheus fall together, so that the
 * counts are exact. The total is what the buckets hold, not `count`: both were read while others add.
 */
struct shape {
    const char *name;
    const char *help;
    unsigned first, last;
    bool seconds;
};

static void write_number(struct buffer *out, uint64_t value, bool seconds)
{
    if (seconds) {
        buffer_add_format(out, "%llu.%06llu", (unsigned long long)(value / 1000000),
                          (unsigned long long)(value % 1000000));
    } else {
        buffer_add_format(out, "%llu", (unsigned long long)value);
    }
}

static void write_histogram(const struct histogram *histogram, const struct shape *shape, struct buffer *out)
{
    metrics_write_head(out, shape->name, shape->help, "histogram");
    uint64_t seen = 0;
    size_t bucket = 0;
    for (unsigned octave = shape->first; octave <= shape->last; octave++) {
        uint64_t edge = UINT64_C(1) << octave;
        for (; bucket_end(bucket) < (int64_t)edge; bucket++)
            seen += load(&histogram->buckets[bucket]);
        buffer_add_format(out, "helpline_%s_bucket{le=\"", shape->name);
        write_number(out, shape->seconds ? edge : edge - 1, shape->seconds); /* 1023 us and a bit is under 1024 */
        buffer_add_format(out, "\"} %llu\n", (unsigned long long)seen);
    }
    for (; bucket < HISTOGRAM_BUCKETS; bucket++)
        seen += load(&histogram->buckets[bucket]);
    buffer_add_format(out, "helpline_%s_bucket{le=\"+Inf\"} %llu\nhelpline_%s_sum ", shape->name,
                      (unsigned long long)seen, shape->name);
    write_number(out, load(&histogram->sum_us), shape->seconds);
    buffer_add_format(out, "\nhelpline_%s_count %llu\n", shape->name, (unsigned long long)seen);
}

static void write_start(const struct metrics *metrics, struct buffer *out)
{
    int64_t at = load_signed(&metrics->started_at);
    metrics_write_head(out, "start_time_seconds", "When the gateway started, in seconds since 1970.", "gauge");
    buffer_add_format(out, "helpline_start_time_seconds %lld.%03lld\n", (long long)(at / 1000), (long long)(at % 1000));
    if (metrics->version) {
        metrics_write_head(out, "build_info", "The version that runs.", "gauge");
        buffer_add_format(out, "helpline_build_info{version=\"%s\"} 1\n", metrics->version);
    }
}

void metrics_write(const struct metrics *metrics, int64_t now_ms, struct buffer *out)
{
    static const struct shape answer = {"answer_seconds", "From a callback read whole to its answer handed over.", 8,
                                        24, true};
    static const struct shape commit = {"commit_seconds", "The COMMIT of a round alone.", 8, 24, true};
    static const struct shape batch = {"batch_messages", "Messages that shared one COMMIT.", 1, 10, false};
    write_counters(metrics, out);
    write_retained(metrics, out);
    metrics_write_channels(metrics, out);
    write_histogram(&metrics->answer_us, &answer, out);
    write_histogram(&metrics->commit_us, &commit, out);
    write_histogram(&metrics->batch, &batch, out);
    write_gauges(metrics, out);
    write_age(out, "outbox_oldest_seconds", "For how long a text could have left that has not; 0 when there is none.",
              load_signed(&metrics->outbox_oldest_at), now_ms, "0");
    write_age(out, "backup_age_seconds", "Age of the last good backup; +Inf when there is none.",
              load_signed(&metrics->backup_at), now_ms, "+Inf");
    write_start(metrics, out);
}

void metrics_count_error(struct metrics *metrics, enum metric_error kind)
{
    atomic_fetch_add_explicit(&metrics->errors[kind], 1, memory_order_relaxed);
}
