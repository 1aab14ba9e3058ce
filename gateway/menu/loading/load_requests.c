/* What is said of requests: a word for each kind and each state, and the sentences of {request.says}. */
#include "menu/loading/loader.h"
#include "menu/drawing/request_words.h"
#include "menu/loading/service_facts.h"
#include "menu/drawing/template.h"

#define WORD_RULE(word, what)                                                                                          \
    {                                                                                                                  \
        .name = (word), .type = SETTING_STRING, .min = 1, .max = 480, .help = (what)                                   \
    }
#define TEXT_STATE_RULES                                                                                               \
    {.name = "state", .type = SETTING_STRING, .choices = text_state_names, .help = "of these words"},                  \
    {                                                                                                                  \
        .name = "source", .type = SETTING_STRING, .max = SOURCE_HASH, .help = "set by `helpline texts`"                \
    }

static const struct setting_rule state_rules[] = {
    WORD_RULE("waiting", "nobody has it yet"),
    WORD_RULE("assigned", "somebody has it"),
    WORD_RULE("called", "we have called"),
    WORD_RULE("closed", "done"),
    WORD_RULE("cancelled", "by the caller"),
    WORD_RULE("late", "waiting or with somebody, and what was promised is past; else as these"),
    TEXT_STATE_RULES,
    {.name = NULL},
};
static const struct setting_rule says_rules[] = {
    [SAYS_WAITING] = WORD_RULE("waiting", "nobody has it yet"),
    [SAYS_LATE] = WORD_RULE("late", "what was promised is past"),
    [SAYS_URGED] = WORD_RULE("urged", "its person said that it is urgent"),
    [SAYS_CHANGED] = WORD_RULE("changed", "its person changed it"),
    [SAYS_ASSIGNED] = WORD_RULE("assigned", "somebody has it"),
    [SAYS_TRIED] = WORD_RULE("tried", "we called and reached nobody"),
    [SAYS_CALLED] = WORD_RULE("called", "we have called"),
    [SAYS_REFERRED] = WORD_RULE("referred", "passed on to an office"),
    [SAYS_REOPENED] = WORD_RULE("reopened", "taken up again"),
    [SAYS_CLOSED] = WORD_RULE("closed", "done"),
    [SAYS_CANCELLED] = WORD_RULE("cancelled", "by the caller"),
    TEXT_STATE_RULES,
    {.name = NULL},
};

/* The words stand wherever a request is shown: what they say of it is all that they may say, and never themselves. */
static void check_pieces(struct loader *loader, const struct template *words, enum piece_kind own)
{
    for (size_t i = 0; i < words->count; i++) {
        enum piece_kind kind = words->pieces[i].kind;
        bool allowed = kind == PIECE_WORDS || (piece_is_of_request(kind) && kind != own && kind != PIECE_REQUEST_SAYS);
        if (!allowed)
            problems_add(loader->problems, words->origin.file, words->origin.line,
                         "these words may hold {request.ref}, {request.kind}, {request.due}, {request.next}, "
                         "{request.made} and {request.changed}%s, and nothing else",
                         own == PIECE_REQUEST_STATE ? "" : ", {request.state}");
    }
}

static void report_missing(struct loader *loader, const struct language *language, const char *group, const char *key)
{
    problems_add(loader->problems, load_origin(loader, load_pack(loader, language)).file, 0,
                 "the group \"%s\" has no \"%s\"%s", group, key,
                 loader->service->production ? " that is approved" : "");
}

static void load_template(struct loader *loader, const struct language *language, const char *group, const char *key,
                          bool required, struct template *words)
{
    struct setting text = load_find_text(loader, language, (const char *const[]){group, NULL}, key, words);
    struct span written = arena_copy(loader->arena, setting_as_string(text));
    if (written.len > 0)
        template_parse(loader->service, NULL,
                       service_facts_fill(loader->service, words->language, written, words->origin, loader->problems),
                       words, loader->problems);
    else if (required)
        report_missing(loader, language, group, key);
}

static void load_states(struct loader *loader, struct language *language)
{
    struct setting group = setting_get(load_pack(loader, language), "request_states");
    if (setting_is_present(group))
        settings_check(group, state_rules, loader->problems);
    for (size_t i = 0; i < REQUEST_STATES; i++) {
        load_template(loader, language, "request_states", state_rules[i].name, true, &language->request_states[i]);
        check_pieces(loader, &language->request_states[i], PIECE_REQUEST_STATE);
    }
    load_template(loader, language, "request_states", "late", false, &language->request_late);
    check_pieces(loader, &language->request_late, PIECE_REQUEST_STATE);
}

static bool question_says(const struct question *question, size_t language)
{
    if (!question->titles)
        return false; /* it lacks its name */
    bool says = template_holds(&question->titles[language], PIECE_REQUEST_SAYS) ||
                template_holds(&question->bodies[language], PIECE_REQUEST_SAYS);
    for (size_t i = 0; i < question->option_count; i++)
        says = says || (question->options[i].texts &&
                        template_holds(&question->options[i].texts[language], PIECE_REQUEST_SAYS));
    return says;
}

static bool node_says(const struct node *node, size_t languages)
{
    for (size_t l = 0; l < languages; l++) {
        if (node->texts && template_holds(&node->texts[l], PIECE_REQUEST_SAYS))
            return true;
        for (size_t q = 0; q < node->question_count; q++)
            if (question_says(&node->questions[q], l))
                return true;
    }
    return false;
}

/* A service whose pages never say {request.says} needs no sentences for it. */
static bool says_are_needed(const struct service *service)
{
    for (size_t i = 0; i < service->node_count; i++)
        if (node_says(&service->nodes[i], service->language_count))
            return true;
    return false;
}

static void load_says(struct loader *loader, struct language *language, bool required)
{
    struct setting group = setting_get(load_pack(loader, language), "request_says");
    if (setting_is_present(group))
        settings_check(group, says_rules, loader->problems);
    for (size_t i = 0; i < REQUEST_SAYS; i++) {
        load_template(loader, language, "request_says", says_rules[i].name, required, &language->request_says[i]);
        check_pieces(loader, &language->request_says[i], PIECE_REQUEST_SAYS);
    }
}

static bool knows_kind(const struct service *service, struct span kind)
{
    for (size_t i = 0; i < service->request_kind_count; i++)
        if (span_equal(service->request_kinds[i], kind))
            return true;
    return false;
}

/* The kinds that a person is shown: what is only ever made behind their back has no words. */
static void collect_kinds(struct loader *loader)
{
    struct service *service = loader->service;
    service->request_kinds = ARENA_ARRAY(loader->arena, struct span, service->node_count);
    for (size_t i = 0; i < service->node_count; i++) {
        const struct node *node = &service->nodes[i];
        if (span_is_present(node->request_kind) && !node->hidden && !knows_kind(service, node->request_kind))
            service->request_kinds[service->request_kind_count++] = node->request_kind;
    }
}

static void load_kinds(struct loader *loader, struct language *language)
{
    const struct service *service = loader->service;
    struct span *kinds = ARENA_ARRAY(loader->arena, struct span, service->request_kind_count);
    for (size_t k = 0; k < service->request_kind_count; k++) {
        struct template found = {.count = 0};
        const char *kind = service->request_kinds[k].at;
        struct setting text =
            load_find_text(loader, language, (const char *const[]){"request_kinds", NULL}, kind, &found);
        bool foreign = load_must_be_complete(loader, language) && found.language != language->index;
        kinds[k] = arena_copy(loader->arena, setting_as_string(text));
        if (span_is_present(kinds[k]))
            kinds[k] = service_facts_fill(service, found.language, kinds[k], found.origin, loader->problems);
        if (!span_is_present(kinds[k]) || (foreign && !service->production))
            report_missing(loader, language, "request_kinds", kind);
    }
    language->request_kinds = kinds;
}

static void check_kept_kinds(struct loader *loader)
{
    const struct service *service = loader->service;
    for (size_t i = 0; i < service->kept_kind_count; i++)
        if (!knows_kind(service, service->kept_kinds[i]))
            problems_add(loader->problems, service->kept_origin.file, service->kept_origin.line,
                         "`keep_until_closed` names \"%.*s\", and no node makes such a request",
                         SPAN_ARG(service->kept_kinds[i]));
}

void load_request_words(struct loader *loader)
{
    struct service *service = loader->service;
    bool says = says_are_needed(service);
    collect_kinds(loader);
    check_kept_kinds(loader);
    for (size_t l = 0; l < service->language_count; l++) {
        load_kinds(loader, &service->languages[l]);
        load_states(loader, &service->languages[l]);
        load_says(loader, &service->languages[l], says);
    }
}
