#include "cli/texts_file.h"

#include <stdio.h>
#include <string.h>
#include "base/whole_file.h"

#define FILE_BYTES_MAX (1024 * 1024)

static enum outcome open_file(const struct texts *texts, const char *path, struct text_file **out, struct error *err)
{
    struct span text;
    size_t before = texts->problems->count;
    enum outcome outcome = whole_file_read(path, FILE_BYTES_MAX, texts->arena, &text, err);
    if (outcome == OUTCOME_OK && text_file_parse(text, path, texts->arena, out, texts->problems) != OUTCOME_OK)
        outcome = problems_refuse(texts->problems, before, path, err);
    return outcome;
}

/* A language that has texts of its base alone gets a file of its own with the first that differs. */
static enum outcome begin_file(const struct texts *texts, struct text_file **out, const char **path, struct error *err)
{
    struct span begun = arena_format(texts->arena, "language = \"%.*s\";\n", SPAN_ARG(texts->language->language));
    *path = arena_format(texts->arena, "%s/text/%.*s.conf", texts->dir, SPAN_ARG(texts->language->language)).at;
    enum outcome outcome = text_file_parse(begun, *path, texts->arena, out, texts->problems);
    return outcome == OUTCOME_OK ? outcome : error_set(err, outcome, "%s cannot be begun", *path);
}

enum outcome texts_open_file(const struct texts *texts, struct text_file **out, const char **path, struct error *err)
{
    *path = texts->language->file;
    return *path ? open_file(texts, *path, out, err) : begin_file(texts, out, path, err);
}

enum outcome texts_save_file(const struct text_file *file, const char *path, struct error *err)
{
    struct arena *arena = arena_create(256 * 1024);
    struct span written;
    enum outcome outcome = text_file_write(file, arena, &written, err);
    if (outcome == OUTCOME_OK)
        outcome = text_file_save(path, written, err);
    arena_destroy(arena);
    return outcome;
}

/* The path of what a group says of itself: its texts' path with another last name. */
static struct text_path beside(struct text_path path, const char *name)
{
    size_t last = 0;
    while (last + 1 < TEXT_PATH_MAX && path.names[last + 1])
        last++;
    path.names[last] = name;
    return path;
}

static void set_one(struct text_file *file, struct text_path path, const char *words)
{
    struct span text = span_of(words);
    text_file_set(file, path, (struct text_value){&text, 1, false}, true);
}

void texts_mark_group(const struct texts *texts, struct text_file *file, const struct translation *one,
                      enum text_state state)
{
    if (texts->language != texts->source) /* a source was made from nothing */
        set_one(file, beside(one->path, "source"), one->hash);
    set_one(file, beside(one->path, "state"), text_state_name(state));
}

/* "call" means all of a form, "call.safe" one question of it. */
static bool is_below(const char *text, const char *node)
{
    size_t len = strlen(node);
    return strncmp(text, node, len) == 0 && text[len] == '.';
}

static enum outcome mark_node(const struct texts *texts, struct text_file *file, const char *node,
                              enum text_state state, struct error *err)
{
    size_t found = 0;
    for (size_t i = 0; i < texts->language->count; i++) {
        const struct translation *one = &texts->language->texts[i];
        const char *name = texts_name(texts, one->path);
        if (!is_below(name, node))
            continue;
        if (one->text.count == 0)
            return error_set(err, OUTCOME_REFUSED, "%s has no %s yet: nothing is marked",
                             file ? texts->language->file : "", name);
        if (!one->own)
            return error_set(err, OUTCOME_REFUSED, "%s:%u: %s stands in the base: it is marked there", one->file,
                             one->line, name);
        texts_mark_group(texts, file, one, state);
        found++;
    }
    return found > 0 ? OUTCOME_OK
                     : error_set(err, OUTCOME_REFUSED, "no text of the service stands in a group \"%s\"", node);
}

enum outcome texts_set_state(const struct texts *texts, const char *const *nodes, size_t count, enum text_state state,
                             struct error *err)
{
    struct text_file *file = NULL;
    if (!texts->language->file)
        return error_set(err, OUTCOME_REFUSED, "this service has no file of its own in \"%.*s\"",
                         SPAN_ARG(texts->language->language));
    const char *path;
    enum outcome outcome = texts_open_file(texts, &file, &path, err);
    for (size_t i = 0; i < count && outcome == OUTCOME_OK; i++)
        outcome = mark_node(texts, file, nodes[i], state, err);
    return outcome == OUTCOME_OK ? texts_save_file(file, path, err) : outcome;
}

enum outcome texts_make_canonical(const struct texts *texts, struct error *err)
{
    enum outcome outcome = OUTCOME_OK;
    for (size_t l = 0; l < texts->all.language_count && outcome == OUTCOME_OK; l++) {
        const struct language_texts *language = &texts->all.languages[l];
        struct text_file *file = NULL;
        if (!language->file || (texts->language && texts->language != language))
            continue;
        outcome = open_file(texts, language->file, &file, err);
        if (outcome == OUTCOME_OK)
            outcome = texts_save_file(file, language->file, err);
    }
    return outcome;
}
