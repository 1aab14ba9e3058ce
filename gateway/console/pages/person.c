#include "console/pages/person.h"

#include "console/pages/choice.h"
#include "console/pages/pages.h"
#include "console/templates.h"
#include "menu/desk.h"

bool person_read(struct visit *visit, struct person_view_desk *person)
{
    struct error err = {0};
    enum outcome outcome = desk_read_person(visit->reader, visit->id, visit->operator, visit->arena, person, &err);
    if (outcome != OUTCOME_OK && outcome != OUTCOME_NOT_FOUND) {
        visit_fail(visit, outcome, &err);
        return false;
    }
    if (!visit_look(visit, OBJECT_PERSON, visit->id)) /* that they asked is kept, also of who is not theirs to see */
        return false;
    if (outcome != OUTCOME_OK)
        visit_fail(visit, outcome, &err);
    return outcome == OUTCOME_OK;
}

/* The service whose words their answers have: that of their latest session. */
static const struct service *person_service(const struct visit *visit, const struct person_view_desk *person)
{
    return visit_service(visit, person->session_count > 0 ? person->sessions[0].session.channel : SPAN_NONE);
}

static void fill_answers(const struct visit *visit, const struct service *service, const struct registration_view *from,
                         struct kept_registration *to)
{
    struct span lang = words_id(visit->style.words);
    to->answers = ARENA_ARRAY(visit->arena, struct kept_answer, from->answer_count);
    to->answer_count = from->answer_count;
    for (size_t i = 0; i < from->answer_count; i++) {
        struct answer_words words = {.question = from->answers[i].field, .answer = from->answers[i].value};
        if (service)
            desk_answer_words(service, SPAN_NONE, &from->answers[i], lang, visit->arena, &words);
        to->answers[i] = (struct kept_answer){.question = words.question, .answer = words.answer};
    }
}

static void fill_registrations(const struct visit *visit, const struct person_view_desk *person,
                               struct person_page_view *view)
{
    const struct service *service = person_service(visit, person);
    view->registrations = ARENA_ARRAY(visit->arena, struct kept_registration, person->registration_count);
    view->registration_count = person->registration_count;
    for (size_t i = 0; i < person->registration_count; i++) {
        const struct registration *row = &person->registrations[i].row;
        view->registrations[i] = (struct kept_registration){
            .reference = said_reference(visit->arena, row->reference),
            .consent_version = row->consent_version,
            .lang = choice_language_words(visit, row->lang),
            .created_at = row->created_at,
            .corrected_at = row->corrected_at,
            .withdrawn_at = row->withdrawn_at,
            .session = view->may_browse ? row->session : 0,
        };
        fill_answers(visit, service, &person->registrations[i], &view->registrations[i]);
    }
}

static void fill_sessions(const struct visit *visit, const struct person_view_desk *person,
                          struct person_page_view *view)
{
    view->sessions = ARENA_ARRAY(visit->arena, struct session_line, person->session_count);
    view->session_count = view->may_browse ? person->session_count : 0;
    for (size_t i = 0; i < view->session_count; i++)
        view->sessions[i] = line_of_session(visit, &person->sessions[i]);
}

static void fill_follow_ups(const struct visit *visit, const struct person_view_desk *person,
                            struct person_page_view *view)
{
    view->follow_ups = ARENA_ARRAY(visit->arena, struct follow_up_line, person->follow_up_count);
    view->follow_up_count = person->follow_up_count;
    for (size_t i = 0; i < person->follow_up_count; i++) {
        const struct follow_up *row = &person->follow_ups[i];
        view->follow_ups[i] = (struct follow_up_line){
            .month = row->month,
            .due_at = row->due_at,
            .answered_at = row->state == FOLLOW_UP_ANSWERED ? row->changed_at : 0,
            .session = view->may_browse ? row->session : 0,
            .state = said_follow_up(row->state),
        };
    }
}

/* Those that hold now, and apart from them what was dropped or is over. */
static void fill_flags(const struct visit *visit, const struct person_view_desk *person, struct person_page_view *view)
{
    view->flags = ARENA_ARRAY(visit->arena, struct flag_line, person->flag_count);
    view->past_flags = ARENA_ARRAY(visit->arena, struct flag_line, person->flag_count);
    for (size_t i = 0; i < person->flag_count; i++) {
        const struct person_flag *row = &person->flags[i];
        bool holds = row->dropped_at == 0 && row->until > visit->now;
        struct flag_line *line = holds ? &view->flags[view->flag_count++] : &view->past_flags[view->past_flag_count++];
        *line = (struct flag_line){.id = row->id,
                                   .at = row->at,
                                   .until = row->until - 1, /* the last day that it held, not the one after */
                                   .dropped_at = row->dropped_at,
                                   .text = row->text,
                                   .author = person->flag_authors[i],
                                   .key = visit_new_key(visit)};
    }
}

static void fill_person(const struct visit *visit, const struct person_view_desk *person, struct person_page_view *view)
{
    bool tried_lately = visit->now - person->row.tries_at < PIN_TRIES_MS;
    view->id = visit->id;
    view->masked = person->masked;
    view->opted_out = person->opted_out;
    view->has_pin = person->row.has_pin;
    view->tries = tried_lately ? person->row.tries : 0;
    view->tries_at = person->row.tries_at;
    view->created_at = person->created_at;
    view->first_at = person->first_at;
    view->last_at = person->last_at;
    view->forgotten_at = person->forgotten_at;
    view->renewed_at = person->renewed_at;
    view->leaving_at = person->row.leaving_at;
    view->may_forget = visit_may(visit, RIGHT_FORGET) && !person->forgotten_at;
    view->may_browse = visit_may(visit, RIGHT_SESSIONS);
}

void person_page_show(struct visit *visit, unsigned status, const struct person_view_desk *person,
                      struct person_page_view *view)
{
    fill_person(visit, person, view);
    fill_registrations(visit, person, view);
    fill_sessions(visit, person, view);
    fill_follow_ups(visit, person, view);
    fill_flags(visit, person, view);
    view->request_count = lines_of_requests(visit, &person->requests, &view->requests, &view->hidden_requests);
    view->key = visit_new_key(visit);
    view->number_key = visit_new_key(visit);
    view->frame = visit_frame(visit, "person_title", "queue");
    view->wrong.text = mistakes_at(&view->mistakes, "flag-text");
    view->wrong.until = mistakes_at(&view->mistakes, "flag-until");
    view->wrong.sure = mistakes_at(&view->mistakes, "sure");
    struct html html = visit_html(visit);
    show_person_page(&html, view);
    visit_show(visit, status, &html);
}

#define FLAG_DAYS 30 /* unless another day is chosen */

void page_person(struct visit *visit)
{
    struct person_view_desk person = {0};
    if (!person_read(visit, &person))
        return;
    struct person_page_view view = {
        .flag_until = said_write_day(visit->arena, visit->now + FLAG_DAYS * DAY_MS, visit->style.zone_minutes)};
    person_page_show(visit, 200, &person, &view);
}
