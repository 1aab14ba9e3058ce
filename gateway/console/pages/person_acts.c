#include "console/pages/forget_page_view.h"
#include "console/pages/pages.h"
#include "console/pages/person.h"
#include "console/templates.h"

/* What was typed stands in the form again, under what was wrong with it. */
static void show_again(struct visit *visit, unsigned status, struct person_page_view *view)
{
    struct person_view_desk person = {0};
    if (person_read(visit, &person))
        person_page_show(visit, status, &person, view);
}

static bool check_flag(const struct visit *visit, struct person_page_view *view, int64_t *until)
{
    if (span_trim(view->flag_text).len == 0)
        mistakes_add(&view->mistakes, (struct mistake){.word = "person_flag_needs_text", .field = "flag-text"});
    /* The chosen day is the last one on which it holds. */
    if (!said_read_day(view->flag_until, visit->style.zone_minutes, until) || *until + DAY_MS <= visit->now)
        mistakes_add(&view->mistakes, (struct mistake){.word = "person_flag_needs_day", .field = "flag-until"});
    *until += DAY_MS;
    view->is_flag_wrong = view->mistakes.count > 0;
    return !view->is_flag_wrong;
}

void do_person_flag(struct visit *visit)
{
    struct person_page_view view = {.flag_text = visit_field(visit, "text"),
                                    .flag_until = span_trim(visit_field(visit, "until"))};
    int64_t until = 0;
    if (!check_flag(visit, &view, &until)) {
        show_again(visit, 422, &view);
        return;
    }
    struct desk_action action = visit_action(visit, DESK_FLAG);
    action.about = OBJECT_PERSON;
    action.object = visit->id;
    action.text = span_trim(view.flag_text);
    action.until = until;
    struct desk_result result = {0};
    enum outcome outcome = visit_do(visit, &action, &result);
    if (outcome != OUTCOME_OK) {
        mistakes_add(&view.mistakes, (struct mistake){.word = said_why(&result)});
        view.is_flag_wrong = true; /* what was typed is to be seen */
        show_again(visit, said_status(outcome), &view);
        return;
    }
    visit_say(visit, "person_flag_added");
    visit_go(visit, "/people/%lld#flags", (long long)visit->id);
}

/* Carries out what needs no words, and goes back to the person. */
static void carry_out(struct visit *visit, const struct desk_action *action, const char *said, const char *place)
{
    struct desk_result result = {0};
    enum outcome outcome = visit_do(visit, action, &result);
    if (outcome == OUTCOME_OK) {
        visit_say(visit, said);
        visit_go(visit, "/people/%lld%s", (long long)visit->id, place);
        return;
    }
    if (outcome == OUTCOME_NOT_FOUND || outcome == OUTCOME_BROKEN) {
        visit_fail(visit, outcome, &result.error);
        return;
    }
    struct person_page_view view = {.id = 0};
    mistakes_add(&view.mistakes, (struct mistake){.word = said_why(&result)});
    show_again(visit, said_status(outcome), &view);
}

void do_person_flag_drop(struct visit *visit)
{
    struct desk_action action = visit_action(visit, DESK_FLAG_DROP);
    action.about = OBJECT_PERSON;
    action.object = visit_field_id(visit, "flag");
    action.to = visit->id;
    carry_out(visit, &action, "person_flag_dropped", "#flags");
}

void do_person_number(struct visit *visit)
{
    if (!html_has_span(visit_field(visit, "sure"))) {
        struct person_page_view view = {.id = 0};
        mistakes_add(&view.mistakes, (struct mistake){.word = "person_number_needs_tick", .field = "sure"});
        show_again(visit, 422, &view);
        return;
    }
    struct person_view_desk person = {0};
    if (!person_read(visit, &person))
        return;
    struct desk_action action = visit_action(visit, DESK_NUMBER_CHANGED);
    action.about = OBJECT_PERSON;
    action.object = person.row.phone;
    action.to = visit->id;
    carry_out(visit, &action, "person_number_changed", "");
}

static void count_requests(const struct visit *visit, const struct person_view_desk *person,
                           struct forget_page_view *view)
{
    const struct request_list *requests = &person->requests;
    for (size_t i = 0; i < requests->count; i++) {
        if (request_stays(visit_service_of(visit, &requests->origins[i]), &requests->rows[i]))
            view->staying++;
        else
            view->going++;
    }
    size_t hidden;
    view->request_count = lines_of_requests(visit, requests, &view->requests, &hidden);
}

static void show_forget(struct visit *visit, unsigned status, const struct person_view_desk *person,
                        struct forget_page_view *view)
{
    view->id = visit->id;
    view->masked = person->masked;
    view->registrations = (unsigned)person->registration_count;
    for (size_t i = 0; i < person->registration_count; i++)
        view->answers += (unsigned)person->registrations[i].answer_count;
    view->sessions = (unsigned)person->session_count;
    view->has_more_sessions = person->session_count >= 20;
    view->has_pin = person->row.has_pin;
    view->flags = (unsigned)person->flag_count;
    view->follow_ups = (unsigned)person->follow_up_count;
    count_requests(visit, person, view);
    view->word = words_get(visit->style.words, WORD_PERSON_FORGET_WORD);
    view->key = visit_new_key(visit);
    view->frame = visit_frame(visit, "person_forget_title", "queue");
    struct html html = visit_html(visit);
    show_forget_page(&html, view);
    visit_show(visit, status, &html);
}

void page_person_forget(struct visit *visit)
{
    struct person_view_desk person = {0};
    if (!person_read(visit, &person))
        return;
    struct forget_page_view view = {.problem = person.forgotten_at ? "person_forgotten_already" : NULL};
    show_forget(visit, 200, &person, &view);
}

/* To what is left of them until it is closed, or else to the queue: of who is gone there is no page. */
static void go_on(struct visit *visit)
{
    struct error err;
    struct person_view_desk person = {0};
    if (desk_read_person(visit->reader, visit->id, visit->operator, visit->arena, &person, &err) == OUTCOME_NOT_FOUND) {
        visit_say(visit, "person_forgotten_now");
        visit_go(visit, "/queue");
        return;
    }
    visit_say(visit, "person_forgotten_partly");
    visit_go(visit, "/people/%lld", (long long)visit->id);
}

void do_person_forget(struct visit *visit)
{
    struct forget_page_view view = {.typed = span_trim(visit_field(visit, "word"))};
    struct span word = words_get(visit->style.words, WORD_PERSON_FORGET_WORD);
    struct desk_result result = {0};
    enum outcome outcome = OUTCOME_REFUSED;
    if (span_equal_nocase(view.typed, word)) {
        struct desk_action action = visit_action(visit, DESK_FORGET);
        action.about = OBJECT_PERSON;
        action.object = visit->id;
        outcome = visit_do(visit, &action, &result);
        view.problem = said_why(&result);
    } else {
        view.problem = "person_forget_needs_word";
    }
    if (outcome == OUTCOME_OK) {
        go_on(visit);
        return;
    }
    struct person_view_desk person = {0};
    if (person_read(visit, &person))
        show_forget(visit, said_status(outcome), &person, &view);
}
