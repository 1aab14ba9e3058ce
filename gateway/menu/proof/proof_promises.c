/* What everybody who calls is promised, wherever they stand: danger is near, and times that are told are times. */
#include "menu/follow_up.h"
#include "base/duration.h"
#include "menu/proof/proof_parts.h"

#define DANGER_KEYS 2
#define LONGEST_MONTH 31

/* --- danger ------------------------------------------------------------------------------------------------------- */

static uint32_t danger_from(const struct service *service, const struct node *node, uint32_t *keys)
{
    proof_walk(service, true, &node, 1, keys);
    return keys[service->danger.node - service->nodes];
}

/* From a question of a form: by a key that leaves it. */
static uint32_t danger_from_question(const struct service *service, const struct question *question, uint32_t *keys)
{
    uint32_t nearest = PROOF_FAR;
    for (size_t i = 0; i < question->option_count; i++) {
        const struct option *option = &question->options[i];
        if (!option->target || option->hidden || proof_is_conditional(&option->condition))
            continue;
        uint32_t behind = danger_from(service, option->target, keys);
        if (behind != PROOF_FAR && behind + 1 < nearest)
            nearest = behind + 1;
    }
    return nearest;
}

static void check_danger(const struct service *service, const struct entry *entry, uint32_t *keys,
                         struct problems *problems, struct proof_counts *counts)
{
    uint32_t far = entry->question ? danger_from_question(service, entry->question, keys)
                                   : danger_from(service, entry->node, keys);
    if (far > DANGER_KEYS)
        problems_add(problems, entry->origin.file, entry->origin.line,
                     "danger is not within %d keys of \"%.*s\", for everybody", DANGER_KEYS, SPAN_ARG(entry->name));
    else if (far > counts->danger_keys)
        counts->danger_keys = far;
    counts->near_danger++;
}

static void check_all_danger(const struct service *service, struct problems *problems, struct proof_counts *counts)
{
    struct arena *arena = arena_create(4096);
    uint32_t *keys = ARENA_ARRAY(arena, uint32_t, service->node_count);
    const struct entry *const entries[] = {&service->first, &service->known, &service->resume, &service->help_offer};
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        check_danger(service, entries[i], keys, problems, counts);
    for (size_t i = 0; i < service->near_count; i++)
        check_danger(service, &service->near[i], keys, problems, counts);
    arena_destroy(arena);
}

/* --- times and references ----------------------------------------------------------------------------------------- */

/* What a page needs that only a request or a registration brings. */
static bool tells_of_one(const struct template *template)
{
    for (size_t i = 0; i < template->count; i++)
        if (template->pieces[i].kind == PIECE_REFERENCE || template->pieces[i].kind == PIECE_DUE)
            return true;
    return false;
}

static const struct template *find_telling(const struct question *question, size_t languages)
{
    for (size_t l = 0; l < languages; l++) {
        if (tells_of_one(&question->titles[l]))
            return &question->titles[l];
        if (tells_of_one(&question->bodies[l]))
            return &question->bodies[l];
        for (size_t i = 0; i < question->option_count; i++)
            if (question->options[i].texts && tells_of_one(&question->options[i].texts[l]))
                return &question->options[i].texts[l];
    }
    return NULL;
}

/* Whether somebody who passes here has a request or a registration. */
static bool promises_one(const struct condition *condition)
{
    return !condition->negated &&
           (condition->kind == CONDITION_HAS_REQUESTS || condition->kind == CONDITION_REQUEST_OPEN ||
            condition->kind == CONDITION_REGISTERED);
}

struct spread {
    const struct service *service;
    bool *without; /* by node: it may be come to by somebody of whom there is nothing to tell */
    bool changed;
};

static void pass_on(const struct proof_edge *edge, void *context)
{
    struct spread *spread = context;
    bool *there = &spread->without[edge->target - spread->service->nodes];
    if (*there || (edge->option && promises_one(&edge->option->condition)) ||
        (edge->one && promises_one(&edge->one->condition)))
        return;
    *there = spread->changed = true;
}

/* A deed that makes one, or is about one that there is. */
static bool needs_one(const struct node *node)
{
    static const enum effect_kind effects[] = {EFFECT_REQUEST, EFFECT_REGISTER, EFFECT_AMEND,
                                               EFFECT_URGE,    EFFECT_CANCEL,   EFFECT_CORRECT};
    for (size_t i = 0; i < sizeof effects / sizeof *effects; i++)
        if (node->kind == NODE_DO && node->effect == effects[i])
            return true;
    return false;
}

static void spread_all(struct spread *spread)
{
    const struct service *service = spread->service;
    const struct node *const starts[] = {service->first.node, service->known.node, service->help_offer.node,
                                         service->danger.node};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        spread->without[starts[i] - service->nodes] = true;
    for (size_t i = 0; i < service->keyword_count; i++)
        if (service->keywords[i].target)
            spread->without[service->keywords[i].target - service->nodes] = true;
    if (service->invite.node)
        spread->without[service->invite.node - service->nodes] = true;
    for (size_t i = 0; i < service->triage_count; i++)
        spread->without[service->triage[i].target - service->nodes] = true;
    do {
        spread->changed = false;
        for (size_t i = 0; i < service->node_count; i++)
            if (spread->without[i] && !needs_one(&service->nodes[i]))
                proof_edges(&service->nodes[i], pass_on, spread);
    } while (spread->changed);
}

static void check_told(const struct service *service, struct problems *problems)
{
    struct arena *arena = arena_create(4096);
    struct spread spread = {.service = service, .without = ARENA_ARRAY(arena, bool, service->node_count)};
    spread_all(&spread);
    for (size_t i = 0; i < service->node_count; i++)
        for (size_t q = 0; spread.without[i] && q < service->nodes[i].question_count; q++) {
            const struct question *question = &service->nodes[i].questions[q];
            const struct template *telling = find_telling(question, service->language_count);
            if (telling)
                problems_add(problems, telling->origin.file, telling->origin.line,
                             "\"%.*s\" tells a reference or a time, but may be come to by somebody who has neither: "
                             "expected a deed before it, or `if = \"has_requests\"`",
                             SPAN_ARG(question->id));
        }
    arena_destroy(arena);
}

/* Who answers each time would be taken for somebody else before they are asked the next time. */
static void check_follow_ups(const struct service *service, struct problems *problems)
{
    unsigned widest = 0, before = 0;
    for (size_t i = 0; i < service->follow_up_count; i++) {
        const unsigned gap = service->follow_up_months[i] - before;
        widest = gap > widest ? gap : widest;
        before = service->follow_up_months[i];
    }
    const int64_t needed = widest * LONGEST_MONTH * DAY_MS + FOLLOW_UP_ANSWER_MS;
    if (service->follow_up_count && needed > service->number_ms)
        problems_add(problems, service->invite.origin.file, service->invite.origin.line,
                     "follow_up: %u months lie between two of its months, but a number counts as new sooner: expected "
                     "number_days of %lld at least",
                     widest, (long long)(needed / DAY_MS));
}

/* Somebody in danger is not called later than others. */
static void check_windows(const struct service *service, struct problems *problems)
{
    if (service->danger_within_ms > service->call_within_ms)
        problems_add(problems, service->danger.origin.file, service->danger.origin.line,
                     "windows: danger_within_minutes is longer than call_within_hours");
    if (service->sms_silence_ms > service->resume_ms)
        problems_add(
            problems, service->danger.origin.file, service->danger.origin.line,
            "windows: sms_silence_hours is longer than resume_hours: a conversation would be over before it ends");
}

void proof_promises(const struct service *service, struct problems *problems, struct proof_counts *counts)
{
    check_all_danger(service, problems, counts);
    check_told(service, problems);
    check_windows(service, problems);
    check_follow_ups(service, problems);
}
