#include "console/pages/audit_list_view.h"

#include <sodium.h>
#include "console/door/visit.h"
#include "console/pages/pages.h"
#include "console/pages/said.h"
#include "console/templates.h"

/* Everybody who works here or did: rows speak of them. */
struct accounts {
    struct operator *rows;
    size_t count;
};

static enum audit_action action_named(struct span name)
{
    for (int i = AUDIT_NONE + 1; i < AUDIT_COUNT; i++)
        if (span_equal_text(name, audit_action_name((enum audit_action)i)))
            return (enum audit_action)i;
    return AUDIT_NONE;
}

static enum audit_object object_named(struct span name)
{
    for (int i = OBJECT_NONE + 1; i < OBJECT_COUNT; i++)
        if (span_equal_text(name, audit_object_name((enum audit_object)i)))
            return (enum audit_object)i;
    return OBJECT_NONE;
}

static void read_filter(const struct visit *visit, struct audit_list_view *view)
{
    view->who = visit_query(visit, "who");
    view->action = visit_query(visit, "action");
    view->object = visit_query(visit, "object");
    view->object_id = visit_query_id(visit, "id");
    view->from = visit_query(visit, "from");
    view->to = visit_query(visit, "to");
    view->pager = pager_of(visit_query_id(visit, "below"), visit_query_id(visit, "above"));
    view->is_filtered = html_has_span(view->who) || html_has_span(view->action) || html_has_span(view->object) ||
                        view->object_id || html_has_span(view->from) || html_has_span(view->to);
}

static struct audit_filter filter_of(const struct visit *visit, struct audit_list_view *view)
{
    struct audit_filter filter = {
        .operator = visit_query_id(visit, "who"),
        .action = action_named(view->action),
        .object = object_named(view->object),
        .object_id = view->object_id,
        .below = view->pager.below,
        .above = view->pager.above,
    };
    view->problem = said_read_days(view->from, view->to, visit->style.zone_minutes, &filter.from, &filter.to);
    return filter;
}

static struct choices list_accounts(const struct visit *visit, const struct accounts *accounts, struct span chosen)
{
    struct choices choices = choices_make(visit->arena, accounts->count);
    for (size_t i = 0; i < accounts->count; i++)
        choices_add(&choices, arena_format(visit->arena, "%lld", (long long)accounts->rows[i].id),
                    accounts->rows[i].shown, chosen);
    return choices;
}

static struct choices list_actions(const struct visit *visit, struct span chosen)
{
    struct choices choices = choices_make(visit->arena, AUDIT_COUNT);
    for (int i = AUDIT_NONE + 1; i < AUDIT_COUNT; i++) {
        struct span name = span_of(audit_action_name((enum audit_action)i));
        choices_add(&choices, name, said_named(visit->style.words, "audit_did_", name), chosen);
    }
    return choices;
}

static struct choices list_objects(const struct visit *visit, struct span chosen)
{
    struct choices choices = choices_make(visit->arena, OBJECT_COUNT);
    for (int i = OBJECT_NONE + 1; i < OBJECT_COUNT; i++) {
        struct span name = span_of(audit_object_name((enum audit_object)i));
        choices_add(&choices, name, said_named(visit->style.words, "audit_object_", name), chosen);
    }
    return choices;
}

static void fill_choices(const struct visit *visit, const struct accounts *accounts, struct audit_list_view *view)
{
    view->operators = list_accounts(visit, accounts, view->who);
    view->actions = list_actions(visit, view->action);
    view->objects = list_objects(visit, view->object);
}

/* Where the page of an object is, for who may open it. */
static const char *place_of(const struct visit *visit, enum audit_object object)
{
    static const struct {
        const char *place;
        enum right right;
    } places[OBJECT_COUNT] = {
        [OBJECT_REQUEST] = {"requests", RIGHT_QUEUE},
        [OBJECT_SESSION] = {"sessions", RIGHT_SESSIONS},
        [OBJECT_PERSON] = {"people", RIGHT_PERSON},
        [OBJECT_OPERATOR] = {"users", RIGHT_USERS},
    };
    return places[object].place && visit_may(visit, places[object].right) ? places[object].place : NULL;
}

/* By the reference or the name that people know it by, where it has one. */
static struct span named(const struct visit *visit, const struct accounts *accounts, const struct audit_view *row)
{
    struct span reference = said_reference(visit->arena, row->reference);
    if (span_is_present(reference) || row->row.object_id == 0)
        return reference;
    for (size_t i = 0; row->row.object == OBJECT_OPERATOR && i < accounts->count; i++)
        if (accounts->rows[i].id == row->row.object_id)
            return accounts->rows[i].shown;
    return arena_format(visit->arena, "%lld", (long long)row->row.object_id);
}

/* "page_requests_claim" is told as "page_requests" is, where it has no words of its own. */
static struct span page_named(const struct words *words, struct span detail)
{
    struct span shorter = detail;
    for (size_t i = detail.len; i > 0; i--) {
        if (i < detail.len && detail.at[i] != '_')
            continue;
        shorter.len = i;
        struct span said = said_named(words, "audit_detail_", shorter);
        if (!span_equal(said, shorter))
            return said;
    }
    return detail;
}

/* Of what was refused its operator was told why: the same words stand here. */
static struct span detail_of(const struct visit *visit, struct span detail)
{
    const struct words *words = visit->style.words;
    if (span_starts_with(detail, SPAN("page_")))
        return page_named(words, detail);
    struct span said = said_named(words, "audit_detail_", detail);
    return span_equal(said, detail) ? said_named(words, "why_", detail) : said;
}

static struct audit_line line_of(const struct visit *visit, const struct accounts *accounts,
                                 const struct audit_view *view)
{
    const struct audit_row *row = &view->row;
    const struct words *words = visit->style.words;
    bool is_known = row->object > OBJECT_NONE && row->object < OBJECT_COUNT;
    return (struct audit_line){
        .id = row->id,
        .at = row->at,
        .who = view->who,
        .is_program = row->action == AUDIT_PROGRAM,
        .action = said_named(words, "audit_did_", span_of(audit_action_name(row->action))),
        .object = is_known ? said_named(words, "audit_object_", span_of(audit_object_name(row->object))) : SPAN_NONE,
        .detail = html_has_span(row->detail) ? detail_of(visit, row->detail) : SPAN_NONE,
        .peer = span_is_present(row->peer) ? said_named(words, "audit_peer_", row->peer) : SPAN_NONE,
        .named = named(visit, accounts, view),
        .place = is_known && row->object_id ? place_of(visit, row->object) : NULL,
        .object_id = row->object_id,
        .is_refusal = row->action == AUDIT_REFUSED || row->action == AUDIT_SIGN_IN_FAILED,
    };
}

static struct span hexadecimal(struct arena *arena, const unsigned char *bytes, size_t count)
{
    char *text = arena_alloc(arena, 2 * count + 1);
    sodium_bin2hex(text, 2 * count + 1, bytes, count);
    return (struct span){text, 2 * count};
}

/* The newest row of all, whatever the filter shows. */
static enum outcome read_head(const struct visit *visit, struct audit_list_view *view, struct error *err)
{
    struct audit_page page = {0};
    enum outcome outcome = desk_read_audit(visit->reader, &(struct audit_filter){0}, visit->arena, &page, err);
    if (outcome == OUTCOME_OK && page.count > 0) {
        view->head_id = page.rows[0].row.id;
        view->head_at = page.rows[0].row.at;
        view->head = hexadecimal(visit->arena, page.rows[0].row.mac, AUDIT_MAC_BYTES);
    }
    return outcome;
}

static void fill_lines(const struct visit *visit, const struct accounts *accounts, const struct audit_page *page,
                       struct audit_list_view *view)
{
    view->lines = ARENA_ARRAY(visit->arena, struct audit_line, page->count);
    view->line_count = page->count;
    for (size_t i = 0; i < page->count; i++)
        view->lines[i] = line_of(visit, accounts, &page->rows[i]);
    pager_fill(&view->pager, page->next, page->newer, page->is_cut_short);
}

void page_audit(struct visit *visit)
{
    struct audit_list_view view = {0};
    struct audit_page page = {0};
    struct accounts accounts = {0};
    struct error err = {0};
    read_filter(visit, &view);
    struct audit_filter filter = filter_of(visit, &view);
    enum outcome outcome = desk_read_audit(visit->reader, &filter, visit->arena, &page, &err);
    if (outcome == OUTCOME_OK)
        outcome = desk_read_operators(visit->reader, visit->arena, &accounts.rows, &accounts.count, &err);
    if (outcome == OUTCOME_OK)
        outcome = read_head(visit, &view, &err);
    if (outcome != OUTCOME_OK) {
        visit_fail(visit, outcome, &err);
        return;
    }
    fill_choices(visit, &accounts, &view);
    fill_lines(visit, &accounts, &page, &view);
    view.frame = visit_frame(visit, "audit_title", "audit");
    struct html html = visit_html(visit);
    show_audit_list(&html, &view);
    visit_show(visit, 200, &html);
}
