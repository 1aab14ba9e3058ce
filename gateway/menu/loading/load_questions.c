#include <string.h>
#include "menu/loading/loader.h"

static const char *const type_names[] = {"choice", "several", "number",    "digits",    "text",   "place", "date",
                                         "pin",    "request", "check_pin", "reference", "office", NULL};
static const enum question_type types[] = {QUESTION_CHOICE,  QUESTION_SEVERAL,   QUESTION_NUMBER,    QUESTION_DIGITS,
                                           QUESTION_TEXT,    QUESTION_PLACE,     QUESTION_DATE,      QUESTION_PIN,
                                           QUESTION_REQUEST, QUESTION_CHECK_PIN, QUESTION_REFERENCE, QUESTION_OFFICE};

static const char *const cycle_names[] = {"complete", "incomplete", "interrupted", NULL};

static const struct setting_rule option_rules[] = {
    {.name = "key", .type = SETTING_STRING, .required = true, .help = "\"1\" to \"97\", written, never positional"},
    {.name = "id", .type = SETTING_STRING, .required = true, .help = "what is stored, and the name of its text"},
    {.name = "goto", .type = SETTING_STRING, .help = "the node it leads to"},
    {.name = "ask", .type = SETTING_STRING, .help = "in forms: the question it jumps to"},
    {.name = "topic", .type = SETTING_STRING, .help = "remembered from here on"},
    {.name = "set_language", .type = SETTING_STRING, .help = "from this key on, and remembered"},
    {.name = "cycle", .type = SETTING_STRING, .choices = cycle_names, .help = "of a migration, for reports"},
    {.name = "alone", .type = SETTING_BOOL, .help = "in `several`: excludes the others"},
    {.name = "if", .type = SETTING_STRING, .help = "hidden unless this holds"},
    {.name = "when", .type = SETTING_GROUP, .help = "hidden unless an earlier answer or the topic is this"},
    {.name = NULL},
};

/* What an author may set beside `options`; tables are complete for one type, so that a setting that does nothing is found. */
#define OPTIONS_RULE                                                                                                   \
    {                                                                                                                  \
        .name = "options", .type = SETTING_LIST, .help = "keys to press"                                               \
    }
#define LIST_RULE                                                                                                      \
    {                                                                                                                  \
        .name = "list", .type = SETTING_STRING, .help = "a file of lists/"                                             \
    }
#define LEAST_RULE(from, to)                                                                                           \
    {                                                                                                                  \
        .name = "min", .type = SETTING_INTEGER, .min = (from), .max = (to), .help = "the least"                        \
    }
#define MOST_RULE(from, to)                                                                                            \
    {                                                                                                                  \
        .name = "max", .type = SETTING_INTEGER, .min = (from), .max = (to), .help = "the most"                         \
    }
#define NUMBER_MOST 1000000000

static const struct setting_rule rules_of_choice[] = {OPTIONS_RULE, LIST_RULE, {.name = NULL}};
static const struct setting_rule rules_of_several[] = {
    OPTIONS_RULE, LIST_RULE, LEAST_RULE(1, 9), MOST_RULE(1, 9), {.name = NULL}};
static const struct setting_rule rules_of_number[] = {
    OPTIONS_RULE, LEAST_RULE(0, NUMBER_MOST), MOST_RULE(0, NUMBER_MOST), {.name = NULL}};
static const struct setting_rule rules_of_digits[] = {
    OPTIONS_RULE, LEAST_RULE(1, 20), MOST_RULE(1, 20), {.name = NULL}};
static const struct setting_rule rules_of_text[] = {
    OPTIONS_RULE, LEAST_RULE(1, 500), MOST_RULE(1, 500), {.name = NULL}};
static const struct setting_rule rules_of_date[] = {
    OPTIONS_RULE, {.name = "future", .type = SETTING_BOOL, .help = "days to come are fine; false"}, {.name = NULL}};
static const struct setting_rule rules_of_pin[] = {OPTIONS_RULE, {.name = NULL}};

static const struct setting_rule *const rules_by_type[] = {
    [QUESTION_MENU] = rules_of_choice,   [QUESTION_CHOICE] = rules_of_choice, [QUESTION_SEVERAL] = rules_of_several,
    [QUESTION_NUMBER] = rules_of_number, [QUESTION_DIGITS] = rules_of_digits, [QUESTION_TEXT] = rules_of_text,
    [QUESTION_PLACE] = rules_of_choice,  [QUESTION_DATE] = rules_of_date,     [QUESTION_PIN] = rules_of_pin,
    [QUESTION_REQUEST] = rules_of_pin,   [QUESTION_CHECK_PIN] = rules_of_pin, [QUESTION_REFERENCE] = rules_of_pin,
    [QUESTION_OFFICE] = rules_of_pin,
};
static const struct setting_rule common_rules[] = {
    {.name = "id", .type = SETTING_STRING, .required = true, .help = "its name"},
    {.name = "type",
     .type = SETTING_STRING,
     .required = true,
     .help = "choice, several, number, digits, text, place, date, pin, check_pin, reference, request, office"},
    {.name = "sensitive", .type = SETTING_BOOL, .help = "seal the answer; false, but true for text"},
    {.name = "skip", .type = SETTING_BOOL, .help = "adds \"9 Skip\"; false"},
    {.name = "retired", .type = SETTING_STRINGS, .help = "keys that must never come back"},
    {.name = "if", .type = SETTING_STRING, .help = "asked only if this holds"},
    {.name = "when", .type = SETTING_GROUP, .help = "asked only if an earlier answer or the topic is this"},
    {.name = NULL},
};

static bool key_is_taken(const struct question *question, const char *key)
{
    for (size_t i = 0; key[0] && i < question->option_count; i++)
        if (strcmp(question->options[i].key, key) == 0)
            return true;
    return false;
}

static void add_option(struct loader *loader, struct question *question, const struct option *option)
{
    struct origin at = option->origin;
    if (key_is_taken(question, option->key))
        problems_add(loader->problems, at.file, at.line, "key %s is taken by another option of \"%.*s\"", option->key,
                     SPAN_ARG(question->id));
    if (question_has_retired(question, option->key))
        problems_add(loader->problems, at.file, at.line,
                     "key %s is retired in \"%.*s\": callers know it as something else, expected a new key",
                     option->key, SPAN_ARG(question->id));
    if (span_is_present(option->id) && question_find_option(question, option->id))
        problems_add(loader->problems, at.file, at.line, "\"%.*s\" has two options called \"%.*s\"",
                     SPAN_ARG(question->id), SPAN_ARG(option->id));
    question->options[question->option_count++] = *option;
}

static bool is_a_text_name(struct span id)
{
    return span_equal_text(id, "state") || span_equal_text(id, "source") || span_equal_text(id, "title") ||
           span_equal_text(id, "body") || span_equal_text(id, "short");
}

static void load_option(struct loader *loader, struct setting group, struct question *question)
{
    settings_check(group, option_rules, loader->problems);
    struct option option = {.id = load_id(loader, group, "id"),
                            .goto_name = load_string(loader, group, "goto"),
                            .ask_name = load_string(loader, group, "ask"),
                            .topic = load_id(loader, group, "topic"),
                            .speak = load_language(loader, group, "set_language"),
                            .cycle = load_string(loader, group, "cycle"),
                            .alone = setting_bool(group, "alone", false),
                            .origin = load_origin(loader, group)};
    load_key(loader, group, option.key);
    load_condition(loader, group, &option.condition);
    if (is_a_text_name(option.id))
        setting_problem(group, loader->problems,
                        "an option cannot be called \"%.*s\": that is the name of another text", SPAN_ARG(option.id));
    if (question->skip && strcmp(option.key, "9") == 0)
        setting_problem(group, loader->problems,
                        "key 9 skips this question: expected another key, or no `skip = true`");
    if (question->type == QUESTION_SEVERAL && option.key[1] != '\0')
        setting_problem(group, loader->problems, "several keys are typed at once here: expected a key of one digit");
    add_option(loader, question, &option);
}

/* The items of a list become options, after those that are written beside it. */
static void add_list(struct loader *loader, const struct list *list, struct question *question)
{
    for (size_t i = 0; i < list->item_count; i++) {
        const struct list_item *item = &list->items[i];
        struct option option = {.id = item->id, .item = item, .origin = item->origin};
        memcpy(option.key, item->key, sizeof option.key);
        if (item->key[0] == '\0')
            problems_add(loader->problems, item->origin.file, item->origin.line,
                         "\"%.*s\" is chosen from this list (%s:%u): the item needs a key", SPAN_ARG(question->id),
                         question->origin.file, question->origin.line);
        add_option(loader, question, &option);
    }
}

static void load_options(struct loader *loader, struct setting group, struct question *question)
{
    struct setting options = setting_get(group, "options"), named = setting_get(group, "list");
    size_t count = setting_count(options);
    const struct list *list = service_find_list(loader->service, setting_as_string(named));
    size_t room = count + (list && question->type != QUESTION_PLACE ? list->item_count : 0);
    if (room > OPTIONS_MAX) {
        setting_problem(group, loader->problems, "%zu options; at most %d", room, OPTIONS_MAX);
        return;
    }
    question->options = ARENA_ARRAY(loader->arena, struct option, room);
    for (size_t i = 0; i < count; i++)
        load_option(loader, setting_at(options, i), question);
    if (!setting_is_present(named) || question->lists_requests || question->lists_kept)
        return;
    if (!list)
        setting_problem(named, loader->problems, "no file in lists/ has the id \"%.*s\"",
                        SPAN_ARG(setting_as_string(named)));
    else if (question->type == QUESTION_PLACE)
        question->list = list;
    else
        add_list(loader, list, question);
}

void load_menu(struct loader *loader, struct setting group, struct question *question)
{
    question->lists_requests = span_equal_text(setting_string(group, "list", NULL), "requests");
    question->lists_kept = span_equal_text(setting_string(group, "list", NULL), "kept");
    load_options(loader, group, question);
}

static bool load_type(struct loader *loader, struct setting group, enum question_type *type)
{
    struct setting member = setting_get(group, "type");
    struct span name = setting_as_string(member);
    for (size_t i = 0; type_names[i]; i++) {
        *type = types[i];
        if (span_equal_text(name, type_names[i]))
            return true;
    }
    const char *near = settings_nearest(name, type_names);
    setting_problem(setting_is_present(member) ? member : group, loader->problems,
                    "expected a type: choice, several, number, digits, text, place, date, pin, check_pin, reference, "
                    "request or office%s%s%s",
                    near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    return false;
}

/* An `ask` is checked by its node's table, which knows the settings of every type. */
static void check_question(struct loader *loader, struct setting group, const struct question *question)
{
    struct setting_rule rules[24];
    size_t count = 0;
    for (const struct setting_rule *rule = common_rules; rule->name; rule++)
        rules[count++] = *rule;
    for (const struct setting_rule *rule = rules_by_type[question->type]; rule->name; rule++)
        rules[count++] = *rule;
    rules[count] = (struct setting_rule){.name = NULL};
    settings_check(group, rules, loader->problems);
}

static void load_range(struct loader *loader, struct setting group, struct question *question)
{
    static const struct {
        int64_t min, max;
    } usual[] = {[QUESTION_SEVERAL] = {1, 9},
                 [QUESTION_NUMBER] = {0, NUMBER_MOST},
                 [QUESTION_DIGITS] = {1, 20},
                 [QUESTION_TEXT] = {1, 160},
                 [QUESTION_OFFICE] = {0, 0}};
    question->min = setting_integer(group, "min", usual[question->type].min);
    question->max = setting_integer(group, "max", usual[question->type].max);
    if (question->min > question->max)
        setting_problem(group, loader->problems, "`min` is more than `max`: no answer would do");
}

static void check_answers(struct loader *loader, struct setting group, const struct question *question)
{
    bool chosen = question->type == QUESTION_CHOICE || question->type == QUESTION_SEVERAL;
    if (chosen && question->option_count == 0)
        setting_problem(group, loader->problems, "nothing to choose from: expected `options` or `list`");
    if (question->type == QUESTION_PLACE && !question->list)
        setting_problem(group, loader->problems, "a place is looked up in a list: expected `list = \"...\"`");
}

void load_question(struct loader *loader, struct setting group, struct question *question)
{
    question->id = load_id(loader, group, "id");
    question->origin = load_origin(loader, group);
    if (!load_type(loader, group, &question->type))
        return;
    if (question->node->kind == NODE_FORM) {
        check_question(loader, group, question);
        question->retired = load_strings(loader, group, "retired", &question->retired_count);
    }
    question->sensitive =
        setting_bool(group, "sensitive", question->type == QUESTION_TEXT) || question->node->sensitive;
    question->skip = setting_bool(group, "skip", false);
    question->future = setting_bool(group, "future", false);
    load_condition(loader, group, &question->condition);
    load_range(loader, group, question);
    load_options(loader, group, question);
    check_answers(loader, group, question);
}
