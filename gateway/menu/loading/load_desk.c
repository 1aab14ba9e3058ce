/* The group `desk` of service.conf: what the data says to operators. */
#include <string.h>
#include "menu/desk.h"
#include "menu/loading/loader.h"
#include "menu/drawing/template.h"

#define CONTACT_CASES_MAX 60
#define CHOICES_MAX 400 /* topics, kinds */

static const struct setting_rule desk_rules[] = {
    {.name = "contact", .type = SETTING_LIST, .help = "what answers mean for whoever calls; whenever the desk is open"},
    {.name = "say", .type = SETTING_STRINGS, .help = "questions that say how to call, and change no rule; none"},
    {.name = "area", .type = SETTING_STRING, .max = NAME_MAX_BYTES, .help = "the question whose answer is a district"},
    {.name = "replies", .type = SETTING_STRINGS, .help = "pages whose bodies operators may text; none"},
    {.name = "tried", .type = SETTING_STRING, .max = NAME_MAX_BYTES, .help = "the one texted after three calls; none"},
    {.name = "topics", .type = SETTING_GROUP, .help = "their order and names at the desk; as on phones"},
    {.name = "kinds", .type = SETTING_GROUP, .help = "the same of kinds of request"},
    {.name = NULL},
};
static const struct setting_rule contact_rules[] = {
    {.name = "field", .type = SETTING_STRING, .required = true, .max = NAME_MAX_BYTES, .help = "a question"},
    {.name = "is", .type = SETTING_STRINGS, .required = true, .help = "when its answer is one of these"},
    {.name = "call", .type = SETTING_BOOL, .help = "false: nobody calls; true"},
    {.name = "text",
     .type = SETTING_BOOL,
     .help = "true: may be texted; false: never, whatever else they said; neither"},
    {.name = "from", .type = SETTING_STRING, .help = "called from this hour on, \"08:00\""},
    {.name = "to", .type = SETTING_STRING, .help = "and before this one, \"11:00\""},
    {.name = "hours", .type = SETTING_BOOL, .help = "true: called only in hours that another answer gives; false"},
    {.name = "number", .type = SETTING_STRING, .max = NAME_MAX_BYTES, .help = "the question with the number to call"},
    {.name = NULL},
};

/* ---- questions that are named ---- */

static bool offers(const struct question *question, struct span value)
{
    return (question->type != QUESTION_CHOICE && question->type != QUESTION_SEVERAL) ||
           question_find_option(question, value);
}

/* The first question of that name; *offered: one of them may be answered with `value`. */
static const struct question *find_question(const struct service *service, struct span field, struct span value,
                                            bool *offered)
{
    const struct question *found = NULL;
    *offered = false;
    for (size_t i = 0; i < service->node_count; i++) {
        const struct question *question = node_find_question(&service->nodes[i], field);
        if (!question || !question_keeps_answer(question))
            continue;
        found = found ? found : question;
        *offered = *offered || offers(question, value);
    }
    return found;
}

/* Not found in a group that is the base's: there it was another service's. */
static const struct question *expect_question(struct loader *loader, struct setting member)
{
    bool offered;
    struct span field = setting_as_string(member);
    const struct question *question = find_question(loader->service, field, SPAN_NONE, &offered);
    if (!question && !load_is_inherited(loader, member))
        setting_problem(member, loader->problems, "no question is called \"%.*s\"", SPAN_ARG(field));
    return question;
}

/* ---- contact ---- */

static void check_values(struct loader *loader, struct setting group, const struct contact_case *one)
{
    for (size_t i = 0; i < one->value_count; i++) {
        bool offered;
        if (find_question(loader->service, one->field, one->values[i], &offered) && !offered)
            setting_problem(group, loader->problems, "\"%.*s\" is never answered with \"%.*s\"", SPAN_ARG(one->field),
                            SPAN_ARG(one->values[i]));
    }
}

static void load_case(struct loader *loader, struct setting group, struct contact_case *one)
{
    struct setting number = setting_get(group, "number");
    struct open_span hours = {0, 0};
    settings_check(group, contact_rules, loader->problems);
    one->field = load_id(loader, group, "field");
    one->values = load_strings(loader, group, "is", &one->value_count);
    one->may_call = setting_bool(group, "call", true);
    one->may_text = setting_bool(group, "text", false);
    one->no_texts = !setting_bool(group, "text", true);
    one->needs_hours = setting_bool(group, "hours", false);
    one->number = load_id(loader, group, "number");
    one->has_hours = setting_is_present(setting_get(group, "from")) || setting_is_present(setting_get(group, "to"));
    if (one->has_hours && load_hours(loader, group, &hours)) {
        one->from = hours.from;
        one->to = hours.to;
    }
    if ((one->has_hours || one->needs_hours) && !one->may_call)
        setting_problem(group, loader->problems, "hours to call in, and call = false: expected one of them");
    if (one->has_hours && one->needs_hours)
        setting_problem(group, loader->problems, "hours = true is of an answer that has none itself");
    if (setting_is_present(setting_get(group, "field")) && expect_question(loader, setting_get(group, "field")))
        check_values(loader, group, one);
    const struct question *asked = setting_is_present(number) ? expect_question(loader, number) : NULL;
    if (asked && asked->type != QUESTION_DIGITS)
        setting_problem(number, loader->problems, "\"%.*s\" asks for no number: expected a question of type digits",
                        SPAN_ARG(one->number));
}

/* All hours stand in the answers of one question: two would leave open which of them counts. */
static void check_hours(struct loader *loader, struct setting list, const struct contact_case *cases, size_t count)
{
    const struct contact_case *first = NULL;
    size_t windows = 0;
    for (size_t i = 0; i < count; i++) {
        if (!cases[i].has_hours)
            continue;
        first = first ? first : &cases[i];
        if (!span_equal(first->field, cases[i].field) && span_is_present(first->field))
            setting_problem(setting_at(list, i), loader->problems,
                            "hours stand at \"%.*s\" already: expected those of one question only",
                            SPAN_ARG(first->field));
        windows++;
    }
    for (size_t i = 0; i < count && !first; i++)
        if (cases[i].needs_hours)
            setting_problem(setting_at(list, i), loader->problems, "hours = true, and no answer has hours");
    if (windows > CONTACT_WINDOWS_MAX)
        setting_problem(list, loader->problems, "at most %d answers may have hours", CONTACT_WINDOWS_MAX);
}

static bool is_named(const struct contact_case *cases, size_t count, struct span field, struct span value)
{
    for (size_t i = 0; i < count; i++)
        for (size_t v = 0; span_equal(cases[i].field, field) && v < cases[i].value_count; v++)
            if (span_equal(cases[i].values[v], value))
                return true;
    return false;
}

/* An answer that is added to a question later must not be taken for "call me whenever you like". */
static void check_answers(struct loader *loader, const struct question *question, const struct contact_case *cases,
                          size_t count)
{
    for (size_t i = 0; i < question->option_count; i++) {
        const struct option *option = &question->options[i];
        if (span_is_present(option->id) && !option->item && !is_named(cases, count, question->id, option->id))
            problems_add(loader->problems, option->origin.file, option->origin.line,
                         "desk.contact of service.conf says nothing of the answer \"%.*s\" to \"%.*s\"",
                         SPAN_ARG(option->id), SPAN_ARG(question->id));
    }
}

static bool is_contact_field(const struct contact_case *cases, size_t count, struct span field)
{
    for (size_t i = 0; i < count; i++)
        if (span_equal(cases[i].field, field))
            return true;
    return false;
}

static void load_contact(struct loader *loader, struct setting list)
{
    struct service *service = loader->service;
    size_t count = setting_count(list);
    if (count > CONTACT_CASES_MAX) {
        setting_problem(list, loader->problems, "at most %d may stand here", CONTACT_CASES_MAX);
        return;
    }
    struct contact_case *cases = ARENA_ARRAY(loader->arena, struct contact_case, count);
    for (size_t i = 0; i < count; i++)
        load_case(loader, setting_at(list, i), &cases[i]);
    check_hours(loader, list, cases, count);
    for (size_t n = 0; n < service->node_count; n++)
        for (size_t q = 0; q < service->nodes[n].question_count; q++) {
            const struct question *question = &service->nodes[n].questions[q];
            if (question_keeps_answer(question) && is_contact_field(cases, count, question->id))
                check_answers(loader, question, cases, count);
        }
    service->desk.cases = cases;
    service->desk.case_count = count;
}

/* ---- what is texted ---- */

static bool may_hold(enum piece_kind kind, bool by_itself)
{
    return kind == PIECE_WORDS || kind == PIECE_REFERENCE || (kind == PIECE_DUE && !by_itself);
}

static void check_body(struct loader *loader, const struct template *body, bool by_itself)
{
    bool fine = true;
    for (size_t i = 0; i < body->count; i++)
        fine = fine && may_hold(body->pieces[i].kind, by_itself);
    if (!fine)
        problems_add(loader->problems, body->origin.file, body->origin.line,
                     "this is texted: it may hold {ref}%s, and nothing else of its person",
                     by_itself ? "" : " and {due}");
}

static bool is_a_text(const struct node *node)
{
    const struct question *question = node->questions;
    return node->kind == NODE_PAGE && node->ends && question->option_count == 0 && question->titles[0].count == 0;
}

static void take_text(struct loader *loader, struct node *node, bool by_itself)
{
    node->texted = true;
    for (size_t l = 0; l < loader->service->language_count; l++)
        check_body(loader, &node->questions->bodies[l], by_itself);
}

static struct desk_reply load_reply(struct loader *loader, struct setting member, bool by_itself)
{
    struct span id = arena_copy(loader->arena, setting_as_string(member));
    const struct node *node = load_find_node(loader, id, load_origin(loader, member), "the desk's text");
    if (node && !is_a_text(node))
        setting_problem(member, loader->problems,
                        "\"%.*s\" is what the desk texts: expected a page with ends = true, a body, and no more",
                        SPAN_ARG(id));
    else if (node)
        take_text(loader, &loader->service->nodes[node - loader->service->nodes], by_itself);
    return (struct desk_reply){id, node};
}

static void load_replies(struct loader *loader, struct setting list, struct setting tried)
{
    struct desk_data *desk = &loader->service->desk;
    size_t count = setting_count(list);
    if (count > DESK_REPLIES_MAX) {
        setting_problem(list, loader->problems, "at most %d may stand here", DESK_REPLIES_MAX);
        count = DESK_REPLIES_MAX;
    }
    struct desk_reply *replies = ARENA_ARRAY(loader->arena, struct desk_reply, count);
    for (size_t i = 0; i < count; i++)
        replies[i] = load_reply(loader, setting_at(list, i), false);
    desk->replies = replies;
    desk->reply_count = count;
    if (setting_is_present(tried))
        desk->tried = load_reply(loader, tried, true);
}

/* ---- what is chosen from ---- */

static bool holds(const struct desk_choices *choices, struct span id)
{
    for (size_t i = 0; i < choices->count; i++)
        if (span_equal(choices->ids[i], id))
            return true;
    return false;
}

static void add_choice(struct desk_choices *choices, struct span id, const struct span *names)
{
    if (!span_is_present(id) || choices->count == CHOICES_MAX || holds(choices, id))
        return;
    choices->ids[choices->count] = id;
    choices->names[choices->count++] = names;
}

static struct desk_choices choices_of(struct loader *loader, size_t room)
{
    return (struct desk_choices){.ids = ARENA_ARRAY(loader->arena, struct span, room),
                                 .names = ARENA_ARRAY(loader->arena, const struct span *, room)};
}

static void add_topics_of(struct desk_choices *topics, const struct node *node)
{
    add_choice(topics, node->topic, NULL);
    for (size_t q = 0; q < node->question_count; q++)
        for (size_t i = 0; i < node->questions[q].option_count; i++)
            add_choice(topics, node->questions[q].options[i].topic, NULL);
}

static void add_kind_of(struct desk_choices *kinds, const struct node *node)
{
    add_choice(kinds, node->request_kind, NULL);
}

/* Those of the group first, as far as the flow has them; then what else the flow has. */
static struct desk_choices load_choices(struct loader *loader, struct setting group, const char *what,
                                        void (*add)(struct desk_choices *choices, const struct node *node))
{
    const struct service *service = loader->service;
    struct desk_choices found = choices_of(loader, CHOICES_MAX), all = choices_of(loader, CHOICES_MAX);
    for (size_t i = 0; i < service->node_count; i++)
        add(&found, &service->nodes[i]);
    for (size_t i = 0; i < setting_count(group); i++) {
        struct setting member = setting_at(group, i);
        struct span id = arena_copy(loader->arena, span_of(setting_name(member)));
        if (holds(&found, id))
            add_choice(&all, id, load_names(loader, group, id.at));
        else if (!load_is_inherited(loader, group))
            setting_problem(member, loader->problems, "no node has the %s \"%.*s\"", what, SPAN_ARG(id));
    }
    for (size_t i = 0; i < found.count; i++)
        add_choice(&all, found.ids[i], NULL);
    return all;
}

static void load_areas(struct loader *loader, struct setting member)
{
    struct desk_data *desk = &loader->service->desk;
    const struct question *question = setting_is_present(member) ? expect_question(loader, member) : NULL;
    if (question && (question->type != QUESTION_PLACE || !question->list)) {
        setting_problem(member, loader->problems, "expected a question of type place");
        return;
    }
    if (!question || !question->list)
        return;
    desk->area = question->id;
    desk->areas = choices_of(loader, question->list->item_count);
    for (size_t i = 0; i < question->list->item_count; i++) {
        desk->areas.ids[i] = question->list->items[i].id;
        desk->areas.names[i] = question->list->items[i].names;
    }
    desk->areas.count = question->list->item_count;
}

static void load_said(struct loader *loader, struct setting group)
{
    struct desk_data *desk = &loader->service->desk;
    struct setting list = setting_get(group, "say");
    desk->said = load_strings(loader, group, "say", &desk->said_count);
    for (size_t i = 0; i < setting_count(list); i++)
        (void)expect_question(loader, setting_at(list, i));
}

void load_desk(struct loader *loader)
{
    struct desk_data *desk = &loader->service->desk;
    struct setting group = load_part(loader, "desk");
    if (setting_is_present(group))
        settings_check(group, desk_rules, loader->problems);
    load_contact(loader, setting_get(group, "contact"));
    load_said(loader, group);
    load_areas(loader, setting_get(group, "area"));
    load_replies(loader, setting_get(group, "replies"), setting_get(group, "tried"));
    desk->topics = load_choices(loader, setting_get(group, "topics"), "topic", add_topics_of);
    desk->kinds = load_choices(loader, setting_get(group, "kinds"), "kind of request", add_kind_of);
}
