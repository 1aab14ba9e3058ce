#include "console/pages/lines.h"
#include "console/pages/pages.h"
#include "console/templates.h"

/* What the address says, read once; the same names stand in the form and in every link of the page. */
static void read_filter(const struct visit *visit, struct sessions_view *view)
{
    view->channel = visit_query(visit, "channel");
    view->lang = visit_query(visit, "lang");
    view->end = visit_query(visit, "end");
    view->node = visit_query(visit, "screen");
    view->from = visit_query(visit, "from");
    view->to = visit_query(visit, "to");
    view->with_request = html_has_span(visit_query(visit, "request"));
    view->person = visit_query_id(visit, "person");
    view->phone = visit_query_id(visit, "phone");
    view->pager = pager_of(visit_query_id(visit, "below"), visit_query_id(visit, "above"));
    view->is_filtered = html_has_span(view->channel) || html_has_span(view->lang) || html_has_span(view->end) ||
                        html_has_span(view->node) || html_has_span(view->from) || html_has_span(view->to) ||
                        view->with_request || view->person || view->phone;
}

static int cause_named(struct span name)
{
    for (int i = 0; end_cause_words[i]; i++)
        if (span_equal_text(name, end_cause_words[i]))
            return i;
    return -1;
}

static struct span given(struct span value)
{
    return value.len > 0 ? value : SPAN_NONE;
}

static struct session_filter filter_of(const struct visit *visit, struct sessions_view *view)
{
    struct session_filter filter = {
        .channel = given(view->channel),
        .lang = given(view->lang),
        .node = given(view->node),
        .cause = cause_named(view->end),
        .person = view->person,
        .phone = view->phone,
        .with_request = view->with_request,
        .below = view->pager.below,
        .above = view->pager.above,
    };
    view->problem = said_read_days(view->from, view->to, visit->style.zone_minutes, &filter.from, &filter.to);
    return filter;
}

static void list_channels(const struct visit *visit, struct sessions_view *view)
{
    const struct channel_set *set = visit->catalogue->config->channels;
    struct choices choices = choices_make(visit->arena, channel_set_count(set));
    for (size_t i = 0; i < channel_set_count(set); i++) {
        const struct channel *channel = channel_set_at(set, i);
        if (channel->enabled || span_equal(channel->id, view->channel))
            choices_add(&choices, channel->id, channel->id, view->channel);
    }
    view->channels = choices;
}

static void list_ends(const struct visit *visit, struct sessions_view *view)
{
    struct choices choices = choices_make(visit->arena, END_ABORTED + 1);
    for (int cause = END_NONE; cause <= END_ABORTED; cause++)
        choices_add(&choices, span_of(end_cause_words[cause]),
                    words_get(visit->style.words, words_named(said_end((enum end_cause)cause))), view->end);
    view->ends = choices;
}

static void fill_lines(const struct visit *visit, const struct session_page *page, struct sessions_view *view)
{
    view->lines = ARENA_ARRAY(visit->arena, struct session_line, page->count);
    view->line_count = page->count;
    for (size_t i = 0; i < page->count; i++)
        view->lines[i] = line_of_session(visit, &page->rows[i]);
    pager_fill(&view->pager, page->next, page->newer, page->is_cut_short);
}

/* Whose sessions these are is something about a person: it takes the right to it, and leaves its line. */
static bool may_look_at_whose(struct visit *visit, const struct sessions_view *view)
{
    if (!view->person && !view->phone)
        return true;
    if (!visit_may(visit, RIGHT_PERSON)) {
        visit_refuse(visit, 403, "refused_no_right");
        return false;
    }
    return (!view->person || visit_look(visit, OBJECT_PERSON, view->person)) &&
           (!view->phone || visit_look(visit, OBJECT_PHONE, view->phone));
}

void page_sessions(struct visit *visit)
{
    struct sessions_view view = {0};
    read_filter(visit, &view);
    struct session_filter filter = filter_of(visit, &view);
    if (!may_look_at_whose(visit, &view))
        return;
    struct session_page page = {0};
    struct error err = {0};
    enum outcome outcome = desk_read_sessions(visit->reader, &filter, visit->arena, &page, &err);
    if (outcome != OUTCOME_OK) {
        visit_fail(visit, outcome, &err);
        return;
    }
    list_channels(visit, &view);
    view.langs = choice_languages(visit, view.lang);
    list_ends(visit, &view);
    fill_lines(visit, &page, &view);
    view.node_words = html_has_span(view.node) ? line_screen_words(visit, view.channel, view.node) : SPAN_NONE;
    view.frame = visit_frame(visit, "sessions_title", "sessions");
    struct html html = visit_html(visit);
    show_sessions(&html, &view);
    visit_show(visit, 200, &html);
}
