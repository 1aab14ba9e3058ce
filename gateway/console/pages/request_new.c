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

/* ---- what the service asks on how to reach them ---- */

static struct span said_to(const struct visit *visit, struct span field)
{
    return visit_field(visit, arena_format(visit->arena, "said-%.*s", SPAN_ARG(field)).at);
}

static struct request_asked_view *find_asked(struct request_new_view *view, const struct visit *visit,
                                             const struct desk_question *question)
{
    for (size_t i = 0; i < view->asked_count; i++)
        if (span_equal(view->asked[i].field, question->field))
            return &view->asked[i];
    if (view->asked_count == DESK_QUESTIONS_MAX)
        return NULL;
    struct request_asked_view *asked = &view->asked[view->asked_count++];
    *asked = (struct request_asked_view){.field = question->field, .words = question->words};
    asked->id = arena_format(visit->arena, "new-said-%.*s", SPAN_ARG(question->field)).at;
    asked->choices = choices_make(visit->arena, visit->catalogue->service_count * DESK_CHOICES_MAX);
    return asked;
}

/* Of all services that are served: which one is meant is chosen on the same page. */
static void list_asked(const struct visit *visit, struct request_new_view *view)
{
    view->asked = ARENA_ARRAY(visit->arena, struct request_asked_view, DESK_QUESTIONS_MAX);
    for (size_t i = 0; i < visit->catalogue->service_count; i++) {
        struct desk_question *questions;
        size_t count = desk_questions(visit->catalogue->services[i], visit->operator->lang, visit->arena, &questions);
        for (size_t q = 0; q < count; q++) {
            struct request_asked_view *asked = find_asked(view, visit, &questions[q]);
            for (size_t n = 0; asked && n < questions[q].choice_count; n++)
                choices_add(&asked->choices, questions[q].choices[n].id, questions[q].choices[n].words,
                            said_to(visit, questions[q].field));
        }
    }
}

static void place_mistakes(struct request_new_view *view, const struct mistakes *mistakes)
{
    view->mistakes = *mistakes;
    view->wrong.way = mistakes_at(mistakes, "new-came-by");
    view->wrong.number = mistakes_at(mistakes, "new-number");
    view->wrong.kind = mistakes_at(mistakes, "new-kind");
    view->wrong.topic = mistakes_at(mistakes, "new-topic");
    view->wrong.language = mistakes_at(mistakes, "new-language");
    view->wrong.urgency = mistakes_at(mistakes, "new-urgency");
    view->wrong.note = mistakes_at(mistakes, "new-note");
    for (size_t i = 0; i < view->asked_count; i++)
        view->asked[i].wrong = mistakes_at(mistakes, view->asked[i].id);
}

static void show_form(struct visit *visit, const struct mistakes *mistakes, unsigned status)
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
    list_asked(visit, &view);
    view.has_services = view.services.count > 1;
    place_mistakes(&view, mistakes);
    struct html page = visit_html(visit);
    show_request_new(&page, &view);
    visit_show(visit, status, &page);
}

void page_request_new(struct visit *visit)
{
    show_form(visit, &(struct mistakes){.count = 0}, 200);
}

/* ---- made ---- */

static const struct service *chosen_service(const struct visit *visit)
{
    const struct service *chosen = catalogue_find_service(visit->catalogue, visit_field(visit, "service"));
    return chosen ? chosen : visit_service(visit, SPAN_NONE);
}

/* "Only at some times" is half an answer: whoever has them there or on the line can ask for the other. */
static void check_hours(const struct request_new_view *all, const struct service *service,
                        const struct desk_new_request *made, struct mistakes *mistakes)
{
    struct contact_rule rule = {.needs_hours = false};
    if (service)
        contact_rule_of(service, made->answers, made->answer_count, &rule);
    for (size_t i = 0; rule.needs_hours && i < all->asked_count; i++)
        if (span_equal(all->asked[i].field, desk_hours_field(service)))
            mistakes_add(mistakes, (struct mistake){"why_no_hours", all->asked[i].id, all->asked[i].words});
}

/* What another service than the chosen one asks is no answer here; the field that it stands in is named. */
static void read_answers(const struct visit *visit, const struct service *service, struct desk_new_request *made,
                         struct mistakes *mistakes)
{
    struct request_new_view all = {.frame = NULL};
    struct answer *answers = ARENA_ARRAY(visit->arena, struct answer, DESK_QUESTIONS_MAX);
    list_asked(visit, &all);
    made->answers = answers;
    for (size_t i = 0; i < all.asked_count; i++) {
        const struct request_asked_view *asked = &all.asked[i];
        struct answer answer = {.field = asked->field, .value = said_to(visit, asked->field)};
        if (answer.value.len == 0)
            continue;
        if (service && desk_may_answer(service, &answer))
            answers[made->answer_count++] = answer;
        else
            mistakes_add(mistakes, (struct mistake){"request_why_other_service", asked->id, asked->words});
    }
    check_hours(&all, service, made, mistakes);
}

static void must_choose(const struct visit *visit, struct mistakes *mistakes, const char *field, const char *label)
{
    mistakes_add(mistakes, (struct mistake){"request_why_no_choice", field, choice_words(visit, label)});
}

/* All that can be told before the core looks at it. */
static void check_fields(const struct visit *visit, struct desk_new_request *made, struct mistakes *mistakes)
{
    unsigned came_by = 0, urgency = 0;
    const size_t len = made->number.len;
    const bool has_way = choice_number(visit, "came_by", CONTACT_OTHER + 1, &came_by);
    if (!has_way)
        must_choose(visit, mistakes, "new-came-by", "request_new_way");
    if (len > NUMBER_MAX || (len == 0 && has_way && came_by != CONTACT_WALK_IN))
        mistakes_add(mistakes, (struct mistake){.word = "request_why_no_number", .field = "new-number"});
    if (made->kind.len == 0)
        must_choose(visit, mistakes, "new-kind", "request_new_kind");
    if (made->lang.len == 0)
        must_choose(visit, mistakes, "new-language", "queue_language");
    if (!choice_number(visit, "urgency", URGENCY_DANGER + 1, &urgency))
        must_choose(visit, mistakes, "new-urgency", "queue_urgency");
    made->came_by = (enum contact_by)came_by;
    made->urgency = (enum request_urgency)urgency;
}

static struct span or_none(struct span text)
{
    return text.len > 0 ? text : SPAN_NONE;
}

static void read_form(const struct visit *visit, struct desk_new_request *made, struct mistakes *mistakes)
{
    const struct service *service = chosen_service(visit);
    const struct span kind = visit_field(visit, "kind"), note = visit_field(visit, "note");
    *made = (struct desk_new_request){
        .number = or_none(span_trim(visit_field(visit, "number"))),
        .service = service ? service_name(service) : SPAN_NONE,
        .kind = kind,
        .topic = or_none(visit_field(visit, "topic")),
        .lang = visit_field(visit, "language"),
        .desk = service ? desk_for_kind(service, kind) : SPAN_NONE,
        .note = span_trim(note).len > 0 ? note : SPAN_NONE,
        .may_be_texted = span_is_present(visit_field(visit, "may_be_texted")),
    };
    check_fields(visit, made, mistakes);
    read_answers(visit, service, made, mistakes);
}

/* What the core refuses, at the field that it is about. */
static struct mistake refused(const struct desk_result *result)
{
    static const struct mistake known[] = {{.word = "why_no_number", .field = "new-number"},
                                           {.word = "why_no_kind", .field = "new-kind"},
                                           {.word = "why_no_topic", .field = "new-topic"},
                                           {.word = "why_note_too_long", .field = "new-note"}};
    return mistake_known(known, sizeof known / sizeof *known, said_why(result));
}

/* Another desk's is not theirs to open: its reference is all that they can tell who came with it. */
static void go_on(struct visit *visit, const struct desk_result *result)
{
    if (result->object) {
        visit_say(visit, "request_said_new");
        visit_go(visit, "/requests/%lld", (long long)result->object);
        return;
    }
    visit_say_reference(visit, "request_said_new_others", result->text);
    visit_go(visit, "/queue");
}

void do_request_new(struct visit *visit)
{
    struct desk_result result;
    struct desk_new_request made;
    struct mistakes mistakes = {.count = 0};
    read_form(visit, &made, &mistakes);
    if (mistakes.count > 0) {
        show_form(visit, &mistakes, 422);
        return;
    }
    struct desk_action action = visit_action(visit, DESK_NEW);
    action.made = &made;
    enum outcome outcome = visit_do(visit, &action, &result);
    if (outcome == OUTCOME_OK) {
        go_on(visit, &result);
        return;
    }
    mistakes_add(&mistakes, refused(&result));
    show_form(visit, &mistakes, said_status(outcome));
}
