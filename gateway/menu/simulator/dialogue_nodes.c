#include "menu/dialogue_nodes.h"
#include <stdlib.h>
#include "menu/service/model.h"

/* uthash inside the arena: nothing is freed before all of it is. */
#define uthash_malloc(bytes) arena_alloc(nodes->arena, (bytes))
#define uthash_free(pointer, bytes) ((void)(pointer))
#include <uthash.h>

struct noted { /* a screen that the service has */
    struct span name;
    bool shown;
    UT_hash_handle hh;
};

struct group { /* one language on one channel */
    struct span name;
    struct noted *screens; /* in the service's order */
    UT_hash_handle hh;
};

struct dialogue_nodes {
    struct arena *arena;
    struct group *groups;
};

struct dialogue_nodes *dialogue_nodes_create(void)
{
    struct arena *arena = arena_create(64 * 1024);
    struct dialogue_nodes *nodes = ARENA_NEW(arena, struct dialogue_nodes);
    nodes->arena = arena;
    return nodes;
}

void dialogue_nodes_free(struct dialogue_nodes *nodes)
{
    if (nodes)
        arena_destroy(nodes->arena);
}

static struct span name_screen(struct arena *arena, struct span node, struct span question)
{
    if (span_is_present(question))
        return arena_format(arena, "%.*s.%.*s", SPAN_ARG(node), SPAN_ARG(question));
    return arena_copy(arena, node);
}

static void add_screen(struct dialogue_nodes *nodes, struct group *group, const struct question *question)
{
    struct noted *noted = ARENA_NEW(nodes->arena, struct noted);
    bool of_form = question->node->kind == NODE_FORM;
    noted->name = name_screen(nodes->arena, question->node->id, of_form ? question->id : SPAN_NONE);
    HASH_ADD_KEYPTR(hh, group->screens, noted->name.at, noted->name.len, noted);
}

static struct group *add_group(struct dialogue_nodes *nodes, struct span name, const struct service *service)
{
    struct group *group = ARENA_NEW(nodes->arena, struct group);
    group->name = name;
    for (size_t i = 0; i < service->node_count; i++)
        for (size_t q = 0; q < service->nodes[i].question_count && !service->nodes[i].texted; q++)
            add_screen(nodes, group, &service->nodes[i].questions[q]);
    HASH_ADD_KEYPTR(hh, nodes->groups, group->name.at, group->name.len, group);
    return group;
}

void dialogue_nodes_note(struct dialogue_nodes *nodes, const char *dir, const struct service *service,
                         const struct simulator_view *view)
{
    const struct engine_result *result = &view->result;
    if (!span_is_present(view->screen) || !span_is_present(result->state.at.node))
        return;
    struct span lang = span_is_present(result->state.lang) ? result->state.lang : SPAN("-");
    struct span name =
        arena_format(nodes->arena, "%s %.*s %s", dir, SPAN_ARG(lang), view->channel == CHANNEL_USSD ? "ussd" : "sms");
    struct group *group = NULL;
    HASH_FIND(hh, nodes->groups, name.at, name.len, group);
    if (!group)
        group = add_group(nodes, name, service);
    struct span screen = name_screen(nodes->arena, result->state.at.node, result->question);
    struct noted *noted = NULL;
    HASH_FIND(hh, group->screens, screen.at, screen.len, noted);
    if (noted)
        noted->shown = true;
}

static void print_group(const struct group *group, struct buffer *out)
{
    size_t all = 0, shown = 0;
    for (const struct noted *noted = group->screens; noted; noted = noted->hh.next) {
        all++;
        shown += noted->shown;
    }
    buffer_add_format(out, "%.*s: %zu of %zu shown", SPAN_ARG(group->name), shown, all);
    if (shown < all)
        buffer_add_text(out, "; never");
    for (const struct noted *noted = group->screens; noted; noted = noted->hh.next)
        if (!noted->shown)
            buffer_add_format(out, " %.*s", SPAN_ARG(noted->name));
    buffer_add_char(out, '\n');
}

void dialogue_nodes_print(const struct dialogue_nodes *nodes, struct buffer *out)
{
    for (const struct group *group = nodes->groups; group; group = group->hh.next)
        print_group(group, out);
}
