#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include "cli/arguments.h"
#include "cli/report.h"
#include "cli/verbs.h"

#define HELP_BYTES 32768

static const struct verb *const verbs[] = {
    &verb_serve,   &verb_check,  &verb_try,       &verb_publish, &verb_texts,   &verb_dial,
    &verb_demo,    &verb_probe,  &verb_channels,  &verb_export,  &verb_keygen,  &verb_backup,
    &verb_restore, &verb_verify, &verb_retention, &verb_user,    &verb_version, NULL,
};

static int print(FILE *to, const struct buffer *text, int code)
{
    struct span said = buffer_span(text);
    fwrite(said.at, 1, said.len, to);
    return to == stdout ? report_output(code) : code;
}

static int unknown(const char *name, struct buffer *text)
{
    buffer_add_text(text, "helpline: ");
    help_write_unknown(verbs, name, text);
    return print(stderr, text, EXIT_USAGE);
}

static int help(const char *name, struct buffer *text)
{
    const struct verb *verb = name ? help_find(verbs, name) : NULL;
    if (name && !verb)
        return unknown(name, text);
    if (verb)
        help_write_verb(verb, text);
    else
        help_write_list(verbs, text);
    return print(stdout, text, EXIT_DONE);
}

static int run(const struct verb *verb, size_t count, const char *const *words, struct arena *arena,
               struct buffer *text)
{
    struct verb_arguments *arguments = NULL;
    struct error err;
    if (arguments_parse(verb, count, words, arena, &arguments, &err) != OUTCOME_OK)
        return report_usage(verb->name, &err);
    return arguments_want_help(arguments) ? help(verb->name, text) : verb->run(arguments);
}

/* A core file would hold numbers, answers and keys. One byte and not none: the kernel then also keeps the core from a program
 * that collects them, which at none it would still start. Where less is allowed already, it stays. */
static void forbid_core_files(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_max > 0)
        (void)setrlimit(RLIMIT_CORE, &(struct rlimit){1, 1});
}

static bool asks_for(const char *word, const char *long_form, const char *short_form)
{
    return strcmp(word, long_form) == 0 || strcmp(word, short_form) == 0;
}

static int dispatch(size_t count, const char *const *words, struct arena *arena)
{
    struct buffer text;
    buffer_init(&text, arena, HELP_BYTES);
    if (count == 0) {
        help_write_list(verbs, &text);
        return print(stderr, &text, EXIT_USAGE);
    }
    if (strcmp(words[0], "help") == 0 || asks_for(words[0], "--help", "-h"))
        return help(count > 1 && words[1][0] != '-' ? words[1] : NULL, &text);
    const struct verb *verb = strcmp(words[0], "--version") == 0 ? &verb_version : help_find(verbs, words[0]);
    return verb ? run(verb, count - 1, words + 1, arena, &text) : unknown(words[0], &text);
}

int main(int argc, char **argv)
{
    forbid_core_files();
    signal(SIGPIPE, SIG_IGN); /* a reader that has gone is told by write(), also in the libraries */
    struct arena *arena = arena_create(65536);
    int code = dispatch(argc > 0 ? (size_t)argc - 1 : 0, (const char *const *)argv + 1, arena);
    arena_destroy(arena);
    return code;
}
