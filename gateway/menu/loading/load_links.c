#include "menu/loading/loader.h"

/* The names of all nodes, for "did you mean". */
static const char *nearest_node(struct loader *loader, struct span name)
{
    const struct service *service = loader->service;
    const char **names = ARENA_ARRAY(loader->arena, const char *, service->node_count + 1);
    for (size_t i = 0; i < service->node_count; i++)
        names[i] = span_is_present(service->nodes[i].id) ? service->nodes[i].id.at : "";
    return settings_nearest(name, names);
}

const struct node *load_find_node(struct loader *loader, struct span name, struct origin origin, const char *what)
{
    if (!span_is_present(name))
        return NULL;
    const struct node *node = service_find_node(loader->service, name);
    if (node)
        return node;
    const char *near = nearest_node(loader, name);
    problems_add(loader->problems, origin.file, origin.line, "%s leads to \"%.*s\", which is no node%s%s%s", what,
                 SPAN_ARG(name), near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    return NULL;
}

static void link_entry(struct loader *loader, struct entry *entry, const char *what)
{
    entry->node = load_find_node(loader, entry->name, entry->origin, what);
}

/* "reg.consent" is a question of a form. */
static void link_near(struct loader *loader, struct entry *entry)
{
    struct span question = entry->name, node = span_cut(&question, '.');
    entry->node = load_find_node(loader, node, entry->origin, "danger_near");
    if (!entry->node || !span_is_present(question))
        return;
    entry->question = node_find_question(entry->node, question);
    if (!entry->question)
        problems_add(loader->problems, entry->origin.file, entry->origin.line, "\"%.*s\" has no question \"%.*s\"",
                     SPAN_ARG(node), SPAN_ARG(question));
}

static bool is_resume_option(const struct service *service, const struct question *question,
                             const struct option *option)
{
    return question->node == service->resume.node &&
           (span_equal_text(option->id, "continue") || span_equal_text(option->id, "restart"));
}

static void check_menu_option(struct loader *loader, const struct question *question, const struct option *option)
{
    struct origin at = option->origin;
    bool leads = span_is_present(option->goto_name);
    if (is_resume_option(loader->service, question, option) == leads)
        problems_add(loader->problems, at.file, at.line,
                     leads ? "option \"%.*s\" of the resume node is the engine's: expected no `goto`"
                           : "option \"%.*s\" leads nowhere: expected `goto`",
                     SPAN_ARG(option->id));
    if (span_is_present(option->ask_name))
        problems_add(loader->problems, at.file, at.line, "`ask` jumps to a question of a form: expected `goto`");
}

/* The language that somebody who presses this is spoken to in from then on: the option's own, or a deed's behind it. */
static const struct language *spoken_behind(const struct option *option)
{
    if (option->speak || !option->target || option->target->kind != NODE_DO)
        return option->speak;
    return option->target->speak;
}

static void link_option(struct loader *loader, const struct question *question, struct option *option)
{
    struct origin at = option->origin;
    option->target = load_find_node(loader, option->goto_name, at, "the option");
    option->hidden = spoken_behind(option) && !spoken_behind(option)->offered;
    if (question->type == QUESTION_MENU) {
        check_menu_option(loader, question, option);
    } else if (span_is_present(option->ask_name)) {
        option->ask = node_find_question(question->node, option->ask_name);
        if (!option->ask)
            problems_add(loader->problems, at.file, at.line, "the form \"%.*s\" has no question \"%.*s\"",
                         SPAN_ARG(question->node->id), SPAN_ARG(option->ask_name));
        if (option->target)
            problems_add(loader->problems, at.file, at.line, "expected `goto` or `ask`, not both");
    }
}

static bool is_an_answer(const struct question *question, struct span value)
{
    if (question_find_option(question, value))
        return true;
    if (question->type == QUESTION_PLACE && question->list)
        for (size_t i = 0; i < question->list->item_count; i++)
            if (span_equal(question->list->items[i].id, value))
                return true;
    return question->type != QUESTION_CHOICE && question->type != QUESTION_SEVERAL && question->type != QUESTION_PLACE;
}

/* Whether any question of that name could ever be answered so. */
static bool answer_exists(const struct service *service, struct span field, struct span value, bool *field_exists)
{
    bool found = false;
    for (size_t i = 0; i < service->node_count; i++) {
        const struct question *question = node_find_question(&service->nodes[i], field);
        if (!question || !question_keeps_answer(question))
            continue;
        *field_exists = true;
        found = found || is_an_answer(question, value);
    }
    return found;
}

static bool makes_kind(const struct service *service, struct span kind)
{
    for (size_t i = 0; i < service->node_count; i++)
        if (span_equal(service->nodes[i].request_kind, kind))
            return true;
    return false;
}

static void check_kinds(struct loader *loader, const struct condition *condition, struct origin at)
{
    for (size_t i = 0; i < condition->value_count; i++)
        if (!makes_kind(loader->service, condition->values[i]))
            problems_add(loader->problems, at.file, at.line, "no request is of the kind \"%.*s\"",
                         SPAN_ARG(condition->values[i]));
}

static void check_condition(struct loader *loader, const struct condition *condition, struct origin at)
{
    bool exists = false;
    if (condition->of == OF_REQUEST)
        check_kinds(loader, condition, at);
    if (!span_is_present(condition->field) || condition->of != OF_ANSWER)
        return;
    for (size_t i = 0; i < condition->value_count; i++) {
        struct span value = condition->values[i];
        if (!answer_exists(loader->service, condition->field, value, &exists) && exists)
            problems_add(loader->problems, at.file, at.line, "\"%.*s\" is never answered with \"%.*s\"",
                         SPAN_ARG(condition->field), SPAN_ARG(value));
    }
    if (!exists)
        problems_add(loader->problems, at.file, at.line, "no question is called \"%.*s\"", SPAN_ARG(condition->field));
}

/* What is shown is drawn again for a wrong key: it may hang on nothing that would have to be looked up each time. */
static void check_shown(struct loader *loader, const struct condition *condition, struct origin at)
{
    check_condition(loader, condition, at);
    if (condition->kind == CONDITION_CALLS_ALLOWED || condition->kind == CONDITION_TEXTS_ALLOWED)
        problems_add(loader->problems, at.file, at.line, "\"%.*s\" is known to a branch only",
                     SPAN_ARG(condition->written));
}

static void link_question(struct loader *loader, struct question *question)
{
    check_shown(loader, &question->condition, question->origin);
    for (size_t i = 0; i < question->option_count; i++) {
        link_option(loader, question, &question->options[i]);
        check_shown(loader, &question->options[i].condition, question->options[i].origin);
    }
}

static void link_cases(struct loader *loader, struct node *node)
{
    for (size_t i = 0; i < node->case_count; i++) {
        struct branch_case *one = &node->cases[i];
        one->target = load_find_node(loader, one->goto_name, one->origin, "the case");
        check_condition(loader, &one->condition, one->origin);
    }
}

static void link_one(struct loader *loader, struct node *node)
{
    struct service *service = loader->service;
    struct origin at = node->origin;
    node->parent = load_find_node(loader, node->parent_name, at, "`parent`");
    if (!node->parent && node != service->known.node)
        node->parent = service->known.node;
    node->then = load_find_node(loader, node->then_name, at, node->kind == NODE_BRANCH ? "`otherwise`" : "the node");
    for (size_t q = 0; q < node->question_count; q++)
        link_question(loader, &node->questions[q]);
    link_cases(loader, node);
    if (load_pack_name_is_reserved(node->id))
        problems_add(loader->problems, at.file, at.line, "a node cannot be called \"%.*s\": text files use that name",
                     SPAN_ARG(node->id));
}

/* Entries, pages that end and the resume node have no line about keys below; the rest "0 Back 00 Main". */
static void settle_foot(struct service *service, struct node *node)
{
    bool entry = node == service->first.node || node == service->known.node || node == service->resume.node;
    for (size_t q = 0; q < node->question_count; q++)
        if (node->questions[q].foot == FOOT_DEFAULT)
            node->questions[q].foot = entry ? FOOT_NONE : FOOT_BACK_MAIN;
}

static void check_entries(struct loader *loader)
{
    const struct service *service = loader->service;
    const struct entry *resume = &service->resume, *danger = &service->danger;
    if (resume->node &&
        (resume->node->question_count != 1 || !question_find_option(resume->node->questions, SPAN("continue")) ||
         !question_find_option(resume->node->questions, SPAN("restart"))))
        problems_add(loader->problems, resume->origin.file, resume->origin.line,
                     "the resume node needs the options \"continue\" and \"restart\"");
    if (danger->node && danger->node->kind != NODE_MENU && danger->node->kind != NODE_PAGE)
        problems_add(loader->problems, danger->origin.file, danger->origin.line,
                     "danger is a page with the numbers on it: expected a menu or a page");
}

/* Said again while it holds it is not answered: that it holds can only be seen of these. */
static bool can_hold(const struct node *deed)
{
    return deed->kind == NODE_DO &&
           (deed->effect == EFFECT_OPT_OUT || deed->effect == EFFECT_OPT_IN || deed->effect == EFFECT_SET_LANGUAGE);
}

static void link_listed(struct loader *loader)
{
    struct service *service = loader->service;
    for (size_t i = 0; i < service->keyword_count; i++) {
        struct keyword *keyword = &service->keywords[i];
        keyword->target = load_find_node(loader, keyword->goto_name, keyword->origin, "the keyword");
        if (keyword->target && keyword->target->speak && !keyword->target->speak->offered)
            keyword->word_count = 0; /* no word leads to a language that is not offered */
        if (keyword->once && (!keyword->target || !can_hold(keyword->target)))
            problems_add(loader->problems, keyword->origin.file, keyword->origin.line,
                         "once = true: expected `goto` to a deed that opts out or in or sets a language");
    }
    for (size_t i = 0; i < service->triage_count; i++) {
        struct triage_rule *rule = &service->triage[i];
        rule->target = load_find_node(loader, rule->goto_name, rule->origin, "the triage rule");
        if (rule->target && (rule->target->kind == NODE_DO || rule->target->kind == NODE_FORM))
            problems_add(loader->problems, rule->origin.file, rule->origin.line,
                         "a triage rule shows something: expected `goto` to a page, a menu or a branch");
    }
}

void link_nodes(struct loader *loader)
{
    struct service *service = loader->service;
    link_entry(loader, &service->first, "the first entry");
    link_entry(loader, &service->known, "the known entry");
    link_entry(loader, &service->resume, "the resume entry");
    link_entry(loader, &service->help_offer, "the help_offer entry");
    link_entry(loader, &service->danger, "the danger entry");
    link_entry(loader, &service->invite, "follow_up.invite");
    link_entry(loader, &service->pin, "the pin entry");
    for (size_t i = 0; i < service->near_count; i++)
        link_near(loader, &service->near[i]);
    for (size_t i = 0; i < service->node_count; i++) {
        link_one(loader, &service->nodes[i]);
        settle_foot(service, &service->nodes[i]);
    }
    link_listed(loader);
    check_entries(loader);
    settle_pins(loader);
}
