/* Notes: only ever added to. Writing one anew keeps the old one. And drafts of whatever is typed on the page. */
#include "console/pages/pages.h"
#include "console/pages/request_work.h"
#include "console/pages/said.h"

static const struct request_try noting = {
    .place = "note", .field = "note-text", .wanted = "request_do_note", .said = "request_said_note", .has_text = true};

static void add_note(const struct request_work *work, const struct shown_note *shown, struct request_notes_view *view)
{
    const struct note *note = &shown->note;
    if (note->is_clinical && !view->can_see_clinical) {
        view->hidden++;
        return;
    }
    view->notes[view->note_count++] = (struct request_note_view){
        .id = note->id,
        .text = note->text,
        .who = shown->who,
        .at = note->at,
        .is_clinical = note->is_clinical,
        .is_replaced = shown->is_replaced,
        .is_version = note->replaces != 0,
        .is_mine = note->operator == work->visit->operator->id,
    };
    if (view->replaces && note->id == view->replaces) {
        view->replaced_text = note->text;
        view->stays_clinical = note->is_clinical;
    }
}

/* Which note is written anew: of the form that was sent, else of the link that was followed. */
static int64_t replaced_by(const struct request_work *work)
{
    return request_work_tried(work, "note") ? visit_field_id(work->visit, "replaces")
                                            : visit_query_id(work->visit, "edit");
}

void request_fill_notes(const struct request_work *work, struct request_notes_view *view)
{
    const struct request_view *data = &work->data;
    view->form = request_work_form(work, "note");
    view->can_write = true;
    view->can_see_clinical = visit_may(work->visit, RIGHT_CLINICAL);
    view->is_clinical = span_is_present(request_work_typed(work, "note", "clinical"));
    view->replaces = replaced_by(work);
    view->notes = ARENA_ARRAY(work->visit->arena, struct request_note_view, data->note_count);
    for (size_t i = 0; i < data->note_count; i++)
        add_note(work, &data->notes[i], view);
    if (view->replaces && !span_is_present(view->form.text))
        view->form.text = view->replaced_text;
}

void do_request_note(struct visit *visit)
{
    struct span text = visit_field(visit, "text");
    if (span_trim(text).len == 0) {
        request_work_refuse(visit, noting, "request_why_empty");
        return;
    }
    struct desk_action action = request_work_action(visit, DESK_NOTE);
    action.text = text;
    action.flag = span_is_present(visit_field(visit, "clinical"));
    action.to = visit_field_id(visit, "replaces");
    request_work_do(visit, &action, noting);
}

/* ---- drafts ---- */

/* Of these forms alone, so that nobody fills the file with names of their own. Which referrals there are, the core knows. */
static const char *const places[] = {"note", "reply", "attempt", "assign", "close"};

static bool is_place(struct span name)
{
    if (span_starts_with(name, SPAN(DRAFT_OF_REFERRAL)))
        return true;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (span_equal_text(name, places[i]))
            return true;
    }
    return false;
}

/* The page's script asks for the status alone; who has pressed the button is shown what they typed. */
static void refuse_long_draft(struct visit *visit, struct span place, const char *why)
{
    if (visit->is_partial) {
        visit_give(visit, 422, SPAN("text/plain; charset=utf-8"), SPAN("too long\n"));
        return;
    }
    struct request_try tried = noting;
    if (!span_equal_text(place, noting.place)) {
        tried.place = arena_format(visit->arena, "%.*s", SPAN_ARG(place)).at;
        tried.field = NULL;
    }
    request_work_refuse(visit, tried, why);
}

void do_request_draft(struct visit *visit)
{
    struct desk_result result;
    struct span place = visit_field(visit, "place"), text = visit_field(visit, "text");
    if (!is_place(place)) {
        visit_refuse(visit, 404, "why_not_there");
        return;
    }
    struct desk_action action = visit_action(visit, DESK_DRAFT);
    action.key = (struct lookup){{0}}; /* the same form keeps many */
    action.about = OBJECT_REQUEST;
    action.object = visit->id;
    action.name = place;
    action.text = text;
    enum outcome outcome = visit_do(visit, &action, &result);
    if (outcome == OUTCOME_REFUSED && !typed_fits(text))
        refuse_long_draft(visit, place, said_why(&result));
    else if (outcome != OUTCOME_OK)
        visit_fail(visit, outcome, &result.error);
    else if (visit->is_partial)
        visit_give(visit, 200, SPAN("text/plain; charset=utf-8"), SPAN("kept\n"));
    else
        visit_go(visit, "/requests/%lld#%.*s", (long long)visit->id, SPAN_ARG(place));
}
