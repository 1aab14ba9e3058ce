#include <stdio.h>
#include <unistd.h>
#include "cli/report.h"
#include "cli/verb.h"
#include "core/config.h"

typedef enum outcome config_reader(const char *path, const char *const *overrides, size_t override_count,
                                   struct config **out, struct problems *problems, struct error *err);

const char *verb_config_path(const struct verb_arguments *arguments)
{
    const char *given = verb_value(arguments, "config");
    if (given)
        return given;
    return access("conf/helpline.conf", F_OK) == 0 ? "conf/helpline.conf" : "/etc/helpline/helpline.conf";
}

/* `more`: one override behind those of the command line, or NULL. */
static int read_by(config_reader *reader, const struct verb_arguments *arguments, const char *more, struct config **out)
{
    struct arena *arena = arena_create(65536);
    struct problems *problems = ARENA_NEW(arena, struct problems);
    problems_init(problems, arena);
    const char *const *given;
    size_t count = verb_values(arguments, "set", &given);
    const char **overrides = ARENA_ARRAY(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        overrides[i] = given[i];
    overrides[count] = more;
    struct error err = {0};
    enum outcome outcome = reader(verb_config_path(arguments), overrides, count + (more != NULL), out, problems, &err);
    report_problems(problems);
    int code =
        outcome == OUTCOME_OK ? EXIT_DONE : report_error(outcome == OUTCOME_BROKEN ? EXIT_MACHINE : EXIT_FINDING, &err);
    arena_destroy(arena);
    return code;
}

int verb_load_config(const struct verb_arguments *arguments, struct config **out)
{
    return read_by(config_load, arguments, NULL, out);
}

int verb_load_config_with(const struct verb_arguments *arguments, const char *override, struct config **out)
{
    return read_by(config_load, arguments, override, out);
}

int verb_read_config(const struct verb_arguments *arguments, struct config **out)
{
    return read_by(config_read, arguments, NULL, out);
}

static struct span named_in(struct setting channels, const char *id)
{
    bool is_there = setting_is_present(setting_get(channels, id));
    return is_there ? span_of(id) : SPAN_NONE; /* a slip of the pen: all are loaded, so that the nearest can be told */
}

int verb_load_channel(const struct verb_arguments *arguments, const char *id, struct config **out)
{
    int code = verb_read_config(arguments, out);
    if (code != EXIT_DONE)
        return code;
    struct config *config = *out;
    struct setting channels = setting_get(settings_root(config->settings), "channels");
    struct channel_site site = config_site(config);
    site.only = named_in(channels, id);
    struct problems problems;
    struct error err = {0};
    problems_init(&problems, config->arena);
    enum outcome outcome = channel_set_load(channels, config->dir.profiles, &site, &config->channels, &problems, &err);
    report_problems(&problems);
    if (outcome == OUTCOME_OK)
        return EXIT_DONE;
    config_free(config);
    return report_error(outcome == OUTCOME_BROKEN ? EXIT_MACHINE : EXIT_FINDING, &err);
}
