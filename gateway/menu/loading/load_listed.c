/* Keywords, triage rules and machines: service.conf says what follows from a word, the text files list the words. */
#include <string.h>
#include "menu/loading/loader.h"
#include "menu/service/wording.h"
#include "text/digits.h"

static const struct setting_rule keyword_rules[] = {
    {.name = "id", .type = SETTING_STRING, .required = true, .help = "its name; each text file lists its words"},
    {.name = "goto", .type = SETTING_STRING, .help = "a node"},
    {.name = "continue", .type = SETTING_BOOL, .help = "goes on with what was left instead; false"},
    {.name = "match",
     .type = SETTING_STRING,
     .choices = (const char *const[]){"whole", "first", NULL},
     .help = "the whole message, or its first word; \"whole\""},
    {.name = "once", .type = SETTING_BOOL, .help = "no answer when it holds already; false"},
    {.name = NULL},
};
static const struct setting_rule triage_rules[] = {
    {.name = "id", .type = SETTING_STRING, .required = true, .help = "its name; each text file lists its words"},
    {.name = "urgency",
     .type = SETTING_STRING,
     .required = true,
     .choices = (const char *const[]){"soon", "danger", NULL},
     .help = "what the next request has at least"},
    {.name = "goto", .type = SETTING_STRING, .required = true, .help = "the node that is shown"},
    {.name = NULL},
};

/* A list of words for one rule, while they are gathered from all languages. */
struct gathering {
    struct loader *loader;
    const char *group; /* "keywords" */
    const char *what;  /* for findings: "the keyword" */
    size_t most;       /* of one rule in one language */
};

static bool holds(const struct listed_word *words, size_t count, struct span folded)
{
    for (size_t i = 0; i < count; i++)
        if (span_equal(words[i].folded, folded))
            return true;
    return false;
}

static struct setting listed(const struct gathering *gathering, size_t language, struct span id)
{
    const struct setting packs[] = {gathering->loader->packs[language], gathering->loader->base_packs[language]};
    struct setting list = {NULL, NULL};
    for (size_t i = 0; i < 2 && span_is_present(id) && !setting_is_present(list); i++)
        list = setting_get(setting_get(packs[i], gathering->group), id.at);
    return list;
}

/* What one language lists; a word that another one lists too is taken once, of a language that is not offered none. */
static void gather_language(const struct gathering *gathering, struct setting list, bool offered,
                            struct listed_word *words, size_t *count)
{
    struct loader *loader = gathering->loader;
    size_t size = setting_count(list) <= gathering->most ? setting_count(list) : gathering->most;
    struct listed_word *own = ARENA_ARRAY(loader->arena, struct listed_word, size);
    size_t own_count = 0;
    for (size_t i = 0; i < size; i++) {
        struct setting s = setting_at(list, i);
        struct span written = setting_as_string(s), folded = wording_fold(written, loader->arena);
        if (!span_is_present(folded)) {
            setting_problem(s, loader->problems, "%s \"%.*s\" holds no letter", gathering->what, SPAN_ARG(written));
            continue;
        }
        if (span_is_present(digits_key(written, loader->arena)))
            setting_problem(s, loader->problems, "%s \"%.*s\" would stand in the way of a key", gathering->what,
                            SPAN_ARG(written));
        if (holds(own, own_count, folded))
            setting_problem(s, loader->problems, "%s \"%.*s\" is listed twice", gathering->what, SPAN_ARG(written));
        own[own_count] = (struct listed_word){arena_copy(loader->arena, written), folded, load_origin(loader, s)};
        if (offered && !holds(words, *count, folded))
            words[(*count)++] = own[own_count];
        own_count++;
    }
}

static const struct listed_word *gather(const struct gathering *gathering, struct setting rule, struct span id,
                                        size_t *count)
{
    struct loader *loader = gathering->loader;
    size_t languages = loader->service->language_count, most = 0;
    for (size_t l = 0; l < languages; l++) {
        struct setting list = listed(gathering, l, id);
        most += setting_count(list);
        if (setting_is_present(list) && !setting_is_list(list))
            setting_problem(list, loader->problems, "expected a list of words: [ \"...\", \"...\" ]");
        else if (setting_count(list) > gathering->most)
            setting_problem(list, loader->problems, "at most %zu may stand here", gathering->most);
    }
    struct listed_word *words = ARENA_ARRAY(loader->arena, struct listed_word, most);
    for (size_t l = 0; l < languages; l++)
        if (setting_is_list(listed(gathering, l, id)))
            gather_language(gathering, listed(gathering, l, id), loader->service->languages[l].offered, words, count);
    if (most == 0 && span_is_present(id))
        setting_problem(rule, loader->problems, "no text file lists a word for \"%.*s\" in its group \"%s\"",
                        SPAN_ARG(id), gathering->group);
    return words;
}

/* What a text file lists for a rule that service.conf does not have. */
static void check_names(const struct gathering *gathering, const char *const *names)
{
    const struct loader *loader = gathering->loader;
    for (size_t l = 0; l < loader->service->language_count; l++) {
        struct setting group = setting_get(loader->packs[l], gathering->group);
        for (size_t i = 0; i < setting_count(group); i++) {
            struct setting member = setting_at(group, i);
            bool known = strcmp(setting_name(member), "state") == 0 || strcmp(setting_name(member), "source") == 0;
            for (size_t n = 0; names[n] && !known; n++)
                known = strcmp(names[n], setting_name(member)) == 0;
            const char *near = known ? NULL : settings_nearest(span_of(setting_name(member)), names);
            if (!known)
                setting_problem(member, loader->problems, "service.conf has no \"%s\" in its list \"%s\"%s%s%s",
                                setting_name(member), gathering->group, near ? "; did you mean \"" : "",
                                near ? near : "", near ? "\"?" : "");
        }
    }
}

/* Two rules that claim the same word. */
static void check_apart(struct loader *loader, const struct listed_word *words, size_t count,
                        const struct listed_word *others, size_t other_count, const char *also)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < other_count; j++)
            if (span_equal(words[i].folded, others[j].folded))
                problems_add(loader->problems, words[i].origin.file, words[i].origin.line, "\"%.*s\" is also %s: %s:%u",
                             SPAN_ARG(words[i].written), also, others[j].origin.file, others[j].origin.line);
}

/* ---- keywords ---- */

static void load_keyword(struct loader *loader, struct setting group, struct keyword *keyword)
{
    const struct gathering gathering = {loader, "keywords", "the keyword", WORDS_MAX};
    settings_check(group, keyword_rules, loader->problems);
    keyword->origin = load_origin(loader, group);
    keyword->id = load_id(loader, group, "id");
    keyword->goto_name = load_string(loader, group, "goto");
    keyword->continues = setting_bool(group, "continue", false);
    keyword->once = setting_bool(group, "once", false);
    keyword->match = span_equal_text(setting_string(group, "match", "whole"), "first") ? KEYWORD_FIRST : KEYWORD_WHOLE;
    if (keyword->continues == span_is_present(keyword->goto_name))
        setting_problem(group, loader->problems, "a keyword leads somewhere: expected `goto`, or continue = true");
    keyword->words = gather(&gathering, group, keyword->id, &keyword->word_count);
}

static void load_keywords(struct loader *loader, struct setting list)
{
    struct service *service = loader->service;
    size_t count = setting_count(list);
    if (count > KEYWORDS_MAX) {
        setting_problem(list, loader->problems, "a service has at most %d keywords", KEYWORDS_MAX);
        return;
    }
    service->keywords = ARENA_ARRAY(loader->arena, struct keyword, count);
    const char **names = ARENA_ARRAY(loader->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct keyword *keyword = &service->keywords[i];
        load_keyword(loader, setting_at(list, i), keyword);
        for (size_t k = 0; k < i; k++)
            check_apart(loader, keyword->words, keyword->word_count, service->keywords[k].words,
                        service->keywords[k].word_count, "another keyword");
        names[i] = span_is_present(keyword->id) ? keyword->id.at : "";
        service->keyword_count++;
    }
    check_names(&(struct gathering){loader, "keywords", NULL, 0}, names);
}

/* ---- triage ---- */

static void load_rule(struct loader *loader, struct setting group, struct triage_rule *rule)
{
    const struct gathering gathering = {loader, "triage", "the triage word", TRIAGE_WORDS_MAX};
    settings_check(group, triage_rules, loader->problems);
    rule->origin = load_origin(loader, group);
    rule->id = load_id(loader, group, "id");
    rule->goto_name = load_string(loader, group, "goto");
    rule->urgency = span_equal_text(setting_string(group, "urgency", "soon"), "danger") ? URGENCY_DANGER : URGENCY_SOON;
    rule->words = gather(&gathering, group, rule->id, &rule->word_count);
}

static void load_triage(struct loader *loader, struct setting list)
{
    struct service *service = loader->service;
    size_t count = setting_count(list);
    if (count > TRIAGE_MAX) {
        setting_problem(list, loader->problems, "a service has at most %d triage rules", TRIAGE_MAX);
        return;
    }
    service->triage = ARENA_ARRAY(loader->arena, struct triage_rule, count);
    const char **names = ARENA_ARRAY(loader->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct triage_rule *rule = &service->triage[i];
        load_rule(loader, setting_at(list, i), rule);
        for (size_t k = 0; k < i; k++)
            check_apart(loader, rule->words, rule->word_count, service->triage[k].words, service->triage[k].word_count,
                        "of another triage rule");
        for (size_t k = 0; k < service->keyword_count; k++)
            check_apart(loader, rule->words, rule->word_count, service->keywords[k].words,
                        service->keywords[k].word_count, "a keyword");
        names[i] = span_is_present(rule->id) ? rule->id.at : "";
        service->triage_count++;
    }
    check_names(&(struct gathering){loader, "triage", NULL, 0}, names);
}

/* ---- machines ---- */

/* A keyword that began like a machine's text would never be heard. */
static void check_heard(struct loader *loader, const struct listed_word *machine)
{
    const struct service *service = loader->service;
    for (size_t k = 0; k < service->keyword_count; k++)
        for (size_t w = 0; w < service->keywords[k].word_count; w++) {
            const struct listed_word *word = &service->keywords[k].words[w];
            if (wording_begins(word->folded, machine->folded))
                problems_add(loader->problems, machine->origin.file, machine->origin.line,
                             "the keyword \"%.*s\" would not be heard: a machine's text begins so",
                             SPAN_ARG(word->written));
        }
}

static void load_machines(struct loader *loader, struct setting list)
{
    struct service *service = loader->service;
    size_t count = setting_count(list);
    service->machines = ARENA_ARRAY(loader->arena, struct listed_word, count);
    for (size_t i = 0; i < count; i++) {
        struct listed_word *machine = &service->machines[i];
        struct setting s = setting_at(list, i);
        struct span written = setting_as_string(s);
        *machine = (struct listed_word){arena_copy(loader->arena, written), wording_fold(written, loader->arena),
                                        load_origin(loader, s)};
        if (!span_is_present(machine->folded) || wording_is_digits(machine->folded))
            setting_problem(s, loader->problems, "\"%.*s\" holds no word", SPAN_ARG(written));
        service->machine_count++;
        check_heard(loader, machine);
    }
}

void load_listed(struct loader *loader)
{
    load_keywords(loader, load_part(loader, "keywords"));
    load_triage(loader, load_part(loader, "triage"));
    load_machines(loader, load_part(loader, "machines"));
}
