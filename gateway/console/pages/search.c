/*
 * Search: one box for a reference, for a phone number, and for words of notes where those may be searched. It is a POST, because a
 * number, or what somebody noted, must stand in no address, no log of a proxy and no history of a browser; what a GET brings is looked
 * at only when it is a reference.
 */
#include "console/door/visit.h"
#include "console/pages/pages.h"
#include "console/pages/queue_row.h"
#include "console/pages/request_view.h"
#include "console/pages/search_typed.h"
#include "console/templates.h"

/* What found nothing stands in the box again, to be corrected; of a number nothing is said again. */
static void show_page(struct visit *visit, const char *word, struct span typed)
{
    struct search_view view = {.frame = visit_frame(visit, "search_title", "queue"), .word = word, .typed = typed};
    struct html page = visit_html(visit);
    show_search(&page, &view);
    visit_show(visit, 200, &page);
}

/* Of what is not theirs to see nothing is said that would not be said of nothing; that they asked is kept. */
static enum outcome check_found(struct visit *visit, const struct found_reference *found, struct error *err)
{
    struct desk_result result;
    enum outcome outcome = found->request
                               ? desk_may_see_request(visit->reader, found->request, visit->operator, visit->arena, err)
                               : desk_may_see_person(visit->reader, found->person, visit->operator, err);
    if (outcome != OUTCOME_NOT_FOUND)
        return outcome;
    struct desk_action action = visit_action(visit, DESK_VIEW);
    action.about = found->request ? OBJECT_REQUEST : OBJECT_PERSON;
    action.object = found->request ? found->request : found->person;
    outcome = visit_do(visit, &action, &result);
    *err = result.error;
    return outcome == OUTCOME_OK ? OUTCOME_NOT_FOUND : outcome;
}

/* OK: an answer was given. */
static enum outcome go_to_reference(struct visit *visit, struct span digits, struct error *err)
{
    struct found_reference found;
    enum outcome outcome = desk_find_reference(visit->reader, digits, &found, err);
    if (outcome == OUTCOME_OK)
        outcome = check_found(visit, &found, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (found.request)
        visit_go(visit, "/requests/%lld", (long long)found.request);
    else
        visit_go(visit, "/people/%lld", (long long)found.person);
    return OUTCOME_OK;
}

static void find_reference(struct visit *visit, const struct search_typed *typed)
{
    struct error err;
    enum outcome outcome = go_to_reference(visit, typed->text, &err);
    if (outcome == OUTCOME_NOT_FOUND || outcome == OUTCOME_REFUSED)
        show_page(visit, "search_no_reference", typed->text);
    else if (outcome != OUTCOME_OK)
        visit_fail(visit, outcome, &err);
}

/* By hand: of somebody who is not theirs to see but for that. */
static void find_made(struct visit *visit, struct span reference)
{
    const struct search_typed made = {.kind = SEARCH_REFERENCE, .text = reference};
    find_reference(visit, &made);
}

static void find_phone(struct visit *visit, const struct search_typed *typed)
{
    struct desk_result result;
    struct desk_action action = visit_action(visit, DESK_FIND_PHONE);
    action.about = OBJECT_PHONE;
    action.text = typed->text;
    enum outcome outcome = visit_do(visit, &action, &result);
    if (outcome == OUTCOME_OK && result.text.len > 0)
        find_made(visit, result.text);
    else if (outcome == OUTCOME_OK && result.object)
        visit_go(visit, "/people/%lld", (long long)result.object);
    else if (outcome == OUTCOME_OK && visit_may(visit, RIGHT_SESSIONS))
        visit_go(visit, "/sessions?phone=%lld", (long long)result.id);
    else if (outcome == OUTCOME_OK || outcome == OUTCOME_NOT_FOUND)
        show_page(visit, "search_no_phone", SPAN_NONE);
    else if (outcome == OUTCOME_REFUSED)
        show_page(visit, result.why ? result.why : "search_no_phone", SPAN_NONE);
    else
        visit_fail(visit, outcome, &result.error);
}

static void show_found(struct visit *visit, struct span typed, const struct queue_row *rows, size_t count)
{
    struct search_view view = {.frame = visit_frame(visit, "search_title", "queue"),
                               .word = count ? NULL : "search_no_note",
                               .typed = typed,
                               .rows = ARENA_ARRAY(visit->arena, struct queue_row_view, count),
                               .row_count = count,
                               .is_capped = count == DESK_PAGE};
    for (size_t i = 0; i < count; i++)
        queue_row_fill(visit, &rows[i], &view.rows[i]);
    struct html page = visit_html(visit);
    show_search(&page, &view);
    visit_show(visit, 200, &page);
}

static void find_notes(struct visit *visit, const struct search_typed *typed)
{
    struct queue_row *rows = NULL;
    size_t count = 0;
    struct error err;
    enum outcome outcome =
        desk_search_notes(visit->reader, typed->text, visit->operator, visit->arena, &rows, &count, &err);
    if (outcome == OUTCOME_OK)
        show_found(visit, typed->text, rows, count);
    else if (outcome == OUTCOME_NOT_FOUND || outcome == OUTCOME_REFUSED)
        show_page(visit, "search_not_understood", typed->text);
    else
        visit_fail(visit, outcome, &err);
}

void page_search(struct visit *visit)
{
    struct search_typed typed;
    search_typed_read(visit_query(visit, "q"), visit->arena, &typed);
    if (typed.kind == SEARCH_NOTHING)
        show_page(visit, NULL, SPAN_NONE);
    else if (typed.kind == SEARCH_REFERENCE)
        find_reference(visit, &typed);
    else
        show_page(visit, "search_again_here", SPAN_NONE);
}

void do_search(struct visit *visit)
{
    struct search_typed typed;
    search_typed_read(visit_field(visit, "q"), visit->arena, &typed);
    switch (typed.kind) {
    case SEARCH_NOTHING:
        show_page(visit, "search_nothing", SPAN_NONE);
        break;
    case SEARCH_REFERENCE:
        find_reference(visit, &typed);
        break;
    case SEARCH_PHONE:
        find_phone(visit, &typed);
        break;
    case SEARCH_OTHER:
        find_notes(visit, &typed);
        break;
    }
}
