/* What PINs ask of a flow: where they are asked for, and that nobody comes round them. */
#include "menu/loading/loader.h"

static bool holds(const struct node *node, enum question_type type)
{
    for (size_t i = 0; i < node->question_count; i++)
        if (node->questions[i].type == type)
            return true;
    return false;
}

/* What nobody may do without the PIN is guarded whether the author says so or not; nobody is led back into asking for one. */
static void settle_node(const struct service *service, struct node *node)
{
    bool changes_pin = node->kind == NODE_DO && node->effect == EFFECT_CLEAR_PIN;
    bool sets_pin = node->kind == NODE_ASK && holds(node, QUESTION_PIN);
    node->guarded = node->guarded || changes_pin || sets_pin;
    if (node == service->pin.node || holds(node, QUESTION_CHECK_PIN))
        node->resume = RESUME_RESTART;
}

static bool must_stay_open(const struct service *service, const struct node *node)
{
    return node == service->first.node || node == service->known.node || node == service->resume.node ||
           node == service->help_offer.node || node == service->danger.node || node == service->pin.node;
}

static void check_node(struct loader *loader, const struct node *node)
{
    const struct service *service = loader->service;
    struct origin at = node->origin;
    bool needs_pin = node->guarded || holds(node, QUESTION_PIN) || holds(node, QUESTION_CHECK_PIN);
    if (needs_pin && !span_is_present(service->pin.name))
        problems_add(loader->problems, at.file, at.line,
                     "\"%.*s\" is about PINs: expected entry.pin in service.conf, where one is asked for",
                     SPAN_ARG(node->id));
    if (node->guarded && must_stay_open(service, node))
        problems_add(loader->problems, at.file, at.line,
                     "\"%.*s\" is an entry that everybody comes to: expected no `guarded`", SPAN_ARG(node->id));
}

/* A reference alone opens nothing. */
static void check_references(struct loader *loader, const struct node *node)
{
    bool asked = false;
    for (size_t i = 0; i < node->question_count; i++) {
        asked = asked || node->questions[i].type == QUESTION_REFERENCE;
        if (asked && node->questions[i].type == QUESTION_CHECK_PIN)
            return;
    }
    if (asked)
        problems_add(loader->problems, node->origin.file, node->origin.line,
                     "\"%.*s\" asks for a reference: expected a question of type check_pin behind it, in the same form",
                     SPAN_ARG(node->id));
}

void settle_pins(struct loader *loader)
{
    struct service *service = loader->service;
    const struct node *pin = service->pin.node;
    if (pin && (pin->kind != NODE_ASK || !holds(pin, QUESTION_CHECK_PIN)))
        problems_add(loader->problems, service->pin.origin.file, service->pin.origin.line,
                     "a PIN is asked for by a node of kind ask and type check_pin");
    for (size_t i = 0; i < service->node_count; i++) {
        settle_node(service, &service->nodes[i]);
        check_node(loader, &service->nodes[i]);
        check_references(loader, &service->nodes[i]);
    }
}
