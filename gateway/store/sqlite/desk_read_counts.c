/* What stands beside the tabs of the queue. */
#include <stdlib.h>

#include "store/sqlite/desk_glance.h"

#define HOUR_MS INT64_C(3600000)

static void count_one(unsigned *count, bool fits)
{
    *count += fits && *count < DESK_COUNT_MAX;
}

static void count_glance(struct queue_counts *counts, const struct glance *glance, const struct operator *who,
                         int64_t now)
{
    const bool is_now = glance->wait_until <= now;
    const bool is_due = is_now && glance->due_at;
    count_one(&counts->all, is_now);
    count_one(&counts->mine, is_now && glance->assignee == who->id);
    count_one(&counts->unassigned, is_now && !glance->assignee);
    count_one(&counts->danger, is_now && glance->urgency == URGENCY_DANGER);
    count_one(&counts->due_hour, is_due && glance->due_at < now + HOUR_MS);
    count_one(&counts->overdue, is_due && glance->due_at < now);
    count_one(&counts->waiting, !is_now);
    count_one(&counts->trouble, glance->attention != ATTENTION_NONE);
    if (glance->changed_at > counts->newest)
        counts->newest = glance->changed_at;
}

/* Calls `take` for every open request that `who` sees, as far as anybody looks. */
static enum outcome walk(struct reader *reader, const struct operator *who,
                         void (*take)(void *context, const struct glance *glance), void *context, struct error *err)
{
    struct glances glances;
    struct glance glance;
    glances_begin(&glances, reader, false);
    for (size_t looked = 0; looked < DESK_LOOKED_MAX && glances_next(&glances, &glance); looked++)
        if (desk_sees(who, glance.desk, glance.topic))
            take(context, &glance);
    return glances_end(&glances, OUTCOME_OK, err);
}

struct counting {
    struct queue_counts *counts;
    const struct operator *who;
    int64_t now;
};

static void take_count(void *context, const struct glance *glance)
{
    const struct counting *counting = context;
    count_glance(counting->counts, glance, counting->who, counting->now);
}

/* Every page counts, for itself and for what stands around it. While nothing was committed only time moves things: for so long the same is
 * told again. */
#define COUNTED_MS 5000

struct desk_counted {
    int64_t who, now, version;
    struct queue_counts counts;
};

static enum outcome read_version(struct reader *reader, int64_t *version, struct error *err)
{
    struct sql sql = desk_sql(reader, DESK_VERSION);
    *version = sql_next(&sql) ? take_int(&sql) : 0;
    return sql_end(&sql, err);
}

static bool was_told(const struct reader *reader, const struct desk_counted *now)
{
    const struct desk_counted *last = reader->counted;
    if (!last || last->who != now->who || last->version != now->version)
        return false;
    return now->now >= last->now && now->now - last->now < COUNTED_MS;
}

static void remember(struct reader *reader, const struct desk_counted *told)
{
    if (!reader->counted)
        reader->counted = malloc(sizeof *reader->counted);
    if (!reader->counted)
        abort();
    *reader->counted = *told;
}

static enum outcome count_anew(struct reader *reader, const struct operator *who, struct desk_counted *told,
                               struct error *err)
{
    struct counting counting = {&told->counts, who, told->now};
    enum outcome outcome = read_version(reader, &told->version, err);
    if (outcome == OUTCOME_OK && was_told(reader, told)) {
        told->counts = reader->counted->counts;
        return OUTCOME_OK;
    }
    if (outcome == OUTCOME_OK)
        outcome = walk(reader, who, take_count, &counting, err);
    if (outcome == OUTCOME_OK)
        remember(reader, told);
    return outcome;
}

enum outcome desk_count_queue(struct reader *reader, const struct operator *who, int64_t now,
                              struct queue_counts *counts, struct error *err)
{
    struct desk_counted told = {.who = who->id, .now = now};
    enum outcome outcome = desk_begin(reader, err);
    if (outcome == OUTCOME_OK)
        outcome = count_anew(reader, who, &told, err);
    *counts = told.counts;
    return desk_end(reader, outcome, err);
}

struct news {
    int64_t since;
    unsigned *count;
};

static void take_news(void *context, const struct glance *glance)
{
    const struct news *news = context;
    count_one(news->count, glance->changed_at > news->since);
}

enum outcome desk_count_new(struct reader *reader, const struct operator *who, int64_t since, unsigned *count,
                            struct error *err)
{
    struct news news = {since, count};
    *count = 0;
    enum outcome outcome = desk_begin(reader, err);
    if (outcome == OUTCOME_OK)
        outcome = walk(reader, who, take_news, &news, err);
    return desk_end(reader, outcome, err);
}
