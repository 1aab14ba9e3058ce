/* The queue, page by page. First a glance at each request in the order of the page, then the whole of those that are shown. */
#include "store/sqlite/desk_glance.h"
#include "store/sqlite/desk_rows.h"

struct paging {
    struct reader *reader;
    const struct queue_filter *filter;
    struct arena *arena;
    struct queue_page *page;
    struct glances glances;
    struct glance last_shown;
    bool is_full;
    bool is_waiting, was_waiting; /* it is at danger that waits, behind the danger that does not; the last shown was */
};

static bool has_state(const struct glance *glance, enum queue_state state, bool is_waiting, int64_t now)
{
    switch (state) {
    case QUEUE_WAITING_FOR:
        return glance->wait_until > now;
    case QUEUE_DONE:
        return true;
    case QUEUE_TROUBLE:
        return glance->attention != ATTENTION_NONE;
    default:
        return is_waiting == (glance->wait_until > now);
    }
}

static bool is_whose(const struct glance *glance, const struct queue_filter *filter)
{
    switch (filter->whose) {
    case QUEUE_MINE:
        return filter->operator && glance->assignee == filter->operator->id;
    case QUEUE_UNASSIGNED:
        return !glance->assignee;
    default:
        return true;
    }
}

static bool is_named(struct span wanted, struct span is)
{
    return !span_is_present(wanted) || span_equal(wanted, is);
}

static bool fits(const struct paging *to, const struct glance *glance)
{
    const struct queue_filter *filter = to->filter;
    return has_state(glance, filter->state, to->is_waiting, filter->now) && is_whose(glance, filter) &&
           (!filter->is_danger || glance->urgency == URGENCY_DANGER) &&
           (!filter->due_before || (glance->due_at && glance->due_at < filter->due_before)) &&
           is_named(filter->topic, glance->topic) && is_named(filter->lang, glance->lang) &&
           is_named(filter->desk, glance->desk);
}

static enum queue_channel channel_of(int64_t kind)
{
    switch (kind) {
    case CHANNEL_USSD:
        return QUEUE_BY_USSD;
    case CHANNEL_SMS:
        return QUEUE_BY_SMS;
    default: /* it has no session */
        return QUEUE_BY_HAND;
    }
}

/* The index of what is open does not hold it: two rows are sought, and only where somebody asks. */
static enum outcome came_by(struct paging *to, int64_t request, bool *is_wanted, struct error *err)
{
    const enum queue_channel wanted = to->filter->channel;
    *is_wanted = wanted == QUEUE_ANY_CHANNEL;
    if (*is_wanted)
        return OUTCOME_OK;
    struct sql sql = desk_sql(to->reader, DESK_CHANNEL_OF_REQUEST);
    put_int(&sql, request);
    if (sql_next(&sql))
        *is_wanted = channel_of(take_int(&sql)) == wanted;
    return sql_end(&sql, err);
}

/* The same of whose its district is. */
static enum outcome lives_in(struct paging *to, int64_t request, bool *is_wanted, struct error *err)
{
    const struct queue_filter *filter = to->filter;
    struct request_origin origin = {0};
    struct span area = SPAN_NONE;
    *is_wanted = !span_is_present(filter->area);
    if (*is_wanted)
        return OUTCOME_OK;
    struct sql sql = desk_sql(to->reader, DESK_ORIGIN_OF_REQUEST);
    put_int(&sql, request);
    if (sql_next(&sql))
        take_origin(&to->reader->source, &sql, to->arena, &origin);
    enum outcome outcome = sql_end(&sql, err);
    if (outcome == OUTCOME_OK)
        outcome = desk_take_area(to->reader, request, &origin, filter->areas, to->arena, &area, err);
    *is_wanted = span_equal(filter->area, area);
    return outcome;
}

/* What is marked and over stands behind every urgency, by its id alone; danger that waits behind the danger that does not. */
#define BEHIND_ALL (URGENCY_DANGER + 1)
#define WAITING_DANGER (URGENCY_DANGER + 2)

static struct span cursor_of(const struct paging *to, const struct glance *glance, bool is_waiting)
{
    const bool is_marked = glance->is_over && to->glances.of != GLANCES_DONE;
    const int place = is_waiting ? WAITING_DANGER : is_marked ? BEHIND_ALL : (int)glance->urgency;
    return arena_format(to->arena, "%d.%lld.%lld", place,
                        (long long)(glance->is_over ? glance->changed_at : glance->due_at), (long long)glance->id);
}

static bool read_number(struct span *from, uint64_t *out)
{
    return span_to_u64(span_cut(from, '.'), out) && *out <= INT64_MAX;
}

static bool has_waiting(const struct queue_filter *filter)
{
    return filter->is_danger && filter->state == QUEUE_OPEN;
}

/* What is no cursor of ours begins at the beginning. */
static void start_after(struct paging *to, struct span after)
{
    struct glances *glances = &to->glances;
    uint64_t urgency = 0, at = 0, id = 0;
    if (!read_number(&after, &urgency) || !read_number(&after, &at) || !read_number(&after, &id) ||
        span_is_present(after))
        return;
    if (urgency == BEHIND_ALL && glances->of == GLANCES_OPEN_AND_MARKED)
        glances_start_after_marked(glances, (int64_t)id);
    else if (urgency <= URGENCY_DANGER)
        glances_start_after(glances, (enum request_urgency)urgency, (int64_t)at, (int64_t)id);
    else if (urgency == WAITING_DANGER && has_waiting(to->filter)) {
        to->is_waiting = true;
        glances_start_after(glances, URGENCY_DANGER, (int64_t)at, (int64_t)id);
    }
}

static void count_hidden(struct queue_page *page)
{
    page->hidden += page->hidden < DESK_COUNT_MAX;
}

/* One that fits. The page is full when there is one more to show than it holds. */
static void take_fitting(struct paging *to, const struct glance *glance, bool sees)
{
    struct queue_page *page = to->page;
    if (!sees) {
        count_hidden(page);
    } else if (page->count == DESK_PAGE) {
        to->is_full = true;
    } else {
        page->rows[page->count++].request.id = glance->id;
        to->last_shown = *glance;
        to->was_waiting = to->is_waiting;
    }
}

static bool is_told(const struct operator *operator, struct span desk)
{
    return operator && operator_is_told(operator, desk);
}

static enum outcome consider(struct paging *to, const struct glance *glance, struct error *err)
{
    const struct queue_filter *filter = to->filter;
    if (!fits(to, glance))
        return OUTCOME_OK;
    const bool sees = desk_sees(filter->operator, glance->desk, glance->topic);
    if (sees ? to->is_full : !is_told(filter->operator, glance->desk))
        return OUTCOME_OK;
    bool is_wanted;
    enum outcome outcome = came_by(to, glance->id, &is_wanted, err);
    if (outcome == OUTCOME_OK && is_wanted)
        outcome = lives_in(to, glance->id, &is_wanted, err);
    if (outcome == OUTCOME_OK && is_wanted)
        take_fitting(to, glance, sees);
    return outcome;
}

/* Behind a full page those are still counted that are hidden: from nobody who sees all, and not among the closed ones, of which there
 * is no end. */
static bool is_done_with(const struct paging *to)
{
    const struct queue_filter *filter = to->filter;
    return to->is_full && (filter->state == QUEUE_DONE || to->page->hidden == DESK_COUNT_MAX ||
                           (filter->operator->roles & ROLE_BIT(ROLE_SUPERVISOR)));
}

/* Danger comes before all else; when it is over, it is gone through once more for what waits of it. */
static bool next_glance(struct paging *to, struct glance *glance)
{
    const bool is_there = glances_next(&to->glances, glance);
    if (!has_waiting(to->filter) || (is_there && glance->urgency == URGENCY_DANGER))
        return is_there;
    if (to->is_waiting)
        return false;
    to->is_waiting = true;
    glances_begin_again(&to->glances);
    return glances_next(&to->glances, glance) && glance->urgency == URGENCY_DANGER;
}

static enum outcome walk(struct paging *to, struct error *err)
{
    struct glance glance = {0};
    enum outcome outcome = OUTCOME_OK;
    bool is_over = false;
    for (size_t looked = 0; outcome == OUTCOME_OK && looked < DESK_LOOKED_MAX && !is_over && !is_done_with(to);
         looked++) {
        is_over = !next_glance(to, &glance);
        if (!is_over)
            outcome = consider(to, &glance, err);
    }
    if (to->is_full)
        to->page->next = cursor_of(to, &to->last_shown, to->was_waiting);
    else if (!is_over)
        to->page->next = cursor_of(to, &glance, to->is_waiting);
    return glances_end(&to->glances, outcome, err);
}

/* What does not hold together is left out. */
static enum outcome show(struct paging *to, struct error *err)
{
    struct queue_page *page = to->page;
    size_t kept = 0;
    for (size_t i = 0; i < page->count; i++) {
        struct queue_row row;
        enum outcome outcome =
            desk_take_request(to->reader, page->rows[i].request.id, to->filter->operator, to->arena, &row, err);
        if (outcome == OUTCOME_OK)
            outcome =
                desk_take_area(to->reader, row.request.id, &row.origin, to->filter->areas, to->arena, &row.area, err);
        if (outcome == OUTCOME_BROKEN)
            return outcome;
        if (outcome == OUTCOME_OK)
            page->rows[kept++] = row;
    }
    page->count = kept;
    return OUTCOME_OK;
}

static enum glances_of glances_of(enum queue_state state)
{
    if (state == QUEUE_DONE)
        return GLANCES_DONE;
    return state == QUEUE_TROUBLE ? GLANCES_OPEN_AND_MARKED : GLANCES_OPEN;
}

enum outcome desk_read_queue(struct reader *reader, const struct queue_filter *filter, struct arena *arena,
                             struct queue_page *page, struct error *err)
{
    struct paging to = {.reader = reader, .filter = filter, .arena = arena, .page = page};
    *page = (struct queue_page){.rows = ARENA_ARRAY(arena, struct queue_row, DESK_PAGE)};
    enum outcome outcome = desk_begin(reader, err);
    if (outcome == OUTCOME_OK) {
        glances_begin(&to.glances, reader, glances_of(filter->state));
        start_after(&to, filter->after);
        outcome = walk(&to, err);
    }
    if (outcome == OUTCOME_OK)
        outcome = show(&to, err);
    return desk_end(reader, outcome, err);
}
