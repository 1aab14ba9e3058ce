#include "menu/translations.h"
#include <stdio.h>
#include <string.h>
#include "menu/loading/loader.h"

struct translation_counts translations_count(const struct language_texts *language)
{
    struct translation_counts counts = {.texts = language->count};
    for (size_t i = 0; i < language->count; i++) {
        const struct translation *one = &language->texts[i];
        if (one->text.count == 0)
            counts.missing++;
        else
            counts.states[one->state]++;
        counts.stale += one->stale;
    }
    return counts;
}

/* --- the texts of the first language, in the order of its files --- */

#define TEXTS_MAX 20000

/* One group of the first language: its own, and the base's below it. */
struct source_group {
    struct text_path path; /* one name, in forms two */
    struct setting own, base;
};

struct gathering {
    struct loader *loader;
    struct arena *arena;
    struct translation *texts; /* sources alone, as found */
    size_t count, room;
};

static struct setting walk(struct setting group, struct text_path path)
{
    for (size_t i = 0; i < TEXT_PATH_MAX && path.names[i]; i++)
        group = setting_get(group, path.names[i]);
    return group;
}

static struct text_path below(struct text_path path, const char *name)
{
    size_t at = 0;
    while (at < TEXT_PATH_MAX - 1 && path.names[at])
        at++;
    path.names[at] = name;
    return path;
}

static struct text_value copy_value(struct setting text, struct arena *arena)
{
    bool several = setting_is_list(text);
    size_t count = several ? setting_count(text) : setting_is_string(text);
    struct span *forms = ARENA_ARRAY(arena, struct span, count);
    for (size_t i = 0; i < count; i++)
        forms[i] = arena_copy(arena, setting_as_string(several ? setting_at(text, i) : text));
    return (struct text_value){forms, count, several};
}

static uint64_t mix(uint64_t hash, struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        hash = (hash ^ (unsigned char)s.at[i]) * UINT64_C(1099511628211); /* FNV-1a */
    return (hash ^ 0xff) * UINT64_C(1099511628211);
}

static bool is_a_text(struct setting s)
{
    const char *name = setting_name(s);
    return (setting_is_string(s) || setting_is_list(s)) && strcmp(name, "state") != 0 && strcmp(name, "source") != 0;
}

static uint64_t hash_text(struct setting s)
{
    uint64_t hash = mix(UINT64_C(14695981039346656037), span_of(setting_name(s)));
    if (setting_is_string(s))
        return mix(hash, setting_as_string(s));
    for (size_t i = 0; i < setting_count(s); i++)
        hash = mix(hash, setting_as_string(setting_at(s, i)));
    return hash;
}

/* Of all texts of a group, whatever their order. */
static void hash_group(const struct source_group *group, char out[SOURCE_HASH + 1])
{
    uint64_t sum = 0;
    for (size_t i = 0; i < setting_count(group->own); i++)
        if (is_a_text(setting_at(group->own, i)))
            sum += hash_text(setting_at(group->own, i));
    for (size_t i = 0; i < setting_count(group->base); i++) {
        struct setting text = setting_at(group->base, i);
        if (is_a_text(text) && !setting_is_present(setting_get(group->own, setting_name(text))))
            sum += hash_text(text);
    }
    snprintf(out, SOURCE_HASH + 1, "%06x", (unsigned)((sum ^ (sum >> 24) ^ (sum >> 48)) & 0xffffff));
}

static void gather_text(struct gathering *gathering, const struct source_group *group, struct setting text)
{
    if (gathering->count == gathering->room)
        return;
    struct translation *one = &gathering->texts[gathering->count++];
    struct origin origin = load_origin(gathering->loader, text);
    const struct node *node = service_find_node(gathering->loader->service, span_of(group->path.names[0]));
    *one = (struct translation){
        .path = below(group->path, arena_copy(gathering->arena, span_of(setting_name(text))).at),
        .source = copy_value(text, gathering->arena),
        .careful = node ? node->careful : strcmp(group->path.names[0], "safety") == 0,
        .file = arena_copy(gathering->arena, span_of(origin.file)).at,
        .line = origin.line,
    };
    hash_group(group, one->hash);
}

static void gather_group(struct gathering *gathering, const struct source_group *group);

static void gather_member(struct gathering *gathering, const struct source_group *group, const char *name)
{
    struct setting own = setting_get(group->own, name), base = setting_get(group->base, name);
    struct setting text = setting_is_present(own) ? own : base;
    if (is_a_text(text)) {
        gather_text(gathering, group, text);
    } else if (setting_is_group(text) && !group->path.names[1]) {
        const struct source_group inner = {
            .path = below(group->path, arena_copy(gathering->arena, span_of(name)).at), .own = own, .base = base};
        gather_group(gathering, &inner);
    }
}

static void gather_group(struct gathering *gathering, const struct source_group *group)
{
    for (size_t i = 0; i < setting_count(group->base); i++)
        gather_member(gathering, group, setting_name(setting_at(group->base, i)));
    for (size_t i = 0; i < setting_count(group->own); i++) {
        const char *name = setting_name(setting_at(group->own, i));
        if (!setting_is_present(setting_get(group->base, name)))
            gather_member(gathering, group, name);
    }
}

/* Words that are typed by callers are listed by each language for itself; they translate nothing. */
static bool is_translated(const struct gathering *gathering, const char *group)
{
    if (strcmp(group, "keywords") == 0 || strcmp(group, "triage") == 0)
        return false;
    return load_pack_name_is_reserved(span_of(group)) ||
           service_find_node(gathering->loader->service, span_of(group)) != NULL;
}

static void gather_pack(struct gathering *gathering, struct setting pack, bool inherited)
{
    const struct loader *loader = gathering->loader;
    for (size_t i = 0; i < setting_count(pack); i++) {
        const char *name = setting_name(setting_at(pack, i));
        struct source_group group = {.path = {{arena_copy(gathering->arena, span_of(name)).at, NULL, NULL}},
                                     .own = setting_get(loader->packs[0], name),
                                     .base = setting_get(loader->base_packs[0], name)};
        bool done = !inherited && setting_is_present(group.base); /* with the base's groups */
        if (!done && setting_is_group(setting_at(pack, i)) && is_translated(gathering, name))
            gather_group(gathering, &group);
    }
}

/* --- one language --- */

static enum text_state state_at(struct setting pack, struct text_path path)
{
    enum text_state state = TEXT_DRAFT;
    (void)load_state(pack, &state);
    for (size_t i = 0; i < TEXT_PATH_MAX - 1 && path.names[i] && path.names[i + 1]; i++) {
        pack = setting_get(pack, path.names[i]);
        (void)load_state(pack, &state);
    }
    return state;
}

static struct setting group_at(struct setting pack, struct text_path path)
{
    for (size_t i = 0; i + 1 < TEXT_PATH_MAX && path.names[i + 1]; i++)
        pack = setting_get(pack, path.names[i]);
    return pack;
}

static void find_text(const struct gathering *gathering, size_t l, struct translation *one)
{
    const struct loader *loader = gathering->loader;
    one->own = setting_is_present(walk(loader->packs[l], one->path));
    struct setting pack = one->own ? loader->packs[l] : loader->base_packs[l], text = walk(pack, one->path);
    if (!setting_is_present(text))
        return;
    struct span made_from = setting_string(group_at(pack, one->path), "source", NULL);
    one->text = copy_value(text, gathering->arena);
    one->state = state_at(pack, one->path);
    one->stale = l > 0 && span_is_present(made_from) && !span_equal_text(made_from, one->hash);
    one->file = arena_copy(gathering->arena, span_of(load_origin(loader, text).file)).at;
    one->line = setting_line(text);
}

static const char *file_of(const struct gathering *gathering, struct setting pack)
{
    if (!setting_is_present(pack))
        return NULL;
    return arena_copy(gathering->arena, span_of(load_origin(gathering->loader, pack).file)).at;
}

static void find_fallen(const struct gathering *gathering, size_t l, struct language_texts *out)
{
    const struct service *service = gathering->loader->service;
    out->fallen = ARENA_ARRAY(gathering->arena, struct span, service->node_count);
    for (size_t i = 0; i < service->node_count; i++) {
        const struct node *node = &service->nodes[i];
        if (!node->careful)
            continue;
        out->careful_count++;
        if (load_careful_language(gathering->loader, &service->languages[l], node) != &service->languages[l])
            out->fallen[out->fallen_count++] = arena_copy(gathering->arena, node->id);
    }
}

static void gather_language(const struct gathering *gathering, size_t l, struct language_texts *out)
{
    const struct loader *loader = gathering->loader;
    const struct language *language = &loader->service->languages[l];
    struct span plural = setting_string(loader->packs[l], "plural", NULL);
    if (!span_is_present(plural))
        plural = setting_string(loader->base_packs[l], "plural", NULL);
    *out = (struct language_texts){.language = arena_copy(gathering->arena, language->id),
                                   .own_name = arena_copy(gathering->arena, language->own_name),
                                   .file = file_of(gathering, loader->packs[l]),
                                   .base_file = file_of(gathering, loader->base_packs[l]),
                                   .plural = arena_copy(gathering->arena, plural),
                                   .offered = language->offered,
                                   .texts = ARENA_ARRAY(gathering->arena, struct translation, gathering->count),
                                   .count = gathering->count};
    if (gathering->count > 0)
        memcpy(out->texts, gathering->texts, gathering->count * sizeof *out->texts);
    for (size_t i = 0; i < out->count; i++)
        find_text(gathering, l, &out->texts[i]);
    find_fallen(gathering, l, out);
}

void load_translations(struct loader *loader)
{
    struct translations *out = loader->translations;
    struct gathering gathering = {.loader = loader, .arena = out->arena, .room = TEXTS_MAX};
    gathering.texts = ARENA_ARRAY(out->arena, struct translation, TEXTS_MAX);
    gather_pack(&gathering, loader->base_packs[0], true);
    gather_pack(&gathering, loader->packs[0], false);
    out->service = arena_copy(out->arena, loader->service->name);
    out->version = arena_copy(out->arena, loader->service->version);
    out->production = loader->service->production;
    out->language_count = loader->service->language_count;
    out->languages = ARENA_ARRAY(out->arena, struct language_texts, out->language_count);
    for (size_t l = 0; l < out->language_count; l++)
        gather_language(&gathering, l, &out->languages[l]);
}
