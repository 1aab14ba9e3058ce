#include "store/sqlite/desk_read.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/sqlite/database.h"

enum outcome desk_begin(struct reader *reader, struct error *err)
{
    enum outcome outcome = reader->desk ? OUTCOME_OK : desk_prepare(reader, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    reader->is_late = false;
    reader->deadline = clock_monotonic_ms() + DESK_READ_MS;
    return reader_begin(reader, err);
}

enum outcome desk_end(struct reader *reader, enum outcome outcome, struct error *err)
{
    reader_end(reader);
    reader->deadline = 0;
    if (outcome == OUTCOME_BROKEN && reader->is_late)
        return error_set(err, OUTCOME_FULL, "reading took longer than %d ms and was broken off", DESK_READ_MS);
    return outcome;
}

struct sql desk_sql(struct reader *reader, enum desk_sql id)
{
    return sql_use(reader->desk[id]);
}

struct desk_ids desk_ids_of(int64_t below, int64_t above)
{
    if (above > 0 && above < INT64_MAX)
        return (struct desk_ids){.least = above + 1, .below = INT64_MAX, .is_up = true};
    return (struct desk_ids){.below = below > 0 ? below : INT64_MAX};
}

enum desk_sql desk_turned(enum desk_sql id, const struct desk_ids *ids)
{
    return ids->is_up ? (enum desk_sql)(id + 1) : id;
}

bool desk_walk_on(struct desk_walk *walk, size_t shown)
{
    walk->is_full = shown == DESK_PAGE;
    if (walk->looked++ == DESK_LOOKED_MAX)
        return false;
    walk->is_over = !sql_next(walk->sql);
    if (walk->is_over || walk->is_full)
        return false;
    walk->seen = sqlite3_column_int64(walk->sql->stmt, 0);
    return true;
}

void desk_walk_turn(const struct desk_walk *walk, void *rows, size_t count, size_t bytes)
{
    char *first = rows, *last = first + count * bytes;
    if (!desk_ids_of(walk->below, walk->above).is_up)
        return;
    for (size_t swaps = count / 2; swaps > 0; swaps--, first += bytes) {
        last -= bytes;
        for (size_t i = 0; i < bytes; i++) {
            const char other = first[i];
            first[i] = last[i];
            last[i] = other;
        }
    }
}

enum outcome desk_walk_end(struct desk_walk *walk, int64_t *next, int64_t *newer, bool *is_cut_short, struct error *err)
{
    const struct desk_ids ids = desk_ids_of(walk->below, walk->above);
    const int64_t beyond = walk->is_over ? 0 : walk->seen;
    *is_cut_short = !walk->is_over && !walk->is_full;
    *next = ids.is_up ? ids.least : beyond;
    *newer = ids.is_up ? beyond : ids.below < INT64_MAX ? ids.below - 1 : 0;
    return sql_end(walk->sql, err);
}

void *desk_room(struct arena *arena, void *list, size_t count, size_t bytes)
{
    if (count && (count & (count - 1)))
        return list;
    char *larger = arena_alloc_array(arena, count ? 2 * count : 1, bytes);
    if (count)
        memcpy(larger, list, count * bytes);
    return larger;
}

bool desk_sees(const struct operator *operator, struct span desk, struct span topic)
{
    return operator && operator_sees(operator, desk, topic);
}
