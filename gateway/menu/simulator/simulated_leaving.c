/* Being forgotten, as the core does it: what the service keeps until it is closed keeps its person. */
#include "menu/request.h"
#include "menu/simulator/simulated.h"

static size_t count_kept(const struct simulator *simulator, int64_t person)
{
    size_t kept = 0;
    for (size_t i = 0; i < simulator->request_count; i++)
        kept += simulator->requests[i].person == person &&
                request_outlasts_wish(simulator->service, &simulator->requests[i]);
    return kept;
}

static void drop_the_rest(struct simulator *simulator, struct simulated_person *person)
{
    size_t left = 0;
    for (size_t i = 0; i < simulator->request_count; i++) {
        const struct request *request = &simulator->requests[i];
        if (request->person != person->id || request_outlasts_wish(simulator->service, request))
            simulator->requests[left++] = *request;
    }
    simulator->request_count = left;
    person->registered = false;
    person->leaving = true;
}

static void destroy(struct simulator *simulator, struct line *line, int64_t id)
{
    simulated_destroy_person(simulator, id);
    line->acting = 0;
}

void simulated_forget(struct simulator *simulator, struct line *line)
{
    struct simulated_person *person = simulated_find_person(simulator, simulated_whose(simulator, line));
    if (person && count_kept(simulator, person->id) > 0)
        drop_the_rest(simulator, person);
    else
        destroy(simulator, line, simulated_whose(simulator, line));
}

void simulated_settle_leaving(struct simulator *simulator, struct line *line, enum effect_kind done)
{
    struct simulated_person *person = simulated_find_person(simulator, simulated_whose(simulator, line));
    if (!person || !person->leaving)
        return;
    if (done == EFFECT_REQUEST || done == EFFECT_REGISTER)
        person->leaving = false;
    else if (done == EFFECT_CANCEL && count_kept(simulator, person->id) == 0)
        destroy(simulator, line, person->id);
}
