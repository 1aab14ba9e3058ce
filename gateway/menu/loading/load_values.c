#include <stdlib.h>
#include <string.h>
#include "menu/loading/loader.h"

bool load_is_inherited(const struct loader *loader, struct setting s)
{
    for (size_t i = 0; i < loader->source_count; i++)
        if (loader->sources[i].settings == s.settings)
            return loader->sources[i].inherited;
    return false;
}

bool load_next(struct loader *loader, enum source_kind kind, size_t *at, struct setting *root)
{
    while (*at < loader->source_count) {
        const struct source *source = &loader->sources[(*at)++];
        if (source->kind != kind)
            continue;
        *root = settings_root(source->settings);
        return true;
    }
    return false;
}

struct origin load_origin(const struct loader *loader, struct setting s)
{
    for (size_t i = 0; i < loader->source_count; i++)
        if (loader->sources[i].settings == s.settings)
            return (struct origin){loader->sources[i].file, setting_line(s)};
    return (struct origin){"service.conf", 0};
}

/* Control characters would be taken for the marks around values (text/screen.h), or confuse a phone. */
static struct span keep_text(struct loader *loader, struct setting s)
{
    struct span text = setting_as_string(s);
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] < ' ' && text.at[i] != '\n') {
            setting_problem(s, loader->problems, "a control character in a text; only \\n may stand there");
            return SPAN_NONE;
        }
    if (text.len > TEXT_MAX_BYTES)
        setting_problem(s, loader->problems, "a text of %zu bytes; at most %d", text.len, TEXT_MAX_BYTES);
    return arena_copy(loader->arena, text);
}

struct span load_string(struct loader *loader, struct setting group, const char *name)
{
    return keep_text(loader, setting_get(group, name));
}

static bool is_name(struct span s)
{
    if (s.len == 0 || s.len > NAME_MAX_BYTES || s.at[0] < 'a' || s.at[0] > 'z')
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!((s.at[i] >= 'a' && s.at[i] <= 'z') || (s.at[i] >= '0' && s.at[i] <= '9') || s.at[i] == '_' ||
              s.at[i] == '-'))
            return false;
    return true;
}

struct span load_id(struct loader *loader, struct setting group, const char *name)
{
    struct span id = load_string(loader, group, name);
    if (span_is_present(id) && !is_name(id))
        setting_problem(setting_get(group, name), loader->problems,
                        "\"%.*s\" is no name: lower-case letters, digits and _, a letter first, at most %d",
                        SPAN_ARG(id), NAME_MAX_BYTES);
    return id;
}

struct span *load_string_list(struct loader *loader, struct setting list, size_t *count)
{
    *count = setting_count(list);
    if (*count > WORDS_MAX) {
        setting_problem(list, loader->problems, "at most %d may stand here", WORDS_MAX);
        *count = WORDS_MAX;
    }
    struct span *strings = ARENA_ARRAY(loader->arena, struct span, *count);
    for (size_t i = 0; i < *count; i++)
        strings[i] = keep_text(loader, setting_at(list, i));
    return strings;
}

struct span *load_strings(struct loader *loader, struct setting group, const char *name, size_t *count)
{
    return load_string_list(loader, setting_get(group, name), count);
}

static bool is_key(struct span s)
{
    return (s.len == 1 || s.len == 2) && s.at[0] >= '1' && s.at[0] <= '9' &&
           (s.len == 1 || (s.at[1] >= '0' && s.at[1] <= '9'));
}

void load_key(struct loader *loader, struct setting group, char key[4])
{
    struct setting member = setting_get(group, "key");
    struct span s = setting_as_string(member);
    memset(key, 0, 4);
    if (!setting_is_present(member))
        return;
    bool reserved =
        span_equal_text(s, "0") || span_equal_text(s, "00") || span_equal_text(s, "98") || span_equal_text(s, "99");
    if (reserved)
        setting_problem(member, loader->problems,
                        "key \"%.*s\" belongs to the engine (0 back, 00 main, 98 more, 99): expected 1 to 97",
                        SPAN_ARG(s));
    else if (!is_key(s))
        setting_problem(member, loader->problems, "expected a key from \"1\" to \"97\", without a leading zero");
    else
        memcpy(key, s.at, s.len);
}

const struct language *load_language(struct loader *loader, struct setting group, const char *name)
{
    struct setting member = setting_get(group, name);
    if (!setting_is_present(member))
        return NULL;
    const struct language *language = service_find_language(loader->service, setting_as_string(member));
    if (!language)
        setting_problem(member, loader->problems, "service.conf lists no language \"%.*s\"",
                        SPAN_ARG(setting_as_string(member)));
    return language;
}

static void check_names(struct loader *loader, struct setting names)
{
    for (size_t i = 0; i < setting_count(names); i++) {
        struct setting member = setting_at(names, i);
        if (!service_find_language(loader->service, span_of(setting_name(member))))
            setting_problem(member, loader->problems, "service.conf lists no language \"%s\"", setting_name(member));
        else if (!setting_is_string(member) || setting_as_string(member).len == 0)
            setting_problem(member, loader->problems, "expected a text in quotes");
    }
}

const struct span *load_names(struct loader *loader, struct setting group, const char *name)
{
    struct setting names = setting_get(group, name);
    const struct service *service = loader->service;
    if (!setting_is_present(names))
        return NULL;
    struct span *all = ARENA_ARRAY(loader->arena, struct span, service->language_count);
    if (!load_is_inherited(loader, names)) /* a base speaks other languages too */
        check_names(loader, names);
    for (size_t l = 0; l < service->language_count; l++) {
        const struct language *language = &service->languages[l];
        all[l] = setting_is_string(names) ? load_string(loader, group, name) : SPAN_NONE;
        for (size_t i = 0; i < language->order_count && !span_is_present(all[l]); i++)
            all[l] = load_string(loader, names, arena_text(loader->arena, service->languages[language->order[i]].id));
    }
    if (!span_is_present(all[0]) || all[0].len == 0)
        setting_problem(names, loader->problems, "no name in the first language, \"%.*s\"",
                        SPAN_ARG(service->languages[0].id));
    return all;
}

static const char *const facts[] = {
    "registered",    "has_requests",  "request_open",  "has_office",    "opted_out", "can_be_called", "can_be_texted",
    "may_be_texted", "ussd",          "sms",           "has_pin",       "pin_open",  "acting",        "keeps_something",
    "open_now",      "follow_up_due", "calls_allowed", "texts_allowed", NULL,
};
static const enum condition_kind fact_kinds[] = {
    CONDITION_REGISTERED,    CONDITION_HAS_REQUESTS,    CONDITION_REQUEST_OPEN,
    CONDITION_HAS_OFFICE,    CONDITION_OPTED_OUT,       CONDITION_CAN_BE_CALLED,
    CONDITION_CAN_BE_TEXTED, CONDITION_MAY_BE_TEXTED,   CONDITION_USSD,
    CONDITION_SMS,           CONDITION_HAS_PIN,         CONDITION_PIN_OPEN,
    CONDITION_ACTING,        CONDITION_KEEPS_SOMETHING, CONDITION_OPEN_NOW,
    CONDITION_FOLLOW_UP_DUE, CONDITION_CALLS_ALLOWED,   CONDITION_TEXTS_ALLOWED,
};

static void load_fact(struct loader *loader, struct setting member, struct condition *condition)
{
    struct span words = span_trim(setting_as_string(member));
    condition->negated = span_starts_with(words, SPAN("not "));
    struct span fact = condition->negated ? span_trim(span_from(words, 4)) : words;
    for (size_t i = 0; facts[i]; i++)
        if (span_equal_text(fact, facts[i]))
            condition->kind = fact_kinds[i];
    if (condition->kind != CONDITION_NONE)
        return;
    const char *near = settings_nearest(fact, facts);
    setting_problem(
        member, loader->problems,
        "unknown condition \"%.*s\"%s%s%s; expected one of registered, has_requests, request_open, has_office, "
        "opted_out, can_be_called, can_be_texted, may_be_texted, ussd, sms, has_pin, pin_open, acting, "
        "keeps_something, open_now, "
        "follow_up_due, calls_allowed, texts_allowed, or \"not\" and one of them",
        SPAN_ARG(words), near ? ", did you mean \"" : "", near ? near : "", near ? "\"" : "");
}

static const struct setting_rule when_rules[] = {
    {.name = "field", .type = SETTING_STRING, .max = NAME_MAX_BYTES, .help = "the question whose answer is looked at"},
    {.name = "is", .type = SETTING_STRINGS, .help = "holds when the answer is one of these"},
    {.name = "topic", .type = SETTING_STRINGS, .help = "holds when the topic is one of these"},
    {.name = "request", .type = SETTING_STRINGS, .help = "holds when the request that is spoken of is of these kinds"},
    {.name = NULL},
};

static void load_when(struct loader *loader, struct setting when, struct condition *condition)
{
    static const char *const members[] = {[OF_ANSWER] = "is", [OF_TOPIC] = "topic", [OF_REQUEST] = "request"};
    settings_check(when, when_rules, loader->problems);
    condition->of = setting_is_present(setting_get(when, "topic"))     ? OF_TOPIC
                    : setting_is_present(setting_get(when, "request")) ? OF_REQUEST
                                                                       : OF_ANSWER;
    const char *member = members[condition->of];
    condition->field = condition->of == OF_ANSWER ? load_string(loader, when, "field") : span_of(member);
    condition->values = load_strings(loader, when, member, &condition->value_count);
    if (!span_is_present(condition->field) || condition->value_count == 0)
        setting_problem(when, loader->problems,
                        "expected { field = \"...\"; is = [ \"...\" ]; }, { topic = [ \"...\" ]; } "
                        "or { request = [ \"...\" ]; }");
}

void load_condition(struct loader *loader, struct setting group, struct condition *condition)
{
    struct setting fact = setting_get(group, "if"), when = setting_get(group, "when");
    condition->written = load_string(loader, group, "if");
    if (setting_is_present(fact))
        load_fact(loader, fact, condition);
    if (setting_is_present(when))
        load_when(loader, when, condition);
}

const char *const load_resume_names[] = {"ask", "continue", "restart", NULL};

enum resume_policy load_resume(struct setting group, enum resume_policy otherwise)
{
    static const enum resume_policy policies[] = {RESUME_ASK, RESUME_CONTINUE, RESUME_RESTART};
    struct span written = setting_string(group, "resume", NULL);
    for (size_t i = 0; load_resume_names[i]; i++)
        if (span_equal_text(written, load_resume_names[i]))
            return policies[i];
    return setting_bool(group, "resume", true) ? otherwise : RESUME_RESTART;
}
