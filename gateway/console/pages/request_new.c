/* A request made by hand: somebody who rang, or stands at the counter. */
#include "console/pages/pages.h"
#include "console/pages/request_work.h"
#include "console/pages/said.h"
#include "console/templates.h"

#define NUMBER_MAX 40

static struct span named_field(const struct visit *visit, const char *name, const char *otherwise)
{
    struct span typed = visit_field(visit, name);
    return span_is_present(typed) ? typed : span_of(otherwise);
}

static struct choices services_of(const struct visit *visit)
{
    struct choices choices = choices_make(visit->arena, visit->catalogue->service_count);
    struct span chosen = visit_field(visit, "service");
    for (size_t i = 0; i < visit->catalogue->service_count; i++) {
        struct span name = service_name(visit->catalogue->services[i]);
        choices_add(&choices, name, name, chosen);
    }
    return choices;
}

static void show_form(struct visit *visit, const struct request_problem *problem, unsigned status)
{
    struct request_new_view view = {
        .frame = visit_frame(visit, "request_new_title", "queue"),
        .key = status >= 500 ? visit_field(visit, "key") : visit_new_key(visit),
        .number = visit_field(visit, "number"),
        .note = visit_field(visit, "note"),
        .services = services_of(visit),
        .kinds = choice_kinds(visit, visit_field(visit, "kind")),
        .topics = choice_topics(visit, visit_field(visit, "topic")),
        .languages = choice_languages(visit, named_field(visit, "language", NULL)),
        .urgencies =
            choice_numbered(visit, URGENCY_DANGER + 1, request_urgency_word, named_field(visit, "urgency", "0")),
        .ways = choice_numbered(visit, CONTACT_OTHER + 1, request_came_by_word, named_field(visit, "came_by", "0")),
        .may_be_texted = span_is_present(visit_field(visit, "may_be_texted")),
    };
    view.has_services = view.services.count > 1;
    if (problem) {
        view.problems = ARENA_NEW(visit->arena, struct request_problem);
        view.problems[0] = *problem;
        view.problem_count = 1;
    }
    struct html page = visit_html(visit);
    show_request_new(&page, &view);
    visit_show(visit, status, &page);
}

void page_request_new(struct visit *visit)
{
    show_form(visit, NULL, 200);
}

/* ---- made ---- */

static const struct service *chosen_service(const struct visit *visit)
{
    struct span chosen = visit_field(visit, "service");
    for (size_t i = 0; i < visit->catalogue->service_count; i++) {
        if (span_equal(service_name(visit->catalogue->services[i]), chosen))
            return visit->catalogue->services[i];
    }
    return visit->catalogue->service_count > 0 ? visit->catalogue->services[0] : NULL;
}

static bool read_form(const struct visit *visit, struct desk_new_request *made, struct request_problem *problem)
{
    unsigned urgency, came_by;
    struct span number = span_trim(visit_field(visit, "number"));
    *problem = (struct request_problem){.word = "request_why_no_choice"};
    if (!choice_number(visit, "came_by", CONTACT_OTHER + 1, &came_by))
        problem->field = "new-came-by";
    else if (number.len > NUMBER_MAX || (number.len == 0 && came_by != CONTACT_WALK_IN))
        *problem = (struct request_problem){.word = "request_why_no_number", .field = "new-number"};
    else if (visit_field(visit, "kind").len == 0)
        problem->field = "new-kind";
    else if (visit_field(visit, "language").len == 0)
        problem->field = "new-language";
    else if (!choice_number(visit, "urgency", URGENCY_DANGER + 1, &urgency))
        problem->field = "new-urgency";
    if (problem->field)
        return false;
    const struct service *service = chosen_service(visit);
    struct span kind = visit_field(visit, "kind"), topic = visit_field(visit, "topic");
    struct span note = visit_field(visit, "note");
    *made = (struct desk_new_request){
        .number = number.len > 0 ? number : SPAN_NONE,
        .service = service ? service_name(service) : SPAN_NONE,
        .kind = kind,
        .topic = topic.len > 0 ? topic : SPAN_NONE,
        .lang = visit_field(visit, "language"),
        .desk = service ? desk_for_kind(service, kind) : SPAN_NONE,
        .urgency = (enum request_urgency)urgency,
        .came_by = (enum contact_by)came_by,
        .note = span_trim(note).len > 0 ? note : SPAN_NONE,
        .may_be_texted = span_is_present(visit_field(visit, "may_be_texted")),
    };
    return true;
}

void do_request_new(struct visit *visit)
{
    struct desk_result result;
    struct desk_new_request made;
    struct request_problem problem;
    if (!read_form(visit, &made, &problem)) {
        show_form(visit, &problem, 422);
        return;
    }
    struct desk_action action = visit_action(visit, DESK_NEW);
    action.made = &made;
    enum outcome outcome = visit_do(visit, &action, &result);
    if (outcome == OUTCOME_OK) {
        visit_say(visit, "request_said_new");
        visit_go(visit, "/requests/%lld", (long long)result.id);
        return;
    }
    problem = (struct request_problem){.word = said_why(&result), .field = "new-number"};
    show_form(visit, &problem, said_status(outcome));
}
