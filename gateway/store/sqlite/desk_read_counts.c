/* What stands beside the tabs of the queue. */
#include "store/sqlite/desk_glance.h"
#include "base/duration.h"

static void count_one(unsigned *count, bool fits)
{
    *count += fits && *count < DESK_COUNT_MAX;
}

static void count_row(struct queue_counts *counts, const struct open_request *row, const struct operator *who,
                      int64_t now)
{
    const bool is_now = row->wait_until <= now;
    count_one(&counts->trouble, row->attention != ATTENTION_NONE);
    if (row->is_over)
        return;
    const bool is_due = is_now && row->due_at;
    count_one(&counts->all, is_now);
    count_one(&counts->mine, is_now && row->assignee == who->id);
    count_one(&counts->unassigned, is_now && !row->assignee);
    count_one(&counts->danger, is_now && row->urgency == URGENCY_DANGER);
    count_one(&counts->due_hour, is_due && row->due_at < now + HOUR_MS);
    count_one(&counts->overdue, is_due && row->due_at < now);
    count_one(&counts->waiting, !is_now);
    if (row->news_at > counts->newest)
        counts->newest = row->news_at;
}

struct queue_counts desk_count_queue(const struct open_requests *open, const struct operator *who, int64_t now)
{
    struct queue_counts counts = {0};
    for (size_t i = 0; i < open->count; i++)
        if (desk_sees(who, open->rows[i].desk, open->rows[i].topic))
            count_row(&counts, &open->rows[i], who, now);
    return counts;
}

/* What others do with what they have is none, nor what was closed. */
static bool is_news(const struct open_request *row, const struct operator *who)
{
    return !row->is_over && (!row->assignee || row->assignee == who->id || row->attention != ATTENTION_NONE);
}

unsigned desk_count_new(const struct open_requests *open, const struct operator *who, int64_t since)
{
    unsigned count = 0;
    for (size_t i = 0; i < open->count; i++)
        if (desk_sees(who, open->rows[i].desk, open->rows[i].topic))
            count_one(&count, open->rows[i].news_at > since && is_news(&open->rows[i], who));
    return count;
}

/* Words live as long as the reader, and rows may live longer. Neighbours often share them. */
static struct span keep_word(struct span word, struct span before, struct arena *arena)
{
    return span_equal(word, before) ? before : arena_copy(arena, word);
}

static enum outcome walk(struct reader *reader, struct arena *arena, struct open_requests *open, struct error *err)
{
    struct open_request *rows = NULL;
    struct span topic = SPAN_NONE, desk = SPAN_NONE;
    struct glances glances;
    struct glance glance;
    glances_begin(&glances, reader, GLANCES_OPEN_AND_MARKED);
    while (open->count < DESK_LOOKED_MAX && glances_next(&glances, &glance)) {
        topic = keep_word(glance.topic, topic, arena);
        desk = keep_word(glance.desk, desk, arena);
        rows = desk_room(arena, rows, open->count, sizeof *rows);
        rows[open->count++] = (struct open_request){.due_at = glance.due_at,
                                                    .news_at = glance.news_at,
                                                    .assignee = glance.assignee,
                                                    .wait_until = glance.wait_until,
                                                    .urgency = glance.urgency,
                                                    .attention = glance.attention,
                                                    .is_over = glance.is_over,
                                                    .topic = topic,
                                                    .desk = desk};
    }
    open->rows = rows;
    return glances_end(&glances, OUTCOME_OK, err);
}

enum outcome desk_read_open(struct reader *reader, struct arena *arena, struct open_requests *open, struct error *err)
{
    *open = (struct open_requests){0};
    enum outcome outcome = desk_begin(reader, err);
    if (outcome == OUTCOME_OK)
        outcome = walk(reader, arena, open, err);
    return desk_end(reader, outcome, err);
}
