#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "menu/loading/loader.h"

static const char *const folders[SOURCE_KINDS] = {
    [SOURCE_SERVICE] = NULL, [SOURCE_FLOW] = "flow",           [SOURCE_TEXT] = "text",
    [SOURCE_LIST] = "lists", [SOURCE_DIRECTORY] = "directory",
};

static void add_source(struct loader *loader, struct source source)
{
    source.file = arena_text(loader->arena, span_of(source.file));
    loader->sources[loader->source_count++] = source;
}

/* Everything but reading: what is the same for files on disk and in memory. */
static enum outcome build_stages(struct loader *loader)
{
    load_packs(loader);
    load_listed(loader);
    load_facts(loader);
    load_words(loader);
    load_lists(loader);
    load_calendar(loader);
    load_directory(loader);
    load_nodes(loader);
    link_nodes(loader);
    load_texts(loader);
    check_follow_ups(loader);
    load_desk(loader);
    if (loader->problems->count > loader->before)
        return OUTCOME_REFUSED;
    load_stills(loader);
    return loader->problems->count > loader->before ? OUTCOME_REFUSED : OUTCOME_OK;
}

static enum outcome build(struct loader *loader)
{
    load_service(loader);
    if (loader->service->language_count == 0)
        return OUTCOME_REFUSED;
    enum outcome outcome = build_stages(loader);
    if (loader->translations)
        load_translations(loader);
    return outcome;
}

static void begin(struct loader *loader, struct problems *problems, struct translations *translations)
{
    struct arena *arena = arena_create(64 * 1024);
    *loader = (struct loader){.arena = arena,
                              .problems = problems,
                              .before = problems->count,
                              .service = ARENA_NEW(arena, struct service),
                              .translations = translations};
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

static enum outcome read_file(struct loader *loader, struct source source, struct error *err)
{
    const char *path = source.file;
    if (loader->source_count == SERVICE_FILES_MAX) {
        problems_add(loader->problems, path, 0, "more than %d files in a service", SERVICE_FILES_MAX);
        return OUTCOME_OK;
    }
    enum outcome outcome = settings_read(path, NULL, &source.settings, loader->problems, err);
    if (outcome == OUTCOME_OK)
        add_source(loader, source);
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
static enum outcome read_folder(struct loader *loader, struct source source, const char *dir, struct error *err)
{
    const char *folder = arena_format(loader->arena, "%s/%s", dir, folders[source.kind]).at;
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_conf, alphasort);
    if (count < 0)
        return errno == ENOENT
                   ? OUTCOME_OK
                   : error_set(err, OUTCOME_BROKEN, "cannot read the folder %s: %s", folder, strerror(errno));
    enum outcome outcome = OUTCOME_OK;
    for (int i = 0; i < count; i++) {
        source.file = arena_format(loader->arena, "%s/%s", folder, entries[i]->d_name).at;
        if (outcome == OUTCOME_OK)
            outcome = read_file(loader, source, err);
        free(entries[i]);
    }
    free(entries);
    return outcome;
}

static enum outcome read_service(struct loader *loader, const char *dir, bool inherited, struct error *err)
{
    struct source source = {
        .file = arena_format(loader->arena, "%s/service.conf", dir).at, .kind = SOURCE_SERVICE, .inherited = inherited};
    enum outcome outcome = read_file(loader, source, err);
    for (source.kind = SOURCE_FLOW; source.kind < SOURCE_KINDS && outcome == OUTCOME_OK; source.kind++)
        if (!inherited || source.kind != SOURCE_DIRECTORY) /* another country's offices */
            outcome = read_folder(loader, source, dir, err);
    return outcome;
}

enum outcome service_load(const char *dir, struct service **out, struct problems *problems, struct error *err)
{
    return service_load_translations(dir, NULL, out, problems, err);
}

enum outcome service_load_translations(const char *dir, struct translations *translations, struct service **out,
                                       struct problems *problems, struct error *err)
{
    struct loader loader;
    begin(&loader, problems, translations);
    enum outcome outcome = read_service(&loader, dir, false, err);
    const char *base = outcome == OUTCOME_OK ? load_base_folder(&loader, dir) : NULL;
    if (base)
        outcome = read_service(&loader, base, true, err);
    if (outcome == OUTCOME_OK)
        outcome = problems->count > loader.before ? OUTCOME_REFUSED : build(&loader);
    return finish(&loader, outcome, out, err);
}

#define BASE_PREFIX "base/"

static bool is_of_base(const char *name)
{
    return strncmp(name, BASE_PREFIX, sizeof BASE_PREFIX - 1) == 0;
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

static void parse_file(struct loader *loader, const struct service_file *file)
{
    struct source source = {.file = file->name, .inherited = is_of_base(file->name)};
    if (!kind_of_name(source.file + (source.inherited ? sizeof BASE_PREFIX - 1 : 0), &source.kind) ||
        (source.inherited && source.kind == SOURCE_DIRECTORY))
        problems_add(loader->problems, file->name, 0,
                     "expected service.conf, or a file in flow, text, lists or directory");
    else if (settings_parse(file->text, file->name, &source.settings, loader->problems) == OUTCOME_OK)
        add_source(loader, source);
}

enum outcome service_parse(const struct service_file *files, size_t count, struct service **out,
                           struct problems *problems, struct error *err)
{
    struct loader loader;
    begin(&loader, problems, NULL);
    for (int inherited = 0; inherited <= 1; inherited++)
        for (size_t i = 0; i < count && i < SERVICE_FILES_MAX; i++)
            if (is_of_base(files[i].name) == inherited)
                parse_file(&loader, &files[i]);
    enum outcome outcome = problems->count > loader.before ? OUTCOME_REFUSED : build(&loader);
    return finish(&loader, outcome, out, err);
}
