/* Sessions, page by page, the newest first. What a row says in columns is looked at before its state is unpacked. */
#include "base/duration.h"
#include "base/random.h"
#include "store/sqlite/desk_read.h"

/* Columns of SESSION_COLUMNS that are looked at before the row is taken. */
enum { COLUMN_CHANNEL = 3, COLUMN_STARTED_AT = 5, COLUMN_LAST_AT = 6, COLUMN_CAUSE = 8 };

struct paging {
    struct reader *reader;
    const struct session_filter *filter;
    struct arena *arena;
    struct session_page *page;
    int64_t channel; /* of the words; 0: any */
    struct sql sql;
};

static int64_t first_id_at(int64_t at)
{
    struct id_source source = {0};
    return id_next(&source, at);
}

/* Ids grow with the time at which they were made: never before a session began, and later only after the clock was set back. */
static struct desk_ids ids_of(const struct session_filter *filter)
{
    struct desk_ids ids = desk_ids_of(filter->below, filter->above);
    const int64_t least = filter->from > 0 ? first_id_at(filter->from) - 1 : 0;
    const int64_t end =
        filter->to > 0 && filter->to < INT64_MAX - DAY_MS ? first_id_at(filter->to + DAY_MS) : INT64_MAX;
    ids.least = ids.least > least ? ids.least : least;
    ids.below = ids.below < end ? ids.below : end;
    return ids;
}

static bool may_fit(const struct paging *to)
{
    const struct session_filter *filter = to->filter;
    sqlite3_stmt *row = to->sql.stmt;
    const int64_t started_at = sqlite3_column_int64(row, COLUMN_STARTED_AT);
    return (!to->channel || sqlite3_column_int64(row, COLUMN_CHANNEL) == to->channel) &&
           (filter->cause < 0 || sqlite3_column_int(row, COLUMN_CAUSE) == filter->cause) &&
           (!filter->from || started_at >= filter->from) && (!filter->to || started_at < filter->to);
}

static bool is_named(struct span wanted, struct span is)
{
    return !span_is_present(wanted) || span_equal(wanted, is);
}

static bool state_fits(const struct session_filter *filter, const struct session_state *state)
{
    return is_named(filter->lang, state->lang) && is_named(filter->node, state->at.node);
}

enum outcome desk_take_session_request(struct reader *reader, struct session_row *row, struct error *err)
{
    struct sql sql = desk_sql(reader, DESK_SESSION_REQUEST);
    row->request = 0;
    row->reference[0] = '\0';
    put_int(&sql, row->session.id);
    if (sql_next(&sql)) {
        row->request = take_int(&sql);
        if (!take_reference(&sql, reader->row, row->reference))
            row->reference[0] = '\0';
        arena_reset(reader->row);
    }
    return sql_end(&sql, err);
}

/* What the row holds beyond its columns is taken into the arena of the page only where it is shown. */
static enum outcome consider(struct paging *to, struct error *err)
{
    struct session_row row = {0};
    struct error ignored;
    struct sql peek = to->sql;
    if (!may_fit(to))
        return OUTCOME_OK;
    arena_reset(to->reader->row);
    const bool opens = take_session(&to->reader->source, &peek, to->reader->row, &row.session, &ignored) == OUTCOME_OK;
    if (!opens || !state_fits(to->filter, &row.session.state))
        return OUTCOME_OK;
    enum outcome outcome = desk_take_session_request(to->reader, &row, err);
    if (outcome != OUTCOME_OK || (to->filter->with_request && !row.request))
        return outcome;
    if (take_session(&to->reader->source, &to->sql, to->arena, &row.session, &ignored) == OUTCOME_OK)
        to->page->rows[to->page->count++] = row;
    return OUTCOME_OK;
}

static enum outcome walk(struct paging *to, struct error *err)
{
    struct session_page *page = to->page;
    enum outcome outcome = OUTCOME_OK;
    struct desk_walk on = {.sql = &to->sql, .below = to->filter->below, .above = to->filter->above};
    while (outcome == OUTCOME_OK && desk_walk_on(&on, page->count))
        outcome = consider(to, err);
    if (outcome != OUTCOME_OK)
        return sql_end_after(&to->sql, outcome, err);
    DESK_WALK_TURN(&on, page);
    return desk_walk_end(&on, &page->next, &page->newer, &page->is_cut_short, err);
}

static enum outcome begin(struct paging *to, struct error *err)
{
    const struct session_filter *filter = to->filter;
    const struct desk_ids ids = ids_of(filter);
    to->channel = words_find(to->reader->source.words, filter->channel);
    if (filter->person)
        return desk_sessions_of(to->reader, filter->person, &ids, &to->sql, err);
    to->sql = desk_sql(to->reader, desk_turned(filter->phone ? DESK_SESSIONS_OF_PHONE : DESK_SESSIONS, &ids));
    put_int(&to->sql, ids.below);
    put_int(&to->sql, ids.least);
    if (filter->phone)
        put_int(&to->sql, filter->phone);
    return OUTCOME_OK;
}

/* A name that was never stored is in no row. */
static bool is_known(const struct paging *to, struct span name)
{
    return !span_is_present(name) || words_find(to->reader->source.words, name) != 0;
}

static bool are_names_known(const struct paging *to)
{
    const struct session_filter *filter = to->filter;
    return is_known(to, filter->channel) && is_known(to, filter->lang) && is_known(to, filter->node);
}

static enum outcome read_page(struct paging *to, struct error *err)
{
    if (!are_names_known(to))
        return OUTCOME_OK;
    enum outcome outcome = begin(to, err);
    return outcome == OUTCOME_OK ? walk(to, err) : outcome;
}

enum outcome desk_read_sessions(struct reader *reader, const struct session_filter *filter, struct arena *arena,
                                struct session_page *page, struct error *err)
{
    struct paging to = {.reader = reader, .filter = filter, .arena = arena, .page = page};
    *page = (struct session_page){.rows = ARENA_ARRAY(arena, struct session_row, DESK_PAGE)};
    enum outcome outcome = desk_begin(reader, err);
    if (outcome == OUTCOME_OK)
        outcome = read_page(&to, err);
    return desk_end(reader, outcome, err);
}

/* The first of a page that would begin there, by the rows of that page: no more of them are looked at. */
static enum outcome find_first(struct reader *reader, const struct session_filter *filter, struct arena *arena,
                               int64_t *first, int64_t *seen, struct error *err)
{
    struct session_page page = {.rows = ARENA_ARRAY(arena, struct session_row, 1)};
    struct paging to = {.reader = reader, .filter = filter, .arena = arena, .page = &page};
    if (!are_names_known(&to))
        return OUTCOME_OK;
    enum outcome outcome = begin(&to, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    struct desk_walk on = {.sql = &to.sql};
    while (outcome == OUTCOME_OK && page.count == 0 && desk_walk_on(&on, page.count))
        outcome = consider(&to, err);
    if (page.count > 0)
        *first = page.rows[0].session.id;
    else if (!on.is_over)
        *seen = on.seen;
    return sql_end_after(&to.sql, outcome, err);
}

enum outcome desk_read_sessions_beside(struct reader *reader, const struct session_filter *filter, int64_t id,
                                       struct arena *arena, struct sessions_beside *beside, struct error *err)
{
    struct session_filter older = *filter, newer = *filter;
    older.below = newer.above = id;
    older.above = newer.below = 0;
    *beside = (struct sessions_beside){0};
    enum outcome outcome = desk_begin(reader, err);
    if (outcome == OUTCOME_OK)
        outcome = find_first(reader, &older, arena, &beside->older, &beside->older_from, err);
    if (outcome == OUTCOME_OK)
        outcome = find_first(reader, &newer, arena, &beside->newer, &beside->newer_from, err);
    return desk_end(reader, outcome, err);
}

enum outcome desk_sessions_of(struct reader *reader, int64_t person, const struct desk_ids *ids, struct sql *sql,
                              struct error *err)
{
    struct sql times = desk_sql(reader, DESK_PERSON_TIMES);
    int64_t phone = 0, from = 0, to = 0;
    put_int(&times, person);
    if (sql_next(&times)) {
        phone = take_int(&times);
        from = take_int(&times);
        to = take_int(&times);
    }
    enum outcome outcome = sql_end(&times, err);
    *sql = desk_sql(reader, desk_turned(DESK_SESSIONS_OF_PERSON, ids));
    put_int(sql, person);
    put_int(sql, ids->below);
    put_id(sql, phone);
    put_int(sql, from);
    put_int(sql, to);
    put_int(sql, ids->least);
    return outcome;
}

/* ---- what was said since ---- */

/* A text goes on with a conversation that may have begun before one on another channel did: it is the last step that counts. */
static enum outcome find_last_heard(struct reader *reader, int64_t person, int64_t since, int64_t *session,
                                    struct error *err)
{
    const struct desk_ids any = desk_ids_of(0, 0);
    int64_t latest = since;
    struct sql sql;
    enum outcome outcome = desk_sessions_of(reader, person, &any, &sql, err);
    if (outcome != OUTCOME_OK)
        return sql_end_after(&sql, outcome, err);
    for (int looked = 0; looked < DESK_PAGE && sql_next(&sql); looked++) {
        const int64_t last_at = sqlite3_column_int64(sql.stmt, COLUMN_LAST_AT);
        if (last_at < latest || (*session && last_at == latest))
            continue;
        latest = last_at;
        *session = take_int(&sql);
    }
    return sql_end(&sql, err);
}

static enum outcome find_turn_since(struct reader *reader, int64_t since, struct said_since *found, struct error *err)
{
    struct sql sql = desk_sql(reader, DESK_TURN_SINCE);
    put_int(&sql, found->session);
    put_int(&sql, since);
    if (sql_next(&sql))
        found->from_turn = (uint32_t)take_int(&sql);
    else
        found->session = 0;
    return sql_end(&sql, err);
}

enum outcome desk_find_said_since(struct reader *reader, int64_t person, int64_t since, struct said_since *found,
                                  struct error *err)
{
    *found = (struct said_since){0};
    enum outcome outcome = desk_begin(reader, err);
    if (outcome == OUTCOME_OK)
        outcome = find_last_heard(reader, person, since, &found->session, err);
    if (outcome == OUTCOME_OK && found->session)
        outcome = find_turn_since(reader, since, found, err);
    return desk_end(reader, outcome, err);
}
