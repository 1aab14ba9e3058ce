#include "aggregator/language/layer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET_FILE_MAX 4096
#define RULES_MAX 40 /* no table of the language is longer */

struct setting layer_get(struct layer layer, const char *name)
{
    struct setting mine = setting_get(layer.over, name);
    return setting_is_present(mine) ? mine : setting_get(layer.under, name);
}

struct layer layer_group(struct layer layer, const char *name)
{
    return (struct layer){setting_get(layer.over, name), setting_get(layer.under, name)};
}

bool layer_is_present(struct layer layer)
{
    return setting_is_present(layer.over) || setting_is_present(layer.under);
}

static struct setting holder(struct layer layer, const char *name)
{
    return setting_is_present(setting_get(layer.over, name)) ? layer.over : layer.under;
}

struct span layer_string(struct layer layer, const char *name, const char *otherwise)
{
    return setting_string(holder(layer, name), name, otherwise);
}

int64_t layer_integer(struct layer layer, const char *name, int64_t otherwise)
{
    return setting_integer(holder(layer, name), name, otherwise);
}

bool layer_bool(struct layer layer, const char *name, bool otherwise)
{
    return setting_bool(holder(layer, name), name, otherwise);
}

/* One side may leave out what the other says, so neither is asked alone for what is required. */
static void check_side(struct setting side, const struct setting_rule *rules, struct problems *problems)
{
    struct setting_rule relaxed[RULES_MAX + 1] = {0};
    for (size_t i = 0; i < RULES_MAX && rules[i].name != NULL; i++) {
        relaxed[i] = rules[i];
        relaxed[i].required = false;
    }
    if (setting_is_present(side))
        settings_check(side, relaxed, problems);
}

void layer_check(struct layer layer, const struct setting_rule *rules, struct problems *problems)
{
    if (!layer_is_present(layer))
        return;
    check_side(layer.under, rules, problems);
    check_side(layer.over, rules, problems);
    for (; rules->name != NULL; rules++)
        if (rules->required && !setting_is_present(layer_get(layer, rules->name)))
            layer_problem(layer, problems, "'%s' is missing: %s", rules->name, rules->help);
}

void layer_problem(struct layer layer, struct problems *problems, const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    setting_problem(setting_is_present(layer.over) ? layer.over : layer.under, problems, "%s", text);
}

static enum outcome read_secret_file(const char *path, struct arena *arena, struct span *out, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT
                   ? error_set(err, OUTCOME_NOT_FOUND, "the secret's file %s: no such file", path)
                   : error_set(err, OUTCOME_REFUSED, "the secret's file %s cannot be read: %s", path, strerror(errno));
    struct stat st;
    char text[SECRET_FILE_MAX + 1];
    ssize_t got = -1;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 077) == 0)
        got = read(fd, text, sizeof text);
    close(fd);
    if (got < 0)
        return error_set(err, OUTCOME_REFUSED, "the secret's file %s must be a file of mode 0600", path);
    struct span secret = span_trim((struct span){text, (size_t)got});
    if (got > SECRET_FILE_MAX || memchr(secret.at, '\n', secret.len) != NULL)
        return error_set(err, OUTCOME_REFUSED, "the secret's file %s must hold one line", path);
    *out = arena_copy(arena, secret);
    explicit_bzero(text, sizeof text);
    return OUTCOME_OK;
}

enum outcome layer_read_secret(struct span value, struct arena *arena, struct span *out, struct error *err)
{
    bool escaped = span_starts_with(value, SPAN("@@"));
    if (value.len == 0 || value.at[0] != '@' || escaped) {
        *out = span_from(value, escaped ? 1 : 0);
        return OUTCOME_OK;
    }
    return read_secret_file(arena_text(arena, span_from(value, 1)), arena, out, err);
}

bool layer_entry(struct setting list, size_t index, const char *expected, const struct setting_rule *rules,
                 struct problems *problems, struct setting *entry)
{
    *entry = setting_at(list, index);
    if (!setting_is_group(*entry)) {
        setting_problem(*entry, problems, "expected %s", expected);
        return false;
    }
    settings_check(*entry, rules, problems);
    return true;
}
