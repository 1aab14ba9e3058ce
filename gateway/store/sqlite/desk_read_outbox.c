/* Texts and their fate, page by page, the newest first. */
#include "store/sqlite/desk_read.h"
#include "store/sqlite/desk_rows.h"

struct paging {
    struct reader *reader;
    const struct outbox_filter *filter;
    struct arena *arena;
    struct outbox_page *page;
    int64_t channel; /* of the words; 0: any */
    struct sql sql;
};

/* Columns of OUTBOX_COLUMNS that are looked at before the row is taken. */
enum { COLUMN_CHANNEL = 3, COLUMN_STATE = 4 };

static struct span reference_of(struct reader *reader, int64_t request, struct arena *arena)
{
    struct sql sql = desk_sql(reader, DESK_REFERENCE_OF);
    struct error ignored;
    struct span reference = SPAN_NONE;
    put_id(&sql, request);
    if (sql_next(&sql))
        reference = take_span(&sql, arena);
    return sql_end(&sql, &ignored) == OUTCOME_OK ? reference : SPAN_NONE;
}

void desk_take_text(struct reader *reader, struct sql *sql, struct arena *arena, struct outbox_view *text)
{
    struct error ignored;
    *text = (struct outbox_view){0};
    if (take_outbox(&reader->source, sql, arena, &text->row, &ignored) != OUTCOME_OK)
        text->row.text = SPAN_NONE;
    text->dealt_at = take_int(sql);
    text->request = take_int(sql);
    text->last_report = take_span(sql, arena);
    text->reference = reference_of(reader, text->request, arena);
}

static bool fits(const struct paging *to)
{
    const int state = to->filter->state;
    return (!to->channel || sqlite3_column_int64(to->sql.stmt, COLUMN_CHANNEL) == to->channel) &&
           (state < 0 || sqlite3_column_int(to->sql.stmt, COLUMN_STATE) == state);
}

static enum outcome walk(struct paging *to, struct error *err)
{
    struct outbox_page *page = to->page;
    struct desk_walk on = {.sql = &to->sql, .below = to->filter->below, .above = to->filter->above};
    while (desk_walk_on(&on, page->count))
        if (fits(to))
            desk_take_text(to->reader, &to->sql, to->arena, &page->rows[page->count++]);
    DESK_WALK_TURN(&on, page);
    return desk_walk_end(&on, &page->next, &page->newer, &page->is_cut_short, err);
}

static enum outcome read_page(struct paging *to, struct error *err)
{
    const struct outbox_filter *filter = to->filter;
    to->channel = words_find(to->reader->source.words, filter->channel);
    if (span_is_present(filter->channel) && !to->channel)
        return OUTCOME_OK;
    const struct desk_ids ids = desk_ids_of(filter->below, filter->above);
    to->sql = desk_sql(to->reader, desk_turned(filter->in_trouble ? DESK_OUTBOX_TROUBLE : DESK_OUTBOX, &ids));
    put_int(&to->sql, ids.below);
    put_int(&to->sql, ids.least);
    return walk(to, err);
}

enum outcome desk_read_outbox(struct reader *reader, const struct outbox_filter *filter, struct arena *arena,
                              struct outbox_page *page, struct error *err)
{
    struct paging to = {.reader = reader, .filter = filter, .arena = arena, .page = page};
    *page = (struct outbox_page){.rows = ARENA_ARRAY(arena, struct outbox_view, DESK_PAGE)};
    enum outcome outcome = desk_begin(reader, err);
    if (outcome == OUTCOME_OK)
        outcome = read_page(&to, err);
    return desk_end(reader, outcome, err);
}
