/* What becomes of a request or a registration that is there, in the simulator's memory. */
#include <string.h>
#include "menu/drawing/facts.h"
#include "menu/simulator/simulated.h"

static struct request *find_request(struct simulator *simulator, const char *reference)
{
    for (size_t i = 0; i < simulator->request_count; i++)
        if (strcmp(simulator->requests[i].reference, reference) == 0)
            return &simulator->requests[i];
    return NULL;
}

static void note(const struct simulator *simulator, struct request *request, enum request_step step)
{
    request->step = step;
    request->changed_at = simulator->now;
}

static void drop_answers(struct simulator *simulator, int64_t entry)
{
    size_t kept = 0;
    for (size_t i = 0; i < simulator->answer_count; i++)
        if (simulator->answers[i].entry != entry)
            simulator->answers[kept++] = simulator->answers[i];
    simulator->answer_count = kept;
}

static struct kept_answer *find_answer(struct simulator *simulator, int64_t entry, struct span field)
{
    for (size_t i = 0; i < simulator->answer_count; i++)
        if (simulator->answers[i].entry == entry && span_equal(simulator->answers[i].answer.field, field))
            return &simulator->answers[i];
    return NULL;
}

/* The answers of an entry join another's; a field that both have is the newer one's. */
static void merge(struct simulator *simulator, int64_t from, int64_t into)
{
    for (size_t i = 0; i < simulator->answer_count; i++) {
        struct kept_answer *newer = &simulator->answers[i];
        struct kept_answer *there = newer->entry == from ? find_answer(simulator, into, newer->answer.field) : NULL;
        if (there)
            there->answer = newer->answer;
        else if (newer->entry == from)
            newer->entry = into;
    }
    drop_answers(simulator, from);
}

static void amend(struct simulator *simulator, struct line *line, struct request *request)
{
    note(simulator, request, STEP_CHANGED);
    if (request->entry && request->entry != line->state.entry)
        merge(simulator, line->state.entry, request->entry);
    else
        request->entry = line->state.entry;
    line->state.entry = 0;
}

/* Answers that a request has had before are seen by nobody here until the form's end puts these in their place. */
static void join(const struct simulator *simulator, const struct line *line, struct request *request)
{
    note(simulator, request, STEP_CHANGED);
    if (!request->entry)
        request->entry = line->state.entry;
}

void simulated_learn_asked(struct simulator *simulator, const char *reference, struct engine_learned *learned)
{
    const struct request *request = find_request(simulator, reference);
    struct answer *given = ARENA_ARRAY(simulator->arena, struct answer, simulator->answer_count);
    memcpy(learned->asked, reference, strlen(reference) + 1);
    learned->given = given;
    learned->given_count = 0;
    for (size_t i = 0; request && request->entry && i < simulator->answer_count; i++)
        if (simulator->answers[i].entry == request->entry)
            given[learned->given_count++] = simulator->answers[i].answer;
}

void simulated_change_request(struct simulator *simulator, struct line *line, const struct effect *effect)
{
    struct request *request = find_request(simulator, effect->reference);
    if (!request)
        return;
    if (effect->due_at && (effect->kind == EFFECT_AMEND || effect->kind == EFFECT_JOIN))
        request_move(request, effect->due_at, simulator->now);
    if (effect->kind == EFFECT_AMEND)
        amend(simulator, line, request);
    else if (effect->kind == EFFECT_JOIN)
        join(simulator, line, request);
    else if (effect->kind == EFFECT_URGE)
        request_urge(request, effect->urgency, effect->due_at, simulator->now);
    else {
        note(simulator, request, STEP_CANCELLED);
        request->state = REQUEST_CANCELLED;
    }
}

void simulated_correct(struct simulator *simulator, struct line *line)
{
    struct simulated_person *person = simulated_owner(simulator, line);
    if (person->registration_entry)
        merge(simulator, line->state.entry, person->registration_entry);
    else
        person->registration_entry = line->state.entry;
    line->state.entry = 0;
}

void simulated_withdraw(struct simulator *simulator, const struct line *line)
{
    struct simulated_person *person = simulated_owner(simulator, line);
    drop_answers(simulator, person->registration_entry);
    person->registration_entry = 0;
    person->registered = false;
}

void simulated_learn_kept(struct simulator *simulator, const struct line *line, struct engine_learned *learned)
{
    const struct simulated_person *person = simulated_find_person(simulator, simulated_whose(simulator, line));
    struct answer *kept = ARENA_ARRAY(simulator->arena, struct answer, ANSWERS_KEPT);
    learned->has_kept = true;
    learned->kept = kept;
    for (size_t i = 0; person && person->registration_entry && i < simulator->answer_count; i++)
        if (simulator->answers[i].entry == person->registration_entry)
            kept[learned->kept_count++] = simulator->answers[i].answer;
}
