#include "console/pages/sessions.h"

#include "console/pages/lines.h"
#include "console/pages/pages.h"
#include "console/templates.h"

static void list_channels(const struct visit *visit, struct sessions_view *view)
{
    const struct channel_set *set = visit->catalogue->config->channels;
    struct choices choices = choices_make(visit->arena, channel_set_count(set));
    for (size_t i = 0; i < channel_set_count(set); i++) {
        const struct channel *channel = channel_set_at(set, i);
        if (channel->enabled || span_equal(channel->id, view->filter.channel))
            choices_add(&choices, channel->id, channel->id, view->filter.channel);
    }
    view->channels = choices;
}

static void list_ends(const struct visit *visit, struct sessions_view *view)
{
    struct choices choices = choices_make(visit->arena, END_ABORTED + 1);
    for (int cause = END_NONE; cause <= END_ABORTED; cause++)
        choices_add(&choices, span_of(end_cause_words[cause]),
                    words_get(visit->style.words, words_named(said_end((enum end_cause)cause))), view->filter.end);
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
bool sessions_look(struct visit *visit, const struct sessions_address *address)
{
    if (!address->person && !address->phone)
        return true;
    if (!visit_may(visit, RIGHT_PERSON)) {
        visit_refuse(visit, 403, "refused_no_right");
        return false;
    }
    return (!address->person || visit_look(visit, OBJECT_PERSON, address->person)) &&
           (!address->phone || visit_look(visit, OBJECT_PHONE, address->phone));
}

/* The same names stand in the form, in every link of the page, and in `list` of those that open a session. */
static void fill_address(const struct visit *visit, struct sessions_view *view)
{
    const struct sessions_address *address = &view->filter;
    view->pager = pager_of(address->below, address->above);
    view->is_filtered = sessions_address_is_filtered(address);
    view->list = view->is_filtered ? sessions_address_write(address, visit->arena) : SPAN_NONE;
    view->node_words = address->node.len ? line_screen_words(visit, address->channel, address->node) : SPAN_NONE;
}

void page_sessions(struct visit *visit)
{
    struct sessions_view view = {0};
    struct session_filter filter;
    sessions_address_read(visit->query, visit->query_count, &view.filter);
    view.problem = sessions_address_filter(&view.filter, visit->style.zone_minutes, &filter);
    if (!sessions_look(visit, &view.filter))
        return;
    struct session_page page = {0};
    struct error err = {0};
    enum outcome outcome = desk_read_sessions(visit->reader, &filter, visit->arena, &page, &err);
    if (outcome != OUTCOME_OK) {
        visit_fail(visit, outcome, &err);
        return;
    }
    fill_address(visit, &view);
    list_channels(visit, &view);
    view.langs = choice_languages(visit, view.filter.lang);
    list_ends(visit, &view);
    fill_lines(visit, &page, &view);
    view.frame = visit_frame(visit, "sessions_title", "sessions");
    struct html html = visit_html(visit);
    show_sessions(&html, &view);
    visit_show(visit, 200, &html);
}
