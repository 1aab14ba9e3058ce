#include <stdlib.h>
#include <string.h>
#include "base/duration.h"
#include "menu/loading/loader.h"

static const char *const kind_names[] = {[NODE_MENU] = "menu", [NODE_PAGE] = "page", [NODE_ASK] = "ask",
                                         [NODE_FORM] = "form", [NODE_DO] = "do",     [NODE_BRANCH] = "branch"};
static const char *const foot_names[] = {[FOOT_NONE] = "none", [FOOT_BACK] = "back", [FOOT_BACK_MAIN] = "back_main"};
static const char *const effect_names[] = {"request", "register", "cancel",    "set_language", "opt_out",   "opt_in",
                                           "forget",  "text_me",  "clear_pin", "new_person",   "move_here", "urge",
                                           "amend",   "correct",  "withdraw",  "follow",       "unfollow",  "followed",
                                           NULL};
static const enum effect_kind effects[] = {
    EFFECT_REQUEST, EFFECT_REGISTER, EFFECT_CANCEL,    EFFECT_SET_LANGUAGE, EFFECT_OPT_OUT,   EFFECT_OPT_IN,
    EFFECT_FORGET,  EFFECT_TEXT_ME,  EFFECT_CLEAR_PIN, EFFECT_NEW_PERSON,   EFFECT_MOVE_HERE, EFFECT_URGE,
    EFFECT_AMEND,   EFFECT_CORRECT,  EFFECT_WITHDRAW,  EFFECT_FOLLOW,       EFFECT_UNFOLLOW,  EFFECT_FOLLOWED};
static const char *const urgency_names[] = {
    [URGENCY_NORMAL] = "normal", [URGENCY_SOON] = "soon", [URGENCY_DANGER] = "danger", NULL};

#define NODE_RULES                                                                                                     \
    {.name = "id", .type = SETTING_STRING, .required = true, .help = "its name, stable for ever"},                     \
        {.name = "kind", .type = SETTING_STRING, .required = true, .help = "menu, page, ask, form, do or branch"},     \
        {.name = "parent", .type = SETTING_STRING, .help = "where 0 leads without a way back; the known entry"},       \
        {.name = "sensitive", .type = SETTING_BOOL, .help = "never resumed into, sealed; false"},                      \
        {.name = "resume",                                                                                             \
         .type = SETTING_FLAG,                                                                                         \
         .choices = load_resume_names,                                                                                 \
         .help = "after a drop here: ask, continue, restart or false"},                                                \
        {.name = "resume_hours",                                                                                       \
         .type = SETTING_INTEGER,                                                                                      \
         .min = 1,                                                                                                     \
         .max = 24 * 30,                                                                                               \
         .help = "how long; as the service"},                                                                          \
        {.name = "shortcut", .type = SETTING_BOOL, .help = "dialled chains may pass; true"},                           \
        {.name = "guarded", .type = SETTING_BOOL, .help = "whoever has a PIN gives it first; false"},                  \
        {.name = "topic", .type = SETTING_STRING, .help = "remembered from here on"},                                  \
        {.name = "retired", .type = SETTING_STRINGS, .help = "keys that must never come back"},                        \
        {.name = "careful", .type = SETTING_BOOL, .help = "safety, consent, law: never as a draft; false"},            \
    {                                                                                                                  \
        .name = "foot", .type = SETTING_STRING, .help = "none, back or back_main"                                      \
    }

static const struct setting_rule menu_rules[] = {
    NODE_RULES,
    {.name = "options", .type = SETTING_LIST, .help = "keys to press"},
    {.name = "list",
     .type = SETTING_STRING,
     .help = "a list to choose from, \"requests\" or \"kept\": a line for each"},
    {.name = "ends", .type = SETTING_BOOL, .help = "the last page of a call; false"},
    {.name = NULL},
};
static const struct setting_rule ask_rules[] = {
    NODE_RULES,
    {.name = "goto", .type = SETTING_STRING, .required = true, .help = "the next node"},
    {.name = "type", .type = SETTING_STRING, .required = true, .help = "of the answer"},
    {.name = "options", .type = SETTING_LIST, .help = "keys to press"},
    {.name = "list", .type = SETTING_STRING, .help = "a file of lists/"},
    {.name = "min", .type = SETTING_INTEGER, .help = "the least"},
    {.name = "max", .type = SETTING_INTEGER, .help = "the most"},
    {.name = "skip", .type = SETTING_BOOL, .help = "adds \"9 Skip\"; false"},
    {.name = "future", .type = SETTING_BOOL, .help = "days to come are fine; false"},
    {.name = NULL},
};
static const struct setting_rule form_rules[] = {
    NODE_RULES,
    {.name = "fields", .type = SETTING_LIST, .required = true, .help = "the questions, in order"},
    {.name = "then", .type = SETTING_STRING, .required = true, .help = "the node at the form's end"},
    {.name = "amends", .type = SETTING_BOOL, .help = "each answer joins the request that is spoken of; false"},
    {.name = NULL},
};
static const struct setting_rule do_rules[] = {
    NODE_RULES,
    {.name = "effect", .type = SETTING_STRING, .required = true, .help = "what is done"},
    {.name = "goto", .type = SETTING_STRING, .required = true, .help = "the next node"},
    {.name = "request_kind", .type = SETTING_STRING, .help = "of `request`: a word for the operators"},
    {.name = "urgency",
     .type = SETTING_STRING,
     .choices = urgency_names,
     .help = "of `request`: normal; of `urge`: soon"},
    {.name = "consent_version", .type = SETTING_STRING, .max = 40, .help = "of `register`"},
    {.name = "desk", .type = SETTING_STRING, .help = "of `request`: whom it is for; anyone"},
    {.name = "hidden", .type = SETTING_BOOL, .help = "of `request`: never shown to its person; false"},
    {.name = "language", .type = SETTING_STRING, .help = "of `set_language`"},
    {.name = NULL},
};
static const struct setting_rule branch_rules[] = {
    NODE_RULES,
    {.name = "cases", .type = SETTING_LIST, .required = true, .help = "the first that holds is taken"},
    {.name = "otherwise", .type = SETTING_STRING, .required = true, .help = "the node when none holds"},
    {.name = NULL},
};
static const struct setting_rule case_rules[] = {
    {.name = "if", .type = SETTING_STRING, .help = "a condition"},
    {.name = "when", .type = SETTING_GROUP, .help = "an answer or a topic"},
    {.name = "goto", .type = SETTING_STRING, .required = true, .help = "a node"},
    {.name = NULL},
};
static const struct setting_rule file_rules[] = {
    {.name = "nodes", .type = SETTING_LIST, .required = true, .help = "pages and what leads where"},
    {.name = NULL},
};

static const struct setting_rule *const rules_by_kind[] = {
    [NODE_MENU] = menu_rules, [NODE_PAGE] = menu_rules, [NODE_ASK] = ask_rules,
    [NODE_FORM] = form_rules, [NODE_DO] = do_rules,     [NODE_BRANCH] = branch_rules};

/* The index of the member's text among `count` names; `count` when it is none of them, and a finding unless it is absent. */
static size_t load_choice(struct loader *loader, struct setting group, const char *name, const char *const *names,
                          size_t count)
{
    struct setting member = setting_get(group, name);
    for (size_t i = 0; i < count; i++)
        if (names[i] && span_equal_text(setting_as_string(member), names[i]))
            return i;
    if (setting_is_present(member))
        setting_problem(member, loader->problems, "unknown %s \"%.*s\"", name, SPAN_ARG(setting_as_string(member)));
    return count;
}
#define LOAD_CHOICE(loader, group, name, names) load_choice(loader, group, name, names, sizeof(names) / sizeof *(names))

static enum foot load_foot(struct loader *loader, struct setting group, const struct node *node)
{
    size_t written = LOAD_CHOICE(loader, group, "foot", foot_names);
    if (written < sizeof foot_names / sizeof *foot_names)
        return (enum foot)written;
    if (node->ends)
        return FOOT_NONE;
    return node->kind == NODE_FORM || node->kind == NODE_ASK ? FOOT_BACK : FOOT_DEFAULT;
}

static struct question *add_question(struct loader *loader, struct node *node, size_t room)
{
    if (!node->questions)
        node->questions = ARENA_ARRAY(loader->arena, struct question, room);
    struct question *question = &node->questions[node->question_count];
    *question =
        (struct question){.id = node->id, .node = node, .index = (uint8_t)node->question_count, .origin = node->origin};
    node->question_count++;
    return question;
}

static void load_menu_node(struct loader *loader, struct setting group, struct node *node)
{
    node->ends = setting_bool(group, "ends", false);
    struct question *question = add_question(loader, node, 1);
    question->foot = load_foot(loader, group, node);
    load_menu(loader, group, question);
}

static void load_ask_node(struct loader *loader, struct setting group, struct node *node)
{
    node->then_name = load_string(loader, group, "goto");
    struct question *question = add_question(loader, node, 1);
    question->foot = load_foot(loader, group, node);
    load_question(loader, group, question);
}

static void load_form_node(struct loader *loader, struct setting group, struct node *node)
{
    struct setting fields = setting_get(group, "fields");
    node->then_name = load_string(loader, group, "then");
    node->amends = setting_bool(group, "amends", false);
    if (setting_count(fields) == 0 || setting_count(fields) > QUESTIONS_MAX) {
        setting_problem(group, loader->problems, "expected 1 to %d questions in `fields`", QUESTIONS_MAX);
        return;
    }
    for (size_t i = 0; i < setting_count(fields); i++) {
        struct question *question = add_question(loader, node, setting_count(fields));
        question->foot = load_foot(loader, group, node);
        load_question(loader, setting_at(fields, i), question);
        if (node_find_question(node, question->id) != question)
            setting_problem(setting_at(fields, i), loader->problems, "the form asks \"%.*s\" twice",
                            SPAN_ARG(question->id));
    }
}

static void check_do(struct loader *loader, struct setting group, const struct node *node)
{
    static const struct {
        enum effect_kind effect;
        const char *needs;
    } needs[] = {
        {EFFECT_REQUEST, "request_kind"}, {EFFECT_REGISTER, "consent_version"}, {EFFECT_SET_LANGUAGE, "language"}};
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
        if (node->effect == needs[i].effect && !setting_is_present(setting_get(group, needs[i].needs)))
            setting_problem(group, loader->problems, "this effect needs `%s`", needs[i].needs);
    if (node->effect == EFFECT_URGE && node->urgency == URGENCY_NORMAL)
        setting_problem(group, loader->problems, "whoever urges says that it is \"soon\" or \"danger\"");
}

static void load_do_node(struct loader *loader, struct setting group, struct node *node)
{
    size_t effect = LOAD_CHOICE(loader, group, "effect", effect_names);
    size_t urgency = LOAD_CHOICE(loader, group, "urgency", urgency_names);
    if (effect >= sizeof effects / sizeof *effects)
        return;
    node->effect = effects[effect];
    node->effect_name = effect_names[effect];
    node->urgency = urgency <= URGENCY_DANGER     ? (enum request_urgency)urgency
                    : node->effect == EFFECT_URGE ? URGENCY_SOON
                                                  : URGENCY_NORMAL;
    node->then_name = load_string(loader, group, "goto");
    node->request_kind = load_id(loader, group, "request_kind");
    node->consent_version = load_string(loader, group, "consent_version");
    node->desk = load_id(loader, group, "desk");
    node->hidden = setting_bool(group, "hidden", false);
    node->speak = load_language(loader, group, "language");
    check_do(loader, group, node);
}

static void load_branch_node(struct loader *loader, struct setting group, struct node *node)
{
    struct setting cases = setting_get(group, "cases");
    node->then_name = load_string(loader, group, "otherwise");
    if (setting_count(cases) > OPTIONS_MAX) {
        setting_problem(cases, loader->problems, "at most %d cases", OPTIONS_MAX);
        return;
    }
    node->cases = ARENA_ARRAY(loader->arena, struct branch_case, setting_count(cases));
    for (size_t i = 0; i < setting_count(cases); i++) {
        struct branch_case *one = &node->cases[node->case_count++];
        struct setting written = setting_at(cases, i);
        settings_check(written, case_rules, loader->problems);
        one->goto_name = load_string(loader, written, "goto");
        one->origin = load_origin(loader, written);
        load_condition(loader, written, &one->condition);
        if (one->condition.kind == CONDITION_NONE && !span_is_present(one->condition.field))
            setting_problem(written, loader->problems,
                            "a case needs `if` or `when`: expected `otherwise` for the rest");
    }
}

static void (*const load_by_kind[])(struct loader *, struct setting, struct node *) = {
    [NODE_MENU] = load_menu_node, [NODE_PAGE] = load_menu_node, [NODE_ASK] = load_ask_node,
    [NODE_FORM] = load_form_node, [NODE_DO] = load_do_node,     [NODE_BRANCH] = load_branch_node};

static void load_node(struct loader *loader, struct setting group, struct node *node)
{
    node->id = load_id(loader, group, "id");
    node->origin = load_origin(loader, group);
    size_t kind = LOAD_CHOICE(loader, group, "kind", kind_names);
    if (kind == sizeof kind_names / sizeof *kind_names) {
        setting_problem(group, loader->problems, "expected a kind: menu, page, ask, form, do or branch");
        return;
    }
    node->kind = (enum node_kind)kind;
    settings_check(group, rules_by_kind[kind], loader->problems);
    node->parent_name = load_string(loader, group, "parent");
    node->sensitive = setting_bool(group, "sensitive", false);
    node->resume = load_resume(group, RESUME_AS_SERVICE);
    node->resume_ms = setting_integer(group, "resume_hours", 0) * HOUR_MS;
    node->guarded = setting_bool(group, "guarded", false);
    node->careful = setting_bool(group, "careful", false);
    node->inherited = load_is_inherited(loader, group);
    node->shortcut = setting_bool(group, "shortcut", true) && kind != NODE_FORM && kind != NODE_ASK;
    node->topic = load_id(loader, group, "topic");
    node->retired = load_strings(loader, group, "retired", &node->retired_count);
    load_by_kind[kind](loader, group, node);
}

static int compare_nodes(const void *a, const void *b)
{
    struct span left = ((const struct node *)a)->id, right = ((const struct node *)b)->id;
    size_t shorter = left.len < right.len ? left.len : right.len;
    int order = shorter ? memcmp(left.at, right.at, shorter) : 0;
    return order ? order : (left.len > right.len) - (left.len < right.len);
}

/* Sorted for looking up by name; nothing may point at a node before. */
static void sort_nodes(struct loader *loader)
{
    struct service *service = loader->service;
    if (service->node_count > 1)
        qsort(service->nodes, service->node_count, sizeof *service->nodes, compare_nodes);
    for (size_t i = 0; i < service->node_count; i++) {
        struct node *node = &service->nodes[i];
        for (size_t q = 0; q < node->question_count; q++)
            node->questions[q].node = node;
        if (i > 0 && span_equal(node->id, service->nodes[i - 1].id))
            problems_add(loader->problems, node->origin.file, node->origin.line, "the node \"%.*s\" is also at %s:%u",
                         SPAN_ARG(node->id), service->nodes[i - 1].origin.file, service->nodes[i - 1].origin.line);
    }
}

void load_nodes(struct loader *loader)
{
    struct service *service = loader->service;
    struct setting root;
    size_t count = 0;
    for (size_t at = 0; load_next(loader, SOURCE_FLOW, &at, &root);)
        settings_check(root, file_rules, loader->problems);
    struct setting *groups = load_node_groups(loader, &count);
    if (count == 0 || count > NODES_MAX) {
        problems_add(loader->problems, "flow", 0, "a service has 1 to %d nodes, this one %zu", NODES_MAX, count);
        return;
    }
    service->nodes = ARENA_ARRAY(loader->arena, struct node, count);
    for (size_t i = 0; i < count; i++)
        load_node(loader, groups[i], &service->nodes[service->node_count++]);
    sort_nodes(loader);
}
