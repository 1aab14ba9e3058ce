#include "console/pages/outbox_list_view.h"

#include "console/door/visit.h"
#include "console/pages/pages.h"
#include "console/pages/said.h"
#include "console/templates.h"
#include "http/form.h"

#define ADDRESS_MAX 1000

static const char *const state_names[] = {"queued", "sending", "sent", "delivered", "failed", "unknown", "expired"};
enum { STATES = sizeof state_names / sizeof *state_names };

static int state_named(struct span name)
{
    for (int i = 0; i < STATES; i++)
        if (span_equal_text(name, state_names[i]))
            return i;
    return -1;
}

/* What it costs in its channel's currency, to a hundredth and further only where that would be nothing. */
static struct span cost_of(const struct visit *visit, const struct outbox_row *row)
{
    const struct channel *channel = channel_set_find(visit->catalogue->config->channels, row->channel);
    if (row->cost_micros == 0 || !channel || !span_is_present(channel->cost.currency))
        return SPAN_NONE;
    long long whole = (long long)row->cost_micros / 1000000, part = (long long)row->cost_micros % 1000000;
    return part % 10000 == 0
               ? arena_format(visit->arena, "%.*s %lld.%02lld", SPAN_ARG(channel->cost.currency), whole, part / 10000)
               : arena_format(visit->arena, "%.*s %lld.%06lld", SPAN_ARG(channel->cost.currency), whole, part);
}

static bool is_trouble(const struct outbox_view *text)
{
    enum outbox_state state = text->row.state;
    return (state == OUTBOX_FAILED || state == OUTBOX_UNKNOWN || state == OUTBOX_EXPIRED) && text->dealt_at == 0;
}

static struct outbox_line line_of(const struct visit *visit, const struct outbox_view *text)
{
    const struct outbox_row *row = &text->row;
    return (struct outbox_line){
        .id = row->id,
        .created_at = row->created_at,
        .changed_at = row->changed_at,
        .dealt_at = text->dealt_at,
        .leaves_at = said_leaves_at(row, visit->now),
        .state = said_outbox_state(row->state),
        .reason = said_outbox_reason(row->reason),
        .kind = said_outbox_kind(row->kind),
        .is_trouble = is_trouble(text),
        .channel = row->channel,
        .cost = cost_of(visit, row),
        .code = row->vendor_id,
        .report = text->last_report,
        .has_arrived = row->state == OUTBOX_DELIVERED,
        .attempts = row->attempts,
        .segments = row->segments,
        .request = visit_may(visit, RIGHT_QUEUE) ? text->request : 0,
        .session = visit_may(visit, RIGHT_SESSIONS) ? row->session : 0,
        .reference = said_reference_span(visit->arena, text->reference),
        .key = visit_new_key(visit),
    };
}

static void list_choices(const struct visit *visit, struct outbox_list_view *view)
{
    const struct channel_set *set = visit->catalogue->config->channels;
    struct choices channels = choices_make(visit->arena, channel_set_count(set));
    for (size_t i = 0; i < channel_set_count(set); i++) {
        const struct channel *channel = channel_set_at(set, i);
        bool may_text = channel->enabled && (channel->sends || channel->pushes);
        if (may_text || span_equal(channel->id, view->channel))
            choices_add(&channels, channel->id, channel->id, view->channel);
    }
    view->channels = channels;
    struct choices states = choices_make(visit->arena, STATES);
    for (int i = 0; i < STATES; i++)
        choices_add(&states, span_of(state_names[i]),
                    words_get(visit->style.words, words_named(said_outbox_state((enum outbox_state)i))), view->state);
    view->states = states;
}

static void show_list(struct visit *visit, unsigned status, const struct outbox_page *page,
                      struct outbox_list_view *view)
{
    list_choices(visit, view);
    view->opens_requests = visit_may(visit, RIGHT_QUEUE);
    view->opens_sessions = visit_may(visit, RIGHT_SESSIONS);
    view->lines = ARENA_ARRAY(visit->arena, struct outbox_line, page->count);
    view->line_count = page->count;
    for (size_t i = 0; i < page->count; i++)
        view->lines[i] = line_of(visit, &page->rows[i]);
    pager_fill(&view->pager, page->next, page->newer, page->is_cut_short);
    view->frame = visit_frame(visit, "outbox_title", "outbox");
    struct html html = visit_html(visit);
    show_outbox_list(&html, view);
    visit_show(visit, status, &html);
}

/* Which part of the list: as the address says it, or the form that was on it. What waits for somebody comes first: without a word about
 * it, that is what is shown. */
static struct outbox_list_view read_part(struct span (*said)(const struct visit *visit, const char *name),
                                         int64_t (*id)(const struct visit *visit, const char *name),
                                         const struct visit *visit)
{
    return (struct outbox_list_view){
        .channel = said(visit, "channel"),
        .state = said(visit, "state"),
        .in_trouble = !span_equal_text(said(visit, "show"), "all"),
        .pager = pager_of(id(visit, "below"), id(visit, "above")),
    };
}

static void show_part(struct visit *visit, unsigned status, struct outbox_list_view *view)
{
    struct outbox_filter filter = {
        .state = view->in_trouble ? -1 : state_named(view->state),
        .in_trouble = view->in_trouble,
        .channel = html_has_span(view->channel) ? view->channel : SPAN_NONE,
        .below = view->pager.below,
        .above = view->pager.above,
    };
    struct outbox_page page = {0};
    struct error err = {0};
    enum outcome outcome = desk_read_outbox(visit->reader, &filter, visit->arena, &page, &err);
    if (outcome != OUTCOME_OK)
        visit_fail(visit, outcome, &err);
    else
        show_list(visit, status, &page, view);
}

void page_outbox(struct visit *visit)
{
    struct outbox_list_view view = read_part(visit_query, visit_query_id, visit);
    show_part(visit, 200, &view);
}

static void say_part(struct buffer *address, const char *name, struct span value)
{
    if (!html_has_span(value))
        return;
    buffer_add_format(address, "&%s=", name);
    form_encode(value, address);
}

static void go_back_to(struct visit *visit, const struct outbox_list_view *view)
{
    struct buffer address;
    buffer_init(&address, visit->arena, ADDRESS_MAX);
    buffer_add_text(&address, view->in_trouble ? "/outbox?show=trouble" : "/outbox?show=all");
    say_part(&address, "state", view->state);
    say_part(&address, "channel", view->channel);
    if (view->pager.below)
        buffer_add_format(&address, "&below=%lld", (long long)view->pager.below);
    if (view->pager.above)
        buffer_add_format(&address, "&above=%lld", (long long)view->pager.above);
    const struct span written = buffer_failed(&address) ? SPAN("/outbox") : buffer_span(&address);
    visit_go(visit, "%.*s", SPAN_ARG(written));
}

void do_outbox_dealt(struct visit *visit)
{
    struct outbox_list_view view = read_part(visit_field, visit_field_id, visit);
    struct desk_action action = visit_action(visit, DESK_DEALT);
    action.about = OBJECT_OUTBOX;
    action.object = visit->id;
    struct desk_result result = {0};
    enum outcome outcome = visit_do(visit, &action, &result);
    if (outcome == OUTCOME_OK) {
        visit_say(visit, "outbox_dealt_said");
        go_back_to(visit, &view);
    } else if (outcome == OUTCOME_NOT_FOUND || outcome == OUTCOME_BROKEN) {
        visit_fail(visit, outcome, &result.error);
    } else {
        view.problem = said_why(&result);
        show_part(visit, said_status(outcome), &view);
    }
}
