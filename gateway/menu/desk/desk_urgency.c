/* How urgent something is at least, by what the service makes of it when somebody asks for it on a phone. */
#include "menu/desk.h"
#include "menu/service/model.h"

#define STEPS_MAX 64 /* from page to page without anything said: a service that is served has fewer */

enum request_urgency desk_urgency_of_kind(const struct service *service, struct span kind)
{
    enum request_urgency least = URGENCY_DANGER;
    bool is_made = false;
    for (size_t i = 0; i < service->node_count && span_is_present(kind); i++) {
        const struct node *node = &service->nodes[i];
        if (node->effect != EFFECT_REQUEST || !span_equal(node->request_kind, kind))
            continue;
        is_made = true;
        if (node->urgency < least)
            least = node->urgency;
    }
    return is_made ? least : URGENCY_NORMAL;
}

/* ---- of a topic ---- */

struct finding {
    bool is_made;
    enum request_urgency least;
};

/* What is asked for with nothing more said. */
static void look_from(struct finding *finding, const struct node *node, unsigned left)
{
    if (!node || !left || (node->kind != NODE_DO && node->kind != NODE_BRANCH))
        return;
    if (node->kind == NODE_DO && node->effect == EFFECT_REQUEST) {
        finding->least = !finding->is_made || node->urgency < finding->least ? node->urgency : finding->least;
        finding->is_made = true;
        return;
    }
    look_from(finding, node->then, left - 1);
    for (size_t i = 0; i < node->case_count; i++)
        look_from(finding, node->cases[i].target, left - 1);
}

/* Behind a form, too: what it asks says how, not what for. */
static void look_at(struct finding *finding, const struct node *node)
{
    look_from(finding, node && node->kind == NODE_FORM ? node->then : node, STEPS_MAX);
}

enum request_urgency desk_urgency_of_topic(const struct service *service, struct span topic)
{
    struct finding finding = {.least = URGENCY_NORMAL};
    for (size_t i = 0; i < service->node_count && span_is_present(topic); i++) {
        const struct node *node = &service->nodes[i];
        if (span_equal(node->topic, topic))
            look_at(&finding, node);
        for (size_t q = 0; q < node->question_count; q++)
            for (size_t n = 0; n < node->questions[q].option_count; n++)
                if (span_equal(node->questions[q].options[n].topic, topic))
                    look_at(&finding, node->questions[q].options[n].target);
    }
    return finding.least;
}
