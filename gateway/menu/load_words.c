#include <string.h>
#include "menu/dates.h"
#include "menu/loader.h"
#include "menu/plural.h"

static const char *const reserved[] = {"language",       "own_name",      "state",  "engine", "safety",
                                       "request_states", "request_kinds", "plural", NULL};

bool load_pack_name_is_reserved(struct span name)
{
    for (size_t i = 0; reserved[i]; i++)
        if (span_equal_text(name, reserved[i]))
            return true;
    return false;
}

void load_packs(struct loader *loader)
{
    const struct service *service = loader->service;
    struct setting root;
    loader->packs = ARENA_ARRAY(loader->arena, struct setting, service->language_count);
    for (size_t at = 0; load_next(loader, SOURCE_TEXT, &at, &root);) {
        if (!setting_is_present(setting_get(root, "language"))) {
            setting_problem(root, loader->problems, "expected language = \"...\"; at the top");
            continue;
        }
        const struct language *language = load_language(loader, root, "language");
        if (language && setting_is_present(loader->packs[language->index]))
            setting_problem(root, loader->problems, "another file holds the texts of \"%.*s\"", SPAN_ARG(language->id));
        else if (language)
            loader->packs[language->index] = root;
    }
    for (size_t i = 0; i < service->language_count; i++)
        if (!setting_is_present(loader->packs[i]))
            problems_add(loader->problems, service->languages[i].origin.file, service->languages[i].origin.line,
                         "no file in text/ says language = \"%.*s\"", SPAN_ARG(service->languages[i].id));
}

static const char *const state_names[] = {
    [TEXT_DRAFT] = "draft", [TEXT_REVIEWED] = "reviewed", [TEXT_APPROVED] = "approved"};

static bool read_state(struct setting group, enum text_state *state)
{
    struct span written = setting_string(group, "state", NULL);
    for (size_t i = 0; i < sizeof state_names / sizeof *state_names; i++)
        if (span_equal_text(written, state_names[i])) {
            *state = (enum text_state)i;
            return true;
        }
    return false;
}

struct setting load_find_text(const struct loader *loader, const struct language *language, const char *const *path,
                              const char *key, struct template *found)
{
    for (size_t i = 0; i < language->order_count; i++) {
        struct setting group = loader->packs[language->order[i]];
        found->state = TEXT_DRAFT;
        (void)read_state(group, &found->state);
        for (const char *const *name = path; *name; name++) {
            group = setting_get(group, *name);
            (void)read_state(group, &found->state);
        }
        struct setting text = setting_get(group, key);
        if (!setting_is_present(text) || (loader->service->production && found->state != TEXT_APPROVED))
            continue;
        found->language = language->order[i];
        found->origin = load_origin(loader, text);
        return text;
    }
    return (struct setting){NULL, NULL};
}

static const struct setting_rule word_rules[] = {
    {.name = "state",
     .type = SETTING_STRING,
     .choices = (const char *const[]){"draft", "reviewed", "approved", NULL},
     .help = "of these words"},
    {.name = "back", .type = SETTING_STRING, .min = 1, .max = 30, .help = "0 Back"},
    {.name = "main", .type = SETTING_STRING, .min = 1, .max = 30, .help = "00 Main"},
    {.name = "more", .type = SETTING_STRING, .min = 1, .max = 30, .help = "98 More"},
    {.name = "skip", .type = SETTING_STRING, .min = 1, .max = 30, .help = "9 Skip"},
    {.name = "bad", .type = SETTING_STRING, .min = 1, .max = 160, .help = "a key that is not there"},
    {.name = "bad_text", .type = SETTING_STRING, .min = 1, .max = 160, .help = "a typed answer that does not do"},
    {.name = "no_match", .type = SETTING_STRING, .min = 1, .max = 160, .help = "a place that was not found"},
    {.name = "too_many", .type = SETTING_STRING, .min = 1, .max = 160, .help = "letters that fit too many places"},
    {.name = "moved", .type = SETTING_STRING, .min = 1, .max = 160, .help = "the menu changed under a call"},
    {.name = "no_requests", .type = SETTING_STRING, .min = 1, .max = 160, .help = "instead of an empty list"},
    {.name = "days", .type = SETTING_STRINGS, .help = "seven, from Sunday"},
    {.name = "months", .type = SETTING_STRINGS, .help = "twelve, from January"},
    {.name = "today", .type = SETTING_STRING, .min = 1, .max = 30, .help = "in place of the day's name"},
    {.name = "tomorrow", .type = SETTING_STRING, .min = 1, .max = 30, .help = "in place of the day's name"},
    {.name = "due_format", .type = SETTING_STRING, .min = 1, .max = 60, .help = "a day of this week: {day} {time}"},
    {.name = "date_format", .type = SETTING_STRING, .min = 1, .max = 60, .help = "any other day: {d} {month}"},
    {.name = "airtime_free", .type = SETTING_STRING, .min = 1, .max = 30, .help = "{airtime} where a call is free"},
    {.name = "airtime_cost", .type = SETTING_STRING, .min = 1, .max = 30, .help = "{airtime} with its {cost}"},
    {.name = NULL},
};
static const struct setting_rule state_rules[] = {
    {.name = "state",
     .type = SETTING_STRING,
     .choices = (const char *const[]){"draft", "reviewed", "approved", NULL},
     .help = "of these words"},
    {.name = "waiting", .type = SETTING_STRING, .min = 1, .max = 60, .help = "nobody has it yet"},
    {.name = "assigned", .type = SETTING_STRING, .min = 1, .max = 60, .help = "somebody has it"},
    {.name = "called", .type = SETTING_STRING, .min = 1, .max = 60, .help = "we have called"},
    {.name = "closed", .type = SETTING_STRING, .min = 1, .max = 60, .help = "done"},
    {.name = "cancelled", .type = SETTING_STRING, .min = 1, .max = 60, .help = "by the caller"},
    {.name = NULL},
};

static struct setting find_word(struct loader *loader, const struct language *language, const char *group,
                                const char *key)
{
    struct template found;
    struct setting word = load_find_text(loader, language, (const char *const[]){group, NULL}, key, &found);
    if (!setting_is_present(word))
        problems_add(loader->problems, load_origin(loader, loader->packs[language->index]).file, 0,
                     "\"%s\" is missing in the group \"%s\"%s", key, group,
                     loader->service->production ? ", or not approved" : "");
    return word;
}

static struct span load_word(struct loader *loader, const struct language *language, const char *group, const char *key)
{
    struct span word = setting_as_string(find_word(loader, language, group, key));
    return span_is_present(word) ? arena_copy(loader->arena, word) : SPAN("");
}

static void load_names_of(struct loader *loader, const struct language *language, const char *key, struct span *names,
                          size_t count, const char *expected)
{
    struct setting list = find_word(loader, language, "engine", key);
    if (setting_is_present(list) && setting_count(list) != count)
        setting_problem(list, loader->problems, "expected %s", expected);
    for (size_t i = 0; i < count; i++)
        names[i] =
            i < setting_count(list) ? arena_copy(loader->arena, setting_as_string(setting_at(list, i))) : SPAN("");
}

static void check_format(struct loader *loader, const struct language *language, const char *key, const char *problem)
{
    if (problem)
        setting_problem(find_word(loader, language, "engine", key), loader->problems, "%s: %s", key, problem);
}

static void load_time_words(struct loader *loader, const struct language *language, struct engine_words *words)
{
    load_names_of(loader, language, "days", words->days, WEEKDAYS, "seven days, from Sunday");
    load_names_of(loader, language, "months", words->months, MONTHS, "twelve months, from January");
    words->today = load_word(loader, language, "engine", "today");
    words->tomorrow = load_word(loader, language, "engine", "tomorrow");
    words->due_format = load_word(loader, language, "engine", "due_format");
    words->date_format = load_word(loader, language, "engine", "date_format");
    words->airtime_free = load_word(loader, language, "engine", "airtime_free");
    words->airtime_cost = load_word(loader, language, "engine", "airtime_cost");
    if (words->due_format.len > 0)
        check_format(loader, language, "due_format", date_format_problem(words->due_format, true));
    if (words->date_format.len > 0)
        check_format(loader, language, "date_format", date_format_problem(words->date_format, false));
    if (words->airtime_cost.len > 0 && !strstr(words->airtime_cost.at, "{cost}"))
        check_format(loader, language, "airtime_cost", "expected {cost} in it");
}

static void load_plural(struct loader *loader, struct setting pack, struct language *language)
{
    struct setting rule = setting_get(pack, "plural");
    language->plural = plural_rule_named(setting_as_string(rule));
    if (setting_is_present(rule) && language->plural == PLURAL_UNKNOWN)
        setting_problem(rule, loader->problems, "expected \"one_other\", \"zero_one_other\", \"slavic\" or \"none\"");
}

static void load_engine_words(struct loader *loader, const struct language *language, struct engine_words *words)
{
    static const char *const states[REQUEST_STATES] = {[REQUEST_WAITING] = "waiting",
                                                       [REQUEST_ASSIGNED] = "assigned",
                                                       [REQUEST_CALLED] = "called",
                                                       [REQUEST_CLOSED] = "closed",
                                                       [REQUEST_CANCELLED] = "cancelled"};
    const struct {
        const char *key;
        struct span *word;
    } each[] = {{"back", &words->back},         {"main", &words->main},
                {"more", &words->more},         {"skip", &words->skip},
                {"bad", &words->bad},           {"bad_text", &words->bad_text},
                {"no_match", &words->no_match}, {"too_many", &words->too_many},
                {"moved", &words->moved},       {"no_requests", &words->no_requests}};
    for (size_t i = 0; i < sizeof each / sizeof *each; i++)
        *each[i].word = load_word(loader, language, "engine", each[i].key);
    for (size_t i = 0; i < REQUEST_STATES; i++)
        words->request_states[i] = load_word(loader, language, "request_states", states[i]);
    load_time_words(loader, language, words);
    words->foot_back = arena_format(loader->arena, "0 %.*s", SPAN_ARG(words->back));
    words->foot_back_main = arena_format(loader->arena, "0 %.*s 00 %.*s", SPAN_ARG(words->back), SPAN_ARG(words->main));
    words->foot_more = arena_format(loader->arena, "98 %.*s", SPAN_ARG(words->more));
    words->line_skip = arena_format(loader->arena, "9 %.*s", SPAN_ARG(words->skip));
}

static void check_controls(struct loader *loader, struct setting s, unsigned depth)
{
    struct span text = setting_as_string(s);
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] < ' ' && text.at[i] != '\n') {
            setting_problem(s, loader->problems, "a control character in a text; only \\n may stand there");
            break;
        }
    for (size_t i = 0; i < setting_count(s) && depth < 8; i++)
        check_controls(loader, setting_at(s, i), depth + 1);
}

static void load_words_of(struct loader *loader, struct language *language)
{
    struct setting pack = loader->packs[language->index];
    struct setting engine = setting_get(pack, "engine"), states = setting_get(pack, "request_states");
    check_controls(loader, pack, 0);
    if (setting_is_present(engine))
        settings_check(engine, word_rules, loader->problems);
    if (setting_is_present(states))
        settings_check(states, state_rules, loader->problems);
    language->own_name = load_string(loader, pack, "own_name");
    if (!span_is_present(language->own_name))
        setting_problem(pack, loader->problems, "expected own_name = \"...\": the language's name for itself");
    load_plural(loader, pack, language);
    load_engine_words(loader, language, &language->words);
    language->safety = load_word(loader, language, "safety", "body");
    for (size_t i = 0; i < language->safety.len; i++)
        if (language->safety.at[i] == '{') {
            setting_problem(setting_get(pack, "safety"), loader->problems, "the safety page is fixed: expected no { }");
            break;
        }
}

void load_words(struct loader *loader)
{
    for (size_t i = 0; i < loader->service->language_count; i++)
        load_words_of(loader, &loader->service->languages[i]);
}
