#include <string.h>
#include "menu/drawing/dates.h"
#include "menu/loading/service_facts.h"
#include "menu/loading/loader.h"
#include "menu/drawing/plural.h"

static const char *const reserved[] = {"language", "own_name",       "state",         "engine",
                                       "safety",   "request_states", "request_kinds", "request_says",
                                       "keywords", "triage",         "plural",        NULL};

bool load_pack_name_is_reserved(struct span name)
{
    for (size_t i = 0; reserved[i]; i++)
        if (span_equal_text(name, reserved[i]))
            return true;
    return false;
}

static void add_pack(struct loader *loader, struct setting root)
{
    bool inherited = load_is_inherited(loader, root);
    struct setting *packs = inherited ? loader->base_packs : loader->packs;
    struct span id = setting_string(root, "language", NULL);
    const struct language *language =
        inherited ? service_find_language(loader->service, id) : load_language(loader, root, "language");
    if (!span_is_present(id))
        setting_problem(root, loader->problems, "expected language = \"...\"; at the top");
    else if (language && setting_is_present(packs[language->index]))
        setting_problem(root, loader->problems, "another file holds the texts of \"%.*s\"", SPAN_ARG(language->id));
    else if (language)
        packs[language->index] = root;
}

void load_packs(struct loader *loader)
{
    const struct service *service = loader->service;
    struct setting root;
    loader->packs = ARENA_ARRAY(loader->arena, struct setting, service->language_count);
    loader->base_packs = ARENA_ARRAY(loader->arena, struct setting, service->language_count);
    for (size_t at = 0; load_next(loader, SOURCE_TEXT, &at, &root);)
        add_pack(loader, root);
    for (size_t i = 0; i < service->language_count; i++)
        if (!setting_is_present(loader->packs[i]) && !setting_is_present(loader->base_packs[i]))
            problems_add(loader->problems, service->languages[i].origin.file, service->languages[i].origin.line,
                         "no file in text/ says language = \"%.*s\"", SPAN_ARG(service->languages[i].id));
}

struct setting load_pack(const struct loader *loader, const struct language *language)
{
    struct setting own = loader->packs[language->index];
    return setting_is_present(own) ? own : loader->base_packs[language->index];
}

/* In one file; *state becomes that of the innermost group that says one. */
static struct setting find_in_pack(struct setting group, const char *const *path, const char *key,
                                   enum text_state *state)
{
    *state = TEXT_DRAFT;
    (void)load_state(group, state);
    for (const char *const *name = path; *name; name++) {
        group = setting_get(group, *name);
        (void)load_state(group, state);
    }
    return setting_get(group, key);
}

struct setting load_find_text(const struct loader *loader, const struct language *language, const char *const *path,
                              const char *key, struct template *found)
{
    for (size_t i = 0; i < 2 * language->order_count; i++) {
        size_t l = language->order[i / 2];
        struct setting pack = i % 2 == 0 ? loader->packs[l] : loader->base_packs[l];
        struct setting text = find_in_pack(pack, path, key, &found->state);
        if (!setting_is_present(text) || (loader->service->production && found->state != TEXT_APPROVED))
            continue;
        found->language = l;
        found->origin = load_origin(loader, text);
        return text;
    }
    return (struct setting){NULL, NULL};
}

static const struct setting_rule word_rules[] = {
    {.name = "state", .type = SETTING_STRING, .choices = text_state_names, .help = "of these words"},
    {.name = "source", .type = SETTING_STRING, .max = SOURCE_HASH, .help = "set by `helpline texts`"},
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
    {.name = "pin_wrong", .type = SETTING_STRING, .min = 1, .max = 160, .help = "with entry.pin: a PIN that is wrong"},
    {.name = "pin_locked", .type = SETTING_STRING, .min = 1, .max = 160, .help = "with entry.pin: five were wrong"},
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
static struct setting find_word(struct loader *loader, const struct language *language, const char *group,
                                const char *key, struct template *found)
{
    struct setting word = load_find_text(loader, language, (const char *const[]){group, NULL}, key, found);
    if (!setting_is_present(word))
        problems_add(loader->problems, load_origin(loader, load_pack(loader, language)).file, 0,
                     "\"%s\" is missing in the group \"%s\"%s", key, group,
                     loader->service->production ? ", or not approved" : "");
    return word;
}

static struct span load_word(struct loader *loader, const struct language *language, const char *group, const char *key)
{
    struct template found;
    struct span word = setting_as_string(find_word(loader, language, group, key, &found));
    if (!span_is_present(word))
        return SPAN("");
    return service_facts_fill(loader->service, found.language, arena_copy(loader->arena, word), found.origin,
                              loader->problems);
}

static void load_names_of(struct loader *loader, const struct language *language, const char *key, struct span *names,
                          size_t count, const char *expected)
{
    struct template found;
    struct setting list = find_word(loader, language, "engine", key, &found);
    if (setting_is_present(list) && setting_count(list) != count)
        setting_problem(list, loader->problems, "expected %s", expected);
    for (size_t i = 0; i < count; i++)
        names[i] =
            i < setting_count(list) ? arena_copy(loader->arena, setting_as_string(setting_at(list, i))) : SPAN("");
}

static void check_format(struct loader *loader, const struct language *language, const char *key, const char *problem)
{
    struct template found;
    if (problem)
        setting_problem(find_word(loader, language, "engine", key, &found), loader->problems, "%s: %s", key, problem);
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
    if (span_is_present(loader->service->pin.name)) {
        words->pin_wrong = load_word(loader, language, "engine", "pin_wrong");
        words->pin_locked = load_word(loader, language, "engine", "pin_locked");
    }
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

/* The page that is served when nothing else can be: the first language along the fallbacks that somebody has looked at. */
static struct span load_safety(struct loader *loader, const struct language *language)
{
    static const char *const path[] = {"safety", NULL};
    struct template found = {.count = 0};
    struct setting text = load_find_text(loader, language, path, "body", &found);
    for (size_t i = 0; i < language->order_count && setting_is_present(text); i++) {
        struct setting one =
            load_find_text(loader, &loader->service->languages[language->order[i]], path, "body", &found);
        struct span words = arena_copy(loader->arena, setting_as_string(one));
        if (span_is_present(words) && found.state >= load_careful_least(loader))
            return service_facts_fill(loader->service, found.language, words, found.origin, loader->problems);
    }
    problems_add(loader->problems, load_origin(loader, load_pack(loader, language)).file, setting_line(text), "%s",
                 setting_is_present(text) ? "the safety page is never served as a draft: expected state = "
                                            "\"reviewed\", here or where the language falls back to"
                                          : "\"body\" is missing in the group \"safety\"");
    return SPAN("");
}

static void load_words_of(struct loader *loader, struct language *language)
{
    struct setting pack = loader->packs[language->index];
    struct setting engine = setting_get(pack, "engine");
    check_controls(loader, pack, 0);
    check_controls(loader, loader->base_packs[language->index], 0);
    if (setting_is_present(engine))
        settings_check(engine, word_rules, loader->problems);
    bool own = setting_is_present(setting_get(pack, "own_name"));
    language->own_name = load_string(loader, own ? pack : loader->base_packs[language->index], "own_name");
    if (!span_is_present(language->own_name))
        setting_problem(load_pack(loader, language), loader->problems,
                        "expected own_name = \"...\": the language's name for itself");
    load_plural(loader, load_pack(loader, language), language);
    load_engine_words(loader, language, &language->words);
    language->safety = load_safety(loader, language);
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

bool load_must_be_complete(const struct loader *loader, const struct language *language)
{
    return language->index == 0 || (!span_is_present(language->fallback_name) && !loader->service->production);
}
