/* helpline texts: hands a language's texts to translators as a PO file, takes them back, and says how far they are. */
#include <stdio.h>
#include <string.h>
#include "cli/report.h"
#include "cli/texts_file.h"
#include "cli/texts_import.h"
#include "cli/texts_po.h"
#include "cli/verbs.h"

static enum outcome import(struct texts *texts, const char *path, struct error *err)
{
    struct po_text *said = NULL;
    size_t count = 0;
    struct span named = SPAN_NONE;
    enum outcome outcome = po_read(texts, path, &said, &count, &named, err);
    if (outcome == OUTCOME_OK && texts->language && span_is_present(named) &&
        !span_equal(named, texts->language->language))
        outcome = error_set(err, OUTCOME_REFUSED, "%s holds texts in \"%.*s\"", path, SPAN_ARG(named));
    if (outcome == OUTCOME_OK && !texts->language)
        outcome = texts_choose_language(texts, named, err);
    if (outcome == OUTCOME_OK && texts->language == texts->source)
        outcome = error_set(err, OUTCOME_REFUSED, "\"%.*s\" is the source: it is written, not translated",
                            SPAN_ARG(texts->language->language));
    return outcome == OUTCOME_OK ? texts_import(texts, path, said, count, err) : outcome;
}

static int answer(const struct texts *texts, enum outcome outcome, const struct error *err)
{
    fflush(stdout);
    report_problems(texts->problems);
    if (outcome == OUTCOME_OK)
        return report_output(EXIT_DONE);
    return report_error(outcome == OUTCOME_BROKEN ? EXIT_MACHINE : EXIT_FINDING, err);
}

/* What each needs beside --service. */
static const struct action {
    const char *name;
    bool language, state;
    size_t operands_min, operands_max;
    const char *operands;
} actions[] = {
    {"export", true, false, 0, 0, "no operand"},
    {"import", false, false, 1, 1, "one FILE.po"},
    {"state", true, true, 1, (size_t)-1, "one NODE or more"},
    {"canon", false, false, 0, 0, "no operand"},
};

static const struct action *find_action(const char *name)
{
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (strcmp(actions[i].name, name) == 0)
            return &actions[i];
    return NULL;
}

static enum outcome check_words(const struct verb_arguments *arguments, const struct action *action, size_t operands,
                                enum text_state *state, struct error *err)
{
    if (!action)
        return error_set(err, OUTCOME_REFUSED, "expected export, import, state or canon");
    if (action->language && !verb_has(arguments, "lang"))
        return error_set(err, OUTCOME_REFUSED, "`%s` needs --lang", action->name);
    if (action->state != verb_has(arguments, "state"))
        return error_set(err, OUTCOME_REFUSED, "`state`, and no other, needs --state");
    if (action->state && !text_state_of_name(span_of(verb_value(arguments, "state")), state))
        return error_set(err, OUTCOME_REFUSED, "--state is draft, reviewed or approved");
    if (operands < action->operands_min || operands > action->operands_max)
        return error_set(err, OUTCOME_REFUSED, "`%s` takes %s", action->name, action->operands);
    return OUTCOME_OK;
}

static enum outcome perform(struct texts *texts, const struct action *action, const char *const *operands, size_t count,
                            enum text_state state, struct error *err)
{
    if (strcmp(action->name, "export") == 0)
        return po_write(texts, err);
    if (strcmp(action->name, "import") == 0)
        return import(texts, operands[0], err);
    if (strcmp(action->name, "state") == 0)
        return texts_set_state(texts, operands, count, state, err);
    return texts_make_canonical(texts, err);
}

static int run_texts(const struct verb_arguments *arguments)
{
    const char *const *operands = NULL;
    size_t count = verb_operands(arguments, &operands);
    const struct action *action = find_action(operands[0]);
    enum text_state state = TEXT_DRAFT;
    struct error err = {0};
    if (check_words(arguments, action, count - 1, &state, &err) != OUTCOME_OK)
        return report_usage("texts", &err);
    struct arena *arena = arena_create(256 * 1024);
    const char *dir = verb_value(arguments, "service");
    struct texts texts = {.arena = arena, .dir = dir ? dir : "menus/infoline", .all = {.arena = arena}};
    texts.problems = ARENA_NEW(arena, struct problems);
    problems_init(texts.problems, arena);
    enum outcome outcome = texts_read_service(&texts, verb_value(arguments, "lang"), &err);
    if (outcome == OUTCOME_OK)
        outcome = perform(&texts, action, operands + 1, count - 1, state, &err);
    int code = answer(&texts, outcome, &err);
    arena_destroy(arena);
    return code;
}

static const struct verb_option options[] = {
    {"service", "DIR", "the service's folder; menus/infoline", false, false},
    {"lang", "LANGUAGE", "whose texts: of `export` and `state`; `import` reads it in the file", false, false},
    {"state", "STATE", "of `state`: draft, reviewed or approved", false, false},
    {0},
};

const struct verb verb_texts = {
    .name = "texts",
    .operands = "export|import FILE.po|state NODE...|canon",
    .summary = "hand a language's texts to translators as a PO file, and take them back",
    .details =
        "export  writes PO to standard output: one message a text, in the order of the first language's file. Drafts\n"
        "        are fuzzy. Any PO editor opens it.\n"
        "import  changes the texts that differ in text/LANGUAGE.conf, and nothing else there. A group with a changed\n"
        "        text is a draft again, and remembers what it was made from. Nothing is ever approved by an import.\n"
        "        Refused with file:line: other placeholders, a source that changed since the export.\n"
        "state   says that somebody has looked at these nodes' texts (\"main\", \"call\", \"call.safe\").\n"
        "canon   writes the text files in their one layout; what import and state write looks like that too.",
    .options = options,
    .operands_min = 1,
    .operands_max = (size_t)-1,
    .run = run_texts,
};
