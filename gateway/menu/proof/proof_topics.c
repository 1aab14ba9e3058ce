#include "menu/proof/proof_parts.h"
#include "menu/drawing/template.h"

/* Which topics a caller may have with them at each node: those that lead there, unless the node has one of its own. */
struct topics {
    const struct service *service;
    struct span *names; /* names[0] is absent: no topic */
    size_t count;
    bool *may; /* node by topic */
    const struct node *from;
    bool changed;
};

static size_t topic_index(struct topics *topics, struct span name)
{
    for (size_t i = 0; i < topics->count; i++)
        if (span_equal(topics->names[i], name))
            return i;
    topics->names[topics->count] = name;
    return topics->count++;
}

static bool *may(const struct topics *topics, const struct node *node, size_t room)
{
    return &topics->may[(size_t)(node - topics->service->nodes) * room];
}

static size_t count_room(const struct service *service)
{
    size_t room = 1;
    for (size_t i = 0; i < service->node_count; i++) {
        const struct node *node = &service->nodes[i];
        room += span_is_present(node->topic);
        for (size_t q = 0; q < node->question_count; q++)
            for (size_t o = 0; o < node->questions[q].option_count; o++)
                room += span_is_present(node->questions[q].options[o].topic);
    }
    return room;
}

static void collect(struct topics *topics)
{
    const struct service *service = topics->service;
    topics->count = 1; /* none */
    for (size_t i = 0; i < service->node_count; i++) {
        const struct node *node = &service->nodes[i];
        if (span_is_present(node->topic))
            (void)topic_index(topics, node->topic);
        for (size_t q = 0; q < node->question_count; q++)
            for (size_t o = 0; o < node->questions[q].option_count; o++)
                if (span_is_present(node->questions[q].options[o].topic))
                    (void)topic_index(topics, node->questions[q].options[o].topic);
    }
}

static bool passes(const struct branch_case *one, struct span topic)
{
    if (!one || one->condition.of != OF_TOPIC)
        return true;
    for (size_t i = 0; i < one->condition.value_count; i++)
        if (span_equal(one->condition.values[i], topic))
            return true;
    return false;
}

static void bring(struct topics *topics, const struct node *target, size_t topic)
{
    bool *there = may(topics, target, topics->count);
    if (span_is_present(target->topic))
        topic = topic_index(topics, target->topic);
    else if (target == topics->service->known.node)
        topic = 0;
    topics->changed = topics->changed || !there[topic];
    there[topic] = true;
}

static void carry(const struct proof_edge *edge, void *context)
{
    struct topics *topics = context;
    const bool *here = may(topics, topics->from, topics->count);
    if (edge->option && span_is_present(edge->option->topic)) {
        bring(topics, edge->target, topic_index(topics, edge->option->topic));
        return;
    }
    for (size_t t = 0; t < topics->count; t++)
        if (here[t] && passes(edge->one, topics->names[t]))
            bring(topics, edge->target, t);
}

/* An answered question may have set its option's topic before the form goes on. */
static void carry_answers(struct topics *topics, const struct node *node)
{
    for (size_t q = 0; q < node->question_count; q++)
        for (size_t o = 0; o < node->questions[q].option_count; o++) {
            const struct option *option = &node->questions[q].options[o];
            if (span_is_present(option->topic) && node->then)
                bring(topics, node->then, topic_index(topics, option->topic));
        }
}

static void spread(struct topics *topics)
{
    const struct service *service = topics->service;
    const struct node *const starts[] = {service->first.node, service->known.node, service->resume.node,
                                         service->help_offer.node, service->danger.node};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        bring(topics, starts[i], 0);
    if (service->pin.node)
        bring(topics, service->pin.node, 0);
    for (size_t i = 0; i < service->keyword_count; i++)
        if (service->keywords[i].target)
            bring(topics, service->keywords[i].target, 0);
    for (size_t i = 0; i < service->triage_count; i++)
        bring(topics, service->triage[i].target, 0);
    do {
        topics->changed = false;
        for (size_t i = 0; i < service->node_count; i++) {
            topics->from = &service->nodes[i];
            proof_edges(topics->from, carry, topics);
            carry_answers(topics, topics->from);
        }
    } while (topics->changed);
}

static bool node_shows_office(const struct service *service, const struct node *node)
{
    for (size_t l = 0; l < service->language_count; l++) {
        if (node->texts && template_shows_office(&node->texts[l]))
            return true;
        for (size_t q = 0; q < node->question_count; q++)
            if (node->questions[q].type == QUESTION_OFFICE || template_shows_office(&node->questions[q].titles[l]) ||
                template_shows_office(&node->questions[q].bodies[l]))
                return true;
    }
    return false;
}

static void check_node(struct topics *topics, const struct node *node, struct problems *problems)
{
    const bool *here = may(topics, node, topics->count);
    if (!node_shows_office(topics->service, node))
        return;
    if (here[0])
        problems_add(problems, node->origin.file, node->origin.line,
                     "\"%.*s\" shows an office, but may be reached without a topic: expected `topic = \"...\"`",
                     SPAN_ARG(node->id));
    for (size_t t = 1; t < topics->count; t++)
        if (here[t] && !service_find_office(topics->service, topics->names[t], SPAN_NONE))
            problems_add(problems, node->origin.file, node->origin.line,
                         "\"%.*s\" shows an office for the topic \"%.*s\": the directory has none with area = \"*\"",
                         SPAN_ARG(node->id), SPAN_ARG(topics->names[t]));
}

void proof_topics(const struct service *service, struct problems *problems)
{
    struct arena *arena = arena_create(16 * 1024);
    size_t room = count_room(service);
    struct topics topics = {.service = service, .names = ARENA_ARRAY(arena, struct span, room)};
    collect(&topics);
    topics.may = ARENA_ARRAY(arena, bool, service->node_count *topics.count);
    spread(&topics);
    for (size_t i = 0; i < service->node_count; i++)
        check_node(&topics, &service->nodes[i], problems);
    arena_destroy(arena);
}
