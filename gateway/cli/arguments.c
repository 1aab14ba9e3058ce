#include "cli/arguments.h"

#include <string.h>
#include "base/settings.h"
#include "cli/options.h"

struct given {
    const struct verb_option *option;
    const char **values; /* NULL for a switch */
    size_t count;        /* how often it was given */
};

struct verb_arguments {
    const struct verb *verb;
    struct given *given; /* in the order of options_at */
    size_t option_count;
    const char **operands;
    size_t operand_count;
    bool wants_help;
};

struct parsing {
    struct verb_arguments *into;
    struct arena *arena;
    const char *const *words;
    size_t count, next;
    struct error *err;
};

static struct given *find_given(const struct verb_arguments *arguments, struct span name)
{
    for (size_t i = 0; i < arguments->option_count; i++)
        if (span_equal_text(name, arguments->given[i].option->name))
            return &arguments->given[i];
    return NULL;
}

static enum outcome refuse_unknown(const struct parsing *parsing, struct span name)
{
    const struct verb_arguments *into = parsing->into;
    const char **names = ARENA_ARRAY(parsing->arena, const char *, into->option_count + 1);
    for (size_t i = 0; i < into->option_count; i++)
        names[i] = into->given[i].option->name;
    const char *nearest = settings_nearest(name, names);
    return error_set(parsing->err, OUTCOME_REFUSED, "there is no option --%.*s%s%s", SPAN_ARG(name),
                     nearest ? "; nearest is --" : "", nearest ? nearest : "");
}

static enum outcome take_option(struct parsing *parsing, struct span word)
{
    struct span value = word, name = span_cut(&value, '=');
    struct given *given = find_given(parsing->into, name);
    if (!given)
        return refuse_unknown(parsing, name);
    bool attached = span_is_present(value);
    if (!given->values && attached)
        return error_set(parsing->err, OUTCOME_REFUSED, "--%s is a switch and takes no value", given->option->name);
    if (given->values && !attached) {
        if (parsing->next == parsing->count)
            return error_set(parsing->err, OUTCOME_REFUSED, "--%s needs %s", given->option->name, given->option->value);
        value = span_of(parsing->words[parsing->next++]);
    }
    if (given->values)
        given->values[given->count] = value.at; /* the rest of a word of argv, so a NUL stands behind it */
    given->count++;
    return OUTCOME_OK;
}

static enum outcome check_counts(const struct parsing *parsing)
{
    const struct verb_arguments *into = parsing->into;
    const struct verb *verb = into->verb;
    for (size_t i = 0; i < into->option_count; i++)
        if (into->given[i].option->required && into->given[i].count == 0)
            return error_set(parsing->err, OUTCOME_REFUSED, "--%s %s is missing", into->given[i].option->name,
                             into->given[i].option->value);
    const char *operands = verb->operands ? verb->operands : "no operand";
    if (into->operand_count < verb->operands_min)
        return error_set(parsing->err, OUTCOME_REFUSED, "expected %s", operands);
    if (into->operand_count > verb->operands_max)
        return error_set(parsing->err, OUTCOME_REFUSED, "\"%s\" is one too many; expected %s",
                         into->operands[verb->operands_max], operands);
    return OUTCOME_OK;
}

static enum outcome take_words(struct parsing *parsing)
{
    bool only_operands = false;
    while (parsing->next < parsing->count) {
        struct span word = span_of(parsing->words[parsing->next++]);
        enum outcome outcome = OUTCOME_OK;
        if (!only_operands && span_equal_text(word, "--"))
            only_operands = true;
        else if (!only_operands && span_starts_with(word, SPAN("--")))
            outcome = take_option(parsing, span_from(word, 2));
        else if (!only_operands && span_equal_text(word, "-h"))
            outcome = take_option(parsing, SPAN("help"));
        else if (!only_operands && word.len > 1 && word.at[0] == '-')
            outcome = error_set(parsing->err, OUTCOME_REFUSED,
                                "options are written out with two dashes: --help, not %s", word.at);
        else
            parsing->into->operands[parsing->into->operand_count++] = word.at;
        if (outcome != OUTCOME_OK)
            return outcome;
    }
    return OUTCOME_OK;
}

static struct verb_arguments *arguments_create(const struct verb *verb, size_t words, struct arena *arena)
{
    struct verb_arguments *arguments = ARENA_NEW(arena, struct verb_arguments);
    arguments->verb = verb;
    arguments->operands = ARENA_ARRAY(arena, const char *, words + 1);
    while (options_at(verb, arguments->option_count))
        arguments->option_count++;
    arguments->given = ARENA_ARRAY(arena, struct given, arguments->option_count);
    for (size_t i = 0; i < arguments->option_count; i++) {
        arguments->given[i].option = options_at(verb, i);
        if (arguments->given[i].option->value)
            arguments->given[i].values = ARENA_ARRAY(arena, const char *, words + 1);
    }
    return arguments;
}

static bool asks_for_help(size_t count, const char *const *words)
{
    for (size_t i = 0; i < count && strcmp(words[i], "--") != 0; i++)
        if (strcmp(words[i], "--help") == 0 || strcmp(words[i], "-h") == 0)
            return true;
    return false;
}

enum outcome arguments_parse(const struct verb *verb, size_t count, const char *const *words, struct arena *arena,
                             struct verb_arguments **out, struct error *err)
{
    struct verb_arguments *arguments = arguments_create(verb, count, arena);
    struct parsing parsing = {.into = arguments, .arena = arena, .words = words, .count = count, .err = err};
    arguments->wants_help = asks_for_help(count, words);
    enum outcome outcome = arguments->wants_help ? OUTCOME_OK : take_words(&parsing);
    if (outcome == OUTCOME_OK && !arguments->wants_help)
        outcome = check_counts(&parsing);
    if (outcome == OUTCOME_OK)
        *out = arguments;
    return outcome;
}

bool arguments_want_help(const struct verb_arguments *arguments)
{
    return arguments->wants_help;
}

const char *verb_value(const struct verb_arguments *arguments, const char *option)
{
    const struct given *given = find_given(arguments, span_of(option));
    return given && given->values && given->count > 0 ? given->values[given->count - 1] : NULL;
}

bool verb_has(const struct verb_arguments *arguments, const char *option)
{
    const struct given *given = find_given(arguments, span_of(option));
    return given && given->count > 0;
}

size_t verb_values(const struct verb_arguments *arguments, const char *option, const char *const **values)
{
    const struct given *given = find_given(arguments, span_of(option));
    *values = given ? given->values : NULL;
    return given && given->values ? given->count : 0;
}

size_t verb_operands(const struct verb_arguments *arguments, const char *const **operands)
{
    *operands = arguments->operands;
    return arguments->operand_count;
}
