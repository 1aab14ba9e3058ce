#include <string.h>
#include "menu/loading/loader.h"
#include "menu/drawing/place.h"
#include "menu/service/shape.h"
#include "menu/service/wording.h"

static const struct setting_rule list_rules[] = {
    {.name = "id", .type = SETTING_STRING, .required = true, .help = "what `list = ...` says in the flow"},
    {.name = "items", .type = SETTING_LIST, .required = true, .help = "in the order of their keys"},
    {.name = NULL},
};

/* A name is one text for all languages or a group with one for each; the table follows what stands there. */
static const struct setting_rule item_rules[] = {
    {.name = "name",
     .type = SETTING_GROUP,
     .help = "as shown: { en = \"...\"; bn = \"...\"; }, or one text for all languages"},
    {.name = "id", .type = SETTING_STRING, .required = true, .help = "what is stored"},
    {.name = "key", .type = SETTING_STRING, .help = "for choices"},
    {.name = "also", .type = SETTING_STRINGS, .help = "other ways to write it, for `place`"},
    {.name = "date", .type = SETTING_STRING, .help = "of a holiday: \"2026-12-16\""},
    {.name = "within",
     .type = SETTING_STRING,
     .help = "an item whose offices are its own too: of a district, its region"},
    {.name = NULL},
};
static const struct setting_rule office_rules[] = {
    {.name = "name", .type = SETTING_GROUP, .help = "as shown"},
    {.name = "hours", .type = SETTING_GROUP, .help = "as shown"},
    {.name = "cost", .type = SETTING_GROUP, .help = "what it costs, as shown"},
    {.name = "papers", .type = SETTING_GROUP, .help = "what to bring, as shown"},
    {.name = "id", .type = SETTING_STRING, .required = true, .help = "for findings"},
    {.name = "topic", .type = SETTING_STRING, .help = "which pages show it"},
    {.name = "topics", .type = SETTING_STRINGS, .help = "the same, when there are several"},
    {.name = "area",
     .type = SETTING_STRING,
     .required = true,
     .min = 1,
     .help = "an item of a place list, or \"*\": everywhere"},
    {.name = "phone", .type = SETTING_STRING, .required = true, .min = 1, .max = 40, .help = "as shown"},
    {.name = "verified", .type = SETTING_STRING, .required = true, .min = 10, .max = 10, .help = "day: 2026-11-01"},
    {.name = "sample", .type = SETTING_BOOL, .help = "an invented one, for showing"},
    {.name = NULL},
};

static void check_group(struct loader *loader, struct setting group, const struct setting_rule *rules, size_t count)
{
    struct setting_rule fitted[16];
    for (size_t i = 0; i < count; i++) {
        fitted[i] = rules[i];
        if (rules[i].type == SETTING_GROUP && setting_is_string(setting_get(group, rules[i].name)))
            fitted[i].type = SETTING_STRING;
    }
    settings_check(group, fitted, loader->problems);
}
#define CHECK_GROUP(loader, group, rules) check_group(loader, group, rules, sizeof(rules) / sizeof *(rules))

static const struct span *load_shown(struct loader *loader, struct setting group, const char *name, bool required)
{
    const struct span *names = load_names(loader, group, name);
    if (names)
        return names;
    if (required)
        setting_problem(group, loader->problems, "\"%s\" is missing", name);
    struct span *blank = ARENA_ARRAY(loader->arena, struct span, loader->service->language_count);
    for (size_t i = 0; i < loader->service->language_count; i++)
        blank[i] = SPAN("");
    return blank;
}

static void check_item_is_new(struct loader *loader, const struct list *list, const struct list_item *item,
                              struct setting group)
{
    for (size_t i = 0; i < list->item_count; i++) {
        if (span_equal(list->items[i].id, item->id))
            setting_problem(group, loader->problems, "item \"%.*s\" is listed twice", SPAN_ARG(item->id));
        if (item->key[0] && strcmp(list->items[i].key, item->key) == 0)
            setting_problem(group, loader->problems, "key %s is taken by \"%.*s\"", item->key,
                            SPAN_ARG(list->items[i].id));
    }
}

static void load_item(struct loader *loader, struct list *list, struct setting group)
{
    CHECK_GROUP(loader, group, item_rules);
    struct list_item item = {.id = load_id(loader, group, "id"),
                             .names = load_shown(loader, group, "name", true),
                             .origin = load_origin(loader, group)};
    load_key(loader, group, item.key);
    item.date = load_string(loader, group, "date");
    item.within = load_string(loader, group, "within");
    item.also = load_strings(loader, group, "also", &item.also_count);
    check_item_is_new(loader, list, &item, group);
    list->items[list->item_count++] = item;
}

static void index_name(struct loader *loader, struct list *list, const struct list_item *item, struct span name)
{
    struct span folded = span_is_present(name) ? wording_fold_case(name, loader->arena) : SPAN_NONE;
    if (!span_is_present(folded) || folded.len == 0)
        return;
    for (size_t i = 0; i < list->index_count && i < PLACE_INDEX_MAX; i++)
        if (list->index[i].item == item && span_equal(list->index[i].folded, folded))
            return;
    if (list->index_count < PLACE_INDEX_MAX)
        list->index[list->index_count] = (struct place_name){folded, item};
    list->index_count++;
}

static void index_list(struct loader *loader, struct list *list)
{
    list->index = ARENA_ARRAY(loader->arena, struct place_name, PLACE_INDEX_MAX);
    for (size_t i = 0; i < list->item_count; i++) {
        const struct list_item *item = &list->items[i];
        for (size_t l = 0; l < loader->service->language_count; l++)
            index_name(loader, list, item, item->names[l]);
        for (size_t a = 0; a < item->also_count && list->index_count <= PLACE_INDEX_MAX; a++)
            index_name(loader, list, item, item->also[a]);
    }
    if (list->index_count > PLACE_INDEX_MAX) {
        problems_add(loader->problems, list->origin.file, list->origin.line,
                     "the list has more than %d names in all languages: they cannot be searched", PLACE_INDEX_MAX);
        list->index_count = PLACE_INDEX_MAX;
    }
    place_index_sort(list);
    list->shape = shape_of_index(list);
}

static const struct list_item *find_item(const struct list *list, struct span id)
{
    for (size_t i = 0; i < list->item_count; i++)
        if (span_equal(list->items[i].id, id))
            return &list->items[i];
    return NULL;
}

/* One floor only: what is within a region is no region itself. */
static void check_within(struct loader *loader, const struct list *list, struct setting items)
{
    for (size_t i = 0; i < list->item_count; i++) {
        struct span within = list->items[i].within;
        const struct list_item *region = span_is_present(within) ? find_item(list, within) : NULL;
        if (span_is_present(within) && !region)
            setting_problem(setting_at(items, i), loader->problems, "the list has no item \"%.*s\"", SPAN_ARG(within));
        else if (region && span_is_present(region->within))
            setting_problem(setting_at(items, i), loader->problems, "\"%.*s\" is within another item itself",
                            SPAN_ARG(within));
    }
}

static void load_list(struct loader *loader, struct setting root, struct list *list)
{
    struct setting items = setting_get(root, "items");
    settings_check(root, list_rules, loader->problems);
    list->id = load_id(loader, root, "id");
    list->origin = load_origin(loader, setting_is_present(items) ? items : root);
    if (span_is_present(list->id) && service_find_list(loader->service, list->id))
        setting_problem(setting_get(root, "id"), loader->problems, "another file has a list \"%.*s\"",
                        SPAN_ARG(list->id));
    list->items = ARENA_ARRAY(loader->arena, struct list_item, setting_count(items));
    if (setting_count(items) == 0 || setting_count(items) > PLACE_INDEX_MAX) {
        setting_problem(root, loader->problems, "expected 1 to %d items", PLACE_INDEX_MAX);
        return;
    }
    for (size_t i = 0; i < setting_count(items); i++)
        load_item(loader, list, setting_at(items, i));
    check_within(loader, list, items);
    index_list(loader, list);
}

void load_lists(struct loader *loader)
{
    struct service *service = loader->service;
    struct setting root;
    service->lists = ARENA_ARRAY(loader->arena, struct list, loader->source_count);
    for (size_t at = 0; load_next(loader, SOURCE_LIST, &at, &root);) {
        if (load_is_inherited(loader, root) && service_find_list(service, setting_string(root, "id", NULL)))
            continue; /* replaced: one's own files come first */
        struct list list = {.id = SPAN_NONE};
        load_list(loader, root, &list);
        service->lists[service->list_count++] = list;
    }
}

static bool is_day(struct span s)
{
    static const char shape[] = "dddd-dd-dd";
    for (size_t i = 0; i < s.len && i < sizeof shape - 1; i++)
        if (shape[i] == 'd' ? s.at[i] < '0' || s.at[i] > '9' : s.at[i] != shape[i])
            return false;
    return s.len == sizeof shape - 1;
}

static bool area_exists(const struct service *service, struct span area)
{
    for (size_t l = 0; l < service->list_count; l++)
        for (size_t i = 0; i < service->lists[l].item_count; i++)
            if (span_equal(service->lists[l].items[i].id, area))
                return true;
    return false;
}

/* `topic`, `topics` or both. */
static void load_topics(struct loader *loader, struct setting group, struct office *office)
{
    size_t count = 0;
    const struct span *several = load_strings(loader, group, "topics", &count);
    struct span one = load_id(loader, group, "topic");
    struct span *topics = ARENA_ARRAY(loader->arena, struct span, count + 1);
    if (span_is_present(one))
        topics[office->topic_count++] = one;
    for (size_t i = 0; i < count; i++)
        topics[office->topic_count++] = several[i];
    office->topics = topics;
    if (office->topic_count == 0)
        setting_problem(group, loader->problems, "expected `topic = \"...\"` or `topics = [ \"...\" ]`");
}

static void load_office(struct loader *loader, struct setting group)
{
    struct service *service = loader->service;
    CHECK_GROUP(loader, group, office_rules);
    struct office office = {.id = load_id(loader, group, "id"),
                            .area = load_string(loader, group, "area"),
                            .phone = load_string(loader, group, "phone"),
                            .names = load_shown(loader, group, "name", true),
                            .hours = load_shown(loader, group, "hours", false),
                            .costs = load_shown(loader, group, "cost", false),
                            .papers = load_shown(loader, group, "papers", false),
                            .verified = load_string(loader, group, "verified"),
                            .sample = setting_bool(group, "sample", false),
                            .origin = load_origin(loader, group)};
    load_topics(loader, group, &office);
    if (span_equal_text(office.area, "*"))
        office.area = SPAN_NONE;
    else if (span_is_present(office.area) && !area_exists(service, office.area))
        setting_problem(group, loader->problems, "no list has an area \"%.*s\"; \"*\" means everywhere",
                        SPAN_ARG(office.area));
    if (span_is_present(office.verified) && !is_day(office.verified))
        setting_problem(setting_get(group, "verified"), loader->problems, "expected a day as \"2026-11-01\"");
    for (size_t i = 0; i < service->office_count; i++)
        if (span_is_present(office.id) && span_equal(service->offices[i].id, office.id))
            setting_problem(group, loader->problems, "another office is called \"%.*s\"", SPAN_ARG(office.id));
    service->offices[service->office_count++] = office;
}

static const struct setting_rule directory_rules[] = {
    {.name = "offices", .type = SETTING_LIST, .required = true, .help = "who helps with what, where"},
    {.name = NULL},
};

void load_directory(struct loader *loader)
{
    size_t count = 0;
    struct setting root;
    for (size_t at = 0; load_next(loader, SOURCE_DIRECTORY, &at, &root);)
        count += setting_count(setting_get(root, "offices"));
    loader->service->offices = ARENA_ARRAY(loader->arena, struct office, count);
    for (size_t at = 0; load_next(loader, SOURCE_DIRECTORY, &at, &root);) {
        struct setting offices = setting_get(root, "offices");
        settings_check(root, directory_rules, loader->problems);
        for (size_t i = 0; i < setting_count(offices) && loader->service->office_count < OFFICES_MAX; i++)
            load_office(loader, setting_at(offices, i));
        if (count > OFFICES_MAX && loader->service->office_count == OFFICES_MAX)
            setting_problem(offices, loader->problems, "a service has at most %d offices", OFFICES_MAX);
    }
}
