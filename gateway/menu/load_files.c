#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "menu/loader.h"

static const char *const folders[SOURCE_KINDS] = {
    [SOURCE_SERVICE] = NULL, [SOURCE_FLOW] = "flow",           [SOURCE_TEXT] = "text",
    [SOURCE_LIST] = "lists", [SOURCE_DIRECTORY] = "directory",
};

static void add_source(struct loader *loader, enum source_kind kind, const char *file, struct settings *settings)
{
    loader->sources[loader->source_count++] =
        (struct source){.kind = kind, .file = arena_text(loader->arena, span_of(file)), .settings = settings};
}

/* Everything but reading: what is the same for files on disk and in memory. */
static enum outcome build(struct loader *loader)
{
    load_service(loader);
    if (loader->service->language_count == 0)
        return OUTCOME_REFUSED;
    load_packs(loader);
    load_words(loader);
    load_lists(loader);
    load_calendar(loader);
    load_directory(loader);
    load_nodes(loader);
    link_nodes(loader);
    load_texts(loader);
    check_follow_ups(loader);
    if (loader->problems->count > loader->before)
        return OUTCOME_REFUSED;
    load_stills(loader);
    return loader->problems->count > loader->before ? OUTCOME_REFUSED : OUTCOME_OK;
}

static void begin(struct loader *loader, struct problems *problems)
{
    struct arena *arena = arena_create(64 * 1024);
    *loader = (struct loader){
        .arena = arena, .problems = problems, .before = problems->count, .service = ARENA_NEW(arena, struct service)};
    loader->service->arena = arena;
    loader->sources = ARENA_ARRAY(arena, struct source, SERVICE_FILES_MAX);
}

static enum outcome finish(struct loader *loader, enum outcome outcome, struct service **out, struct error *err)
{
    for (size_t i = 0; i < loader->source_count; i++)
        settings_free(loader->sources[i].settings);
    if (outcome == OUTCOME_OK) {
        *out = loader->service;
        return OUTCOME_OK;
    }
    arena_destroy(loader->arena);
    if (outcome != OUTCOME_REFUSED)
        return outcome;
    return problems_refuse(loader->problems, loader->before, "the service does not hold", err);
}

static enum outcome read_file(struct loader *loader, enum source_kind kind, const char *path, struct error *err)
{
    struct settings *settings = NULL;
    if (loader->source_count == SERVICE_FILES_MAX) {
        problems_add(loader->problems, path, 0, "more than %d files in a service", SERVICE_FILES_MAX);
        return OUTCOME_OK;
    }
    enum outcome outcome = settings_read(path, NULL, &settings, loader->problems, err);
    if (outcome == OUTCOME_OK)
        add_source(loader, kind, path, settings);
    else if (outcome == OUTCOME_NOT_FOUND)
        problems_add(loader->problems, path, 0, "no such file");
    return outcome == OUTCOME_BROKEN ? outcome : OUTCOME_OK;
}

static int is_conf(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return entry->d_name[0] != '.' && len > 5 && strcmp(entry->d_name + len - 5, ".conf") == 0;
}

/* A folder that is missing is empty: a service without a directory of offices is fine. */
static enum outcome read_folder(struct loader *loader, enum source_kind kind, const char *dir, struct error *err)
{
    const char *folder = arena_format(loader->arena, "%s/%s", dir, folders[kind]).at;
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_conf, alphasort);
    if (count < 0)
        return errno == ENOENT
                   ? OUTCOME_OK
                   : error_set(err, OUTCOME_BROKEN, "cannot read the folder %s: %s", folder, strerror(errno));
    enum outcome outcome = OUTCOME_OK;
    for (int i = 0; i < count; i++) {
        if (outcome == OUTCOME_OK)
            outcome = read_file(loader, kind, arena_format(loader->arena, "%s/%s", folder, entries[i]->d_name).at, err);
        free(entries[i]);
    }
    free(entries);
    return outcome;
}

enum outcome service_load(const char *dir, struct service **out, struct problems *problems, struct error *err)
{
    struct loader loader;
    begin(&loader, problems);
    enum outcome outcome =
        read_file(&loader, SOURCE_SERVICE, arena_format(loader.arena, "%s/service.conf", dir).at, err);
    for (enum source_kind kind = SOURCE_FLOW; kind < SOURCE_KINDS && outcome == OUTCOME_OK; kind++)
        outcome = read_folder(&loader, kind, dir, err);
    if (outcome == OUTCOME_OK)
        outcome = problems->count > loader.before ? OUTCOME_REFUSED : build(&loader);
    return finish(&loader, outcome, out, err);
}

static bool kind_of_name(const char *name, enum source_kind *kind)
{
    *kind = SOURCE_SERVICE;
    if (strcmp(name, "service.conf") == 0)
        return true;
    for (enum source_kind k = SOURCE_FLOW; k < SOURCE_KINDS; k++) {
        size_t len = strlen(folders[k]);
        if (strncmp(name, folders[k], len) == 0 && name[len] == '/') {
            *kind = k;
            return true;
        }
    }
    return false;
}

enum outcome service_parse(const struct service_file *files, size_t count, struct service **out,
                           struct problems *problems, struct error *err)
{
    struct loader loader;
    begin(&loader, problems);
    for (size_t i = 0; i < count && i < SERVICE_FILES_MAX; i++) {
        enum source_kind kind;
        struct settings *settings = NULL;
        if (!kind_of_name(files[i].name, &kind))
            problems_add(problems, files[i].name, 0,
                         "expected service.conf, or a file in flow, text, lists or directory");
        else if (settings_parse(files[i].text, files[i].name, &settings, problems) == OUTCOME_OK)
            add_source(&loader, kind, files[i].name, settings);
    }
    enum outcome outcome = problems->count > loader.before ? OUTCOME_REFUSED : build(&loader);
    return finish(&loader, outcome, out, err);
}
