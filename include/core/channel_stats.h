/*
 * channel_stats: what `helpline channels` shows: when a channel was last heard, what went wrong last, how fast it is answered.
 *
 * In memory only, since the start of the gateway, kept by channel id so that it survives a reload. The loop's thread only.
 */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "base/metrics.h"
#include "base/span.h"

struct channel_stats {
    const char *id;
    int64_t last_at, last_error_at; /* UTC ms; 0: never */
    char last_error[160];           /* a field's name and our own words: never a value */
    char refused[1004]; /* what that request looked like, without a word of what it said (sample.h); or empty */
    uint64_t auth_failures;
    uint64_t received;
    uint64_t minute_now, minute_before; /* messages in this minute and in the one before */
    int64_t minute;                     /* which minute `minute_now` counts */
    struct histogram answer_us;
};

struct channel_stats_table;
struct channel_stats_table *channel_stats_create(void);
void channel_stats_free(struct channel_stats_table *table);
/* The stats of this channel, made when new; valid for the life of the table. */
struct channel_stats *channel_stats_of(struct channel_stats_table *table, struct span id);

void channel_stats_received(struct channel_stats *stats, int64_t now);
/* A request that was refused; `sample`: its shape, or absent. */
struct channel_failure {
    struct span field, reason, sample;
    bool unauthentic;
};
void channel_stats_failed(struct channel_stats *stats, int64_t now, const struct channel_failure *failure);
uint64_t channel_stats_per_minute(const struct channel_stats *stats, int64_t now); /* of the last whole minute */
