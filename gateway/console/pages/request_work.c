#include "console/pages/request_work.h"

#include <string.h>
#include "base/clock.h"
#include "console/page/frame.h"
#include "console/pages/pages.h"
#include "console/pages/queue_row.h"
#include "console/pages/said.h"
#include "console/templates.h"

#define VIEWERS_MAX 8

/* ---- the page ---- */

static void understand(struct request_work *work)
{
    struct visit *visit = work->visit;
    work->service = visit_service_of(visit, &work->data.row.origin);
    visit->style.zone_minutes = visit_zone(visit, work->service);
    queue_row_rule(work->service, &work->data.row, &work->rule);
    queue_row_fill(visit, &work->data.row, &work->row);
    work->is_open = !work->row.is_over;
}

/* The line of the audit first: the core also says whether it is theirs to see. */
bool request_work_start(struct visit *visit, const struct request_try *tried, struct request_work *work)
{
    *work = (struct request_work){.visit = visit, .tried = tried};
    if (!visit_look(visit, OBJECT_REQUEST, visit->id))
        return false;
    struct error err;
    const struct area_fields areas = visit_areas(visit);
    enum outcome outcome =
        desk_read_request(visit->reader, visit->id, visit->operator, &areas, visit->arena, &work->data, &err);
    if (outcome != OUTCOME_OK) {
        visit_fail(visit, outcome, &err);
        return false;
    }
    const struct request *request = &work->data.row.request;
    if (!operator_sees(visit->operator, request->desk, request->topic)) {
        visit_refuse(visit, 404, "why_not_there");
        return false;
    }
    understand(work);
    return true;
}

static void fill_problems(const struct request_work *work, struct request_page_view *view)
{
    if (!work->tried || !work->tried->why)
        return;
    view->mistakes = request_work_mistakes(work);
    view->has_conflict = work->tried->is_conflict;
    if (view->has_conflict)
        request_fill_conflict(work, &view->conflict);
}

static void fill_viewers(const struct request_work *work, struct request_page_view *view)
{
    const struct visit *visit = work->visit;
    view->viewers = ARENA_ARRAY(visit->arena, struct span, VIEWERS_MAX);
    view->viewer_count = visit_viewers(visit, work->row.id, view->viewers, VIEWERS_MAX);
}

static void fill_flags(const struct request_work *work, struct request_page_view *view)
{
    const struct request_view *data = &work->data;
    view->flags = ARENA_ARRAY(work->visit->arena, struct request_flag_view, data->flag_count);
    view->flag_count = data->flag_count;
    for (size_t i = 0; i < data->flag_count; i++)
        view->flags[i] = (struct request_flag_view){.text = data->flags[i].text,
                                                    .until = data->flags[i].until - 1}; /* the last day that it holds */
}

static void fill_head(const struct request_work *work, struct request_page_view *view)
{
    const struct visit *visit = work->visit;
    const struct request *request = &work->data.row.request;
    const struct request_desk *desk = &work->data.row.desk;
    view->row = work->row;
    view->desk = choice_desk_words(visit, request->desk);
    view->session = request->session;
    view->person = request->person;
    view->merged_into = desk->merged_into;
    view->merged_reference = said_reference_span(visit->arena, work->data.merged_reference);
    view->outcome = work->is_open ? NULL : request_outcome_word(desk->outcome);
    view->came_by = desk->made_by ? request_came_by_word(desk->came_by) : NULL;
    view->can_see_person = request->person && work->data.sees_person;
    view->can_deal = request->attention != ATTENTION_NONE;
    view->dealt = request_work_form(work, "dealt");
}

/* For which service it was made by hand says something where there is more than one. */
static bool is_told(const struct request_work *work, const struct answer *answer)
{
    const struct catalogue *catalogue = work->visit->catalogue;
    return (catalogue && catalogue->service_count > 1) || !span_equal_text(answer->field, BY_HAND_SERVICE);
}

static void fill_answers(const struct request_work *work, struct request_page_view *view)
{
    const struct queue_row *row = &work->data.row;
    view->answers = ARENA_ARRAY(work->visit->arena, struct request_answer_view, row->answer_count);
    for (size_t i = 0; i < row->answer_count; i++)
        if (is_told(work, &row->answers[i]))
            view->answers[view->answer_count++] = request_work_answer(work, &row->answers[i]);
}

/* Whoever made it wait, or called in vain, is told until when it does. */
static void tell_wait(const struct request_work *work)
{
    static const char *const tells[] = {"request_said_wait", "request_said_attempt"};
    struct frame_view *frame = work->frame;
    for (size_t i = 0; frame->flash_word && i < sizeof tells / sizeof *tells; i++) {
        if (strcmp(frame->flash_word, tells[i]) == 0)
            frame->flash_until = work->row.due.wait_until;
    }
    frame->flash_zone = work->row.zone;
}

void request_work_show(struct visit *visit, const struct request_try *tried)
{
    struct request_work work;
    if (!request_work_start(visit, tried, &work))
        return;
    work.frame = visit_frame(visit, "request_title", "queue");
    work.frame->request = work.row.id;
    tell_wait(&work);
    struct request_page_view view = {.frame = work.frame};
    fill_problems(&work, &view);
    fill_head(&work, &view);
    fill_viewers(&work, &view);
    fill_flags(&work, &view);
    fill_answers(&work, &view);
    request_fill_contact(&work, &view.contact);
    request_fill_notes(&work, &view.notes);
    request_fill_reply(&work, &view.reply);
    request_fill_refer(&work, &view.refer);
    request_fill_hands(&work, &view.hands);
    request_fill_close(&work, &view.close);
    request_fill_past(&work, &view);
    struct html page = visit_html(visit);
    show_request_page(&page, &view);
    visit_show(visit, tried && tried->status ? tried->status : 200, &page);
}

void page_request(struct visit *visit)
{
    request_work_show(visit, NULL);
}

/* ---- forms of it ---- */

bool request_work_time(const struct visit *visit, const char *field, int64_t *at)
{
    struct request_origin origin;
    struct error ignored;
    /* Of what is not theirs to see the core says so. */
    const bool is_there =
        desk_read_origin(visit->reader, visit->id, visit->operator, visit->arena, &origin, &ignored) == OUTCOME_OK;
    const int zone = visit_zone(visit, is_there ? visit_service_of(visit, &origin) : NULL);
    return clock_read(span_trim(visit_field(visit, field)), zone, at) && *at > visit->now;
}

bool request_work_tried(const struct request_work *work, const char *place)
{
    return work->tried && span_equal_text(span_of(work->tried->place), place);
}

struct span request_work_typed(const struct request_work *work, const char *place, const char *field)
{
    return request_work_tried(work, place) ? visit_field(work->visit, field) : SPAN_NONE;
}

static const struct draft *draft_of(const struct request_work *work, const char *place)
{
    for (size_t i = 0; i < work->data.draft_count; i++) {
        if (span_equal_text(work->data.drafts[i].place, place))
            return &work->data.drafts[i];
    }
    return NULL;
}

/* Where it is not known whether it was carried out, the same key says the same thing again; a refusal is answered by a new one. */
static struct span key_of(const struct request_work *work, bool was_tried)
{
    bool is_unknown = was_tried && work->tried->status >= 500;
    return is_unknown ? visit_field(work->visit, "key") : visit_new_key(work->visit);
}

static int64_t last_line(const struct request_view *data)
{
    return data->event_count > 0 ? data->events[data->event_count - 1].id : 0;
}

struct request_form request_work_form(const struct request_work *work, const char *place)
{
    bool was_tried = request_work_tried(work, place);
    const char *why = was_tried ? work->tried->why : NULL;
    const bool is_text_wrong = was_tried && work->tried->is_text_wrong;
    const struct draft *draft = draft_of(work, place);
    return (struct request_form){
        .id = work->row.id,
        .version = work->row.version,
        .seen_line = last_line(&work->data),
        .seen_failed_at = work->data.failed_at,
        .key = key_of(work, was_tried),
        .frame = work->frame,
        .text = was_tried ? visit_field(work->visit, "text")
                : draft   ? draft->text
                          : SPAN_NONE,
        .error = is_text_wrong ? NULL : why,
        .text_error = is_text_wrong ? why : NULL,
        .draft_at = draft && !was_tried ? draft->at : 0,
    };
}

struct mistakes request_work_mistakes(const struct request_work *work)
{
    const struct request_try *tried = work->tried;
    struct mistakes mistakes = {.count = 0};
    if (tried && tried->mistakes)
        return *tried->mistakes;
    if (tried && tried->why)
        mistakes_add(&mistakes,
                     (struct mistake){.word = tried->why, .field = tried->field ? tried->field : tried->place});
    return mistakes;
}

struct request_answer_view request_work_answer(const struct request_work *work, const struct answer *answer)
{
    struct answer_words words = {.question = answer->field, .answer = answer->value};
    if (span_equal_text(answer->field, DESK_TEXTS_FIELD)) {
        bool may = span_equal_text(answer->value, DESK_TEXTS_YES);
        words.question = choice_words(work->visit, "request_new_may_be_texted");
        words.answer = choice_words(work->visit, may ? "request_yes" : "request_no");
    } else if (span_equal_text(answer->field, BY_HAND_SERVICE)) {
        words.question = choice_words(work->visit, "request_new_service");
    } else if (work->service) {
        desk_answer_words(work->service, SPAN_NONE, answer, work->visit->operator->lang, work->visit->arena, &words);
        if (desk_is_number(work->service, answer->field))
            words.answer = phone_masked(answer->value, work->visit->arena);
    }
    return (struct request_answer_view){
        .question = words.question, .answer = words.answer, .is_sensitive = answer->sensitive};
}
