/* Who did what, page by page, the newest first. */
#include "store/sqlite/desk_read.h"
#include "store/sqlite/desk_rows.h"

/* Columns of AUDIT_COLUMNS that are looked at before the row is taken. */
enum { COLUMN_AT = 1, COLUMN_OPERATOR = 2, COLUMN_ACTION = 3, COLUMN_OBJECT = 4, COLUMN_ABOUT = 5 };

static bool fits(const struct audit_filter *filter, sqlite3_stmt *row)
{
    const int64_t at = sqlite3_column_int64(row, COLUMN_AT);
    return (!filter->operator || sqlite3_column_int64(row, COLUMN_OPERATOR) == filter->operator) &&
           (filter->action == AUDIT_NONE || sqlite3_column_int(row, COLUMN_ACTION) == (int)filter->action) &&
           (filter->object == OBJECT_NONE || sqlite3_column_int(row, COLUMN_OBJECT) == (int)filter->object) &&
           (!filter->object_id || sqlite3_column_int64(row, COLUMN_ABOUT) == filter->object_id) &&
           (!filter->from || at >= filter->from) && (!filter->to || at < filter->to);
}

static struct sql begin(struct reader *reader, const struct audit_filter *filter)
{
    const bool about = filter->object != OBJECT_NONE && filter->object_id;
    const struct desk_ids ids = desk_ids_of(filter->below, filter->above);
    const enum desk_sql id = about ? DESK_AUDIT_ABOUT : filter->operator ? DESK_AUDIT_BY : DESK_AUDIT;
    struct sql sql = desk_sql(reader, desk_turned(id, &ids));
    put_int(&sql, ids.below);
    put_int(&sql, ids.least);
    if (about) {
        put_int(&sql, filter->object);
        put_int(&sql, filter->object_id);
    } else if (filter->operator) {
        put_int(&sql, filter->operator);
    }
    return sql;
}

/* A line whose proof is not whole is shown all the same: desk_prove_audit is what names it. */
static void show(struct reader *reader, struct sql *sql, struct arena *arena, struct audit_view *view)
{
    struct error ignored;
    if (take_audit(&reader->source, sql, arena, &view->row, &ignored) != OUTCOME_OK)
        view->row.peer = SPAN_NONE;
    view->who = take_span(sql, arena);
    if (!take_reference(sql, arena, view->reference))
        view->reference[0] = '\0';
}

static enum outcome walk(struct reader *reader, const struct audit_filter *filter, struct arena *arena,
                         struct audit_page *page, struct error *err)
{
    struct sql sql = begin(reader, filter);
    struct desk_walk on = {.sql = &sql, .below = filter->below, .above = filter->above};
    while (desk_walk_on(&on, page->count))
        if (fits(filter, sql.stmt))
            show(reader, &sql, arena, &page->rows[page->count++]);
    DESK_WALK_TURN(&on, page);
    return desk_walk_end(&on, &page->next, &page->newer, &page->is_cut_short, err);
}

enum outcome desk_read_audit(struct reader *reader, const struct audit_filter *filter, struct arena *arena,
                             struct audit_page *page, struct error *err)
{
    *page = (struct audit_page){.rows = ARENA_ARRAY(arena, struct audit_view, DESK_PAGE)};
    enum outcome outcome = desk_begin(reader, err);
    if (outcome == OUTCOME_OK)
        outcome = walk(reader, filter, arena, page, err);
    return desk_end(reader, outcome, err);
}
