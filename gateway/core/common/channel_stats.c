#include "core/channel_stats.h"

#include <stdio.h>
#include <string.h>
#include "base/duration.h"

struct entry {
    struct entry *next;
    struct channel_stats stats;
};

struct channel_stats_table {
    struct arena *arena;
    struct entry *first;
};

struct channel_stats_table *channel_stats_create(void)
{
    struct arena *arena = arena_create(64 * 1024);
    struct channel_stats_table *table = ARENA_NEW(arena, struct channel_stats_table);
    table->arena = arena;
    return table;
}

void channel_stats_free(struct channel_stats_table *table)
{
    if (table)
        arena_destroy(table->arena);
}

struct channel_stats *channel_stats_of(struct channel_stats_table *table, struct span id)
{
    for (struct entry *entry = table->first; entry; entry = entry->next)
        if (span_equal_text(id, entry->stats.id))
            return &entry->stats;
    struct entry *entry = ARENA_NEW(table->arena, struct entry);
    entry->stats.id = arena_text(table->arena, id);
    entry->next = table->first;
    table->first = entry;
    return &entry->stats;
}

void channel_stats_received(struct channel_stats *stats, int64_t now)
{
    int64_t minute = now / MINUTE_MS;
    if (minute != stats->minute) {
        stats->minute_before = minute == stats->minute + 1 ? stats->minute_now : 0;
        stats->minute_now = 0;
        stats->minute = minute;
    }
    stats->minute_now++;
    stats->received++;
    stats->last_at = now;
}

void channel_stats_failed(struct channel_stats *stats, int64_t now, const struct channel_failure *failure)
{
    struct span field = failure->field;
    const char *gap = span_is_present(field) ? ": " : "";
    stats->last_error_at = now;
    stats->auth_failures += failure->unauthentic;
    snprintf(stats->last_error, sizeof stats->last_error, "%.*s%s%.*s", SPAN_ARG(field), gap,
             SPAN_ARG(failure->reason));
    snprintf(stats->refused, sizeof stats->refused, "%.*s", SPAN_ARG(failure->sample));
}

uint64_t channel_stats_per_minute(const struct channel_stats *stats, int64_t now)
{
    int64_t minute = now / MINUTE_MS;
    if (minute == stats->minute)
        return stats->minute_before;
    return minute == stats->minute + 1 ? stats->minute_now : 0;
}
