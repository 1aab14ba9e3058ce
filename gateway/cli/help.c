#include <string.h>
#include "base/settings.h"
#include "cli/arguments.h"
#include "cli/options.h"

#define OPTION_COLUMN 24
#define VERBS_MAX 32

static void write_option(const struct verb_option *option, struct buffer *out)
{
    size_t start = out->len;
    buffer_add_format(out, "  --%s%s%s", option->name, option->value ? " " : "", option->value ? option->value : "");
    size_t len = out->len - start;
    buffer_add_format(out, "%*s%s%s%s\n", len < OPTION_COLUMN ? (int)(OPTION_COLUMN - len) : 2, "", option->help,
                      option->required ? " (required)" : "", option->repeats ? " (may be repeated)" : "");
}

void help_write_verb(const struct verb *verb, struct buffer *out)
{
    buffer_add_format(out, "helpline %s%s%s [OPTIONS]\n\n%s\n", verb->name, verb->operands ? " " : "",
                      verb->operands ? verb->operands : "", verb->summary);
    if (verb->details)
        buffer_add_format(out, "\n%s\n", verb->details);
    buffer_add_text(out, "\nOptions:\n");
    for (size_t i = 0; options_at(verb, i); i++)
        write_option(options_at(verb, i), out);
}

void help_write_list(const struct verb *const *verbs, struct buffer *out)
{
    buffer_add_text(out, "helpline VERB [OPERANDS] [OPTIONS]\n\n");
    for (; *verbs; verbs++)
        buffer_add_format(out, "  %-10s%s\n", (*verbs)->name, (*verbs)->summary);
    buffer_add_text(
        out, "\n`helpline help VERB` or `helpline VERB --help` has more.\n"
             "\n"
             "Exit codes: 0 done; 1 what was asked about does not hold; 2 the command line is wrong; 3 the machine\n"
             "refuses (port in use, unwritable folder, disk full); 4 keys missing or wrong; 5 newer schema or not our\n"
             "file; 6 another helpline holds the data; 7 no gateway answers.\n");
}

const struct verb *help_find(const struct verb *const *verbs, const char *name)
{
    for (; *verbs; verbs++)
        if (strcmp((*verbs)->name, name) == 0)
            return *verbs;
    return NULL;
}

void help_write_unknown(const struct verb *const *verbs, const char *name, struct buffer *out)
{
    const char *names[VERBS_MAX + 1] = {NULL};
    for (size_t i = 0; i < VERBS_MAX && verbs[i]; i++)
        names[i] = verbs[i]->name;
    const char *nearest = settings_nearest(span_of(name), names);
    buffer_add_format(out, "there is no verb \"%s\"", name);
    if (nearest)
        buffer_add_format(out, "; nearest is \"%s\"", nearest);
    buffer_add_text(out, ". `helpline help` lists all.\n");
}
