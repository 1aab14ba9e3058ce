/* Which office is meant by what somebody has answered, and by a key of the list that they were shown. */
#include "menu/drawing/office.h"

static const struct office *find_chosen(const struct service *service, const struct facts *facts)
{
    struct span chosen = facts_answer(facts, SPAN("office"));
    for (size_t i = 0; i < service->office_count && span_is_present(chosen); i++)
        if (span_equal(service->offices[i].id, chosen))
            return &service->offices[i];
    return NULL;
}

const struct office *office_meant(const struct service *service, const struct facts *facts)
{
    const struct office *chosen = find_chosen(service, facts);
    if (chosen && office_is_about(chosen, facts->topic))
        return chosen;
    return service_find_office(service, facts->topic, facts_answer(facts, SPAN("area")));
}

const struct office *office_of_key(const struct service *service, const struct facts *facts, struct span key)
{
    const struct office *offices[OFFICES_OFFERED];
    uint64_t typed;
    size_t count = office_list(service, facts->topic, facts_answer(facts, SPAN("area")), offices, OFFICES_OFFERED);
    for (size_t i = 0; i < count && i < OFFICES_OFFERED && span_to_u64(key, &typed); i++)
        if (office_key(i) == typed)
            return offices[i];
    return NULL;
}
