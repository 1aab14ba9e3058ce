#include <string.h>
#include "menu/loading/loader.h"

static struct setting root_of(const struct loader *loader, bool inherited)
{
    for (size_t i = 0; i < loader->source_count; i++)
        if (loader->sources[i].kind == SOURCE_SERVICE && loader->sources[i].inherited == inherited)
            return settings_root(loader->sources[i].settings);
    return (struct setting){NULL, NULL};
}

/* Services lie side by side: "menus/sahel" on "infoline" stands on "menus/infoline". */
const char *load_base_folder(struct loader *loader, const char *dir)
{
    struct setting root = root_of(loader, false);
    size_t before = loader->problems->count;
    struct span base = load_id(loader, root, "base"), beside = span_of(dir);
    if (!span_is_present(base) || loader->problems->count > before) /* "../../etc" is not even looked at */
        return NULL;
    while (beside.len > 1 && beside.at[beside.len - 1] == '/')
        beside.len--;
    bool dots = beside.at[beside.len - 1] == '.'; /* "." and "..": their name is not written */
    while (!dots && beside.len > 0 && beside.at[beside.len - 1] != '/')
        beside.len--;
    return arena_format(loader->arena, "%.*s%s%.*s", SPAN_ARG(beside), dots ? "/../" : "", SPAN_ARG(base)).at;
}

struct setting load_part(struct loader *loader, const char *name)
{
    struct setting own = setting_get(root_of(loader, false), name);
    return setting_is_present(own) ? own : setting_get(root_of(loader, true), name);
}

/* --- which nodes of the base are wanted --- */

struct base_nodes {
    struct setting *groups;
    bool *wanted;
    size_t count;
    struct setting *own; /* those of the service itself */
    size_t own_count;
    size_t *waiting; /* wanted, but not yet looked into */
    size_t waiting_count;
};

static size_t collect(struct loader *loader, bool inherited, struct setting *groups)
{
    size_t count = 0;
    struct setting root;
    for (size_t at = 0; load_next(loader, SOURCE_FLOW, &at, &root);) {
        struct setting nodes = setting_get(root, "nodes");
        for (size_t i = 0; load_is_inherited(loader, root) == inherited && i < setting_count(nodes); i++)
            groups[count++] = setting_at(nodes, i);
    }
    return count;
}

static bool is_replaced(const struct base_nodes *nodes, struct span id)
{
    for (size_t i = 0; i < nodes->own_count; i++)
        if (span_equal(setting_string(nodes->own[i], "id", ""), id))
            return true;
    return false;
}

static void want(struct base_nodes *nodes, struct span id)
{
    for (size_t i = 0; span_is_present(id) && i < nodes->count; i++)
        if (!nodes->wanted[i] && span_equal(setting_string(nodes->groups[i], "id", ""), id) &&
            !is_replaced(nodes, id)) {
            nodes->wanted[i] = true;
            nodes->waiting[nodes->waiting_count++] = i;
        }
}

static bool names_a_node(const char *setting)
{
    return strcmp(setting, "goto") == 0 || strcmp(setting, "then") == 0 || strcmp(setting, "otherwise") == 0 ||
           strcmp(setting, "parent") == 0;
}

/* Every node that is named in a group, however deep. With `any`, whatever its setting is called. */
static void want_named(struct base_nodes *nodes, struct setting s, bool any, unsigned depth)
{
    for (size_t i = 0; i < setting_count(s) && depth < 8; i++) {
        struct setting member = setting_at(s, i);
        if (any || names_a_node(setting_name(member)))
            want(nodes, setting_as_string(member));
        want_named(nodes, member, any, depth + 1);
    }
}

static void find_wanted(struct loader *loader, struct base_nodes *nodes)
{
    static const char *const parts[] = {"entry", "keywords", "triage", "follow_up"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        want_named(nodes, load_part(loader, parts[i]), true, 0);
    struct setting desk = load_part(loader, "desk");
    want_named(nodes, setting_get(desk, "replies"), true, 0);
    want(nodes, setting_as_string(setting_get(desk, "tried")));
    for (size_t i = 0; i < nodes->own_count; i++)
        want_named(nodes, nodes->own[i], false, 0);
    while (nodes->waiting_count > 0)
        want_named(nodes, nodes->groups[nodes->waiting[--nodes->waiting_count]], false, 0);
}

struct setting *load_node_groups(struct loader *loader, size_t *count)
{
    struct setting root;
    size_t all = 0;
    for (size_t at = 0; load_next(loader, SOURCE_FLOW, &at, &root);)
        all += setting_count(setting_get(root, "nodes"));
    struct base_nodes nodes = {.own = ARENA_ARRAY(loader->arena, struct setting, all),
                               .groups = ARENA_ARRAY(loader->arena, struct setting, all),
                               .wanted = ARENA_ARRAY(loader->arena, bool, all),
                               .waiting = ARENA_ARRAY(loader->arena, size_t, all)};
    nodes.own_count = collect(loader, false, nodes.own);
    nodes.count = collect(loader, true, nodes.groups);
    if (all <= NODES_MAX)
        find_wanted(loader, &nodes);
    *count = nodes.own_count;
    for (size_t i = 0; i < nodes.count; i++)
        if (nodes.wanted[i])
            nodes.own[(*count)++] = nodes.groups[i];
    return nodes.own;
}
