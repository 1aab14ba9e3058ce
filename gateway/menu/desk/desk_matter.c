/* Which pages of a service lead to whose desk, and which tell what became of requests. */
#include "menu/desk.h"
#include "menu/service/model.h"
#include "model/rights.h"
#include "model/turn.h"

#define STEPS_MAX                                                                                                      \
    64 /* from page to page without anything said, and up from parent to parent: a service that is served has fewer */

/* Looking for requests that are asked for: whose they are. */
struct looking {
    const struct operator *who;
    bool found_theirs, found_others;
};

static void look_from(struct looking *looking, const struct node *node, unsigned left)
{
    if (!node || !left || (node->kind != NODE_DO && node->kind != NODE_BRANCH))
        return;
    if (node->kind == NODE_DO && node->effect == EFFECT_REQUEST) {
        const bool is_theirs = operator_is_told(looking->who, node->desk);
        looking->found_theirs |= is_theirs;
        looking->found_others |= !is_theirs;
    }
    look_from(looking, node->then, left - 1);
    for (size_t i = 0; i < node->case_count; i++)
        look_from(looking, node->cases[i].target, left - 1);
}

/* What is asked for where this page is left. */
static void look_behind(struct looking *looking, const struct node *page)
{
    look_from(looking, page->then, STEPS_MAX);
    for (size_t q = 0; q < page->question_count; q++)
        for (size_t i = 0; i < page->questions[q].option_count; i++)
            look_from(looking, page->questions[q].options[i].target, STEPS_MAX);
}

static bool is_entry(const struct service *service, const struct node *node)
{
    return node == service->first.node || node == service->known.node;
}

/* The page below the main menu by which one comes to this one: what is kept together there is one matter. */
static const struct node *part_of(const struct service *service, const struct node *node)
{
    for (unsigned left = STEPS_MAX; left && node->parent && !is_entry(service, node->parent); left--)
        node = node->parent;
    return node;
}

static bool leads_to(const struct node *from, const struct node *page, unsigned left)
{
    if (!from || !left)
        return false;
    if (from == page)
        return true;
    bool found = false;
    if (from->kind == NODE_DO || from->kind == NODE_BRANCH)
        found = leads_to(from->then, page, left - 1);
    for (size_t i = 0; from->kind == NODE_BRANCH && !found && i < from->case_count; i++)
        found = leads_to(from->cases[i].target, page, left - 1);
    return found;
}

/* Pages that say "Sent" stand below nothing: they are of the request that was just made. */
static void look_before(struct looking *looking, const struct service *service, const struct node *page)
{
    for (size_t i = 0; i < service->node_count; i++) {
        const struct node *node = &service->nodes[i];
        if (node->kind == NODE_DO && node->effect == EFFECT_REQUEST && leads_to(node->then, page, STEPS_MAX))
            look_from(looking, node, STEPS_MAX);
    }
}

static bool page_is_others(const struct service *service, struct span id, const struct operator *who)
{
    struct looking looking = {.who = who};
    const struct node *page = service_find_node(service, id);
    if (!page)
        return false;
    const struct node *part = part_of(service, page);
    if (service->danger.node && part == part_of(service, service->danger.node))
        return false;
    look_before(&looking, service, page);
    for (size_t i = 0; i < service->node_count; i++)
        if (part_of(service, &service->nodes[i]) == part)
            look_behind(&looking, &service->nodes[i]);
    return looking.found_others && !looking.found_theirs;
}

/* ---- what became of requests ---- */

static bool is_of_requests(enum piece_kind kind)
{
    switch (kind) {
    case PIECE_REQUESTS:
    case PIECE_REQUEST_REFERENCE:
    case PIECE_REQUEST_KIND:
    case PIECE_REQUEST_STATE:
    case PIECE_REQUEST_DUE:
    case PIECE_REQUEST_NEXT:
    case PIECE_REQUEST_MADE:
    case PIECE_REQUEST_CHANGED:
    case PIECE_REQUEST_SAYS:
        return true;
    default:
        return false;
    }
}

static bool says_of_requests(const struct template *texts, size_t count)
{
    for (size_t i = 0; texts && i < count; i++)
        for (size_t n = 0; n < texts[i].count; n++)
            if (is_of_requests(texts[i].pieces[n].kind))
                return true;
    return false;
}

static bool tells(const struct service *service, const struct node *page)
{
    const size_t count = service->language_count;
    for (size_t i = 0; i < page->question_count; i++) {
        const struct question *question = &page->questions[i];
        if (question->lists_requests || question->type == QUESTION_REQUEST ||
            says_of_requests(question->titles, count) || says_of_requests(question->bodies, count) ||
            says_of_requests(question->shorts, count))
            return true;
    }
    return false;
}

static bool page_tells_of_requests(const struct service *service, struct span id)
{
    const struct node *page = service_find_node(service, id);
    const struct node *part = page ? part_of(service, page) : NULL;
    bool found = !page;
    for (size_t i = 0; !found && i < service->node_count; i++)
        found = part_of(service, &service->nodes[i]) == part && tells(service, &service->nodes[i]);
    return found;
}

/* ---- what was said there ---- */

/* "claim.what": the page is "claim". */
static bool is_others(const struct service *service, struct span place, bool has_others, const struct operator *who)
{
    if (!span_is_present(place))
        return false;
    const struct span page = span_cut(&place, '.');
    return page_is_others(service, page, who) || (has_others && page_tells_of_requests(service, page));
}

bool desk_turn_is_others(const struct service *service, const struct turn *turn, bool has_others,
                         const struct operator *who)
{
    if (!service)
        return has_others;
    return is_others(service, turn->node, has_others, who) || is_others(service, turn->asked, has_others, who);
}
