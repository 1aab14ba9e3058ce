/* The queue: whom to call next, and when that is safe. */
#include "console/door/board.h"
#include "console/page/frame.h"
#include "console/pages/pages.h"
#include "console/pages/queue_row.h"
#include "console/pages/queue_view.h"
#include "console/templates.h"

struct queue_read {
    struct queue_address address;
    struct queue_counts counts;
    struct queue_page page;
    struct saved_filter *saved;
    size_t saved_count;
};

static enum outcome read_all(const struct visit *visit, struct queue_read *read, struct error *err)
{
    struct queue_filter filter;
    const struct area_fields areas = visit_areas(visit);
    queue_address_filter(&read->address, visit->operator, visit->now, &filter);
    filter.areas = &areas;
    enum outcome outcome = desk_read_queue(visit->reader, &filter, visit->arena, &read->page, err);
    board_look_again(visit->site->board); /* beside the rows, counters that fit them */
    if (outcome == OUTCOME_OK)
        outcome = board_count(visit->site->board, visit->reader, visit->operator, visit->now, &read->counts, err);
    if (outcome == OUTCOME_OK)
        outcome =
            desk_read_filters(visit->reader, visit->operator->id, visit->arena, &read->saved, &read->saved_count, err);
    return outcome;
}

/* ---- tabs ---- */

static unsigned count_of(const struct queue_counts *counts, enum queue_tab tab)
{
    const unsigned by_tab[TAB_COUNT] = {
        [TAB_ALL] = counts->all,         [TAB_MINE] = counts->mine,       [TAB_UNASSIGNED] = counts->unassigned,
        [TAB_DANGER] = counts->danger,   [TAB_DUE] = counts->due_hour,    [TAB_OVERDUE] = counts->overdue,
        [TAB_WAITING] = counts->waiting, [TAB_TROUBLE] = counts->trouble,
    };
    return by_tab[tab];
}

static const char *named(const struct visit *visit, const char *lead, const char *id)
{
    return arena_format(visit->arena, "%s%s", lead, id).at;
}

/* Mine first: that is what somebody who comes back looks for. */
static const enum queue_tab order[] = {TAB_MINE,    TAB_UNASSIGNED, TAB_ALL,     TAB_DANGER, TAB_DUE,
                                       TAB_OVERDUE, TAB_WAITING,    TAB_TROUBLE, TAB_DONE};

/* Counted is the whole queue: beside a part of it these numbers would mislead. */
static void fill_tabs(const struct visit *visit, const struct queue_read *read, struct queue_view *view)
{
    const bool is_filtered = queue_address_is_filtered(&read->address);
    view->tab_count = sizeof order / sizeof *order;
    view->tabs = ARENA_ARRAY(visit->arena, struct queue_tab_view, view->tab_count);
    for (size_t i = 0; i < view->tab_count; i++) {
        enum queue_tab tab = order[i];
        unsigned count = count_of(&read->counts, tab);
        view->tabs[i] = (struct queue_tab_view){.id = queue_tab_id(tab),
                                                .word = named(visit, "queue_tab_", queue_tab_id(tab)),
                                                .is_due = tab == TAB_DUE,
                                                .count = count,
                                                .is_counted = tab != TAB_DONE && !is_filtered,
                                                .is_capped = count >= DESK_COUNT_MAX,
                                                .is_current = tab == read->address.tab};
    }
}

/* ---- rows ---- */

static void fill_rows(const struct visit *visit, const struct queue_read *read, struct queue_view *view)
{
    view->rows = ARENA_ARRAY(visit->arena, struct queue_row_view, read->page.count);
    view->row_count = read->page.count;
    for (size_t i = 0; i < view->row_count; i++) {
        struct queue_row_view *row = &view->rows[i];
        queue_row_fill(visit, &read->page.rows[i], row);
        row->frame = view->frame;
        row->place = view->place;
        row->is_in_closed = view->is_done_tab;
        row->key = row->next == NEXT_CLAIM ? visit_new_key(visit) : SPAN_NONE;
    }
    view->next = read->page.next;
    view->is_later_page = span_is_present(read->address.after);
    view->hidden = (int64_t)read->page.hidden;
    view->is_hidden_capped = read->page.hidden >= DESK_COUNT_MAX;
}

/* ---- filters ---- */

static struct choices channels(const struct visit *visit, enum queue_channel chosen)
{
    struct choices choices = choices_make(visit->arena, QUEUE_BY_HAND);
    for (enum queue_channel channel = QUEUE_BY_USSD; channel <= QUEUE_BY_HAND; channel++) {
        const char *id = queue_channel_id(channel);
        choices_add(&choices, span_of(id), choice_words(visit, named(visit, "queue_channel_", id)),
                    span_of(queue_channel_id(chosen)));
    }
    return choices;
}

static void fill_choices(const struct visit *visit, const struct queue_address *address, struct queue_view *view)
{
    view->topics = choice_topics(visit, address->topic);
    view->languages = choice_languages(visit, address->lang);
    view->channels = channels(visit, address->channel);
    view->areas = choice_areas(visit, address->area);
    view->desks = choice_desks(visit, address->desk);
    view->is_filtered = queue_address_is_filtered(address);
}

static bool read_saved(const struct visit *visit, const struct saved_filter *saved, struct queue_address *out)
{
    struct pair *pairs;
    size_t count;
    struct error ignored;
    if (form_decode(saved->query, visit->arena, &pairs, &count, &ignored) != OUTCOME_OK)
        return false;
    queue_address_read(pairs, count, out);
    return true;
}

static void fill_saved(const struct visit *visit, const struct queue_read *read, struct queue_view *view)
{
    struct span here = queue_address_write(&read->address, visit->arena);
    view->saved = ARENA_ARRAY(visit->arena, struct queue_saved_view, read->saved_count);
    for (size_t i = 0; i < read->saved_count; i++) {
        struct queue_address address;
        if (!read_saved(visit, &read->saved[i], &address))
            continue;
        view->saved[view->saved_count++] = (struct queue_saved_view){
            .name = read->saved[i].name,
            .key = visit_new_key(visit),
            .place = queue_row_place(&address),
            .is_current = span_equal(here, queue_address_write(&address, visit->arena)),
        };
    }
    view->save_key = visit_new_key(visit);
}

static void fill_tried(const struct queue_saving *tried, struct queue_view *view)
{
    if (!tried)
        return;
    mistakes_add(&view->mistakes, (struct mistake){.word = tried->why, .field = "filter-name"});
    view->save_wrong = mistakes_at(&view->mistakes, "filter-name");
    view->save_name = tried->name;
}

void queue_show(struct visit *visit, unsigned status, const struct queue_address *address,
                const struct queue_saving *tried)
{
    struct queue_read read = {.address = *address};
    struct error err;
    enum outcome outcome = read_all(visit, &read, &err);
    if (outcome != OUTCOME_OK) {
        visit_fail(visit, outcome, &err);
        return;
    }
    struct queue_view view = {
        .frame = visit_frame(visit, "queue_title", "queue"),
        .place = queue_row_place(&read.address),
        .empty_word = queue_address_is_filtered(&read.address)
                          ? "queue_empty_filtered"
                          : named(visit, "queue_empty_", queue_tab_id(read.address.tab)),
        .is_done_tab = read.address.tab == TAB_DONE,
    };
    view.frame->since = read.counts.newest;
    fill_tabs(visit, &read, &view);
    fill_rows(visit, &read, &view);
    fill_choices(visit, &read.address, &view);
    fill_saved(visit, &read, &view);
    fill_tried(tried, &view);
    struct html page = visit_html(visit);
    show_queue(&page, &view);
    visit_show(visit, status, &page);
}

void page_queue(struct visit *visit)
{
    struct queue_address address;
    queue_address_read(visit->query, visit->query_count, &address);
    queue_show(visit, 200, &address, NULL);
}
