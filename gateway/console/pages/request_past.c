/* What has happened to a request, who has seen it, and what else its person asked for. */
#include <string.h>
#include "console/pages/queue_row.h"
#include "console/pages/request_work.h"
#include "console/pages/said.h"
#include "console/pages/transcript.h"

static const char *by_word(enum step_by by)
{
    static const char *const words[] = {
        [BY_PERSON] = "by_person", [BY_PROGRAM] = "by_program", [BY_OPERATOR] = "by_operator"};
    return words[by];
}

/* Whom or what it was about, where that is known: the sentence with it stands for the one without. */
static void say_about(const struct request_work *work, const struct request_event *event,
                      struct request_event_view *view)
{
    enum request_urgency was, is;
    if (span_equal_text(event->what, "handed_over"))
        view->handed_to = event->to;
    else
        view->given_to = event->to;
    if (span_equal_text(event->what, "referred"))
        view->referred_to = request_referred_to(work, event->at);
    if (audit_is_urgency(event->what, &was, &is)) {
        view->urgency_was = choice_words(work->visit, request_urgency_word(was));
        view->urgency_is = choice_words(work->visit, request_urgency_word(is));
    }
    if (event->to.len > 0 || view->referred_to.len > 0 || view->urgency_is.len > 0)
        view->step = NULL;
}

static void fill_events(const struct request_work *work, struct request_page_view *view)
{
    const struct request_view *data = &work->data;
    view->events = ARENA_ARRAY(work->visit->arena, struct request_event_view, data->event_count);
    view->event_count = data->event_count;
    for (size_t i = 0; i < data->event_count; i++) {
        const struct request_event *event = &data->events[i];
        view->events[i] = (struct request_event_view){
            .at = event->at, .step = request_event_word(event), .by = by_word(event->by), .who = event->who};
        say_about(work, event, &view->events[i]);
    }
}

static void fill_openings(const struct request_work *work, struct request_page_view *view)
{
    const struct request_view *data = &work->data;
    view->openings = ARENA_ARRAY(work->visit->arena, struct request_opening_view, data->opening_count);
    view->opening_count = data->opening_count;
    for (size_t i = 0; i < data->opening_count; i++) {
        const struct opening *opening = &data->openings[i];
        struct arena *arena = work->visit->arena;
        view->openings[i] = (struct request_opening_view){
            .at = opening->at,
            .who = opening->who,
            .action = arena_format(arena, "opened_%s", audit_action_name(opening->action)).at,
            .detail = opening->detail.len > 0 ? arena_format(arena, "reason_%.*s", SPAN_ARG(opening->detail)).at : NULL,
        };
    }
}

static void fill_attempts(const struct request_work *work, struct request_page_view *view)
{
    const struct request_view *data = &work->data;
    view->attempts = ARENA_ARRAY(work->visit->arena, struct request_attempt_view, data->attempt_count);
    view->attempt_count = data->attempt_count;
    for (size_t i = 0; i < data->attempt_count; i++)
        view->attempts[i] =
            (struct request_attempt_view){.at = data->attempts[i].attempt.at,
                                          .who = data->attempts[i].who,
                                          .result = request_result_word(data->attempts[i].attempt.result)};
}

static void fill_others(const struct request_work *work, struct request_page_view *view)
{
    const struct visit *visit = work->visit;
    const struct request_view *data = &work->data;
    view->others = ARENA_ARRAY(visit->arena, struct request_other_view, data->others.count);
    for (size_t i = 0; i < data->others.count; i++) {
        const struct request *other = &data->others.rows[i];
        if (other->id == work->row.id || !operator_sees(visit->operator, other->desk, other->topic))
            continue;
        view->others[view->other_count++] = (struct request_other_view){
            .id = other->id,
            .created_at = other->created_at,
            .reference = said_reference(visit->arena, other->reference),
            .about = choice_about_words(visit, visit_service_of(visit, &data->others.origins[i]), other),
            .status = queue_row_status(other, &data->others.desks[i], visit->now),
        };
    }
}

void request_fill_past(const struct request_work *work, struct request_page_view *view)
{
    fill_events(work, view);
    fill_openings(work, view);
    fill_attempts(work, view);
    fill_others(work, view);
}

/* ---- somebody else was first ---- */

static const struct shown_note *latest_note(const struct request_work *work)
{
    const struct request_view *data = &work->data;
    const struct shown_note *latest = NULL;
    bool may_see = visit_may(work->visit, RIGHT_CLINICAL);
    for (size_t i = 0; i < data->note_count; i++) {
        const struct shown_note *note = &data->notes[i];
        if ((may_see || !note->note.is_clinical) && (!latest || note->note.at > latest->note.at))
            latest = note;
    }
    return latest;
}

/* When its person wrote what the page did not show; INT64_MAX: they did not. */
static int64_t unseen_since(const struct request_work *work)
{
    const struct request_view *data = &work->data;
    const int64_t seen = request_work_seen(work->visit).line;
    for (size_t i = 0; i < data->event_count; i++)
        if (data->events[i].id > seen)
            return data->events[i].at;
    return INT64_MAX;
}

/* Where it cannot be read now, the link beside it leads there. */
static void fill_said(const struct request_work *work, struct request_conflict_view *view)
{
    struct error ignored;
    if (transcript_said_since(work->visit, &work->data, unseen_since(work), &view->said, &ignored) != OUTCOME_OK)
        view->said = (struct steps_view){0};
}

void request_fill_conflict(const struct request_work *work, struct request_conflict_view *view)
{
    const struct request_view *data = &work->data;
    *view = (struct request_conflict_view){.id = work->row.id,
                                           .is_word = strcmp(work->tried->why, "why_new_word") == 0,
                                           .status = work->row.status,
                                           .urgency = request_urgency_word(work->row.urgency),
                                           .assignee = work->row.assignee,
                                           .is_mine = work->row.is_mine,
                                           .wanted = work->tried->wanted,
                                           .wanted_choice = work->tried->choice,
                                           .place = work->tried->place};
    if (view->is_word)
        fill_said(work, view);
    if (work->tried->has_text)
        view->typed = visit_field(work->visit, "text");
    if (data->event_count > 0) {
        const struct request_event *last = &data->events[data->event_count - 1];
        view->at = last->at;
        view->step = request_event_word(last);
        view->step_by = last->who;
    }
    const struct shown_note *note = latest_note(work);
    if (note) {
        view->latest_note = note->note.text;
        view->note_by = note->who;
    }
}
