#include "cli/demo_day.h"
#include "base/settings.h"

#define TIMES_MAX 200
#define DAY_MINUTES (24 * 60)

static const struct setting_rule day_rules[] = {
    {.name = "languages", .type = SETTING_LIST, .required = true, .help = "how a caller chooses one"},
    {.name = "operators", .type = SETTING_LIST, .required = true, .help = "who works at the desk"},
    {.name = "callers", .type = SETTING_LIST, .required = true, .help = "who calls, and what they type"},
    {.name = NULL},
};
static const struct setting_rule language_rules[] = {
    {.name = "id", .type = SETTING_STRING, .required = true, .min = 1, .max = 40, .help = "the language"},
    {.name = "keys", .type = SETTING_STRINGS, .required = true, .help = "typed on the first page and behind it"},
    {.name = "share", .type = SETTING_INTEGER, .required = true, .min = 1, .max = 1000, .help = "how many choose it"},
    {.name = NULL},
};
static const struct setting_rule operator_rules[] = {
    {.name = "name", .type = SETTING_STRING, .required = true, .min = 2, .max = 64, .help = "to sign in with"},
    {.name = "shown", .type = SETTING_STRING, .required = true, .min = 1, .max = 80, .help = "as others see them"},
    {.name = "roles", .type = SETTING_STRINGS, .required = true, .help = "counsellor, supervisor, admin, ..."},
    {.name = "languages", .type = SETTING_STRINGS, .help = "those that they speak; all"},
    {.name = "lang", .type = SETTING_STRING, .min = 2, .max = 40, .help = "of their pages; \"en\""},
    {.name = NULL},
};
static const struct setting_rule caller_rules[] = {
    {.name = "id", .type = SETTING_STRING, .required = true, .min = 1, .max = 40, .help = "for messages"},
    {.name = "times", .type = SETTING_INTEGER, .required = true, .min = 1, .max = TIMES_MAX, .help = "a day"},
    {.name = "from", .type = SETTING_STRING, .min = 5, .max = 5, .help = "they begin from this hour on; \"06:00\""},
    {.name = "to", .type = SETTING_STRING, .min = 5, .max = 5, .help = "and before this one; \"23:00\""},
    {.name = "ago",
     .type = SETTING_INTEGER,
     .min = 1,
     .max = DAY_MINUTES - 1,
     .help = "instead of hours: so many minutes before now"},
    {.name = "says", .type = SETTING_STRINGS, .required = true, .help = "what they type"},
    {.name = "desk", .type = SETTING_LIST, .help = "what is done with what each of them asks for"},
    {.name = NULL},
};

struct reading {
    struct arena *arena;
    struct problems *problems;
};

static struct demo_words read_words(const struct reading *reading, struct setting list)
{
    size_t count = setting_count(list);
    struct span *words = ARENA_ARRAY(reading->arena, struct span, count + 1);
    for (size_t i = 0; i < count; i++)
        words[i] = arena_copy(reading->arena, setting_as_string(setting_at(list, i)));
    return (struct demo_words){words, count};
}

static struct span read_text(const struct reading *reading, struct setting group, const char *name,
                             const char *otherwise)
{
    return arena_copy(reading->arena, setting_string(group, name, otherwise));
}

static int read_minutes(const struct reading *reading, struct setting group, const char *name, const char *otherwise)
{
    uint64_t hours, minutes;
    struct span text = setting_string(group, name, otherwise);
    if (text.len == 5 && text.at[2] == ':' && span_to_u64(span_first(text, 2), &hours) &&
        span_to_u64(span_from(text, 3), &minutes) && minutes < 60 && hours * 60 + minutes <= DAY_MINUTES)
        return (int)(hours * 60 + minutes);
    setting_problem(setting_get(group, name), reading->problems, "expected an hour, \"09:00\"");
    return 0;
}

static struct demo_tongue read_tongue(const struct reading *reading, struct setting group)
{
    settings_check(group, language_rules, reading->problems);
    return (struct demo_tongue){.lang = read_text(reading, group, "id", ""),
                                .keys = read_words(reading, setting_get(group, "keys")),
                                .share = (unsigned)setting_integer(group, "share", 1)};
}

static struct demo_operator read_operator(const struct reading *reading, struct setting group)
{
    settings_check(group, operator_rules, reading->problems);
    return (struct demo_operator){.name = read_text(reading, group, "name", ""),
                                  .shown = read_text(reading, group, "shown", ""),
                                  .lang = read_text(reading, group, "lang", "en"),
                                  .roles = read_words(reading, setting_get(group, "roles")),
                                  .languages = read_words(reading, setting_get(group, "languages"))};
}

static struct demo_caller read_caller(const struct reading *reading, struct setting group)
{
    struct setting desk = setting_get(group, "desk");
    settings_check(group, caller_rules, reading->problems);
    struct demo_caller caller = {.id = read_text(reading, group, "id", ""),
                                 .times = (unsigned)setting_integer(group, "times", 1),
                                 .from = read_minutes(reading, group, "from", "06:00"),
                                 .until = read_minutes(reading, group, "to", "23:00"),
                                 .ago = (int)setting_integer(group, "ago", 0),
                                 .says = read_words(reading, setting_get(group, "says")),
                                 .desk_count = setting_count(desk)};
    caller.desk = ARENA_ARRAY(reading->arena, struct demo_words, caller.desk_count + 1);
    for (size_t i = 0; i < caller.desk_count; i++)
        caller.desk[i] = read_words(reading, setting_at(desk, i));
    if (caller.until <= caller.from)
        setting_problem(group, reading->problems, "expected `to` behind `from`");
    return caller;
}

static void read_day(const struct reading *reading, struct setting root, struct demo_day *day)
{
    struct setting tongues = setting_get(root, "languages"), operators = setting_get(root, "operators"),
                   callers = setting_get(root, "callers");
    settings_check(root, day_rules, reading->problems);
    day->tongues = ARENA_ARRAY(reading->arena, struct demo_tongue, setting_count(tongues) + 1);
    day->operators = ARENA_ARRAY(reading->arena, struct demo_operator, setting_count(operators) + 1);
    day->callers = ARENA_ARRAY(reading->arena, struct demo_caller, setting_count(callers) + 1);
    for (; day->tongue_count < setting_count(tongues); day->tongue_count++)
        day->tongues[day->tongue_count] = read_tongue(reading, setting_at(tongues, day->tongue_count));
    for (; day->operator_count < setting_count(operators); day->operator_count++)
        day->operators[day->operator_count] = read_operator(reading, setting_at(operators, day->operator_count));
    for (; day->caller_count < setting_count(callers); day->caller_count++)
        day->callers[day->caller_count] = read_caller(reading, setting_at(callers, day->caller_count));
    if (!day->tongue_count || !day->operator_count || !day->caller_count)
        setting_problem(root, reading->problems, "expected a language, an operator and a caller at least");
}

enum outcome demo_day_read(const char *path, struct arena *arena, struct demo_day *out, struct problems *problems,
                           struct error *err)
{
    const struct reading reading = {arena, problems};
    struct settings *settings = NULL;
    size_t before = problems->count;
    enum outcome outcome = settings_read(path, NULL, &settings, problems, err);
    *out = (struct demo_day){.tongue_count = 0};
    if (outcome != OUTCOME_OK)
        return outcome;
    read_day(&reading, settings_root(settings), out);
    settings_free(settings);
    return problems->count > before ? problems_refuse(problems, before, "the day of the demonstration", err)
                                    : OUTCOME_OK;
}
